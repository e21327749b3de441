//! What somebody else has in the stack's network: it leaves by the stack's
//! addresses, or costs.

use killick_core::Value;
use killick_finding::{
    Aspect, Change, Draft, FieldPath, Finding, Reason, Repair, Revert, Severity,
};

use crate::assessment::Assessment;
use crate::dependents::strangers;
use crate::leaving::by;
use crate::resource::{Subnet as SubnetType, stack_route_tables, stack_subnets};
use crate::routing::{address_of, table_of};
use crate::view::StackView;

/// Functions of somebody else in the stack's subnets or groups.
pub(super) fn functions(stack: &str, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    for stranger in strangers(seen) {
        let uses = stranger.uses.join(", ");
        let inside = stranger
            .uses
            .iter()
            .any(|one| one.starts_with("subnet/private-"));
        let what = match inside {
            true => "it leaves by this stack's addresses",
            false => "it goes by rules that are this stack's",
        };
        let name = &stranger.key.name;
        let effect = format!("{name} is not in the spec and uses {uses}: {what}");
        let draft = Draft {
            what: Change::Extra,
            live: Value::Text(uses),
            desired: Value::Absent,
            severity: Severity::Warning,
            effect,
            repair: Repair::Report(Reason::Unmanaged(Revert::ForeignFunction {
                function: name.clone(),
            })),
        };
        let field = Some(FieldPath::Beyond(Aspect::ForeignFunction));
        all.push(draft.at(stack, &stranger.key, field));
    }
}

/// Subnets of somebody else that follow the stack's tables.
pub(super) fn subnets(
    stack: &str,
    seen: &StackView<'_>,
    assessment: &Assessment,
    all: &mut Vec<Finding>,
) {
    for (key, table) in stack_route_tables(seen) {
        for follower in &table.associations {
            let mut subnets = seen.snapshot.subnets.iter();
            let subnet = subnets.find(|subnet| subnet.id == follower.member);
            let stranger = subnet.filter(|subnet| seen.identity.key(&subnet.id).is_none());
            let Some(stranger) = stranger else { continue };
            let by = match by(&assessment.from(&stranger.id)).join(" or ") {
                ips if ips.is_empty() => ips,
                ips => format!(": what is in it leaves by {ips}"),
            };
            let draft = Draft {
                what: Change::Extra,
                live: Value::Text(stranger.id.clone()),
                desired: Value::Absent,
                severity: Severity::Warning,
                effect: format!("{} is not of this stack and follows {key}{by}", stranger.id),
                repair: Repair::Report(Reason::Unmanaged(Revert::Association {
                    association: follower.id.clone(),
                })),
            };
            let field = FieldPath::Beyond(Aspect::ForeignSubnet(stranger.id.clone()));
            all.push(draft.at(stack, &key, Some(field)));
        }
    }
}

/// NAT gateways of somebody else in the stack's subnets.
pub(super) fn gateways(stack: &str, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    let gateways = seen.snapshot.nat_gateways.iter();
    for nat in gateways.filter(|nat| nat.live() && seen.identity.key(&nat.id).is_none()) {
        let subnet = nat.subnet.as_deref().and_then(|id| seen.identity.key(id));
        let own =
            |key: &&killick_core::Key| key.kind == SubnetType::KIND && !seen.identity.is_lent(key);
        let Some(subnet) = subnet.filter(own) else {
            continue;
        };
        // One that a route of ours leads to is told with the route.
        let followed: Vec<&str> = stack_subnets(seen)
            .into_iter()
            .filter_map(|(_, subnet)| Some(table_of(seen.snapshot, subnet)?.id.as_str()))
            .collect();
        let used = seen.snapshot.route_tables.iter().any(|table| {
            let leads = table.routes.iter().any(|route| route.target == nat.id);
            let ours = seen.identity.key(&table.id).is_some();
            leads && (ours || followed.contains(&table.id.as_str()))
        });
        if used {
            continue;
        }
        let ip = address_of(seen, nat).unwrap_or_else(|| "no address".to_owned());
        let draft = Draft {
            what: Change::Extra,
            live: Value::Text(format!("{} ({ip})", nat.id)),
            desired: Value::Absent,
            severity: Severity::Info,
            effect: format!(
                "{} is not of this stack and sits in {subnet}: it costs, takes addresses of the \
                 subnet, and no function leaves by it",
                nat.id
            ),
            repair: Repair::Report(Reason::Unmanaged(Revert::NatGateway {
                gateway: nat.id.clone(),
            })),
        };
        let field = FieldPath::Beyond(Aspect::ForeignGateway(nat.id.clone()));
        all.push(draft.at(stack, subnet, Some(field)));
    }
}
