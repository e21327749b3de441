//! The addresses, for scripts.

use killick_stack::{HeldAddress, Moment};
use serde::Serialize;

use super::FORMAT;
use crate::assess::World;

/// `ips --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Ips<'a> {
    format: u32,
    stack: &'a str,
    addresses: &'a [HeldAddress],
    /// What partners know, or functions leave by, and the stack does not have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<OtherAddress<'a>>,
    /// What is not as partners were told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    broken: Vec<BrokenPin<'a>>,
}

/// An address that is not the stack's.
#[derive(Clone, Debug, Serialize)]
struct OtherAddress<'a> {
    ip: &'a str,
    pinned: bool,
    in_use: bool,
    /// `elsewhere`, or `released`.
    state: &'static str,
}

/// An address that is not as partners were told.
#[derive(Clone, Debug, Serialize)]
struct BrokenPin<'a> {
    ip: &'a str,
    standing: &'static str,
    state: &'static str,
}

/// The document of the addresses.
pub fn ips<'a>(world: &'a World, addresses: &'a [HeldAddress]) -> Ips<'a> {
    let pins = world.assessment.pins();
    let others = pins.all().iter().filter(|pin| !pin.is_held());
    let others = others.filter(|pin| pin.is_pinned() || pin.leaves);
    let others = others.filter_map(|pin| {
        Some(OtherAddress {
            ip: pin.ip.as_deref()?,
            pinned: pin.is_pinned(),
            in_use: pin.is_used(),
            state: pin.custody(),
        })
    });
    let broken = pins.broken().filter_map(|pin| {
        Some(BrokenPin {
            ip: pin.ip.as_deref()?,
            standing: pin.judge(Moment::Before).standing.word(),
            state: pin.state(Moment::Before).word(),
        })
    });
    Ips {
        format: FORMAT,
        stack: &world.spec.stack,
        addresses,
        others: others.collect(),
        broken: broken.collect(),
    }
}
