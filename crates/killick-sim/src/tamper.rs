//! What others do to a stack behind the back of its tool.
//!
//! Every [`Case`] is one of the changes that a reconciler must see, made as
//! somebody at the console or a deploy tool makes it: by requests that the
//! world may refuse, and that a trail tells of under [`Case::by`].
//! What is needed for it (a NAT gateway of a stranger, another VPC, a deny
//! ACL) is made first, under the name `by hand`. The stack is found by its
//! tags; of several zones it hits the first one, in the order of their names,
//! that has what the case needs.
//!
//! A case is made at one moment, or not at all:
//!
//! - `release-address`, `release-address-for-good` and `take-address` need an
//!   address that nothing holds, and `detach-internet-gateway` a VPC without
//!   public addresses: delete the NAT gateways before, and wait until they are
//!   gone.
//! - `repoint-alias` needs a version that was published with another network.
//!   When no function is in the stack's subnets, before they are attached or
//!   after `detach-function`, it publishes one of the first function that is
//!   in no VPC.

mod addresses;
mod cases;
mod functions;
mod gateways;
mod groups;
mod hand;
mod network;
mod routes;
mod stack;
mod tables;
mod tags;

use killick_finding::Severity;

use hand::{Act, Hand};
use stack::Stack;

use crate::principal::Principal;
use crate::world::{Millis, World};

pub use cases::CASES;

/// A change of somebody else.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What it is called, such as `delete-default-route`.
    pub name: &'static str,
    /// The row of the table of such changes; a row may have several shapes.
    pub number: u8,
    /// What happens.
    pub about: &'static str,
    /// What its worst effect is.
    pub severity: Severity,
    act: Act,
}

impl Case {
    /// The case of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        CASES.iter().find(|case| case.name == name)
    }

    /// Who makes it: a deploy tool does what is done to functions, a person at
    /// the console everything else.
    pub fn by(&self) -> Principal {
        match self.number {
            35..=39 => Principal::Deploy,
            _ => Principal::Console,
        }
    }
}

impl PartialEq for Case {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Case {}

/// Makes the change to a stack, and says in one line what was done. Request
/// limits and late visibility do not hinder it; later readers may be late to
/// see it.
///
/// # Errors
/// Why it cannot be made: there is no such stack, it has nothing of that kind,
/// or AWS refuses. Things made for it before that stay.
pub fn tamper(
    world: &mut World,
    now: Millis,
    account: &str,
    region: &str,
    stack: &str,
    case: &Case,
) -> Result<String, String> {
    world.advance(now);
    let stack = Stack::of(world.place(account, region), stack)?;
    let settings = world.settings.clone();
    world.settings.throttle = false;
    world.settings.flicker = 100;
    let mut hand = Hand {
        world,
        now,
        account,
        region,
        principal: case.by(),
    };
    let done = (case.act)(&mut hand, &stack);
    world.settings = settings;
    done
}
