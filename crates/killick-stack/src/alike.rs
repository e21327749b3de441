//! Foreign networks that are like the one that a stack would make: a second one
//! beside them is what nobody means who only lost the tags of the first.

use killick_core::Key;
use killick_spec::{Network, Spec};

use crate::cidr::network;
use crate::egress::Ways;
use crate::keys::{private_subnet, public_subnet, vpc_key};
use crate::leaving::by;
use crate::select::selected;
use crate::snapshot::{self, Snapshot};
use crate::tags::claimed;
use crate::view::StackView;

/// A foreign network that is like the stack's own would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// `vpc-…`
    pub vpc: String,
    /// The CIDR, if it is the spec's.
    pub cidr: Option<String>,
    /// Subnets with the CIDR and in the zone of one of the spec's: the key, the
    /// id, the CIDR.
    pub subnets: Vec<(Key, String, String)>,
    /// Functions of the spec that run in it, and the fixed addresses by which
    /// they leave.
    pub functions: Vec<(String, Vec<String>)>,
}

/// The VPCs whose subnets must be known to tell whether there is a network that
/// is like the stack's: they have its CIDR and nobody's tags.
pub fn alike_vpcs(spec: &Spec, snapshot: &Snapshot) -> Vec<String> {
    let Network::Made { cidr } = &spec.network else {
        return Vec::new();
    };
    let cidr = cidr.to_string();
    let vpcs = snapshot.vpcs.iter();
    let same = vpcs.filter(|vpc| network(&vpc.cidr) == cidr && !claimed(&vpc.tags));
    same.map(|vpc| vpc.id.clone()).collect()
}

/// The foreign networks that are like the one that the stack would make: none
/// where it has one.
pub(crate) fn alike(spec: &Spec, seen: &StackView<'_>, ways: &Ways) -> Vec<Alike> {
    let Network::Made { cidr } = &spec.network else {
        return Vec::new();
    };
    if seen.identity.id(&vpc_key()).is_some() {
        return Vec::new();
    }
    let cidr = cidr.to_string();
    let vpcs = seen.snapshot.vpcs.iter();
    let foreign = vpcs.filter(|vpc| !claimed(&vpc.tags));
    let found = foreign.filter_map(|vpc| {
        let same = network(&vpc.cidr) == cidr;
        let subnets = match same {
            true => subnets(spec, seen, vpc),
            false => Vec::new(),
        };
        let functions = functions(spec, seen, ways, &vpc.id);
        let like = !subnets.is_empty() || !functions.is_empty();
        like.then(|| Alike {
            vpc: vpc.id.clone(),
            cidr: same.then(|| cidr.clone()),
            subnets,
            functions,
        })
    });
    found.collect()
}

fn subnets(spec: &Spec, seen: &StackView<'_>, vpc: &snapshot::Vpc) -> Vec<(Key, String, String)> {
    let wanted = spec.zones.iter().flat_map(|zone| {
        let sides = [
            (public_subnet(&zone.name), zone.public.made()),
            (private_subnet(&zone.name), zone.private.made()),
        ];
        let made = sides.into_iter();
        made.filter_map(|(key, cidr)| Some((key, &zone.availability_zone, cidr?.to_string())))
    });
    let there = wanted.filter_map(|(key, zone, cidr)| {
        let mut subnets = seen.snapshot.subnets.iter();
        let same = |one: &&snapshot::Subnet| {
            one.vpc == vpc.id && one.zone == *zone && network(&one.cidr) == cidr
        };
        let found = subnets.find(same)?;
        Some((key, found.id.clone(), cidr))
    });
    there.collect()
}

fn functions(
    spec: &Spec,
    seen: &StackView<'_>,
    ways: &Ways,
    vpc: &str,
) -> Vec<(String, Vec<String>)> {
    let names = selected(spec, seen.snapshot);
    let live = seen.snapshot.functions.iter();
    let here = live
        .filter(|live| names.contains_key(live.name.as_str()) && live.vpc.as_deref() == Some(vpc));
    let leaving = here.filter_map(|live| {
        let subnets = seen.snapshot.subnets.iter();
        let subnets = subnets.filter(|subnet| live.subnets.contains(&subnet.id));
        let mut by: Vec<String> = subnets
            .flat_map(|subnet| by(&ways.from(&subnet.id)))
            .collect();
        by.sort();
        by.dedup();
        (!by.is_empty()).then(|| (live.name.clone(), by))
    });
    leaving.collect()
}
