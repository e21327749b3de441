//! What surrounds the network: Block Public Access, name servers, endpoints.

use killick_core::Value;
use killick_finding::{
    Aspect, Change, Draft, FieldPath, Finding, Reason, Repair, Revert, Severity,
};

use crate::assessment::Assessment;
use crate::effect::denied;
use crate::keys::vpc_key;
use crate::resource::{ElasticIp as AddressType, stack_route_tables, stack_subnets};
use crate::snapshot::{AMAZON_DNS, BLOCKED, DhcpOptions, Endpoint, Vpc};
use crate::view::StackView;

fn vpc<'a>(seen: &StackView<'a>) -> Option<&'a Vpc> {
    let id = seen.identity.id(&vpc_key())?;
    seen.snapshot.vpcs.iter().find(|vpc| vpc.id == id)
}

/// VPC Block Public Access: everything is `available`, and nothing leaves.
pub(super) fn public_access(stack: &str, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    let Some(vpc) = vpc(seen) else { return };
    let subnets = seen.snapshot.subnets.iter();
    let ours = subnets.filter(|subnet| seen.identity.key(&subnet.id).is_some());
    // An exclusion leaves a subnet out; without one it is as its VPC.
    let modes = ours.map(|subnet| subnet.block_public_access.as_ref());
    let blocked = |mode: Option<&String>| mode.is_some_and(|mode| mode == BLOCKED);
    let (mut some, mut free) = (blocked(vpc.block_public_access.as_ref()), false);
    for mode in modes {
        let mode = mode.or(vpc.block_public_access.as_ref());
        some |= blocked(mode);
        free |= !blocked(mode);
    }
    if !some {
        return;
    }
    let who = match free {
        false => "no function has a way out, whatever the routes say",
        true => "only subnets with an exclusion have a way out",
    };
    let draft = Draft {
        what: Change::Changed,
        live: Value::from(BLOCKED),
        desired: Value::from("off"),
        severity: Severity::Critical,
        effect: format!(
            "VPC Block Public Access stops all traffic of internet gateways in this region: {who}"
        ),
        repair: Repair::Report(Reason::Unmanaged(Revert::PublicAccess {
            vpc: vpc.id.clone(),
        })),
    };
    let field = FieldPath::Beyond(Aspect::PublicAccess);
    all.push(draft.at(stack, &vpc_key(), Some(field)));
}

/// Name servers of somebody else in the stack's own VPC.
pub(super) fn name_servers(stack: &str, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    let key = vpc_key();
    let sets = seen.snapshot.traffic.dhcp_options.as_ref();
    let id = vpc(seen).and_then(|vpc| vpc.dhcp_options.as_ref());
    let (Some(sets), Some(id)) = (sets, id) else {
        return;
    };
    let set = sets.iter().find(|set| set.id == *id);
    let amazon = set.is_some_and(DhcpOptions::is_amazons);
    if amazon || seen.identity.is_lent(&key) {
        return;
    }
    let amazons = sets.iter().find(|set| set.is_amazons());
    let revert = Revert::DhcpOptions {
        vpc: vpc(seen).map_or_else(String::new, |vpc| vpc.id.clone()),
        options: amazons.map_or_else(|| "default".to_owned(), |set| set.id.clone()),
    };
    let (live, effect) = match set {
        Some(set) => {
            let servers = set.servers.join(", ");
            let effect = format!(
                "functions ask {servers} for names ({id}), not Amazon's resolver: what a name \
                 stands for, and whether it is found, is theirs to say"
            );
            (servers, effect)
        }
        None => (
            id.clone(),
            format!("the network gives out no name server ({id}): names may not resolve"),
        ),
    };
    let draft = Draft {
        what: Change::Changed,
        live: Value::Text(live),
        desired: Value::from(AMAZON_DNS),
        severity: Severity::Warning,
        effect,
        repair: Repair::Report(Reason::Unmanaged(revert)),
    };
    all.push(draft.at(stack, &key, Some(FieldPath::Beyond(Aspect::DhcpOptions))));
}

