//! Elastic IPs, and the NAT gateways that have them.

use serde_json::json;

use super::tape::{Tape, filters, tagged};

pub(crate) fn elastic(tape: &mut Tape) {
    let args = json!({"Domain": "vpc", "TagSpecifications": tagged("elastic-ip")});
    let answer = tape.ec2("allocate_address", args);
    let (id, ip) = (&answer["AllocationId"], &answer["PublicIp"]);
    tape.ec2("describe_addresses", json!({"AllocationIds": [id]}));
    tape.ec2("describe_addresses", json!({"PublicIps": [ip]}));
    for (name, value) in [
        ("public-ip", ip.as_str().unwrap_or_default()),
        ("domain", "vpc"),
        ("tag:Name", "ours"),
        ("tag:Name", "theirs"),
    ] {
        let id = id.as_str().unwrap_or_default();
        let filters = filters([("allocation-id", id), (name, value)]);
        tape.ec2("describe_addresses", json!({"Filters": filters}));
    }
    let vpc = tape.vpc();
    let subnet = tape.subnet(&vpc, "10.0.0.0/24");
    let gateway = tape.gateway(&vpc);
    let interface = json!({"SubnetId": subnet, "Description": "ours"});
    let at = "/NetworkInterface/NetworkInterfaceId";
    let interface = tape.make("create_network_interface", interface, at);
    let pair = json!({"AllocationId": id, "NetworkInterfaceId": interface});
    let held = tape.make("associate_address", pair, "/AssociationId");
    tape.ec2("describe_addresses", json!({"AllocationIds": [id]}));
    tape.ec2(
        "describe_network_interfaces",
        json!({"NetworkInterfaceIds": [interface]}),
    );
    tape.ec2("disassociate_address", json!({"AssociationId": held}));
    tape.ec2("disassociate_address", json!({"AssociationId": held}));
    tape.ec2("describe_addresses", json!({"AllocationIds": [id]}));
    tape.ec2(
        "delete_network_interface",
        json!({"NetworkInterfaceId": interface}),
    );
    tape.ec2(
        "delete_network_interface",
        json!({"NetworkInterfaceId": interface}),
    );
    tape.drop_gateway(&gateway, &vpc);
    tape.ec2("delete_subnet", json!({"SubnetId": subnet}));
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
    tape.ec2("release_address", json!({"AllocationId": id}));
    tape.ec2("release_address", json!({"AllocationId": id}));
    tape.ec2("describe_addresses", json!({"AllocationIds": [id]}));
    tape.ec2("describe_addresses", json!({"PublicIps": [ip]}));
}

pub(crate) fn nat_gateway(tape: &mut Tape) {
    let vpc = tape.vpc();
    let gateway = tape.gateway(&vpc);
    let subnet = tape.subnet(&vpc, "10.0.0.0/24");
    let address = json!({"Domain": "vpc"});
    let address = tape.make("allocate_address", address, "/AllocationId");
    let args = json!({
        "SubnetId": subnet, "AllocationId": address, "TagSpecifications": tagged("natgateway"),
    });
    let nat = tape.make("create_nat_gateway", args, "/NatGateway/NatGatewayId");
    let ids = json!({"NatGatewayIds": [nat]});
    let state = "/NatGateways/0/State";
    tape.until("ec2", "describe_nat_gateways", &ids, state, "available");
    tape.ec2("describe_nat_gateways", ids.clone());
    for (name, value) in [
        ("nat-gateway-id", &*nat),
        ("state", "available"),
        ("state", "deleted"),
        ("subnet-id", &subnet),
        ("tag:Name", "ours"),
    ] {
        let filters = filters([("vpc-id", &vpc), (name, value)]);
        tape.ec2("describe_nat_gateways", json!({"Filter": filters}));
    }
    tape.ec2("describe_addresses", json!({"AllocationIds": [address]}));
    let lost = json!({"SubnetId": "subnet-0123456789abcdef0", "AllocationId": address});
    tape.ec2("create_nat_gateway", lost);
    tape.ec2("delete_nat_gateway", json!({"NatGatewayId": nat}));
    tape.until("ec2", "describe_nat_gateways", &ids, state, "deleted");
    tape.ec2("describe_nat_gateways", ids);
    let private = json!({"SubnetId": subnet, "ConnectivityType": "private"});
    let nat = tape.make("create_nat_gateway", private, "/NatGateway/NatGatewayId");
    let ids = json!({"NatGatewayIds": [nat]});
    tape.until("ec2", "describe_nat_gateways", &ids, state, "available");
    tape.ec2("describe_nat_gateways", ids.clone());
    tape.ec2("delete_nat_gateway", json!({"NatGatewayId": nat}));
    tape.until("ec2", "describe_nat_gateways", &ids, state, "deleted");
    tape.drop_gateway(&gateway, &vpc);
    tape.ec2("delete_subnet", json!({"SubnetId": subnet}));
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
}
