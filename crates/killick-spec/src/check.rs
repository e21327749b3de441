//! Rules that concern several values, and the making of the `Spec`.

use std::collections::BTreeMap;
use std::ops::Range;

use ipnet::Ipv4Net;

use crate::error::{SpecError, quote};
use crate::model::{Function, Nat, Network, Spec, Zone};
use crate::parse::{At, Raw, RawZone};
use crate::rule;

/// Our own limit; enough for every region, and 6 private subnets fit a
/// function's 16 (`[B:lambda]` SubnetIds).
pub(crate) const ZONES: usize = 6;
/// AWS takes 50 a resource (`[B:ec2]` Tag); the rest is left to killick and to
/// tags that others add.
pub(crate) const TAGS: usize = 40;

/// The spec, or nothing and at least one more error in `errors` or reported
/// before.
pub(crate) fn check(raw: &Raw<'_>, errors: &mut Vec<SpecError>) -> Option<Spec> {
    let stack = each(raw.stack.as_ref(), rule::stack, errors);
    let region = each(raw.region.as_ref(), rule::region, errors);
    let account = each(raw.account.as_ref(), rule::account, errors);
    let cidr = raw.cidr.as_ref();
    let cidr = cidr.and_then(|at| rule::cidr(at, "10.0.0.0/16", errors));
    let in_region = raw.region.as_ref().filter(|_| region.is_some());
    let zones = zones(&raw.zones, in_region, errors);
    inside(&zones, raw.cidr.as_ref().zip(cidr), errors);
    apart(&zones, errors);
    let nat = nat(raw, errors);
    let names = raw.functions.iter();
    let functions = names.filter_map(|at| each(Some(at), rule::function, errors));
    let functions = functions.map(|name| Function { name }).collect();
    unique("function", raw.functions.iter(), errors);
    let tags = tags(&raw.tags, errors);
    // Nothing returns early above: all errors are wanted.
    Some(Spec {
        stack: stack?,
        region: region?,
        account,
        network: Network { cidr: cidr? },
        zones: zones.into_iter().filter_map(Checked::zone).collect(),
        nat: nat?,
        functions,
        tags,
    })
}

/// A value that is there and right; what is wrong with it goes to `errors`.
fn each<'r, 'd, T>(
    at: Option<&'r At<'d>>,
    rule: impl FnOnce(&'r At<'d>) -> Result<T, SpecError>,
    errors: &mut Vec<SpecError>,
) -> Option<T> {
    rule(at?).map_err(|error| errors.push(error)).ok()
}

struct Subnet {
    /// The zone and the key, for messages.
    title: String,
    span: Range<usize>,
    net: Ipv4Net,
}

struct Checked {
    name: Option<String>,
    public: Option<Subnet>,
    private: Option<Subnet>,
}

impl Checked {
    fn zone(self) -> Option<Zone> {
        Some(Zone {
            name: self.name?,
            public: self.public?.net,
            private: self.private?.net,
        })
    }
}

fn zones(
    raw: &[RawZone<'_>],
    region: Option<&At<'_>>,
    errors: &mut Vec<SpecError>,
) -> Vec<Checked> {
    if let Some(zone) = raw.get(ZONES) {
        let message = format!("{} zones, at most {ZONES} are allowed", raw.len());
        let error = SpecError::new(&zone.header, message).label("one too many");
        errors.push(error.hint("remove zones; two survive the loss of one"));
    }
    unique(
        "zone",
        raw.iter().filter_map(|zone| zone.name.as_ref()),
        errors,
    );
    let mut subnet = |zone: &RawZone<'_>, key: &str, at: Option<&At<'_>>, example| {
        let at = at?;
        let net = rule::cidr(at, example, errors)?;
        let title = match &zone.name {
            Some(name) => format!("the {key} subnet of {}", quote(name.value)),
            None => format!("the {key} subnet of a zone"),
        };
        let span = at.span.clone();
        Some(Subnet { title, span, net })
    };
    let mut checked = Vec::new();
    for zone in raw {
        let public = subnet(zone, "public", zone.public.as_ref(), "10.0.0.0/24");
        let private = subnet(zone, "private", zone.private.as_ref(), "10.0.1.0/24");
        checked.push(Checked {
            name: None,
            public,
            private,
        });
    }
    for (zone, checked) in raw.iter().zip(&mut checked) {
        checked.name = each(zone.name.as_ref(), |at| rule::zone(at, region), errors);
    }
    checked
}

/// Reports every name that was given before.
fn unique<'r, 'd: 'r>(
    kind: &str,
    names: impl Iterator<Item = &'r At<'d>>,
    errors: &mut Vec<SpecError>,
) {
    let mut first = BTreeMap::new();
    for at in names {
        if let Some(earlier) = first.get(at.value) {
            let message = format!("{kind} {} is defined twice", quote(at.value));
            let error = SpecError::new(&at.span, message).label("defined again");
            let error = error.hint("remove one of the two, or give it another name");
            errors.push(error.related(earlier, "first defined here"));
        } else {
            first.insert(at.value, at.span.clone());
        }
    }
}