/// Network ACLs in the way that no field shows: they are on somebody else's
/// subnets, or lack a rule rather than have one too many.
pub(super) fn network_acls(
    stack: &str,
    seen: &StackView<'_>,
    assessment: &Assessment,
    all: &mut Vec<Finding>,
) {
    for one in assessment.blocking() {
        let (severity, effect) = denied(&one.zones);
        let mut followers = stack_subnets(seen);
        followers.retain(|(key, subnet)| {
            let own = match one.acl.default {
                true => !seen.identity.is_lent(&vpc_key()) && !one.guilty.is_empty(),
                false => !seen.identity.is_lent(key),
            };
            one.acl.has(&subnet.id) && !own
        });
        let Some(key) = followers.into_iter().map(|(key, _)| key).min() else {
            continue;
        };
        let draft = Draft {
            what: Change::Changed,
            live: Value::Text(one.acl.id.clone()),
            desired: Value::from("a network ACL that lets it through"),
            severity,
            effect,
            repair: Repair::Report(Reason::Unmanaged(Revert::NetworkAcl {
                acl: one.acl.id.clone(),
                entries: one
                    .guilty
                    .iter()
                    .map(|rule| (rule.entry.number, rule.entry.egress))
                    .collect(),
            })),
        };
        let field = FieldPath::Beyond(Aspect::NetworkAcl(one.acl.id.clone()));
        all.push(draft.at(stack, &key, Some(field)));
    }
}

/// Addresses that are lent to the stack and offered to another account.
pub(super) fn transfers(stack: &str, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    let addresses = seen.ours(AddressType::KIND, &seen.snapshot.addresses, |address| {
        &address.id
    });
    for (key, address) in addresses {
        let mut transfers = seen.snapshot.transfers.iter();
        let offer = transfers.find(|one| one.allocation == address.id && one.status == "pending");
        let Some(offer) = offer.filter(|_| seen.identity.is_lent(&key)) else {
            continue;
        };
        let (ip, account) = (&address.ip, &offer.account);
        let draft = Draft {
            what: Change::Extra,
            live: Value::Text(account.clone()),
            desired: Value::Absent,
            severity: Severity::Critical,
            effect: format!(
                "{ip} is offered to the account {account}, which can take it away any time; who \
                 lent it can take the offer back"
            ),
            repair: Repair::Report(Reason::Unmanaged(Revert::Transfer {
                allocation: address.id.clone(),
            })),
        };
        all.push(draft.at(stack, &key, Some(FieldPath::Beyond(Aspect::Transfer))));
    }
}

/// Gateway endpoints that tables of the stack lead to.
pub(super) fn endpoints(stack: &str, seen: &StackView<'_>, all: &mut Vec<Finding>) {
    let tables = stack_route_tables(seen);
    let endpoints = seen.snapshot.traffic.endpoints.iter().flatten();
    let live = |one: &&Endpoint| !one.state.starts_with("delet") && one.state != "failed";
    for endpoint in endpoints.filter(live) {
        let leads = |id: &String, routes: &[crate::snapshot::Route]| {
            endpoint.tables.contains(id) || routes.iter().any(|route| route.target == endpoint.id)
        };
        let led = tables
            .iter()
            .filter(|(_, table)| leads(&table.id, &table.routes));
        let led: Vec<_> = led.collect();
        let mut zones: Vec<&str> = led
            .iter()
            .filter_map(|(key, _)| key.name.strip_prefix("private-"))
            .collect();
        zones.sort_unstable();
        if zones.is_empty() {
            continue;
        }
        let service = endpoint.service.rsplit('.').next().unwrap_or_default();
        let effect = format!(
            "{service} traffic of functions in {} leaves by the endpoint {}, not by the fixed \
             addresses: policies on aws:SourceIp no longer match",
            zones.join(" and "),
            endpoint.id
        );
        let draft = Draft {
            what: Change::Extra,
            live: Value::Text(endpoint.service.clone()),
            desired: Value::Absent,
            severity: Severity::Warning,
            effect,
            repair: Repair::Report(Reason::Unmanaged(Revert::Endpoint {
                endpoint: endpoint.id.clone(),
                tables: led.iter().map(|(_, table)| table.id.clone()).collect(),
            })),
        };
        let field = FieldPath::Beyond(Aspect::Endpoint(endpoint.id.clone()));
        all.push(draft.at(stack, &vpc_key(), Some(field)));
    }
}
