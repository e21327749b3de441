//! What a packet has met so far.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use crate::filter::Filter;
use crate::filter::Way;
use crate::ports::Ports;
use crate::proof::{Hop, HopKind, Leg, Replies};
use crate::range::Range;
use crate::site::Found;

/// The end of a way that leads out.
#[derive(Debug)]
pub(crate) struct Exit {
    pub(crate) addresses: BTreeSet<Ipv4Addr>,
    /// Some address of the NAT gateway is not known.
    pub(crate) unnamed: bool,
    pub(crate) nat: String,
}

/// The end of a way that does not.
#[derive(Debug)]
pub(crate) enum Halt {
    Stopped {
        hop: HopKind,
        id: String,
        reason: String,
    },
    Away {
        target: String,
        leg: Leg,
    },
    /// It cannot be followed; the journey's doubts say why.
    Unread,
}

impl Halt {
    pub(crate) fn stopped(hop: HopKind, id: &str, reason: String) -> Self {
        Self::Stopped {
            hop,
            id: id.to_owned(),
            reason,
        }
    }

    pub(crate) fn away(target: &str, leg: Leg) -> Self {
        Self::Away {
            target: target.to_owned(),
            leg,
        }
    }
}

/// Which ports a filter narrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Request,
    ReplyToNat,
    ReplyToFunction,
}

/// The ports that are left, what could not be read, and the hops.
#[derive(Debug)]
pub(crate) struct Journey {
    pub(crate) ports: Ports,
    pub(crate) replies: Replies,
    pub(crate) doubts: BTreeSet<String>,
    /// Replies that are lost although others come back: sentences.
    pub(crate) losses: BTreeSet<String>,
    /// The network ACLs that deny some replies.
    pub(crate) narrowed: BTreeSet<String>,
    /// The NAT gateway that was reached.
    pub(crate) nat: Option<String>,
    /// None: nobody wants to know.
    pub(crate) hops: Option<Vec<Hop>>,
}

impl Journey {
    pub(crate) fn new(ports: Ports, doubts: BTreeSet<String>, traced: bool) -> Self {
        Self {
            ports,
            replies: Replies::all(),
            doubts,
            losses: BTreeSet::new(),
            narrowed: BTreeSet::new(),
            nat: None,
            hops: traced.then(Vec::new),
        }
    }

    pub(crate) fn hop(&mut self, kind: HopKind, id: &str, words: impl FnOnce() -> String) {
        if let Some(hops) = &mut self.hops {
            hops.push(Hop {
                kind,
                id: id.to_owned(),
                words: words(),
            });
        }
    }

    pub(crate) fn doubt(&mut self, what: impl Into<String>) {
        self.doubts.insert(what.into());
    }

    /// The way cannot be followed without this.
    pub(crate) fn lost(&mut self, what: impl Into<String>) -> Halt {
        self.doubt(what);
        Halt::Unread
    }

    /// Through a network ACL, for every one of these remote pieces.
    pub(crate) fn filter(
        &mut self,
        acl: &Found<Filter<'_>>,
        way: Way,
        remotes: &[Range],
        stage: Stage,
    ) -> Result<(), Halt> {
        let acl = match acl {
            Ok(acl) => acl,
            Err(what) => {
                self.doubt(what);
                return Ok(());
            }
        };
        let left = match stage {
            Stage::Request => &mut self.ports,
            Stage::ReplyToNat => &mut self.replies.to_nat,
            Stage::ReplyToFunction => &mut self.replies.to_function,
        };
        let what = match stage {
            Stage::Request => "requests",
            _ => "replies",
        };
        for remote in remotes {
            let (passed, denial) = acl.pass(way, remote, left);
            let Some(denial) = denial else { continue };
            if passed.is_empty() {
                let whole = *left == Ports::all() || *left == Ports::ephemeral();
                let to = if whole {
                    String::new()
                } else {
                    format!(" to {left}")
                };
                let id = acl.id;
                let reason = format!("network ACL {id} denies {what}{to} by {denial}");
                return Err(Halt::stopped(HopKind::NetworkAcl, id, reason));
            }
            if stage != Stage::Request {
                let gone = left.without(&passed);
                let id = acl.id;
                self.narrowed.insert(id.to_owned());
                self.losses.insert(format!(
                    "network ACL {id} denies replies to {gone} by {denial}"
                ));
            }
            *left = passed;
        }
        let open = left.clone();
        let way = if way == Way::In { "in" } else { "out" };
        self.hop(HopKind::NetworkAcl, acl.id, || {
            if open == Ports::ephemeral() {
                format!("lets {what} {way}")
            } else {
                format!("lets {what} {way}: {open}")
            }
        });
        Ok(())
    }
}