fn subnets(zones: &[Checked]) -> impl Iterator<Item = &Subnet> {
    zones
        .iter()
        .flat_map(|zone| zone.public.iter().chain(&zone.private))
}

fn inside(zones: &[Checked], vpc: Option<(&At<'_>, Ipv4Net)>, errors: &mut Vec<SpecError>) {
    let Some((at, vpc)) = vpc else { return };
    for subnet in subnets(zones).filter(|subnet| !vpc.contains(&subnet.net)) {
        let message = format!("{} is not inside the network {vpc}", subnet.title);
        errors.push(
            SpecError::new(&subnet.span, message)
                .label(format!("not inside {vpc}"))
                .hint(format!("choose a part of {vpc}, or widen the network"))
                .related(&at.span, "the network is set here"),
        );
    }
}

/// Reports each subnet that overlaps an earlier one.
fn apart(zones: &[Checked], errors: &mut Vec<SpecError>) {
    let mut all: Vec<_> = subnets(zones).collect();
    all.sort_by_key(|subnet| subnet.span.start);
    let mut earlier: Vec<&Subnet> = Vec::new();
    for subnet in all {
        let overlaps = |other: &&&Subnet| {
            // Two networks are nested or apart.
            other.net.contains(&subnet.net) || subnet.net.contains(&other.net)
        };
        if let Some(other) = earlier.iter().find(overlaps) {
            let message = format!("{} overlaps {}", subnet.title, other.title);
            errors.push(
                SpecError::new(&subnet.span, message)
                    .label(format!("overlaps {}", other.net))
                    .hint("give every subnet addresses of its own")
                    .related(&other.span, "the other subnet"),
            );
        }
        earlier.push(subnet);
    }
}

fn nat(raw: &Raw<'_>, errors: &mut Vec<SpecError>) -> Option<Nat> {
    let mode = match &raw.nat {
        Some(at) => each(Some(at), rule::nat_mode, errors),
        None => (!raw.nat_unread).then_some("per-zone"),
    };
    let names: Vec<_> = raw
        .zones
        .iter()
        .filter_map(|zone| zone.name.as_ref())
        .collect();
    let Some(wanted) = &raw.nat_zone else {
        return match mode? {
            "single" => names.first().map(|first| Nat::Single {
                zone: first.value.to_owned(),
            }),
            _ => Some(Nat::PerZone),
        };
    };
    if mode == Some("per-zone") {
        let message = "`nat_zone` is only for a single NAT gateway";
        let error = SpecError::new(&wanted.span, message).label("no effect");
        let error = error.hint("remove it, or set nat = \"single\"");
        errors.push(match &raw.nat {
            Some(nat) => error.related(&nat.span, "one NAT gateway in every zone"),
            None => error,
        });
    }
    // With a zone whose name could not be read, this might be the one.
    let complete = !names.is_empty() && names.len() == raw.zones.len();
    if complete && names.iter().all(|name| name.value != wanted.value) {
        let message = format!(
            "`nat_zone` names {}, which is no [[zone]] here",
            quote(wanted.value)
        );
        let mut known: Vec<_> = names.iter().map(|name| quote(name.value)).collect();
        known.dedup();
        errors.push(
            SpecError::new(&wanted.span, message)
                .label("no such zone")
                .hint(format!("use one of {}", known.join(", "))),
        );
    }
    let zone = wanted.value.to_owned();
    mode.map(|_| Nat::Single { zone })
}

fn tags(raw: &[(At<'_>, At<'_>)], errors: &mut Vec<SpecError>) -> BTreeMap<String, String> {
    if let Some((key, _)) = raw.get(TAGS) {
        let message = format!("{} tags, at most {TAGS} are allowed", raw.len());
        let error = SpecError::new(&key.span, message).label("one too many");
        errors.push(error.hint("remove tags; AWS takes 50 a resource, and some are kept free"));
    }
    let mut tags = BTreeMap::new();
    for (key, value) in raw {
        let key = each(Some(key), rule::tag_key, errors);
        let value = each(Some(value), rule::tag_value, errors);
        tags.extend(key.zip(value));
    }
    tags
}
