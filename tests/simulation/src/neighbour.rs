//! Somebody else in the same account: a network, a function and an address
//! that killick must leave alone.

use killick_sim::{Place, Sim};
use serde_json::{Value, json};

use crate::draft::{ACCOUNT, REGION};
use crate::hand::Hand;

/// The name of the neighbour's function.
pub const FUNCTION: &str = "neighbour";

/// A stack of somebody else's.
const OTHER: &str = "partner-egress-2";
/// Where the neighbour's functions run.
const HOME: &str = "10.0.1.0/24";

/// Moves in: a VPC with the very same CIDR, a gateway, a NAT gateway with an
/// address, a group, tags that look like killick's own.
pub fn move_in(sim: &mut Sim, now: u64) {
    let mut hand = Hand { sim, now };
    let stack = [
        ("TagSpecification.1.Tag.1.Key", "killick:stack"),
        ("TagSpecification.1.Tag.1.Value", OTHER),
        ("TagSpecification.1.Tag.2.Key", "killick:key"),
        ("TagSpecification.1.Tag.2.Value", "vpc/main"),
    ];
    let mut create = vec![
        ("CidrBlock", "10.0.0.0/16"),
        ("TagSpecification.1.ResourceType", "vpc"),
    ];
    create.extend(stack);
    let vpc = hand.id("CreateVpc", &create, "vpcId");
    let gateway = hand.id("CreateInternetGateway", &[], "internetGatewayId");
    hand.ec2(
        "AttachInternetGateway",
        &[("InternetGatewayId", &gateway), ("VpcId", &vpc)],
    );
    let zone = format!("{REGION}a");
    let subnet = [
        ("VpcId", vpc.as_str()),
        ("CidrBlock", "10.0.0.0/24"),
        ("AvailabilityZone", &zone),
    ];
    let subnet = hand.id("CreateSubnet", &subnet, "subnetId");
    let table = hand.id("CreateRouteTable", &[("VpcId", &vpc)], "routeTableId");
    hand.ec2(
        "CreateRoute",
        &[
            ("RouteTableId", &table),
            ("DestinationCidrBlock", "0.0.0.0/0"),
            ("GatewayId", &gateway),
        ],
    );
    hand.ec2(
        "AssociateRouteTable",
        &[("RouteTableId", &table), ("SubnetId", &subnet)],
    );
    let address = hand.id("AllocateAddress", &[("Domain", "vpc")], "allocationId");
    let nat = hand.id(
        "CreateNatGateway",
        &[("SubnetId", &subnet), ("AllocationId", &address)],
        "natGatewayId",
    );
    let private = [
        ("VpcId", vpc.as_str()),
        ("CidrBlock", HOME),
        ("AvailabilityZone", &zone),
    ];
    let private = hand.id("CreateSubnet", &private, "subnetId");
    let table = hand.id("CreateRouteTable", &[("VpcId", &vpc)], "routeTableId");
    hand.ec2(
        "CreateRoute",
        &[
            ("RouteTableId", &table),
            ("DestinationCidrBlock", "0.0.0.0/0"),
            ("NatGatewayId", &nat),
        ],
    );
    hand.ec2(
        "AssociateRouteTable",
        &[("RouteTableId", &table), ("SubnetId", &private)],
    );
    hand.ec2("AllocateAddress", &[("Domain", "vpc")]);
    let group = [
        ("GroupName", "partner-egress"),
        ("GroupDescription", "theirs"),
        ("VpcId", &vpc),
    ];
    hand.ec2("CreateSecurityGroup", &group);
    killick_sim::exist(sim.world.place(ACCOUNT, REGION), FUNCTION, now);
}

/// The private subnet of the neighbour, and a group in its VPC.
pub fn home(place: &Place) -> (String, String) {
    let mut vpcs = place.vpcs.all();
    let vpc = vpcs.find(|vpc| {
        vpc.tags
            .get("killick:stack")
            .is_some_and(|name| name == OTHER)
    });
    let vpc = &vpc.expect("the neighbour's VPC").id;
    let mut subnets = place.subnets.all();
    let subnet = subnets.find(|subnet| subnet.vpc == *vpc && subnet.cidr == HOME);
    let mut groups = place.security_groups.all();
    let group = groups.find(|group| group.vpc == *vpc && group.name == "partner-egress");
    let (subnet, group) = (subnet.expect("its subnet"), group.expect("its group"));
    (subnet.id.clone(), group.id.clone())
}

/// All that is the neighbour's, as text: every id that was there before.
pub fn belongings(place: &Place) -> Value {
    json!({
        "vpcs": rows(&place.vpcs),
        "subnets": rows(&place.subnets),
        "internet_gateways": rows(&place.internet_gateways),
        "addresses": rows(&place.addresses),
        "nat_gateways": rows(&place.nat_gateways),
        "route_tables": rows(&place.route_tables),
        "security_groups": rows(&place.security_groups),
        "network_acls": rows(&place.network_acls),
        "functions": place.functions.get(FUNCTION),
    })
}

/// What of `before` is not there any more as it was.
pub fn missed(before: &Value, place: &Place) -> Vec<String> {
    let now = belongings(place);
    let Some(kinds) = before.as_object() else {
        return Vec::new();
    };
    let mut missed = Vec::new();
    for (kind, things) in kinds {
        if kind == "functions" && now[kind] != *things {
            missed.push("the neighbour's function changed".to_owned());
        }
        for (id, was) in things
            .as_object()
            .into_iter()
            .flatten()
            .filter(|_| kind != "functions")
        {
            let is = &now[kind][id];
            if is != was {
                missed.push(format!("the neighbour's {id} was {was} and is {is}"));
            }
        }
    }
    missed
}

fn rows<T: Clone + serde::Serialize>(table: &killick_sim::Table<T>) -> Value {
    let rows = table.iter().map(|(id, one)| {
        (
            id.to_owned(),
            serde_json::to_value(one).expect("plain data"),
        )
    });
    Value::Object(rows.collect())
}
