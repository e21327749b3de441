//! One assessment a look: all that is derived from a snapshot, computed once,
//! so that no two reports answer the same question differently.

use std::collections::BTreeMap;

use killick_core::{Desired, Graph, Key};
use killick_path::{Proof, Verdict};
use killick_spec::Spec;

use crate::acl::Blocking;
use crate::addresses::{HeldAddress, Outbound, held, outbound, wanted};
use crate::alike::{Alike, alike};
use crate::egress::{Ways, blocking};
use crate::leaving::Leaving;
use crate::pins::Pins;
use crate::resource::{ElasticIp, Function, stack_subnets};
use crate::snapshot::Snapshot;
use crate::view::StackView;

/// What a snapshot means for the egress of one stack.
#[derive(Clone, Debug)]
pub struct Assessment {
    ways: Ways,
    blocking: Vec<Blocking>,
    proofs: Vec<Proof>,
    /// By subnet: where the tables lead what leaves a private subnet.
    subnets: BTreeMap<String, Verdict>,
    leaving: Leaving,
    pins: Pins,
    held: Vec<HeldAddress>,
    outbound: Outbound,
    never_applied: bool,
    alike: Vec<Alike>,
}

impl Assessment {
    /// Assesses a look at a stack.
    pub fn of(spec: &Spec, seen: &StackView<'_>, desired: &Graph<Desired>) -> Self {
        let ways = Ways::of(spec, seen);
        let proofs = ways.prove(None, None);
        let subnets = subnets(seen, &ways);
        let leaving = Leaving::of(seen, &ways, &proofs, &subnets);
        let then = wanted(seen, desired);
        let pins = Pins::of(spec, seen, &ways, &leaving, &then);
        Self {
            blocking: blocking(seen),
            held: held(&pins),
            outbound: outbound(spec, &leaving, then, &pins),
            never_applied: never_applied(seen, desired),
            alike: alike(spec, seen, &ways),
            ways,
            proofs,
            subnets,
            leaving,
            pins,
        }
    }

    /// The model of the network, for further questions.
    pub fn ways(&self) -> &Ways {
        &self.ways
    }

    /// How every function leaves, whatever the destination.
    pub fn proofs(&self) -> &[Proof] {
        &self.proofs
    }

    /// By which addresses functions leave now.
    pub fn leaving(&self) -> &Leaving {
        &self.leaving
    }

    /// The outbound addresses before and after a plan.
    pub fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// Every Elastic IP of the stack, by zone.
    pub fn held(&self) -> &[HeldAddress] {
        &self.held
    }

    /// Whether nothing that killick makes is there, but for retained addresses:
    /// the stack was never applied, or destroyed since.
    pub fn never_applied(&self) -> bool {
        self.never_applied
    }

    /// Every address of the contract with partners, judged.
    pub fn pins(&self) -> &Pins {
        &self.pins
    }

    /// The foreign networks that are like the one that the stack would make.
    pub fn alike(&self) -> &[Alike] {
        &self.alike
    }

    /// The network ACLs in the way.
    pub(crate) fn blocking(&self) -> &[Blocking] {
        &self.blocking
    }

    /// Where the tables lead what leaves a subnet.
    pub fn from(&self, subnet: &str) -> Verdict {
        let known = self.subnets.get(subnet).cloned();
        known.unwrap_or_else(|| self.ways.from(subnet))
    }

    /// How `$LATEST` of one function leaves.
    pub(crate) fn latest(&self, function: &str) -> Option<&Proof> {
        let mut proofs = self.proofs.iter();
        proofs.find(|proof| proof.runner == function && proof.version.is_none())
    }
}

/// The private subnets of the stack, each with its verdict.
fn subnets(seen: &StackView<'_>, ways: &Ways) -> BTreeMap<String, Verdict> {
    let private = |(key, subnet): (Key, &crate::snapshot::Subnet)| {
        let private = key.name.starts_with("private-");
        private.then(|| (subnet.id.clone(), ways.from(&subnet.id)))
    };
    stack_subnets(seen)
        .into_iter()
        .filter_map(private)
        .collect()
}

fn never_applied(seen: &StackView<'_>, desired: &Graph<Desired>) -> bool {
    let made = |key: &Key| {
        !seen.identity.is_lent(key) && !matches!(key.kind, ElasticIp::KIND | Function::KIND)
    };
    let mut there = seen.identity.iter().map(|(key, _)| key);
    let mut wanted = desired.iter().map(|node| &node.key);
    wanted.any(made) && !there.any(made) && !blind(seen.snapshot)
}

/// Whether a whole kind could not be read: then it may be there.
fn blind(snapshot: &Snapshot) -> bool {
    let mut whole = snapshot.unreadable.iter();
    whole.any(|one| one.part.is_whole())
}
