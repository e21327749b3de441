//! Somebody else in the same account: a network, a function and an address
//! that killick must leave alone.

use killick_sim::{Place, Request, Sim};
use serde_json::{Value, json};

use crate::draft::{ACCOUNT, REGION};

/// The name of the neighbour's function.
pub const FUNCTION: &str = "neighbour";

/// Moves in: a VPC with the very same CIDR, a gateway, a NAT gateway with an
/// address, a group, tags that look like killick's own.
pub fn move_in(sim: &mut Sim, now: u64) {
    let mut hand = Hand { sim, now };
    let stack = [
        ("TagSpecification.1.Tag.1.Key", "killick:stack"),
        ("TagSpecification.1.Tag.1.Value", "partner-egress-2"),
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
    hand.ec2(
        "CreateNatGateway",
        &[("SubnetId", &subnet), ("AllocationId", &address)],
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

/// Somebody at the console.
pub struct Hand<'a> {
    /// The account's AWS.
    pub sim: &'a mut Sim,
    /// When, in milliseconds since 1970.
    pub now: u64,
}

impl Hand<'_> {
    /// Makes a call of EC2 past all faults; the answer's text.
    pub fn ec2(&mut self, action: &str, params: &[(&str, &str)]) -> String {
        let mut body = format!("Action={action}&Version=2016-11-15");
        for (name, value) in params {
            body += &format!("&{name}={}", value.replace(':', "%3A").replace('/', "%2F"));
        }
        self.call("ec2", "POST", "/", body)
    }

    /// Deletes a function, if there is one.
    pub fn delete_function(&mut self, name: &str) {
        let path = format!("/2015-03-31/functions/{name}");
        self.call("lambda", "DELETE", &path, String::new());
    }

    fn call(&mut self, service: &str, method: &str, path: &str, body: String) -> String {
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential=AKIA{ACCOUNT}/20260101/{REGION}/{service}/aws4_request"
        );
        let request = Request {
            method: method.to_owned(),
            uri: path.to_owned(),
            headers: vec![("authorization".to_owned(), scope)],
            body: body.into_bytes(),
        };
        let response = self.sim.world.handle(self.now, &request);
        String::from_utf8(response.body).expect("text")
    }

    /// The same; a member of the answer.
    pub fn id(&mut self, action: &str, params: &[(&str, &str)], member: &str) -> String {
        let answer = self.ec2(action, params);
        let (open, close) = (format!("<{member}>"), format!("</{member}>"));
        let rest = answer.split_once(&open).map(|(_, rest)| rest);
        let id = rest
            .and_then(|rest| rest.split_once(&close))
            .map(|(id, _)| id.to_owned());
        id.unwrap_or_else(|| panic!("{action}: {answer}"))
    }
}
