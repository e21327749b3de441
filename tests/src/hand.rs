//! What other hands do behind killick's back, where it takes more than one call.

use serde_json::{Value, json};

use crate::aws::{Aws, VPC_ACCESS};

const ANYWHERE: &str = "0.0.0.0/0";

impl Aws {
    /// Makes a subnet follow a network ACL that denies everything by rule 90; gives the ACL.
    pub fn deny_subnet(&self, vpc: &str, subnet: &str) -> String {
        let at = "/NetworkAcl/NetworkAclId";
        let acl = self.ec2_id("create_network_acl", json!({"VpcId": vpc}), at);
        for egress in [true, false] {
            let entry = json!({
                "NetworkAclId": acl, "RuleNumber": 90, "Egress": egress, "Protocol": "-1",
                "RuleAction": "deny", "CidrBlock": ANYWHERE,
            });
            self.ec2("create_network_acl_entry", entry);
        }
        let association = self.acl_association(subnet);
        let args = json!({"AssociationId": association, "NetworkAclId": acl});
        self.ec2("replace_network_acl_association", args);
        acl
    }

    /// Makes the default network ACL of a VPC deny the ports of replies by rule 50.
    pub fn deny_replies(&self, vpc: &str) {
        let filters =
            json!([{"Name": "vpc-id", "Values": [vpc]}, {"Name": "default", "Values": ["true"]}]);
        let found = self.ec2("describe_network_acls", json!({"Filters": filters}));
        let entry = json!({
            "NetworkAclId": found["NetworkAcls"][0]["NetworkAclId"], "RuleNumber": 50,
            "Egress": false, "Protocol": "6", "PortRange": {"From": 1024, "To": 65535},
            "RuleAction": "deny", "CidrBlock": ANYWHERE,
        });
        self.ec2("create_network_acl_entry", entry);
    }

    /// The id by which a subnet follows its network ACL.
    fn acl_association(&self, subnet: &str) -> Value {
        let filters = json!([{"Name": "association.subnet-id", "Values": [subnet]}]);
        let found = self.ec2("describe_network_acls", json!({"Filters": filters}));
        let all = found["NetworkAcls"][0]["Associations"].as_array();
        let mut all = all.expect("the subnet follows an ACL").iter();
        let one = all.find(|one| one["SubnetId"] == subnet);
        one.expect("the subnet's own")["NetworkAclAssociationId"].clone()
    }

    /// Takes AWS's own policy for functions in a VPC from the role of all functions here.
    pub fn withhold_interfaces(&self) {
        let args = json!({"RoleName": "function", "PolicyArn": VPC_ACCESS});
        self.call("iam", "detach_role_policy", args);
    }

    /// A gateway endpoint for S3 with routes in these tables; gives its id.
    pub fn create_s3_endpoint(&self, vpc: &str, tables: &[&str]) -> String {
        let args = json!({
            "VpcId": vpc, "ServiceName": "com.amazonaws.ap-northeast-1.s3",
            "VpcEndpointType": "Gateway", "RouteTableIds": tables,
        });
        self.ec2_id("create_vpc_endpoint", args, "/VpcEndpoint/VpcEndpointId")
    }

    /// A NAT gateway of somebody else in a subnet, on an address of its own; gives both ids.
    pub fn create_nat(&self, subnet: &str) -> (String, String) {
        let address = self.create_address();
        let args = json!({"SubnetId": subnet, "AllocationId": address});
        let at = "/NatGateway/NatGatewayId";
        (self.ec2_id("create_nat_gateway", args, at), address)
    }

    /// A network interface of somebody else.
    pub fn create_interface(&self, subnet: &str) -> String {
        let at = "/NetworkInterface/NetworkInterfaceId";
        let args = json!({"SubnetId": subnet});
        self.ec2_id("create_network_interface", args, at)
    }
}
