//! The second wave: what is inside a VPC.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::VpcAttributeName;
use futures_util::future::join_all;
use killick_engine::{Class, CloudError, Settler};
use killick_finding::Part;
use killick_spec::Spec;
use killick_stack::selected;
use killick_stack::snapshot::{RouteTable, SecurityGroup, Snapshot, Subnet};
use tokio::join;

use super::{Answered, Refused};
use crate::describe;
use crate::reader::Reader;
use crate::tags::filter;

type Answer<T> = Result<T, CloudError>;

/// What was answered about some VPCs.
pub(super) struct Inside {
    vpcs: BTreeSet<String>,
    subnets: Answer<Vec<Subnet>>,
    tables: Answer<Vec<RouteTable>>,
    groups: Answer<Vec<SecurityGroup>>,
    attributes: Vec<Attributes>,
}

/// What was answered about the DNS attributes of one VPC.
struct Attributes {
    vpc: String,
    support: Answer<Option<bool>>,
    hostnames: Answer<Option<bool>>,
}

/// Reads the VPCs of the stack; nothing where there is none.
pub(super) async fn read(
    reader: &Reader,
    settler: &Settler,
    vpcs: &BTreeSet<String>,
) -> Option<Inside> {
    if vpcs.is_empty() {
        return None;
    }
    let inside = || vec![filter("vpc-id", vpcs)];
    let attributes = join_all(vpcs.iter().map(async |vpc| {
        let one = |name| describe::vpc_attribute(reader, settler, vpc, name);
        let (support, hostnames) = join!(
            one(VpcAttributeName::EnableDnsSupport),
            one(VpcAttributeName::EnableDnsHostnames),
        );
        Attributes {
            vpc: vpc.clone(),
            support,
            hostnames,
        }
    }));
    let (subnets, tables, groups, attributes) = join!(
        describe::subnets(reader, settler, inside()),
        describe::route_tables(reader, settler, inside()),
        describe::security_groups(reader, settler, inside()),
        attributes,
    );
    Some(Inside {
        vpcs: vpcs.clone(),
        subnets,
        tables,
        groups,
        attributes,
    })
}

impl Answered for Option<Inside> {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Result<(), CloudError> {
        let Some(inside) = self else { return Ok(()) };
        let here = |vpc: &str| inside.vpcs.contains(vpc);
        snapshot.subnets = refused.allowed(inside.subnets, Part::Subnets)?;
        snapshot.subnets.retain(|subnet| here(&subnet.vpc));
        snapshot.route_tables = refused.allowed(inside.tables, Part::RouteTables)?;
        snapshot.route_tables.retain(|table| here(&table.vpc));
        snapshot.security_groups = refused.allowed(inside.groups, Part::SecurityGroups)?;
        snapshot.security_groups.retain(|group| here(&group.vpc));
        for Attributes {
            vpc,
            support,
            hostnames,
        } in inside.attributes
        {
            // Listed a moment ago and gone, or not there everywhere yet: absent.
            let vanished = |answer: &Answer<Option<bool>>| matches!(answer, Err(error) if error.class == Class::NotYetVisible);
            if vanished(&support) || vanished(&hostnames) {
                snapshot.vpcs.retain(|entry| entry.id != vpc);
                continue;
            }
            let support = support.map(|value| value.into_iter().collect());
            let support: Vec<bool> = refused.allowed(support, Part::DnsSupport)?;
            let hostnames = hostnames.map(|value| value.into_iter().collect());
            let hostnames: Vec<bool> = refused.allowed(hostnames, Part::DnsHostnames)?;
            if let Some(entry) = snapshot.vpcs.iter_mut().find(|entry| entry.id == vpc) {
                entry.dns_support = support.first().copied();
                entry.dns_hostnames = hostnames.first().copied();
            }
        }
        Ok(())
    }
}

/// Where functions are that are not in the stack's VPC.
#[derive(Default)]
pub(super) struct Abroad {
    subnets: Vec<Subnet>,
    tables: Vec<RouteTable>,
}

/// Reads the subnets of functions that sit in another VPC, and the tables that
/// tell by which address they leave.
pub(super) async fn abroad(
    reader: &Reader,
    settler: &Settler,
    (spec, snapshot): (&Spec, &Snapshot),
    vpcs: &BTreeSet<String>,
) -> Answer<Abroad> {
    let wanted = selected(spec, snapshot);
    let elsewhere = snapshot.functions.iter().filter(|function| {
        let vpc = function.vpc.as_ref();
        wanted.contains_key(function.name.as_str()) && vpc.is_none_or(|vpc| !vpcs.contains(vpc))
    });
    let ids: BTreeSet<&str> = elsewhere
        .flat_map(|function| &function.subnets)
        .map(String::as_str)
        .collect();
    if ids.is_empty() {
        return Ok(Abroad::default());
    }
    let filters = vec![filter("subnet-id", ids.iter().copied())];
    let mut subnets = describe::subnets(reader, settler, filters).await?;
    subnets.retain(|subnet| ids.contains(subnet.id.as_str()) && !vpcs.contains(&subnet.vpc));
    let others: BTreeSet<&str> = subnets.iter().map(|subnet| subnet.vpc.as_str()).collect();
    if others.is_empty() {
        return Ok(Abroad::default());
    }
    let filters = vec![filter("vpc-id", others.iter().copied())];
    let mut tables = describe::route_tables(reader, settler, filters).await?;
    tables.retain(|table| others.contains(table.vpc.as_str()));
    Ok(Abroad { subnets, tables })
}

impl Answered for Answer<Abroad> {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Result<(), CloudError> {
        let (subnets, tables) = match self {
            Ok(abroad) => (Ok(abroad.subnets), Ok(abroad.tables)),
            Err(error) => (Err(error), Ok(Vec::new())),
        };
        let subnets = refused.allowed(subnets, Part::Subnets)?;
        let tables = refused.allowed(tables, Part::RouteTables)?;
        snapshot.subnets.extend(subnets);
        snapshot.route_tables.extend(tables);
        Ok(())
    }
}

/// Reads the subnets of VPCs that are not the stack's.
pub(super) async fn alike(reader: &Reader, settler: &Settler, vpcs: &[String]) -> Alike {
    if vpcs.is_empty() {
        return Alike(Ok(Vec::new()));
    }
    let filters = vec![filter("vpc-id", vpcs)];
    let subnets = describe::subnets(reader, settler, filters).await;
    Alike(subnets.map(|mut subnets| {
        subnets.retain(|subnet| vpcs.contains(&subnet.vpc));
        subnets
    }))
}

/// The subnets of VPCs that may be like the stack's.
pub(super) struct Alike(Answer<Vec<Subnet>>);

impl Answered for Alike {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Result<(), CloudError> {
        for subnet in refused.allowed(self.0, Part::Subnets)? {
            let known = snapshot.subnets.iter().any(|one| one.id == subnet.id);
            snapshot.subnets.extend((!known).then_some(subnet));
        }
        Ok(())
    }
}
