//! A spec that can be varied and written as TOML.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The region that all drafts are for: it has zones enough.
pub const REGION: &str = "us-east-1";
/// What the stack of every draft is called at first.
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
    /// Those of the functions that somebody runs in another VPC before.
    pub abroad: Vec<u8>,
    /// Whether the spec selects them by their prefix.
    pub prefix: bool,
    /// Whether the addresses are promised as soon as they are known.
    pub pins: bool,
    /// The addresses that are promised.
    pub pinned: Vec<String>,
    /// How often the stack was renamed.
    pub renamed: u8,
    /// How often zones were renamed, by letter.
    pub labels: BTreeMap<char, u8>,
}

impl Draft {
    /// A spec with so many functions.
    pub fn new(zones: &str, nat: Nat, functions: &[u8], team: Option<u8>) -> Self {
        Self {
            zones: zones.to_owned(),
            nat,
            functions: functions.to_vec(),
            team,
            abroad: Vec::new(),
            prefix: false,
            pins: false,
            pinned: Vec::new(),
            renamed: 0,
            labels: BTreeMap::new(),
        }
    }

    /// What the stack is called.
    pub fn stack(&self) -> String {
        stack_name(self.renamed)
    }

    /// What the stack was called before, oldest name first.
    pub fn old_stacks(&self) -> impl Iterator<Item = String> {
        (0..self.renamed).map(stack_name)
    }

    /// What a zone is called: its own name until it was renamed.
    pub fn zone(&self, letter: char) -> String {
        label(
            letter,
            self.labels.get(&letter).copied().unwrap_or_default(),
        )
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
        self.functions.iter().copied().map(function_name)
    }

    /// The tags on everything, beside killick's own.
    pub fn tags(&self) -> Option<(&'static str, String)> {
        self.team.map(|team| ("team", format!("team-{team}")))
    }

    /// The spec as it is written.
    pub fn toml(&self) -> String {
        let stack = self.stack();
        let mut out =
            format!("stack = \"{stack}\"\nregion = \"{REGION}\"\naccount = \"{ACCOUNT}\"\n");
        out += "\n[network]\ncidr = \"10.0.0.0/16\"\n";
        for letter in self.zones.chars() {
            let (name, zone) = (self.zone(letter), zone_name(letter));
            let (public, private) = (cidr("public", letter), cidr("private", letter));
            write!(
                out,
                "\n[[zone]]\nname = \"{name}\"\navailability_zone = \"{zone}\"\n\
                 public = \"{public}\"\nprivate = \"{private}\"\n"
            )
            .expect("text");
        }
        out += "\n[egress]\n";
        if let Nat::Single(zone) = self.nat {
            let zone = self.zone(zone);
            write!(out, "nat = \"single\"\nnat_zone = \"{zone}\"\n").expect("text");
        }
        if !self.pinned.is_empty() {
            writeln!(out, "addresses = {:?}", self.pinned).expect("text");
        }
        if self.prefix {
            out += "\n[[function]]\nprefix = \"f\"\n";
        } else {
            for name in self.function_names() {
                write!(out, "\n[[function]]\nname = \"{name}\"\n").expect("text");
            }
        }
        for (from, to) in self.moved() {
            write!(out, "\n[[moved]]\nfrom = \"{from}\"\nto = \"{to}\"\n").expect("text");
        }
        if let Some((key, value)) = self.tags() {
            write!(out, "\n[tags]\n{key} = \"{value}\"\n").expect("text");
        }
        out
    }

    /// Old names with the present ones.
    fn moved(&self) -> Vec<(String, String)> {
        let stacks = self.old_stacks().map(|from| (from, self.stack()));
        let zones = self.zones.chars().flat_map(|letter| {
            let times = self.labels.get(&letter).copied().unwrap_or_default();
            (0..times).map(move |time| (label(letter, time), label(letter, times)))
        });
        stacks.chain(zones).collect()
    }
}

/// `f0` and its like.
pub fn function_name(number: u8) -> String {
    format!("f{number}")
}

/// `us-east-1a`.
pub fn zone_name(letter: char) -> String {
    format!("{REGION}{letter}")
}

fn stack_name(renamed: u8) -> String {
    match renamed {
        0 => STACK.to_owned(),
        times => format!("{STACK}-v{times}"),
    }
}

fn label(letter: char, renamed: u8) -> String {
    match renamed {
        0 => zone_name(letter),
        times => format!("{letter}-side-{times}"),
    }
}

/// The network of a subnet, the same for a zone in every draft.
pub fn cidr(side: &str, zone: char) -> String {
    let number = (zone as u32 - 'a' as u32) * 2 + u32::from(side == "private");
    format!("10.0.{number}.0/24")
}
