//! From the end of a way to a verdict, from verdicts to a judgement.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use crate::journey::{Exit, Halt, Journey};
use crate::network::Known;
use crate::ports::Ports;
use crate::proof::{Class, Judgement, Replies, Unnamed, Verdict};
use crate::walk::Walk;

/// The verdict where a fact is missing.
pub(super) fn unknown(what: String) -> Verdict {
    Verdict::Unknown {
        what: BTreeSet::from([what]),
    }
}

/// The verdict on one piece.
pub(super) fn judged(
    end: Result<Exit, Halt>,
    journey: Journey,
    set: &BTreeSet<Ipv4Addr>,
) -> (Verdict, Ports, Replies) {
    let Journey {
        ports,
        replies,
        doubts,
        ..
    } = journey;
    let verdict = match end {
        Ok(exit) => {
            let unlisted: BTreeSet<Ipv4Addr> = exit.addresses.difference(set).copied().collect();
            if exit.unnamed || !unlisted.is_empty() {
                let unnamed = exit.unnamed.then_some(Unnamed::NatGateway(exit.nat));
                Verdict::Outside {
                    addresses: exit.addresses,
                    unlisted,
                    unnamed,
                }
            } else if doubts.is_empty() {
                Verdict::Leaves {
                    addresses: exit.addresses,
                }
            } else {
                Verdict::Unknown { what: doubts }
            }
        }
        Err(Halt::Stopped { hop, id, reason }) => {
            let verdict = Verdict::NoWayOut { hop, id, reason };
            return (verdict, Ports::default(), Replies::default());
        }
        Err(Halt::Away { target, leg }) => {
            return (
                Verdict::Elsewhere { target, leg },
                ports,
                Replies::default(),
            );
        }
        Err(Halt::Unread) => Verdict::Unknown { what: doubts },
    };
    (verdict, ports, replies)
}

/// Whether names resolve; if not, or if it is not known, a sentence.
pub(super) fn names(walk: &Walk<'_>) -> Result<(), (Judgement, String)> {
    let vpc = &walk.site.subnet.vpc;
    match walk.site.vpc.map(|vpc| vpc.dns_support) {
        Some(Known::Read(true)) => Ok(()),
        Some(Known::Read(false)) => Err((
            Judgement::Refuted,
            format!("DNS support of {vpc} is off: names do not resolve"),
        )),
        Some(Known::Unread) | None => Err((
            Judgement::Unknown,
            format!("not known: whether names resolve in {vpc}"),
        )),
    }
}

pub(super) fn judgement(classes: &[Class], names: &Result<(), (Judgement, String)>) -> Judgement {
    let each = classes.iter().map(Class::judgement);
    let names = names.as_ref().err().map(|(judgement, _)| *judgement);
    each.chain(names).max().unwrap_or(Judgement::Unknown)
}
