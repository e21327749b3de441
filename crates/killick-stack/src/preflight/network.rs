//! Zones, subnets and rights that a plan builds on.

use ipnet::Ipv4Net;
use killick_spec::Place;

use super::asked::{Asked, Obstacle};
use super::facts::Facts;
use crate::keys::{private_subnet, public_subnet, vpc_key};
use crate::refusal::RefusalCode;
use crate::resource::{NatGateway, Subnet};
use crate::snapshot::BLOCKED;

pub(super) fn obstacles(asked: &Asked<'_>, facts: &Facts) -> Vec<Obstacle> {
    let mut all = zones(asked, facts);
    all.extend(conflicts(asked));
    all.extend(blocked(asked, facts));
    all.extend(roles(asked, facts));
    all
}

/// Zones that do not exist, or where no NAT gateway can be.
fn zones(asked: &Asked<'_>, facts: &Facts) -> Vec<Obstacle> {
    if facts.zones.is_empty() {
        return Vec::new();
    }
    let usual = facts
        .zones
        .iter()
        .filter(|(_, (_, kind))| kind == "availability-zone");
    let names: Vec<&str> = usual.map(|(name, _)| name.as_str()).collect();
    let choice = format!("use one of {}", names.join(", "));
    let bad = asked.zones().into_iter().filter_map(|zone| {
        let region = &asked.spec.region;
        let (code, what) = match facts.zones.get(zone) {
            None => (
                RefusalCode::ZoneUnknown,
                format!("{zone} does not exist in {region} for this account"),
            ),
            Some((_, kind)) if kind != "availability-zone" => (
                RefusalCode::ZoneUnfit,
                format!("{zone} is a {kind}, which can hold no NAT gateway of this kind"),
            ),
            Some((state, _)) if matches!(state.as_str(), "available" | "information") => {
                return None;
            }
            Some((state, _)) => (
                RefusalCode::ZoneUnavailable,
                format!("{zone} is {state}: nothing new can be made there"),
            ),
        };
        Some(Obstacle::new(code, [zone], what, choice.clone()))
    });
    bad.collect()
}

/// Subnets to be made in somebody else's VPC that do not fit in.
fn conflicts(asked: &Asked<'_>) -> Vec<Obstacle> {
    let Some(vpc) = asked.spec.network.brought() else {
        return Vec::new();
    };
    let net = |text: &str| text.parse::<Ipv4Net>().ok();
    let snapshot = asked.seen.snapshot;
    let here = snapshot.vpcs.iter().find(|found| found.id == vpc);
    let blocks: Vec<Ipv4Net> = here
        .into_iter()
        .flat_map(|found| std::iter::once(&found.cidr).chain(&found.secondary))
        .filter_map(|cidr| net(cidr))
        .collect();
    let mut all = Vec::new();
    for zone in &asked.spec.zones {
        let sides = [
            (public_subnet(&zone.name), &zone.public),
            (private_subnet(&zone.name), &zone.private),
        ];
        for (key, place) in sides {
            let Place::Made(wanted) = place else { continue };
            if !asked.creates(Subnet::KIND).any(|made| *made == key) {
                continue;
            }
            if !blocks.iter().any(|block| block.contains(wanted)) {
                let blocks: Vec<String> = blocks.iter().map(ToString::to_string).collect();
                all.push(Obstacle::new(
                    RefusalCode::CidrOutsideVpc,
                    [vpc],
                    format!("{key} is to have {wanted}, which {vpc} does not hold"),
                    format!("choose a part of {}", blocks.join(" or ")),
                ));
            }
            let others = snapshot.subnets.iter().filter(|found| found.vpc == vpc);
            let overlaps = others.filter(|found| {
                let other = net(&found.cidr);
                other.is_some_and(|other| other.contains(wanted) || wanted.contains(&other))
            });
            for other in overlaps {
                all.push(Obstacle::new(
                    RefusalCode::CidrOverlap,
                    [&other.id],
                    format!(
                        "{key} is to have {wanted}, which overlaps {} ({})",
                        other.id, other.cidr
                    ),
                    "choose a part of the VPC that no subnet has",
                ));
            }
        }
    }
    all
}

/// VPC Block Public Access lets everything look right and nothing through.
fn blocked(asked: &Asked<'_>, facts: &Facts) -> Option<Obstacle> {
    let vpc = asked.seen.identity.id(&vpc_key());
    let excluded = vpc.is_some_and(|vpc| facts.excluded.contains(vpc));
    let zones = asked
        .spec
        .zones
        .iter()
        .filter(|zone| asked.spec.has_nat(&zone.name));
    let mut subnets = zones.map(|zone| asked.seen.identity.id(&public_subnet(&zone.name)));
    let each = subnets.all(|id| id.is_some_and(|id| facts.excluded.contains(id)));
    let blocks = facts.block_mode.as_deref() == Some(BLOCKED);
    (blocks && !excluded && !each).then(|| {
        Obstacle::new(
            RefusalCode::BlockPublicAccess,
            vpc,
            "VPC Block Public Access blocks both directions in this region: no NAT gateway would \
             carry anything",
            "turn it off, set it to block-ingress, or exclude the VPC from it",
        )
    })
}

/// Execution roles that may not make the network interfaces of their function.
fn roles(asked: &Asked<'_>, facts: &Facts) -> Vec<Obstacle> {
    let functions = asked.seen.snapshot.functions.iter();
    let attached = asked.attached();
    let attached = functions.filter(|function| attached.contains(function.name.as_str()));
    let lacking = attached.filter_map(|function| {
        let role = function.role.as_ref()?;
        let denied = facts.denied.get(role).filter(|denied| !denied.is_empty())?;
        if asked.grants(role) {
            return None;
        }
        Some(Obstacle::new(
            RefusalCode::RoleRightsMissing,
            [&function.name, role],
            format!(
                "the role of {} may not call {}: {role}",
                function.name,
                denied.join(", ")
            ),
            format!(
                "{} --grant attaches the managed policy \
                 service-role/AWSLambdaVPCAccessExecutionRole to it; or do so by hand",
                asked.caller.command("apply")
            ),
        ))
    });
    lacking.collect()
}

/// Whether a plan makes the NAT gateway of a zone.
pub(super) fn makes_gateway(asked: &Asked<'_>, zone: &str) -> bool {
    let key = NatGateway::key(zone);
    asked.creates(NatGateway::KIND).any(|made| *made == key)
}
