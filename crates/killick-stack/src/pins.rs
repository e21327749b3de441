//! The addresses are a contract: which ones partners know, and what would
//! break it.

mod deployed;

use std::collections::{BTreeMap, BTreeSet};

use killick_finding::Part;
use killick_spec::Spec;

use crate::egress::Ways;
use crate::leaving::by;
use crate::resource::ElasticIp;
use crate::routing::{Holder, holder};
use crate::select::selected;
use crate::snapshot::{self, Transfer};
use crate::view::StackView;

use deployed::{deployed, follows_foreign};

/// What would make the set of outbound addresses another one than partners
/// know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Danger {
    /// The addresses that partners know: those that are promised, or else those
    /// that are in use.
    pub before: Vec<String>,
    /// Those by which functions would no longer leave.
    pub leaves: Vec<String>,
    /// Those by which they would leave though no partner knows them; `None` for
    /// one that AWS has yet to choose.
    pub joins: Vec<Option<String>>,
    /// Promised ones that are not the stack's to use.
    pub broken: Vec<Promise>,
    /// Functions that leave by other fixed addresses today, and by which.
    pub moves: Vec<(String, Vec<String>)>,
    /// The functions whose partners would notice.
    pub functions: Vec<String>,
}

impl Danger {
    /// Whether there is any.
    pub fn any(&self) -> bool {
        !(self.leaves.is_empty()
            && self.joins.is_empty()
            && self.broken.is_empty()
            && self.moves.is_empty())
    }
}

/// A promised address that is not the stack's to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The address.
    pub ip: String,
    /// Why it is not.
    pub why: Broken,
}

/// What became of a promised address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is not in this account and region: released, or moved to another.
    Gone {
        /// The zone that could have it back, if AWS gives it back.
        zone: Option<String>,
    },
    /// It is in this account, as this allocation, but not of this stack.
    Foreign {
        /// `eipalloc-…`
        allocation: String,
        /// The stack that it belongs to, if to any.
        stack: Option<String>,
    },
    /// It is the stack's, and something else has it.
    Taken {
        /// What has it.
        by: String,
    },
    /// It is on its way to another account.
    Leaving {
        /// `eipalloc-…`
        allocation: String,
        /// The account that can take it.
        account: String,
    },
}

/// Whether an allocation is the stack's, or lent to it.
fn held<'a>(seen: &StackView<'a>, ip: &str) -> Option<&'a snapshot::Address> {
    let mut addresses = seen.snapshot.addresses.iter();
    addresses.find(|found| found.ip == ip && seen.identity.key(&found.id).is_some())
}

/// Every promised address that is not the stack's to use.
pub(crate) fn broken(spec: &Spec, seen: &StackView<'_>) -> Vec<Promise> {
    if seen.snapshot.unread(Part::Addresses) {
        return Vec::new();
    }
    let back = to_have_back(spec, seen);
    let promised = spec.addresses.iter().map(ToString::to_string);
    let broken = promised.filter_map(|ip| {
        let why = match (held(seen, &ip), seen.address(&ip)) {
            (Some(address), _) => match (transfer(seen, address), holder(seen, address)) {
                (Some(transfer), _) => Broken::Leaving {
                    allocation: address.id.clone(),
                    account: transfer.account.clone(),
                },
                (None, Holder::Other(by)) => Broken::Taken { by: by.to_owned() },
                (None, _) => return None,
            },
            (None, Some(address)) => Broken::Foreign {
                allocation: address.id.clone(),
                stack: address.tags.get(crate::tags::STACK).cloned(),
            },
            (None, None) => {
                let zone = back.iter().find(|(_, lost)| **lost == ip);
                let zone = zone.map(|(zone, _)| zone.clone());
                Broken::Gone { zone }
            }
        };
        Some(Promise { ip, why })
    });
    broken.collect()
}

/// The pending transfer of an address.
fn transfer<'a>(seen: &StackView<'a>, address: &snapshot::Address) -> Option<&'a Transfer> {
    let mut transfers = seen.snapshot.transfers.iter();
    transfers.find(|one| one.allocation == address.id && one.status == "pending")
}

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

/// What would make the set another one.
pub(crate) fn danger(
    spec: &Spec,
    seen: &StackView<'_>,
    ways: &Ways,
    broken: &[Promise],
    then: &[Option<String>],
) -> Danger {
    let promised: Vec<String> = spec.addresses.iter().map(ToString::to_string).collect();
    let deployed = deployed(spec, seen, ways);
    let attached = attached(seen);
    let after: BTreeSet<&String> = then.iter().flatten().collect();
    // An offer is not taken yet, and what a plan does has no part in it.
    let mut broken = broken.to_vec();
    broken.retain(|promise| !matches!(promise.why, Broken::Leaving { .. }));
    let named = |ip: &String| broken.iter().any(|promise| promise.ip == *ip);
    let unused = promised.iter().filter(|ip| !named(ip));
    let leaves: BTreeSet<String> = deployed
        .iter()
        .chain(unused)
        .filter(|ip| !after.contains(ip))
        .cloned()
        .collect();
    let known = if promised.is_empty() {
        &deployed
    } else {
        &promised
    };
    let new = |ip: &&Option<String>| ip.as_ref().is_none_or(|ip| !known.contains(ip));
    // Where nobody leaves yet and nothing is promised, nobody knows any.
    let anybody = !promised.is_empty() || !attached.is_empty();
    let joins = then
        .iter()
        .filter(|_| anybody)
        .filter(new)
        .cloned()
        .collect();
    let moves = moves(spec, seen, ways, &after);
    let moving = moves.iter().map(|(name, _)| name.clone());
    Danger {
        before: known.clone(),
        leaves: leaves.into_iter().collect(),
        joins,
        broken,
        functions: attached
            .into_iter()
            .chain(moving)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        moves,
    }
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
    after: &BTreeSet<&String>,
) -> Vec<(String, Vec<String>)> {
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
