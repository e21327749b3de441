//! From pieces of the destinations to classes, paths and a proof.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::classes::{Pieces, asked};
use crate::filter::Groups;
use crate::journey::Halt;
use crate::network::{Asked, Network, Runner};
use crate::ports::Ports;
use crate::proof::{Class, Destinations, Judgement, Path, Proof, Replies, Unnamed, Verdict};
use crate::range::Family;
use crate::site::{Behind, Site};
use crate::walk::Walk;

mod judge;
mod lists;

use judge::{judged, judgement, names, unknown};
use lists::lists;

/// How the runner leaves, from each of its subnets.
pub fn prove(network: &Network, runner: &Runner, asked: &Asked) -> Proof {
    let subnets: BTreeSet<&String> = runner.subnets.iter().collect();
    let mut paths = if runner.vpc.is_none() || subnets.is_empty() {
        vec![no_vpc(asked)]
    } else {
        // AWS wants IPv6 in all of the subnets; one that was not read may have it.
        let dual = |id: &&String| {
            let subnet = network.subnet(id);
            subnet.map_or(true, |subnet| !subnet.ipv6_cidrs.is_empty())
        };
        let ipv6 = runner.ipv6 && subnets.iter().all(dual);
        let path = |id: &&String| {
            let groups = Groups::new(network, &runner.groups);
            path(network, id, Some(groups), ipv6, asked)
        };
        let mut paths: Vec<Path> = subnets.iter().map(path).collect();
        paths.sort_by(|a, b| (&a.zone, &a.subnet).cmp(&(&b.zone, &b.subnet)));
        paths
    };
    if let Some(why) = &runner.unsettled {
        paths.iter_mut().for_each(|path| doubt(path, why));
    }
    Proof {
        runner: runner.name.clone(),
        version: runner.version.clone(),
        paths,
    }
}

/// The code may still run elsewhere: what would leave so is not known to. A stop,
/// or a way to somewhere else, stays what it is.
fn doubt(path: &mut Path, why: &str) {
    let leaves = |class: &&mut Class| matches!(class.verdict, Verdict::Leaves { .. });
    for class in path.classes.iter_mut().filter(leaves) {
        class.verdict = unknown(why.to_owned());
    }
    path.judgement = path.judgement.max(Judgement::Unknown);
}

/// What becomes of the bulk of the internet from a subnet, whatever the
/// security groups. `set` is the fixed addresses.
pub fn leaves_by(network: &Network, subnet: &str, set: &BTreeSet<Ipv4Addr>) -> Verdict {
    let asked = Asked {
        set: set.clone(),
        ..Asked::default()
    };
    let path = path(network, subnet, None, false, &asked);
    path.classes.into_iter().next().map_or_else(
        || unknown(format!("subnet {subnet}")),
        |class| class.verdict,
    )
}

/// All that was asked, as one class without a way.
fn whole(asked: &Asked, verdict: Verdict) -> Class {
    Class {
        destinations: match asked.destination {
            Some(net) => Destinations::Nets {
                nets: vec![net.trunc()],
            },
            None => Destinations::Everything,
        },
        verdict,
        ports: Ports::default(),
        replies: Replies::default(),
        nats: BTreeSet::new(),
        narrowed: BTreeSet::new(),
    }
}

fn no_vpc(asked: &Asked) -> Path {
    let mut class = whole(
        asked,
        Verdict::Outside {
            addresses: BTreeSet::new(),
            unlisted: BTreeSet::new(),
            unnamed: Some(Unnamed::Aws),
        },
    );
    class.ports = Ports::all();
    class.replies = Replies::all();
    Path {
        subnet: None,
        zone: None,
        hops: Vec::new(),
        classes: vec![class],
        crosses_zones: None,
        notes: BTreeSet::from(["the function is in no VPC".to_owned()]),
        names: Judgement::Proven,
        judgement: Judgement::Refuted,
    }
}

fn path(network: &Network, id: &str, groups: Option<Groups>, ipv6: bool, question: &Asked) -> Path {
    let subnet = match network.subnet(id) {
        Ok(subnet) => subnet,
        Err(what) => {
            return Path {
                subnet: Some(id.to_owned()),
                zone: None,
                hops: Vec::new(),
                classes: vec![whole(question, unknown(what))],
                crosses_zones: None,
                notes: BTreeSet::new(),
                names: Judgement::Unknown,
                judgement: Judgement::Unknown,
            };
        }
    };
    let site = Site::new(network, subnet);
    let walk = Walk::new(network, site, groups, ipv6, question.port);
    let mut notes = BTreeSet::new();
    let mut pieces = Pieces::default();
    let mut nats: BTreeMap<String, u128> = BTreeMap::new();
    let ranges = asked(question, walk.site.vpc, ipv6);
    let cuts = walk.nets();
    for range in &ranges {
        for piece in range.cut(cuts.iter().copied()) {
            let (end, journey) = walk.follow(&piece, false);
            let beside = piece.family == Family::V6 && question.destination.is_none();
            if beside && matches!(end, Err(Halt::Stopped { .. })) {
                pieces.silent(piece);
                continue;
            }
            if let Some(nat) = &journey.nat {
                *nats.entry(nat.clone()).or_default() += piece.size();
            }
            notes.extend(journey.losses.iter().cloned());
            notes.extend(
                journey
                    .doubts
                    .iter()
                    .map(|what| format!("not known: {what}")),
            );
            let (nat, narrowed) = (journey.nat.clone(), journey.narrowed.clone());
            pieces.add(piece, judged(end, journey, &question.set), nat, narrowed);
        }
    }
    for id in nats.keys() {
        if matches!(walk.nats.get(id.as_str()), Some(Behind::Regional(_))) {
            notes.insert(format!(
                "{id} is a regional NAT gateway: in automatic mode AWS changes its addresses"
            ));
        }
    }
    let largest = pieces.largest();
    let hops = largest
        .and_then(|piece| walk.follow(&piece, true).1.hops)
        .unwrap_or_default();
    let mut classes = pieces.classes(question);
    let lists = lists(&walk, &nats, &ranges, question);
    let at = classes
        .iter()
        .position(|class| class.destinations == Destinations::EverythingOverIpv6)
        .unwrap_or(classes.len());
    classes.splice(at..at, lists);
    let names = names(&walk);
    let judgement = judgement(&classes, &names);
    let resolve = names.as_ref().err().map(|(judgement, _)| *judgement);
    if let Err((_, note)) = names {
        notes.insert(note);
    }
    Path {
        subnet: Some(subnet.id.clone()),
        zone: Some(subnet.zone.clone()),
        hops,
        classes,
        crosses_zones: crossing(&walk, &nats),
        notes,
        names: resolve.unwrap_or(Judgement::Proven),
        judgement,
    }
}

/// The zones of the function's subnet and of the NAT gateway that most
/// destinations take, where these differ; else of any other that is taken.
fn crossing(walk: &Walk<'_>, nats: &BTreeMap<String, u128>) -> Option<(String, String)> {
    let from = &walk.site.subnet.zone;
    let zones = nats.iter().filter_map(|(id, size)| {
        let Some(Behind::Zonal(_, site)) = walk.nats.get(id.as_str()) else {
            return None;
        };
        let to = &site.subnet.zone;
        (to != from).then_some((*size, std::cmp::Reverse(to)))
    });
    zones
        .max()
        .map(|(_, std::cmp::Reverse(to))| (from.clone(), to.clone()))
}
