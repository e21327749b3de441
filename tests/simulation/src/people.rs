//! What the deterministic tests begin from: stacks, and things of others.

use std::collections::BTreeSet;

use killick_sim::{Place, Settings, table_of};
use serde_json::Value;

use crate::draft::{ACCOUNT, Draft, REGION, zone_name};
use crate::hand::Hand;
use crate::invariant::identities;
use crate::line::Base;
use crate::neighbour::belongings;
use crate::stage::{Stage, live};

/// An AWS that lets go of a function's network interfaces soon: half an hour of
/// looking is half a thousand calls that are all alike.
pub fn brisk() -> Settings {
    Settings {
        linger: (60_000, 120_000),
        address_quota: 12,
        vpc_quota: 10,
        ..Settings::default()
    }
}

/// A stack as it is after its first apply.
pub fn applied(draft: &Draft) -> Base {
    live(async {
        let mut stage = Stage::new(brisk());
        let names: Vec<String> = draft.function_names().collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        stage.deploy(&names);
        stage.run("apply --yes", &draft.toml()).await.ends(0);
        stage.wait(60).await;
        stage.line.base()
    })
}

/// The one thing of a key.
pub fn id_of(place: &Place, stack: &str, key: &str) -> String {
    let ids = identities(place, stack).remove(key).unwrap_or_default();
    assert_eq!(ids.len(), 1, "{key}");
    ids.into_iter().next().expect("one")
}

/// The addresses that carry a stack's tags.
pub fn addresses_of(place: &Place, stack: &str) -> BTreeSet<String> {
    let ours = place.addresses.all().filter(|address| {
        let tag = address.tags.get("killick:stack");
        tag.is_some_and(|tag| tag == stack)
    });
    ours.map(|address| address.ip.clone()).collect()
}

/// Everything that a landlord has, as text. Without `places` it leaves out who
/// follows which table and what holds which address: a tenant may change that
/// for a time.
pub fn estate(place: &Place, places: bool) -> Value {
    let mut all = belongings(place);
    // Listed for an hour after they have gone.
    all["nat_gateways"] = Value::Null;
    all["functions"] = Value::Null;
    let rows = |all: &mut Value, kind: &str, change: &dyn Fn(&mut Value)| {
        let rows = all[kind].as_object_mut().into_iter().flatten();
        rows.for_each(|(_, row)| change(row));
    };
    rows(&mut all, "route_tables", &|table| {
        let followers = table["associations"].as_array_mut();
        match places {
            // An association that is made again has another id.
            true => followers.into_iter().flatten().for_each(|entry| {
                entry["id"] = Value::Null;
            }),
            false => table["associations"] = Value::Null,
        }
    });
    if !places {
        rows(&mut all, "addresses", &|address| {
            address["association"] = Value::Null
        });
    }
    all
}

/// What of `before` is not there any more as it was.
pub fn lost(before: &Value, after: &Value) -> Vec<String> {
    let kinds = before.as_object().into_iter().flatten();
    let mut lost = Vec::new();
    for (kind, things) in kinds {
        for (id, was) in things.as_object().into_iter().flatten() {
            let is = &after[kind][id];
            if is != was {
                lost.push(format!("{id} was {was} and is {is}"));
            }
        }
    }
    lost
}

/// Somebody's VPC in zones a and c, as a stack can be brought into it.
#[derive(Clone, Debug, Default)]
pub struct Landlord {
    /// `vpc-…`
    pub vpc: String,
    /// Where NAT gateways can be.
    pub public: Vec<String>,
    /// The first has a table of its own, the second follows the main one.
    pub private: Vec<String>,
    /// `eipalloc-…`
    pub addresses: Vec<String>,
    /// `sg-…`
    pub group: String,
}

/// The zones of a landlord.
pub const LENT: [char; 2] = ['a', 'c'];

