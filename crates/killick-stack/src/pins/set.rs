//! The addresses as a contract: every one of them with its judgement.

use std::collections::BTreeSet;

use killick_core::Plan;
use killick_spec::Spec;

use super::deployed::deployed;
use super::judge::{Known, Moment, Standing, State};
use super::pin::{Facts, Pin};
use super::{attached, moves, to_have_back};
use crate::egress::Ways;
use crate::leaving::Leaving;
use crate::resource::ElasticIp;
use crate::view::StackView;

/// The addresses that partners know, and all others that matter to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    all: Vec<Pin>,
    danger: Danger,
}

/// What `apply` does only under `--change-addresses`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Danger {
    /// The addresses that partners know: those that are pinned, or else those
    /// that are in use.
    pub before: Vec<String>,
    /// Those by which functions would no longer leave.
    pub leaves: Vec<String>,
    /// Those by which they would leave though no partner knows them; `None` for
    /// one that AWS has yet to choose.
    pub joins: Vec<Option<String>>,
    /// Pinned ones that are not the stack's to use.
    pub broken: Vec<Pin>,
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

impl Pins {
    /// Every address with its judgement. `then` has those that the spec leads
    /// to.
    pub(crate) fn of(
        spec: &Spec,
        seen: &StackView<'_>,
        ways: &Ways,
        leaving: &Leaving,
        then: &[Option<String>],
    ) -> Self {
        let pinned: Vec<String> = spec.addresses.iter().map(ToString::to_string).collect();
        let attached = attached(seen);
        // With pins, what is in use by accident is nobody's to know.
        let deployed = match pinned.is_empty() {
            true => deployed(spec, seen, ways),
            false => Vec::new(),
        };
        let before = match pinned.is_empty() {
            true => &deployed,
            false => &pinned,
        };
        let known = |ip: &String| match (before.contains(ip), pinned.is_empty()) {
            (true, false) => Known::Pinned,
            (false, false) => Known::Unpinned,
            (true, true) => Known::Used,
            (false, true) if attached.is_empty() => Known::Free,
            (false, true) => Known::New,
        };
        let back = to_have_back(spec, seen);
        let facts = Facts {
            spec,
            seen,
            leaving,
            back: &back,
            then,
        };
        let held = seen.ours(ElasticIp::KIND, &seen.snapshot.addresses, |one| &one.id);
        let held = held.into_iter().map(|(_, address)| &address.ip);
        let ips = before.iter().chain(held).chain(&leaving.addresses);
        let ips = ips.chain(then.iter().flatten());
        let mut all: Vec<Pin> = Vec::new();
        let mut named: BTreeSet<&String> = BTreeSet::new();
        for ip in ips {
            if named.insert(ip) {
                all.push(facts.pin(ip, known(ip)));
            }
        }
        let chosen = then.iter().filter(|ip| ip.is_none());
        all.extend(chosen.map(|_| Pin::to_come(known(&String::new()))));
        let danger = danger(
            &all,
            before.clone(),
            attached,
            moves(spec, seen, ways, then),
        );
        Self { all, danger }
    }

    /// All of them, the known ones first.
    pub fn all(&self) -> &[Pin] {
        &self.all
    }

    /// One address.
    pub fn get(&self, ip: &str) -> Option<&Pin> {
        self.all.iter().find(|pin| pin.ip.as_deref() == Some(ip))
    }

    /// The pinned ones, in the order of the spec.
    pub fn pinned(&self) -> impl Iterator<Item = &Pin> {
        self.all.iter().filter(|pin| pin.is_pinned())
    }

    /// What is not as partners were told, as things are: pinned addresses that
    /// the stack cannot use, does not use or may lose, and addresses that
    /// functions leave by beside the pinned ones.
    pub fn broken(&self) -> impl Iterator<Item = &Pin> {
        self.all
            .iter()
            .filter(|pin| pin.judge(Moment::Before).broken)
    }

    /// What would not be as partners were told after the steps of a plan.
    pub fn broken_after(&self) -> impl Iterator<Item = &Pin> {
        self.all
            .iter()
            .filter(|pin| pin.judge(Moment::After).broken)
    }

    /// The same after the steps of this plan: `--prune` takes further addresses off
    /// a gateway, and offers back.
    pub fn broken_by(&self, plan: &Plan) -> Vec<&Pin> {
        let removes = |field: &str| {
            let mut steps = plan.steps();
            steps.any(|(_, step)| step.changes.iter().any(|change| change.name == field))
        };
        let (further, offers) = (removes("secondary"), removes("transfer"));
        let removed = |pin: &&Pin| match pin.state(Moment::Before) {
            State::Further => further,
            State::Offered => offers,
            _ => false,
        };
        self.broken_after().filter(|pin| !removed(pin)).collect()
    }

    /// Whether nothing is broken. Without pins that holds unless an address is
    /// offered to another account.
    pub fn hold(&self) -> bool {
        self.broken().next().is_none()
    }

    /// Addresses that no partner knows and that functions leave by until the
    /// steps of a plan lead them back to the pinned ones.
    pub fn led_back(&self) -> Vec<&str> {
        let stray = |pin: &&Pin| {
            let at = |moment| pin.judge(moment).standing;
            at(Moment::Before) == Standing::Stray && at(Moment::After) != Standing::Stray
        };
        let stray = self.all.iter().filter(stray);
        let stray = stray.filter(|pin| pin.known == Known::Unpinned);
        stray.filter_map(|pin| pin.ip.as_deref()).collect()
    }

    /// What takes the flag.
    pub fn danger(&self) -> &Danger {
        &self.danger
    }
}

fn danger(
    all: &[Pin],
    before: Vec<String>,
    attached: Vec<String>,
    moves: Vec<(String, Vec<String>)>,
) -> Danger {
    let at = |pin: &Pin, moment| pin.judge(moment).standing;
    let lost = |pin: &Pin| at(pin, Moment::Before) == Standing::Lost;
    let leaves = all
        .iter()
        .filter(|pin| at(pin, Moment::After) == Standing::Dropped && !lost(pin));
    // A further address is taken off under a flag of its own.
    let joins = all.iter().filter(|pin| {
        let further = pin.state(Moment::After) == State::Further;
        at(pin, Moment::After) == Standing::Stray && !further
    });
    let moving = moves.iter().map(|(name, _)| name.clone());
    let functions: BTreeSet<String> = attached.into_iter().chain(moving).collect();
    let leaves: BTreeSet<String> = leaves.filter_map(|pin| pin.ip.clone()).collect();
    Danger {
        before,
        leaves: leaves.into_iter().collect(),
        joins: joins.map(|pin| pin.ip.clone()).collect(),
        broken: all.iter().filter(|pin| lost(pin)).cloned().collect(),
        moves,
        functions: functions.into_iter().collect(),
    }
}
