//! A spec that can be varied and written as TOML.

use std::fmt::Write;

/// The region that all drafts are for: it has zones enough.
pub const REGION: &str = "us-east-1";
/// The stack that all drafts are for.
pub const STACK: &str = "partner-egress";
/// The account of the simulation.
pub const ACCOUNT: &str = "123456789012";

/// Where the NAT gateways stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nat {
    /// One in every zone.
    PerZone,
    /// One in the zone of that letter.
    Single(char),
}

/// A spec in short: zones by their letter, functions by their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The letters of the zones.
    pub zones: String,
    /// Where the NAT gateways stand.
    pub nat: Nat,
    /// The functions `f0`, `f1`, ...
    pub functions: Vec<u8>,
    /// A tag of the user's own.
    pub team: Option<u8>,
}

impl Draft {
    /// A spec with so many functions.
    pub fn new(zones: &str, nat: Nat, functions: &[u8], team: Option<u8>) -> Self {
        Self {
            zones: zones.to_owned(),
            nat,
            functions: functions.to_vec(),
            team,
        }
    }

    /// The zones with the gateway that each uses.
    pub fn ways(&self) -> impl Iterator<Item = (char, char)> {
        let nat = self.nat;
        self.zones.chars().map(move |zone| match nat {
            Nat::PerZone => (zone, zone),
            Nat::Single(gateway) => (zone, gateway),
        })
    }

    /// The zones that have a gateway of their own.
    pub fn gateways(&self) -> impl Iterator<Item = char> {
        self.ways()
            .filter(|(zone, gateway)| zone == gateway)
            .map(|(zone, _)| zone)
    }

    /// The names of the functions.
    pub fn function_names(&self) -> impl Iterator<Item = String> {
        self.functions.iter().map(|number| format!("f{number}"))
    }

    /// The tags on everything, beside killick's own.
    pub fn tags(&self) -> Option<(&'static str, String)> {
        self.team.map(|team| ("team", format!("team-{team}")))
    }

    /// The spec as it is written.
    pub fn toml(&self) -> String {
        let mut out =
            format!("stack = \"{STACK}\"\nregion = \"{REGION}\"\naccount = \"{ACCOUNT}\"\n");
        out += "\n[network]\ncidr = \"10.0.0.0/16\"\n";
        for zone in self.zones.chars() {
            let (name, public, private) =
                (zone_name(zone), cidr("public", zone), cidr("private", zone));
            write!(
                out,
                "\n[[zone]]\nname = \"{name}\"\npublic = \"{public}\"\nprivate = \"{private}\"\n"
            )
            .expect("text");
        }
        if let Nat::Single(zone) = self.nat {
            write!(
                out,
                "\n[egress]\nnat = \"single\"\nnat_zone = \"{}\"\n",
                zone_name(zone)
            )
            .expect("text");
        }
        for name in self.function_names() {
            write!(out, "\n[[function]]\nname = \"{name}\"\n").expect("text");
        }
        if let Some((key, value)) = self.tags() {
            write!(out, "\n[tags]\n{key} = \"{value}\"\n").expect("text");
        }
        out
    }
}

/// `us-east-1a`.
pub fn zone_name(letter: char) -> String {
    format!("{REGION}{letter}")
}

/// The network of a subnet, the same for a zone in every draft.
pub fn cidr(side: &str, zone: char) -> String {
    let number = (zone as u32 - 'a' as u32) * 2 + u32::from(side == "private");
    format!("10.0.{number}.0/24")
}
