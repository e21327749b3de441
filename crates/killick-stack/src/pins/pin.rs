//! One address of the contract: what is known of it, and its states.

use std::collections::BTreeMap;

use killick_core::Key;
use killick_finding::Part;
use killick_spec::Spec;

use super::deployed::works;
use super::judge::{Judgement, Known, Moment, Origin, State, judge};
use crate::keys::public_subnet;
use crate::leaving::Leaving;
use crate::resource::NatGateway;
use crate::routing::{Holder, holder};
use crate::snapshot::{self, Transfer};
use crate::view::StackView;

/// An address that partners know, that the stack has, that functions leave by,
/// or that a plan leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The address; `None` for one that AWS has yet to choose.
    pub ip: Option<String>,
    /// Why partners may allow it.
    pub known: Known,
    /// Whose the allocation is.
    pub origin: Origin,
    /// Whether functions leave by it now, whatever it is on.
    pub leaves: bool,
    /// The zone that it is of, or that can have it back.
    pub zone: Option<String>,
    /// `eipalloc-…`, of this account.
    pub allocation: Option<String>,
    /// The stack in its tags.
    pub stack: Option<String>,
    /// What has it besides a NAT gateway of the stack that works.
    pub holder: Option<String>,
    /// `eipassoc-…`
    pub association: Option<String>,
    /// The account that it is offered to.
    pub offered: Option<String>,
    /// What it is on, an offer left aside.
    custody: State,
    before: State,
    after: State,
    /// Whether the NAT gateway that has it stays as it is.
    stays: bool,
}

impl Pin {
    /// Where the address is at a moment.
    pub fn state(&self, moment: Moment) -> State {
        match moment {
            Moment::Before => self.before,
            Moment::After => self.after,
            // Its gateway is replaced, or deleted.
            Moment::During if self.before == State::InUse && !self.stays => match self.after {
                State::InUse => State::Waiting,
                after => after,
            },
            Moment::During => self.before,
        }
    }

    /// What the address means at a moment.
    pub fn judge(&self, moment: Moment) -> Judgement {
        judge(self.known, self.state(moment), moment, self.origin)
    }

    /// Whether the spec pins it.
    pub fn is_pinned(&self) -> bool {
        self.known == Known::Pinned
    }

    /// Whether functions leave by it, or a NAT gateway of the stack has it.
    pub fn is_used(&self) -> bool {
        self.leaves || self.custody == State::InUse
    }

    /// Whether it is the stack's, or lent to it.
    pub fn is_held(&self) -> bool {
        matches!(
            self.custody,
            State::InUse | State::Waiting | State::Unused | State::Taken
        )
    }

    /// What it is on, in the words of `ips --json`.
    pub const fn custody(&self) -> &'static str {
        match self.custody {
            State::InUse => "in-use",
            State::Taken if self.leaves => "in-use",
            State::Taken => "taken",
            State::Waiting => "idle",
            State::Unused | State::Offered => "kept",
            State::Elsewhere | State::Further => "elsewhere",
            State::Released | State::Recoverable => "released",
            State::Unread => "unreadable",
        }
    }

    /// One that AWS has yet to choose.
    pub(super) fn to_come(known: Known) -> Self {
        Self {
            ip: None,
            known,
            origin: Origin::Managed,
            leaves: false,
            zone: None,
            allocation: None,
            stack: None,
            holder: None,
            association: None,
            offered: None,
            custody: State::Released,
            before: State::Released,
            after: State::InUse,
            stays: true,
        }
    }
}

/// What the states of addresses come from.
pub(super) struct Facts<'a> {
    pub(super) spec: &'a Spec,
    pub(super) seen: &'a StackView<'a>,
    pub(super) leaving: &'a Leaving,
    /// By zone: released addresses that can be had back.
    pub(super) back: &'a BTreeMap<String, String>,
    pub(super) then: &'a [Option<String>],
}