impl Landlord {
    /// Makes all of it.
    pub fn builds(hand: &mut Hand<'_>) -> Self {
        let vpc = hand.id("CreateVpc", &[("CidrBlock", "10.7.0.0/16")], "vpcId");
        let gateway = hand.id("CreateInternetGateway", &[], "internetGatewayId");
        let door = [("InternetGatewayId", gateway.as_str()), ("VpcId", &vpc)];
        hand.must("AttachInternetGateway", &door);
        let table = hand.id("CreateRouteTable", &[("VpcId", &vpc)], "routeTableId");
        let out = [
            ("RouteTableId", table.as_str()),
            ("DestinationCidrBlock", "0.0.0.0/0"),
            ("GatewayId", &gateway),
        ];
        hand.must("CreateRoute", &out);
        let own = hand.id("CreateRouteTable", &[("VpcId", &vpc)], "routeTableId");
        let mut landlord = Self {
            vpc: vpc.clone(),
            ..Self::default()
        };
        for (at, zone) in LENT.into_iter().enumerate() {
            let zone = zone_name(zone);
            let mut subnet = |number: usize| {
                let cidr = format!("10.7.{number}.0/24");
                let params = [
                    ("VpcId", vpc.as_str()),
                    ("CidrBlock", &cidr),
                    ("AvailabilityZone", &zone),
                ];
                hand.id("CreateSubnet", &params, "subnetId")
            };
            landlord.public.push(subnet(2 * at));
            landlord.private.push(subnet(2 * at + 1));
            let address = hand.id("AllocateAddress", &[("Domain", "vpc")], "allocationId");
            landlord.addresses.push(address);
        }
        for subnet in &landlord.public {
            let follows = [("RouteTableId", table.as_str()), ("SubnetId", subnet)];
            hand.must("AssociateRouteTable", &follows);
        }
        let follows = [
            ("RouteTableId", own.as_str()),
            ("SubnetId", &landlord.private[0]),
        ];
        hand.must("AssociateRouteTable", &follows);
        let group = [
            ("GroupName", "theirs"),
            ("GroupDescription", "theirs"),
            ("VpcId", vpc.as_str()),
        ];
        landlord.group = hand.id("CreateSecurityGroup", &group, "groupId");
        landlord
    }

    /// Lets out what is in the first private subnet, by an address of their own.
    pub fn lets_out(&self, hand: &mut Hand<'_>) -> String {
        let address = hand.id("AllocateAddress", &[("Domain", "vpc")], "allocationId");
        let subnet = self.public[0].as_str();
        let params = [("SubnetId", subnet), ("AllocationId", &address)];
        let nat = hand.id("CreateNatGateway", &params, "natGatewayId");
        let table = {
            let place = hand.sim.world.place(ACCOUNT, REGION);
            let table = table_of(place, &self.private[0]);
            table.expect("its own table").id.clone()
        };
        let params = [
            ("RouteTableId", table.as_str()),
            ("DestinationCidrBlock", "0.0.0.0/0"),
            ("NatGatewayId", &nat),
        ];
        hand.must("CreateRoute", &params);
        nat
    }

    /// A stack that makes nothing that can be brought.
    pub fn tenant(&self, stack: &str, functions: &[&str]) -> String {
        let mut out = format!(
            "stack = \"{stack}\"\nregion = \"{REGION}\"\naccount = \"{ACCOUNT}\"\n\n\
             [network]\nvpc = \"{}\"\n\n[egress]\nsecurity_groups = [\"{}\"]\n",
            self.vpc, self.group
        );
        for (at, zone) in LENT.into_iter().enumerate() {
            out += &format!(
                "\n[[zone]]\nname = \"{}\"\npublic = \"{}\"\nprivate = \"{}\"\naddress = \"{}\"\n",
                zone_name(zone),
                self.public[at],
                self.private[at],
                self.addresses[at]
            );
        }
        for name in functions {
            out += &format!("\n[[function]]\nname = \"{name}\"\n");
        }
        out
    }
}
