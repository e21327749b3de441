//! Rules that concern the zones, their subnets and their addresses.

use std::collections::BTreeSet;
use std::ops::Range;

use ipnet::Ipv4Net;

use super::each::{by_value, defined, each, limit, named, unique};
use crate::error::{SpecError, quote};
use crate::model::{Place, Zone};
use crate::raw::{At, Raw, RawZone};
use crate::rule;

/// Our own limit; enough for every region, and 6 private subnets fit a
/// function's 16 (`[B:lambda]` SubnetIds).
pub(crate) const ZONES: usize = 6;

struct Subnet {
    /// The zone and the key, for messages.
    title: String,
    span: Range<usize>,
    place: Place,
}

/// `cidr` is the network of a VPC that killick makes, where that is valid.
pub(super) fn zones(
    raw: &Raw<'_>,
    region: Option<&At<'_>>,
    cidr: Option<Ipv4Net>,
    errors: &mut Vec<SpecError>,
) -> Vec<Zone> {
    let first = raw.zones.get(ZONES).map(|zone| &zone.header);
    let hint = "remove zones; two survive the loss of one";
    limit("zones", (raw.zones.len(), ZONES), first, hint, errors);
    names(&raw.zones, errors);
    let mut subnets = Vec::new();
    let mut zones = Vec::new();
    for zone in &raw.zones {
        let name = match zone.labelled {
            true => each(zone.name.as_ref(), rule::label, errors),
            false => each(zone.name.as_ref(), |at| rule::zone(at, region), errors),
        };
        let availability_zone = match &zone.availability_zone {
            Some(at) => each(Some(at), |at| rule::zone(at, region), errors),
            None => name.clone(),
        };
        let elastic_ip = |at| rule::id(at, &rule::ELASTIC_IP);
        let address = each(zone.address.as_ref(), elastic_ip, errors);
        let public = subnet(zone, "public", zone.public.as_ref(), errors);
        let private = subnet(zone, "private", zone.private.as_ref(), errors);
        let place = |subnet: &Option<Subnet>| Some(subnet.as_ref()?.place.clone());
        let (public_place, private_place) = (place(&public), place(&private));
        subnets.extend(public.into_iter().chain(private));
        zones.extend((|| {
            Some(Zone {
                name: name?,
                availability_zone: availability_zone?,
                public: public_place?,
                private: private_place?,
                address,
            })
        })());
    }
    subnets.sort_by_key(|subnet| subnet.span.start);
    inside(&subnets, raw.cidr.as_ref().zip(cidr), errors);
    apart(&subnets, errors);
    homeless(&subnets, raw, errors);
    addressed(raw, errors);
    zones
}

fn subnet(
    zone: &RawZone<'_>,
    key: &str,
    at: Option<&At<'_>>,
    errors: &mut Vec<SpecError>,
) -> Option<Subnet> {
    let at = at?;
    let place = if rule::is_id(at.value) {
        Place::Brought(each(Some(at), |at| rule::id(at, &rule::SUBNET), errors)?)
    } else {
        let example = match key {
            "public" => "10.0.0.0/24",
            _ => "10.0.1.0/24",
        };
        Place::Made(rule::cidr(at, example, errors)?)
    };
    let title = format!("the {key} subnet of {}", title(zone));
    let span = at.span.clone();
    Some(Subnet { title, span, place })
}

fn title(zone: &RawZone<'_>) -> String {
    let name = zone.name.as_ref();
    name.map_or_else(|| "a zone".to_owned(), |name| quote(name.value))
}

