//! What only a report needs: each part that is refused is listed, and the rest
//! is worth having.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use killick_engine::{CloudError, Settler};
use killick_finding::Part;
use killick_stack::selected;
use killick_stack::snapshot::{
    DhcpOptions, Endpoint, NetworkAcl, PrefixList, Role, Snapshot, Transfer,
};
use tokio::join;

use super::{Answered, Refused, Request};
use crate::call::when;
use crate::describe;
use crate::reader::Reader;
use crate::tags::filter;

type Answer<T> = Result<T, CloudError>;

/// What needs nothing to be known.
pub(super) struct First {
    transfers: Answer<Vec<Transfer>>,
    dhcp_options: Answer<Vec<DhcpOptions>>,
    prefix_lists: Answer<Vec<PrefixList>>,
}

/// What is inside some VPCs, and what the functions' roles may not do.
pub(super) struct Second {
    network_acls: Answer<Vec<NetworkAcl>>,
    endpoints: Answer<Vec<Endpoint>>,
    roles: Vec<Answer<Role>>,
}

/// Reads what must not wait for anything.
pub(super) async fn first(
    reader: &Reader,
    settler: &Settler,
    request: &Request<'_>,
) -> Option<First> {
    if !request.traffic {
        return None;
    }
    let (transfers, dhcp_options, prefix_lists) = join!(
        describe::address_transfers(reader, settler),
        describe::dhcp_options(reader, settler, Vec::new()),
        describe::prefix_lists(reader, settler, Vec::new()),
    );
    Some(First {
        transfers,
        dhcp_options,
        prefix_lists,
    })
}

/// Reads what the first answers lead to.
pub(super) async fn second(
    reader: &Reader,
    settler: &Settler,
    (request, snapshot): (&Request<'_>, &Snapshot),
    vpcs: &BTreeSet<String>,
) -> Option<Second> {
    if !request.traffic {
        return None;
    }
    let wanted = selected(request.spec, snapshot);
    let functions = snapshot.functions.iter();
    let roles: BTreeSet<&str> = functions
        .filter(|function| wanted.contains_key(function.name.as_str()))
        .filter_map(|function| function.role.as_deref())
        .collect();
    let roles = roles.into_iter();
    let roles = join_all(roles.map(|role| describe::role(reader, settler, role)));
    let inside = || vec![filter("vpc-id", vpcs)];
    let (network_acls, endpoints, roles) = join!(
        when(
            !vpcs.is_empty(),
            describe::network_acls(reader, settler, inside())
        ),
        when(
            !vpcs.is_empty(),
            describe::endpoints(reader, settler, inside())
        ),
        roles,
    );
    Some(Second {
        network_acls,
        endpoints,
        roles,
    })
}

impl Answered for Option<First> {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Answer<()> {
        let Some(first) = self else { return Ok(()) };
        snapshot.transfers = refused.optional(first.transfers, Part::Transfers);
        let traffic = &mut snapshot.traffic;
        traffic.dhcp_options = refused.part(first.dhcp_options, Part::DhcpOptions);
        traffic.prefix_lists = refused.part(first.prefix_lists, Part::PrefixLists);
        Ok(())
    }
}

impl Answered for Option<Second> {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Answer<()> {
        let Some(second) = self else { return Ok(()) };
        let traffic = &mut snapshot.traffic;
        traffic.network_acls = refused.part(second.network_acls, Part::NetworkAcls);
        traffic.endpoints = refused.part(second.endpoints, Part::Endpoints);
        for role in second.roles {
            let role = role.map(|role| vec![role]);
            let role = refused.optional(role, Part::Roles);
            traffic.roles.extend(role);
        }
        Ok(())
    }
}
