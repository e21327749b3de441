//! VPCs, subnets and internet gateways.

use serde_json::json;

use super::tape::{Tape, filters, tagged};

impl Tape {
    /// A VPC, available; without an answer on the record that others have too.
    pub(crate) fn vpc(&mut self) -> String {
        let args = json!({"CidrBlock": "10.0.0.0/16"});
        let vpc = self.make("create_vpc", args, "/Vpc/VpcId");
        let ids = json!({"VpcIds": [vpc]});
        self.until("ec2", "describe_vpcs", &ids, "/Vpcs/0/State", "available");
        vpc
    }

    /// A subnet in the region's first zone, available.
    pub(crate) fn subnet(&mut self, vpc: &str, cidr: &str) -> String {
        let args = json!({"VpcId": vpc, "CidrBlock": cidr, "AvailabilityZone": "ap-northeast-1a"});
        let subnet = self.make("create_subnet", args, "/Subnet/SubnetId");
        let ids = json!({"SubnetIds": [subnet]});
        self.until(
            "ec2",
            "describe_subnets",
            &ids,
            "/Subnets/0/State",
            "available",
        );
        subnet
    }

    /// An internet gateway, attached.
    pub(crate) fn gateway(&mut self, vpc: &str) -> String {
        let at = "/InternetGateway/InternetGatewayId";
        let gateway = self.make("create_internet_gateway", json!({}), at);
        let pair = json!({"InternetGatewayId": gateway, "VpcId": vpc});
        self.ec2("attach_internet_gateway", pair);
        gateway
    }

    /// Takes a gateway away again.
    pub(crate) fn drop_gateway(&mut self, gateway: &str, vpc: &str) {
        let pair = json!({"InternetGatewayId": gateway, "VpcId": vpc});
        self.ec2("detach_internet_gateway", pair);
        self.ec2(
            "delete_internet_gateway",
            json!({"InternetGatewayId": gateway}),
        );
    }
}

pub(crate) fn vpc(tape: &mut Tape) {
    let args = json!({"CidrBlock": "10.0.0.0/16", "TagSpecifications": tagged("vpc")});
    let vpc = tape.make("create_vpc", args, "/Vpc/VpcId");
    let ids = json!({"VpcIds": [vpc]});
    tape.until("ec2", "describe_vpcs", &ids, "/Vpcs/0/State", "available");
    tape.ec2("describe_vpcs", ids.clone());
    for (name, value) in [
        ("vpc-id", &*vpc),
        ("cidr", "10.0.0.0/16"),
        ("tag:Name", "ours"),
        ("tag:Name", "our*"),
        ("tag:Name", "theirs"),
        ("tag-key", "empty"),
    ] {
        let filters = filters([(name, value), ("vpc-id", &vpc)]);
        tape.ec2("describe_vpcs", json!({"Filters": filters}));
    }
    for (attribute, value) in [
        ("EnableDnsHostnames", true),
        ("EnableDnsHostnames", false),
        ("EnableDnsSupport", false),
        ("EnableDnsSupport", true),
    ] {
        let name = format!("e{}", &attribute[1..]);
        let asked = json!({"VpcId": vpc, "Attribute": name});
        tape.ec2("describe_vpc_attribute", asked.clone());
        let change = json!({"VpcId": vpc, attribute: {"Value": value}});
        tape.ec2("modify_vpc_attribute", change);
        tape.ec2("describe_vpc_attribute", asked);
    }
    let more = json!({"VpcId": vpc, "CidrBlock": "10.1.0.0/16"});
    let at = "/CidrBlockAssociation/AssociationId";
    let block = tape.make("associate_vpc_cidr_block", more, at);
    tape.ec2("describe_vpcs", ids.clone());
    tape.ec2(
        "disassociate_vpc_cidr_block",
        json!({"AssociationId": block}),
    );
    let inside = json!({"Filters": filters([("vpc-id", &vpc)])});
    for operation in ["describe_route_tables", "describe_network_acls"] {
        tape.ec2(operation, inside.clone());
    }
    for cidr in ["10.0.0.0/8", "10.0.0.0/29"] {
        tape.ec2("create_vpc", json!({"CidrBlock": cidr}));
    }
    tags(tape, &vpc);
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
    tape.ec2("describe_vpcs", ids);
    let asked = json!({"VpcId": vpc, "Attribute": "enableDnsSupport"});
    tape.ec2("describe_vpc_attribute", asked);
}

