//! The addresses are a contract: which ones partners know, and what would
//! break it.

mod deployed;
mod judge;
mod pin;
mod set;

use std::collections::{BTreeMap, BTreeSet};

use killick_spec::Spec;

use crate::egress::Ways;
use crate::leaving::by;
use crate::resource::ElasticIp;
use crate::select::selected;
use crate::snapshot;
use crate::view::StackView;

use deployed::follows_foreign;
pub use judge::{Judgement, Known, Moment, Origin, Remedy, Standing, State, judge};
pub use pin::Pin;
pub use set::{Danger, Pins};

/// Promised addresses that are nowhere in the account, by the zones that have
/// none: in the order of both.
pub(crate) fn to_have_back(spec: &Spec, seen: &StackView<'_>) -> BTreeMap<String, String> {
    let known: BTreeSet<&str> = seen
        .snapshot
        .addresses
        .iter()
        .map(|one| one.ip.as_str())
        .collect();
    let promised = spec.addresses.iter().map(ToString::to_string);
    let gone = promised.filter(|ip| !known.contains(ip.as_str()));
    let zones = spec.zones.iter().map(|zone| &zone.name);
    let without = zones.filter(|zone| {
        let key = ElasticIp::key(zone.as_str());
        spec.has_nat(zone) && seen.identity.id(&key).is_none() && !seen.identity.is_lent(&key)
    });
    without.cloned().zip(gone).collect()
}

/// The functions that leave by the stack's addresses.
fn attached(seen: &StackView<'_>) -> Vec<String> {
    let functions = seen.snapshot.functions.iter();
    let inside = functions.filter(|function| is_attached(seen, function));
    inside.map(|function| function.name.clone()).collect()
}

/// Whether a function is in a subnet that follows a table of the stack.
fn is_attached(seen: &StackView<'_>, function: &snapshot::Function) -> bool {
    let mut subnets = seen.snapshot.subnets.iter();
    subnets.any(|subnet| {
        function.subnets.contains(&subnet.id)
            && seen.identity.key(&subnet.id).is_some()
            && !follows_foreign(seen, subnet)
    })
}

/// The functions of the spec that exist and that the stack has not attached
/// before, by name.
fn fresh<'a>(spec: &Spec, seen: &StackView<'a>) -> Vec<&'a snapshot::Function> {
    let names = selected(spec, seen.snapshot);
    let live = names.keys().filter_map(|name| {
        let mut functions = seen.snapshot.functions.iter();
        functions.find(|found| found.name == **name)
    });
    live.filter(|live| !recorded(seen, live)).collect()
}

/// Whether the record of a function is about this one. A function can be
/// deleted and made again under its name: then it may need what is around it.
/// One that is in no VPC, in the stack's, or where the record says that it was
/// before loses nothing that the record does not know of.
pub(crate) fn recorded(seen: &StackView<'_>, live: &snapshot::Function) -> bool {
    let Some(record) = seen.record(&live.name) else {
        return false;
    };
    let mut ids = live.subnets.iter();
    let home = live
        .vpc
        .as_ref()
        .is_some_and(|vpc| seen.identity.key(vpc).is_some());
    home || live.subnets.is_empty()
        || ids.any(|id| seen.identity.key(id).is_some())
        || live.subnets.iter().collect::<BTreeSet<_>>() == record.former.subnets.iter().collect()
}

/// The functions that leave by fixed addresses of somebody else, and would
/// leave by others. One that the stack attached before is only put back.
fn moves(
    spec: &Spec,
    seen: &StackView<'_>,
    ways: &Ways,
    then: &[Option<String>],
) -> Vec<(String, Vec<String>)> {
    let after: BTreeSet<&String> = then.iter().flatten().collect();
    let fresh = fresh(spec, seen).into_iter();
    let moves = fresh
        .filter(|live| !is_attached(seen, live))
        .filter_map(|live| {
            let subnets = seen.snapshot.subnets.iter();
            let subnets = subnets.filter(|subnet| live.subnets.contains(&subnet.id));
            let by: BTreeSet<String> = subnets
                .flat_map(|subnet| by(&ways.from(&subnet.id)))
                .collect();
            let changes = by.iter().any(|ip| !after.contains(ip));
            changes.then(|| (live.name.clone(), Vec::from_iter(by)))
        });
    moves.collect()
}

/// The functions of the spec that sit in a foreign network, and that the stack
/// has not attached before: name, VPC or subnets.
pub fn abroad(spec: &Spec, seen: &StackView<'_>) -> Vec<(String, String)> {
    let fresh = fresh(spec, seen).into_iter();
    let abroad = fresh.filter_map(|live| Some((live.name.clone(), outside(seen, live)?)));
    abroad.collect()
}

/// The foreign VPC or subnet that a function is in, unless the stack attached
/// it before.
pub(crate) fn moved_out(seen: &StackView<'_>, name: &str) -> Option<String> {
    let mut functions = seen.snapshot.functions.iter();
    let live = functions.find(|found| found.name == name)?;
    match recorded(seen, live) {
        true => None,
        false => outside(seen, live),
    }
}

/// The foreign VPC or subnet that a function is in.
fn outside(seen: &StackView<'_>, live: &snapshot::Function) -> Option<String> {
    let mut subnets = live.subnets.iter();
    let subnet = subnets.find(|id| seen.identity.key(id).is_none())?;
    let mut known = seen.snapshot.subnets.iter();
    let vpc = known
        .find(|found| found.id == *subnet)
        .map(|found| &found.vpc);
    let place = vpc.or(live.vpc.as_ref()).unwrap_or(subnet);
    seen.identity.key(place).is_none().then(|| place.clone())
}
