//! Reading what is: one wave of concurrent calls where nothing must be known
//! first, a second one for what is inside the stack's VPC. Only functions that
//! sit in another VPC take a third.

mod dependents;
mod functions;
mod inside;
mod traffic;

use std::collections::BTreeSet;

use killick_engine::{Class, CloudError, Settler};
use killick_finding::Part;
use killick_spec::Spec;
use killick_stack::snapshot::{Snapshot, Unreadable};
use killick_stack::{STACK, Tags, alike_vpcs};
use tokio::join;

use crate::describe;
use crate::reader::Reader;
use crate::tags::filter;

/// What to read.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The spec whose stack is read in full.
    pub spec: &'a Spec,
    /// Whether also what moves traffic besides the resources of the stack.
    pub traffic: bool,
    /// Whether also what can keep AWS from deleting the stack's VPC.
    pub dependents: bool,
}

impl Request<'_> {
    /// What the stack is called, and what it was called before.
    pub(crate) fn stacks(&self) -> impl Iterator<Item = &str> {
        let now = std::iter::once(&self.spec.stack);
        now.chain(&self.spec.moved.stacks).map(String::as_str)
    }
}

/// Reads one account and region, as far as it is allowed to: what is refused
/// is listed in [`Snapshot::unreadable`].
///
/// # Errors
/// Any failed call but a refused one.
pub async fn read(
    reader: &Reader,
    settler: &Settler,
    request: &Request<'_>,
) -> Result<Snapshot, CloudError> {
    let mut snapshot = Snapshot {
        region: reader.region().to_owned(),
        ..Snapshot::default()
    };
    let mut refused = Refused::default();
    let (account, vpcs, gateways, nats, addresses, traffic, functions) = join!(
        describe::account(reader, settler),
        describe::vpcs(reader, settler, Vec::new()),
        describe::internet_gateways(reader, settler, Vec::new()),
        describe::nat_gateways(reader, settler, Vec::new()),
        describe::addresses(reader, settler, Vec::new()),
        traffic::first(reader, settler, request),
        functions::first(reader, settler, request),
    );
    snapshot.account = account?;
    snapshot.vpcs = refused.allowed(vpcs, Part::Vpcs)?;
    snapshot.internet_gateways = refused.allowed(gateways, Part::InternetGateways)?;
    snapshot.nat_gateways = refused.allowed(nats, Part::NatGateways)?;
    snapshot.addresses = refused.allowed(addresses, Part::Addresses)?;
    traffic.place(&mut snapshot, &mut refused)?;
    functions.place(&mut snapshot, &mut refused)?;

    let mut vpcs = stack_vpcs(request, &snapshot);
    if vpcs.is_empty() {
        // Nothing leads to a VPC: the stack does not exist, or its tags were
        // taken off. Whatever is left of it inside a VPC shows which one.
        let tagged = || vec![filter(&format!("tag:{STACK}"), request.stacks())];
        let (subnets, tables, groups) = join!(
            describe::subnets(reader, settler, tagged()),
            describe::route_tables(reader, settler, tagged()),
            describe::security_groups(reader, settler, tagged()),
        );
        snapshot.subnets = refused.allowed(subnets, Part::Subnets)?;
        snapshot.route_tables = refused.allowed(tables, Part::RouteTables)?;
        snapshot.security_groups = refused.allowed(groups, Part::SecurityGroups)?;
        vpcs = stack_vpcs(request, &snapshot);
    }
    // Where the stack has no network, is there one like it?
    let alike = match vpcs.is_empty() {
        true => alike_vpcs(request.spec, &snapshot),
        false => Vec::new(),
    };
    let (inside, abroad, alike, traffic, dependents, functions) = join!(
        inside::read(reader, settler, &vpcs),
        inside::abroad(reader, settler, (request.spec, &snapshot), &vpcs),
        inside::alike(reader, settler, &alike),
        traffic::second(reader, settler, (request, &snapshot), &vpcs),
        dependents::read(reader, settler, request, &vpcs),
        functions::second(reader, settler, request, &snapshot),
    );
    inside.place(&mut snapshot, &mut refused)?;
    abroad.place(&mut snapshot, &mut refused)?;
    alike.place(&mut snapshot, &mut refused)?;
    traffic.place(&mut snapshot, &mut refused)?;
    dependents.place(&mut snapshot, &mut refused)?;
    functions.place(&mut snapshot, &mut refused)?;
    snapshot.unreadable = refused.listed();
    Ok(snapshot)
}

/// The VPCs that something of the stack is in: the one that the spec names, by
/// the VPC's own tags, or by what is tagged inside it.
fn stack_vpcs(request: &Request<'_>, snapshot: &Snapshot) -> BTreeSet<String> {
    let ours = |tags: &Tags| {
        let stack = tags.get(STACK);
        stack.is_some_and(|stack| request.stacks().any(|name| name == stack))
    };
    let vpcs = snapshot
        .vpcs
        .iter()
        .filter(|vpc| ours(&vpc.tags))
        .map(|vpc| vpc.id.as_str());
    let brought = request.spec.network.brought();
    // Tags can be copied to another VPC: what is recorded is looked at as well.
    let recorded = snapshot.recorded.iter().filter(|one| {
        let mut vpcs = snapshot.vpcs.iter();
        vpcs.any(|vpc| vpc.id == one.id)
    });
    let recorded = recorded.map(|one| one.id.as_str());
    let all = vpcs.chain(brought).chain(recorded);
    let found: BTreeSet<String> = all.map(str::to_owned).collect();
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

/// Something that was answered and has its place in the snapshot.
trait Answered {
    /// Puts it there.
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Result<(), CloudError>;
}

/// The reads that were refused so far.
#[derive(Debug, Default)]
struct Refused(Vec<Unreadable>);

impl Refused {
    /// A refused read leaves a note and nothing else; any other failure is one.
    fn allowed<T>(
        &mut self,
        answer: Result<Vec<T>, CloudError>,
        part: Part,
    ) -> Result<Vec<T>, CloudError> {
        match answer {
            Err(error) if error.class == Class::Denied => {
                self.note(error, part);
                Ok(Vec::new())
            }
            answer => answer,
        }
    }

    /// The same for what only adds to a report: whatever it fails with, the
    /// rest is worth having.
    fn optional<T>(&mut self, answer: Result<Vec<T>, CloudError>, part: Part) -> Vec<T> {
        answer.unwrap_or_else(|error| {
            self.note(error, part);
            Vec::new()
        })
    }

    /// The same, where nothing is not the same as unknown.
    fn part<T>(&mut self, answer: Result<Vec<T>, CloudError>, part: Part) -> Option<Vec<T>> {
        match answer {
            Ok(part) => Some(part),
            Err(error) => {
                self.note(error, part);
                None
            }
        }
    }

    fn note(&mut self, error: CloudError, part: Part) {
        self.0.push(Unreadable {
            part,
            permission: error.permission(),
            code: error.code,
            message: error.message,
            request_id: error.request_id,
        });
    }

    /// Each once, in order.
    fn listed(mut self) -> Vec<Unreadable> {
        self.0.sort_by_key(|one| one.part);
        self.0
            .dedup_by(|a, b| a.part == b.part && a.permission == b.permission);
        self.0
    }
}