fn tags(tape: &mut Tape, id: &str) {
    let tags = json!({"Filters": filters([("resource-id", id)])});
    tape.ec2("describe_tags", tags.clone());
    let put =
        |key: &str, value: &str| json!({"Resources": [id], "Tags": [{"Key": key, "Value": value}]});
    tape.ec2("create_tags", put("Name", "other"));
    tape.ec2("create_tags", put("more", "yes"));
    tape.ec2("describe_tags", tags.clone());
    // With another value than the tag has, nothing is removed.
    tape.ec2("delete_tags", put("Name", "ours"));
    tape.ec2("delete_tags", put("more", "yes"));
    tape.ec2(
        "delete_tags",
        json!({"Resources": [id], "Tags": [{"Key": "empty"}]}),
    );
    tape.ec2("describe_tags", tags);
}

pub(crate) fn subnet(tape: &mut Tape) {
    let vpc = tape.vpc();
    let zone = "ap-northeast-1c";
    let args = json!({
        "VpcId": vpc, "CidrBlock": "10.0.1.0/24", "AvailabilityZone": zone,
        "TagSpecifications": tagged("subnet"),
    });
    let subnet = tape.make("create_subnet", args.clone(), "/Subnet/SubnetId");
    let ids = json!({"SubnetIds": [subnet]});
    tape.until(
        "ec2",
        "describe_subnets",
        &ids,
        "/Subnets/0/State",
        "available",
    );
    tape.ec2("describe_subnets", ids.clone());
    for (name, value) in [
        ("availability-zone", zone),
        ("availability-zone", "ap-northeast-1a"),
        ("cidr-block", "10.0.1.0/24"),
        ("state", "available"),
        ("tag:Name", "ours"),
    ] {
        let filters = filters([("vpc-id", &vpc), (name, value)]);
        tape.ec2("describe_subnets", json!({"Filters": filters}));
    }
    let change = json!({"SubnetId": subnet, "MapPublicIpOnLaunch": {"Value": true}});
    tape.ec2("modify_subnet_attribute", change);
    tape.ec2("describe_subnets", ids.clone());
    tape.ec2("create_subnet", args);
    for cidr in ["10.0.1.128/25", "10.1.0.0/24", "10.0.0.0/15", "nonsense"] {
        tape.ec2("create_subnet", json!({"VpcId": vpc, "CidrBlock": cidr}));
    }
    let nowhere =
        json!({"VpcId": vpc, "CidrBlock": "10.0.2.0/24", "AvailabilityZone": "ap-northeast-1z"});
    tape.ec2("create_subnet", nowhere);
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
    tape.ec2("delete_subnet", json!({"SubnetId": subnet}));
    tape.ec2("delete_subnet", json!({"SubnetId": subnet}));
    tape.ec2("describe_subnets", ids);
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
    tape.ec2(
        "create_subnet",
        json!({"VpcId": vpc, "CidrBlock": "10.0.1.0/24"}),
    );
}

pub(crate) fn internet_gateway(tape: &mut Tape) {
    let vpc = tape.vpc();
    let args = json!({"TagSpecifications": tagged("internet-gateway")});
    let at = "/InternetGateway/InternetGatewayId";
    let gateway = tape.make("create_internet_gateway", args, at);
    let ids = json!({"InternetGatewayIds": [gateway]});
    tape.ec2("describe_internet_gateways", ids.clone());
    let pair = json!({"InternetGatewayId": gateway, "VpcId": vpc});
    tape.ec2("attach_internet_gateway", pair.clone());
    tape.ec2("attach_internet_gateway", pair.clone());
    tape.ec2("describe_internet_gateways", ids.clone());
    for (name, value) in [
        ("attachment.vpc-id", &*vpc),
        ("tag:Name", "ours"),
        ("tag:Name", "no"),
    ] {
        let filters = filters([(name, value), ("internet-gateway-id", &gateway)]);
        tape.ec2("describe_internet_gateways", json!({"Filters": filters}));
    }
    tape.ec2(
        "delete_internet_gateway",
        json!({"InternetGatewayId": gateway}),
    );
    tape.ec2("detach_internet_gateway", pair.clone());
    tape.ec2("detach_internet_gateway", pair);
    tape.ec2(
        "delete_internet_gateway",
        json!({"InternetGatewayId": gateway}),
    );
    tape.ec2(
        "delete_internet_gateway",
        json!({"InternetGatewayId": gateway}),
    );
    tape.ec2("describe_internet_gateways", ids);
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
}
