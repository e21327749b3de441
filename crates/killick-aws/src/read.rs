//! Reading what is: one wave of concurrent calls where nothing must be known
//! first, a second one for what is inside the stack's VPC.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::VpcAttributeName;
use futures_util::future::join_all;
use killick_engine::{Class, CloudError, Settler};
use tokio::join;

use crate::describe;
use crate::resource::{
    ElasticIp, Function as FunctionType, InternetGateway, NatGateway, RouteTable, SecurityGroup,
    Subnet, Vpc,
};
use crate::session::Session;
use crate::snapshot::{Function, Snapshot, Unreadable};
use crate::tags::{STACK, filter};

/// What to read.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The stack whose VPC is read in full.
    pub stack: &'a str,
    /// The functions to read one by one.
    pub functions: Vec<&'a str>,
    /// Whether to list all functions of the region as well: somebody else's
    /// may sit in our subnets.
    pub all_functions: bool,
}

/// Reads one account and region, as far as it is allowed to: what is refused
/// is listed in [`Snapshot::unreadable`].
///
/// # Errors
/// Any failed call but a refused one.
pub async fn read(
    session: &Session,
    settler: &Settler,
    request: &Request<'_>,
) -> Result<Snapshot, CloudError> {
    let mut snapshot = Snapshot {
        region: session.region.clone(),
        ..Snapshot::default()
    };
    let mut refused = Vec::new();
    let named = join_all(
        request
            .functions
            .iter()
            .map(|name| describe::function(session, settler, name)),
    );
    let listed = async {
        match request.all_functions {
            true => describe::all_functions(session, settler).await,
            false => Ok(Vec::new()),
        }
    };
    let (account, vpcs, gateways, nats, addresses, named, listed) = join!(
        describe::account(session, settler),
        describe::vpcs(session, settler, Vec::new()),
        describe::internet_gateways(session, settler, Vec::new()),
        describe::nat_gateways(session, settler, Vec::new()),
        describe::addresses(session, settler, Vec::new()),
        named,
        listed,
    );
    snapshot.account = account?;
    snapshot.vpcs = allowed(vpcs, Vpc::KIND, None, &mut refused)?;
    snapshot.internet_gateways = allowed(gateways, InternetGateway::KIND, None, &mut refused)?;
    snapshot.nat_gateways = allowed(nats, NatGateway::KIND, None, &mut refused)?;
    snapshot.addresses = allowed(addresses, ElasticIp::KIND, None, &mut refused)?;
    for function in named {
        let function = function.map(|function| function.into_iter().collect::<Vec<Function>>());
        snapshot
            .functions
            .extend(allowed(function, FunctionType::KIND, None, &mut refused)?);
    }
    // The list says less than the single read: it only adds the others.
    let strangers = allowed(listed, FunctionType::KIND, Some("others"), &mut refused)?;
    let known: BTreeSet<&str> = request.functions.iter().copied().collect();
    let strangers = strangers
        .into_iter()
        .filter(|other| !known.contains(other.name.as_str()));
    snapshot.functions.extend(strangers);

    let mut vpcs = stack_vpcs(request.stack, &snapshot);
    let tagged = || vec![filter(&format!("tag:{STACK}"), [request.stack])];
    if vpcs.is_empty() {
        // Nothing leads to a VPC: the stack does not exist, or its tags were
        // taken off. Whatever is left of it inside a VPC shows which one.
        let (subnets, tables, groups) = join!(
            describe::subnets(session, settler, tagged()),
            describe::route_tables(session, settler, tagged()),
            describe::security_groups(session, settler, tagged()),
        );
        snapshot.subnets = allowed(subnets, Subnet::KIND, None, &mut refused)?;
        snapshot.route_tables = allowed(tables, RouteTable::KIND, None, &mut refused)?;
        snapshot.security_groups = allowed(groups, SecurityGroup::KIND, None, &mut refused)?;
        vpcs = stack_vpcs(request.stack, &snapshot);
    }
    if !vpcs.is_empty() {
        read_inside(session, settler, &vpcs, &mut snapshot, &mut refused).await?;
    }
    refused.sort_by(|a: &Unreadable, b| (&a.kind, &a.field).cmp(&(&b.kind, &b.field)));
    refused.dedup_by(|a, b| a.kind == b.kind && a.field == b.field && a.permission == b.permission);
    snapshot.unreadable = refused;
    Ok(snapshot)
}