/// Reports what two zones or two sides share.
fn names(zones: &[RawZone<'_>], errors: &mut Vec<SpecError>) {
    let names = zones.iter().filter_map(|zone| zone.name.as_ref());
    unique(&defined("zone"), by_value(names), errors);

    // Two zones of one name, and nothing else, are one error and not two.
    let mut known = BTreeSet::new();
    let places = zones.iter().filter_map(|zone| match zone.labelled {
        true => zone.availability_zone.as_ref(),
        false => zone.name.as_ref().filter(|name| known.insert(name.value)),
    });
    let hint = "use another availability zone, or make the two one zone";
    unique(&named("availability zone", hint), by_value(places), errors);

    let sides = zones.iter().flat_map(|zone| {
        let mut sides: Vec<_> = zone.public.iter().chain(&zone.private).collect();
        sides.sort_by_key(|at| at.span.start);
        sides
    });
    let ids = sides.filter(|at| rule::is_id(at.value));
    let hint = "give both sides of every zone a subnet of its own";
    unique(&named("subnet", hint), by_value(ids), errors);

    let addresses = zones.iter().filter_map(|zone| zone.address.as_ref());
    let hint = "give every NAT gateway an Elastic IP of its own";
    unique(&named("Elastic IP", hint), by_value(addresses), errors);
}

fn inside(subnets: &[Subnet], vpc: Option<(&At<'_>, Ipv4Net)>, errors: &mut Vec<SpecError>) {
    let Some((at, vpc)) = vpc else { return };
    let outside = |subnet: &&Subnet| subnet.place.made().is_some_and(|net| !vpc.contains(&net));
    for subnet in subnets.iter().filter(outside) {
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
fn apart(subnets: &[Subnet], errors: &mut Vec<SpecError>) {
    let mut earlier: Vec<(&Subnet, Ipv4Net)> = Vec::new();
    for subnet in subnets {
        let Some(net) = subnet.place.made() else {
            continue;
        };
        // Two networks are nested or apart.
        let overlaps =
            |(_, other): &&(&Subnet, Ipv4Net)| other.contains(&net) || net.contains(other);
        if let Some((other, taken)) = earlier.iter().find(overlaps) {
            let message = format!("{} overlaps {}", subnet.title, other.title);
            errors.push(
                SpecError::new(&subnet.span, message)
                    .label(format!("overlaps {taken}"))
                    .hint("give every subnet addresses of its own")
                    .related(&other.span, "the other subnet"),
            );
        }
        earlier.push((subnet, net));
    }
}

/// Reports somebody else's subnets in a VPC that is not there yet.
fn homeless(subnets: &[Subnet], raw: &Raw<'_>, errors: &mut Vec<SpecError>) {
    let (Some(cidr), None) = (&raw.cidr, &raw.vpc) else {
        return;
    };
    let brought = |subnet: &&Subnet| subnet.place.brought().is_some();
    for subnet in subnets.iter().filter(brought) {
        let message = format!("{} exists, but its VPC is to be made", subnet.title);
        errors.push(
            SpecError::new(&subnet.span, message)
                .label("needs `vpc`")
                .hint("write `vpc` in [network] in the place of `cidr`, or give a network here")
                .related(&cidr.span, "killick makes this VPC"),
        );
    }
}

/// Reports addresses of zones that the single NAT gateway does not stand in.
fn addressed(raw: &Raw<'_>, errors: &mut Vec<SpecError>) {
    let single = raw.nat.as_ref().filter(|nat| nat.value == "single");
    let Some(single) = single else { return };
    let first = raw.zones.first().and_then(|zone| zone.name.as_ref());
    let (home, span) = match (&raw.nat_zone, first) {
        (Some(wanted), _) => (wanted.value, &wanted.span),
        (None, Some(first)) => (first.value, &single.span),
        (None, None) => return,
    };
    let names: Vec<_> = raw.zones.iter().map(|zone| zone.name.as_ref()).collect();
    // A wrong `nat_zone` has been reported.
    if !names.iter().flatten().any(|name| name.value == home) {
        return;
    }
    for (zone, name) in raw.zones.iter().zip(&names) {
        if let (Some(at), Some(name)) = (&zone.address, name)
            && name.value != home
        {
            let message = format!("{} has an address, but no NAT gateway", quote(name.value));
            let place = format!("the only NAT gateway is in {}", quote(home));
            errors.push(
                SpecError::new(&at.span, message)
                    .label("no NAT gateway here")
                    .hint("remove it, or set nat = \"per-zone\"")
                    .related(span, place),
            );
        }
    }
}
