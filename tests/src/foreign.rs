//! Somebody else's things in the same account: alike enough to be mistaken for ours.

use serde_json::{Value, json};

use crate::aws::Aws;

impl Aws {
    /// A whole set-up of somebody else: the same CIDR, names like ours, tags that nearly match.
    pub fn create_foreign(&self) {
        let named = |kind: &str, key: &str| -> Value {
            json!([{"ResourceType": kind, "Tags": [
                {"Key": "Name", "Value": format!("partner-egress {key}")},
                {"Key": "killick:stack", "Value": "partner-egress-2"},
                {"Key": "killick:key", "Value": key},
            ]}])
        };
        let vpc =
            json!({"CidrBlock": "10.0.0.0/16", "TagSpecifications": named("vpc", "vpc/main")});
        let vpc = self.ec2_id("create_vpc", vpc, "/Vpc/VpcId");
        let igw = json!({
            "TagSpecifications": named("internet-gateway", "internet_gateway/main"),
        });
        let igw = self.ec2_id(
            "create_internet_gateway",
            igw,
            "/InternetGateway/InternetGatewayId",
        );
        self.ec2(
            "attach_internet_gateway",
            json!({"InternetGatewayId": igw, "VpcId": vpc}),
        );
        let subnet = json!({
            "VpcId": vpc, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "ap-northeast-1a",
            "TagSpecifications": named("subnet", "subnet/public-ap-northeast-1a"),
        });
        let subnet = self.ec2_id("create_subnet", subnet, "/Subnet/SubnetId");
        let address = json!({
            "Domain": "vpc",
            "TagSpecifications": named("elastic-ip", "elastic_ip/ap-northeast-1a"),
        });
        let address = self.ec2_id("allocate_address", address, "/AllocationId");
        let nat = json!({
            "SubnetId": subnet, "AllocationId": address,
            "TagSpecifications": named("natgateway", "nat_gateway/ap-northeast-1a"),
        });
        let nat = self.ec2_id("create_nat_gateway", nat, "/NatGateway/NatGatewayId");
        let table = json!({
            "VpcId": vpc, "TagSpecifications": named("route-table", "route_table/public"),
        });
        let table = self.ec2_id("create_route_table", table, "/RouteTable/RouteTableId");
        self.ec2(
            "associate_route_table",
            json!({"RouteTableId": table, "SubnetId": subnet}),
        );
        let route = json!({
            "RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": nat,
        });
        self.ec2("create_route", route);
        let group = json!({
            "GroupName": "functions", "Description": "somebody else's", "VpcId": vpc,
            "TagSpecifications": named("security-group", "security_group/functions"),
        });
        let group = self.ec2_id("create_security_group", group, "/GroupId");
        self.create_function("not-ours");
        self.set_vpc_config("not-ours", &[subnet], &[group]);
        self.create_function("not-ours-either");
        // An address without any tag: the kind that a careless tool adopts or releases.
        self.ec2("allocate_address", json!({"Domain": "vpc"}));
    }

    /// Takes tags off a resource.
    pub fn untag(&self, id: &str, tags: &[&str]) {
        let tags: Vec<Value> = tags.iter().map(|tag| json!({ "Key": tag })).collect();
        self.ec2("delete_tags", json!({"Resources": [id], "Tags": tags}));
    }

    /// The id of the association that ties a subnet to its route table.
    pub fn association(&self, subnet: &str) -> String {
        let filter = json!([{"Name": "association.subnet-id", "Values": [subnet]}]);
        let tables = self.ec2("describe_route_tables", json!({ "Filters": filter }));
        let mut all = tables["RouteTables"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|table| table["Associations"].as_array().into_iter().flatten());
        let found = all.find(|association| association["SubnetId"] == subnet);
        let id = found.and_then(|association| association["RouteTableAssociationId"].as_str());
        id.unwrap_or_else(|| panic!("{subnet} has no association"))
            .to_owned()
    }
}