async fn read_inside(
    session: &Session,
    settler: &Settler,
    vpcs: &BTreeSet<String>,
    snapshot: &mut Snapshot,
    refused: &mut Vec<Unreadable>,
) -> Result<(), CloudError> {
    let inside = || vec![filter("vpc-id", vpcs)];
    let attributes = join_all(vpcs.iter().map(async |vpc| {
        let one = |name| describe::vpc_attribute(session, settler, vpc, name);
        let (support, hostnames) = join!(
            one(VpcAttributeName::EnableDnsSupport),
            one(VpcAttributeName::EnableDnsHostnames),
        );
        (vpc, support, hostnames)
    }));
    let (subnets, tables, groups, attributes) = join!(
        describe::subnets(session, settler, inside()),
        describe::route_tables(session, settler, inside()),
        describe::security_groups(session, settler, inside()),
        attributes,
    );
    let here = |vpc: &str| vpcs.contains(vpc);
    snapshot.subnets = allowed(subnets, Subnet::KIND, None, refused)?;
    snapshot.subnets.retain(|subnet| here(&subnet.vpc));
    snapshot.route_tables = allowed(tables, RouteTable::KIND, None, refused)?;
    snapshot.route_tables.retain(|table| here(&table.vpc));
    snapshot.security_groups = allowed(groups, SecurityGroup::KIND, None, refused)?;
    snapshot.security_groups.retain(|group| here(&group.vpc));
    for (vpc, support, hostnames) in attributes {
        // Listed a moment ago and gone, or not there everywhere yet: absent.
        let vanished = |answer: &Result<Option<bool>, CloudError>| matches!(answer, Err(error) if error.class == Class::NotYetVisible);
        if vanished(&support) || vanished(&hostnames) {
            snapshot.vpcs.retain(|entry| entry.id != *vpc);
            continue;
        }
        let support = support.map(|value| value.into_iter().collect());
        let support: Vec<bool> = allowed(support, Vpc::KIND, Some("dns_support"), refused)?;
        let hostnames = hostnames.map(|value| value.into_iter().collect());
        let hostnames: Vec<bool> = allowed(hostnames, Vpc::KIND, Some("dns_hostnames"), refused)?;
        if let Some(entry) = snapshot.vpcs.iter_mut().find(|entry| entry.id == *vpc) {
            entry.dns_support = support.first().copied();
            entry.dns_hostnames = hostnames.first().copied();
        }
    }
    Ok(())
}

/// The VPCs that something of the stack is in: by the VPC's own tags, or by
/// what is tagged inside it.
fn stack_vpcs(stack: &str, snapshot: &Snapshot) -> BTreeSet<String> {
    let ours = |tags: &crate::tags::Tags| tags.get(STACK).is_some_and(|value| value == stack);
    let vpcs = snapshot
        .vpcs
        .iter()
        .filter(|vpc| ours(&vpc.tags))
        .map(|vpc| vpc.id.clone());
    let found: BTreeSet<String> = vpcs.collect();
    if !found.is_empty() {
        return found;
    }
    let gateways = snapshot
        .internet_gateways
        .iter()
        .filter(|gateway| ours(&gateway.tags));
    let nats = snapshot
        .nat_gateways
        .iter()
        .filter(|nat| nat.exists() && ours(&nat.tags));
    let subnets = snapshot.subnets.iter().filter(|subnet| ours(&subnet.tags));
    let tables = snapshot
        .route_tables
        .iter()
        .filter(|table| ours(&table.tags));
    let groups = snapshot
        .security_groups
        .iter()
        .filter(|group| ours(&group.tags));
    gateways
        .filter_map(|gateway| gateway.vpc.clone())
        .chain(nats.map(|nat| nat.vpc.clone()))
        .chain(subnets.map(|subnet| subnet.vpc.clone()))
        .chain(tables.map(|table| table.vpc.clone()))
        .chain(groups.map(|group| group.vpc.clone()))
        .filter(|vpc| !vpc.is_empty())
        .collect()
}

/// A refused read leaves a note and nothing else; any other failure is one.
fn allowed<T>(
    answer: Result<Vec<T>, CloudError>,
    kind: &str,
    field: Option<&str>,
    refused: &mut Vec<Unreadable>,
) -> Result<Vec<T>, CloudError> {
    match answer {
        Err(error) if error.class == Class::Denied => {
            refused.push(Unreadable {
                kind: kind.to_owned(),
                field: field.map(str::to_owned),
                permission: error.permission(),
                code: error.code,
                message: error.message,
                request_id: error.request_id,
            });
            Ok(Vec::new())
        }
        answer => answer,
    }
}
