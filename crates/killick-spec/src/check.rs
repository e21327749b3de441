//! Rules that concern several values, and the making of the `Spec`.

mod accepts;
mod each;
mod functions;
mod groups;
mod moved;
mod zones;

use std::collections::BTreeMap;

use crate::error::{SpecError, quote};
use crate::model::{Nat, Network, Spec};
use crate::raw::{At, Raw};
use crate::rule;
use each::{by_value, each, limit, named, unique};
use groups::groups;

pub(crate) use groups::GROUPS;
pub(crate) use zones::ZONES;

/// AWS takes 50 a resource (`[B:ec2]` Tag); the rest is left to killick and to
/// tags that others add.
pub(crate) const TAGS: usize = 40;
/// Our own limit, far above one address a zone.
pub(crate) const ADDRESSES: usize = 50;

/// The spec, or nothing and at least one more error in `errors` or reported
/// before.
pub(crate) fn check(raw: &Raw<'_>, errors: &mut Vec<SpecError>) -> Option<Spec> {
    let stack = each(raw.stack.as_ref(), rule::stack, errors);
    let region = each(raw.region.as_ref(), rule::region, errors);
    let account = each(raw.account.as_ref(), rule::account, errors);
    let cidr = raw.cidr.as_ref();
    let cidr = cidr.and_then(|at| rule::cidr(at, "10.0.0.0/16", errors));
    let vpc = each(raw.vpc.as_ref(), |at| rule::id(at, &rule::VPC), errors);
    let in_region = raw.region.as_ref().filter(|_| region.is_some());
    let zones = zones::zones(raw, in_region, cidr, errors);
    let nat = nat(raw, errors);
    let in_account = raw.account.as_ref().filter(|_| account.is_some());
    let (functions, found) = functions::functions(raw, in_region, in_account, errors);
    let tags = tags(&raw.tags, errors);
    let moved = moved::moved(raw, errors);
    let accepts = accepts::accepts(&raw.accepts, errors);
    let addresses = addresses(&raw.addresses, errors);
    let security_groups = groups(&raw.security_groups, errors);
    let made = cidr.map(|cidr| Network::Made { cidr });
    // Nothing returns early above: all errors are wanted.
    Some(Spec {
        stack: stack?,
        region: region?,
        account: account.or(found),
        network: vpc.map(|vpc| Network::Brought { vpc }).or(made)?,
        zones,
        nat: nat?,
        addresses,
        security_groups,
        functions,
        tags,
        moved,
        accepts,
    })
}

fn addresses(raw: &[At<'_>], errors: &mut Vec<SpecError>) -> Vec<std::net::Ipv4Addr> {
    let first = raw.get(ADDRESSES).map(|at| &at.span);
    let hint = "remove addresses; no stack has as many";
    limit("addresses", (raw.len(), ADDRESSES), first, hint, errors);
    let twice = named("address", "remove one of the two");
    unique(&twice, by_value(raw), errors);
    let each = |at| each(Some(at), rule::address, errors);
    raw.iter().filter_map(each).collect()
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
    let first = raw.get(TAGS).map(|(key, _)| &key.span);
    let hint = "remove tags; AWS takes 50 a resource, and some are kept free";
    limit("tags", (raw.len(), TAGS), first, hint, errors);
    let mut tags = BTreeMap::new();
    for (key, value) in raw {
        let key = each(Some(key), rule::tag_key, errors);
        let value = each(Some(value), rule::tag_value, errors);
        tags.extend(key.zip(value));
    }
    tags
}