impl Facts<'_> {
    /// An address, as it is and as it would be.
    pub(super) fn pin(&self, ip: &str, known: Known) -> Pin {
        let seen = self.seen;
        let found = seen.address(ip);
        let key = found.and_then(|found| seen.identity.key(&found.id));
        let held = found.filter(|_| key.is_some());
        let on = held.map(|address| holder(seen, address));
        let wanted = self.then.iter().flatten().any(|one| one == ip);
        let back = self.back.iter().find(|(_, lost)| *lost == ip);
        let custody = match (&on, found) {
            _ if seen.snapshot.unread(Part::Addresses) => State::Unread,
            (Some(Holder::Ours), _) => State::InUse,
            (Some(Holder::Other(by)), _) if self.replaced(by, key) => State::Waiting,
            (Some(Holder::Other(_)), _) => State::Taken,
            (Some(Holder::Nobody | Holder::LettingGo(_)), _) if wanted => State::Waiting,
            (Some(Holder::Nobody | Holder::LettingGo(_)), _) => State::Unused,
            (None, _) if self.further(ip) => State::Further,
            (None, Some(_)) => State::Elsewhere,
            (None, None) if known != Known::Pinned => State::Elsewhere,
            (None, None) if back.is_some() => State::Recoverable,
            (None, None) => State::Released,
        };
        let offer = held.and_then(|address| transfer(seen, address));
        // What nothing uses may be given away.
        let offered = |state| match (state, offer) {
            (State::InUse | State::Waiting, Some(_)) => State::Offered,
            (state, _) => state,
        };
        let after = match (custody, wanted) {
            (State::InUse | State::Waiting | State::Unused | State::Taken, false) => State::Unused,
            (State::InUse | State::Waiting | State::Unused | State::Recoverable, true) => {
                offered(State::InUse)
            }
            (other, _) => other,
        };
        let zone = key.map(|key| key.name.clone());
        Pin {
            ip: Some(ip.to_owned()),
            known,
            origin: match key {
                Some(key) if seen.identity.is_lent(key) => Origin::External,
                _ => Origin::Managed,
            },
            leaves: self.leaving.by(ip),
            zone: zone.clone().or_else(|| back.map(|(zone, _)| zone.clone())),
            allocation: found.map(|found| found.id.clone()),
            stack: found.and_then(|found| found.tags.get(crate::tags::STACK).cloned()),
            holder: match on {
                Some(Holder::LettingGo(nat)) => Some(nat.id.clone()),
                Some(Holder::Other(id)) => Some(id.to_owned()),
                Some(Holder::Nobody | Holder::Ours) | None => None,
            },
            association: found.and_then(|found| found.association.clone()),
            offered: offer.map(|offer| offer.account.clone()),
            custody,
            before: offered(custody),
            after,
            stays: wanted && zone.is_some_and(|zone| self.stays(&zone)),
        }
    }

    /// Whether a NAT gateway of the stack that stays has it as a further
    /// address.
    fn further(&self, ip: &str) -> bool {
        let gateways = self.seen.snapshot.nat_gateways.iter();
        let mut gateways = gateways.filter(|nat| nat.live());
        gateways.any(|nat| {
            let own = self.seen.identity.own(&nat.id);
            let mut further = nat.addresses.iter().skip(1);
            own.is_some_and(|key| self.stays(&key.name))
                && further.any(|one| one.ip.as_deref() == Some(ip))
        })
    }

    /// Whether the NAT gateway of the address's own zone has it as a further
    /// address, and is replaced for that.
    fn replaced(&self, gateway: &str, address: Option<&Key>) -> bool {
        let own = self.seen.identity.own(gateway);
        let own = own.filter(|key| Some(&key.name) == address.map(|key| &key.name));
        own.is_some_and(|key| self.spec.has_nat(&key.name) && !self.stays(&key.name))
    }

    /// Whether the NAT gateway of a zone is up, where it should be, and has the
    /// zone's own address.
    fn stays(&self, zone: &str) -> bool {
        let identity = self.seen.identity;
        let own = identity.id(&NatGateway::key(zone));
        let subnet = identity.id(&public_subnet(zone));
        let mut gateways = self.seen.snapshot.nat_gateways.iter();
        let nat = gateways.find(|nat| own == Some(nat.id.as_str()));
        let there = nat.is_some_and(|nat| nat.subnet.as_deref() == subnet);
        there && works(self.spec, self.seen, zone)
    }
}

/// The pending transfer of an address.
fn transfer<'a>(seen: &StackView<'a>, address: &snapshot::Address) -> Option<&'a Transfer> {
    let mut transfers = seen.snapshot.transfers.iter();
    transfers.find(|one| one.allocation == address.id && one.status == "pending")
}
