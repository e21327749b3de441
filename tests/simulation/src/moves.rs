//! What happens in the life of a stack.

use killick_sim::Kill;
pub use killick_sim::{Fault, Moment, Rule};

use crate::draft::Nat;

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// `killick apply --yes`, with `--prune` or without.
    Apply(bool),
    /// The same, killed at a call.
    ApplyKilled(Kill),
    /// `killick destroy --yes`, with `--release-addresses` or without.
    Destroy(bool),
    /// The same without, killed at a call.
    DestroyKilled(Kill),
    /// `killick plan`.
    Plan,
    /// `killick drift`.
    Drift,
    /// `killick ips`.
    Ips,
    /// Somebody changes something by hand: the name of the case.
    Tamper(&'static str),
    /// Somebody takes tags off one thing of the stack: which one of them all,
    /// and whether its name goes as well.
    Strip(u8, bool),
    /// Somebody copies the tags of one thing of the stack to a thing of the
    /// neighbour's, until they notice.
    Copy(u8),
    /// The user edits the spec.
    Edit(Edit),
    /// So many seconds go by.
    Wait(u64),
    /// Something begins to go wrong.
    Faulty(Rule),
    /// All of that ends.
    Calm,
}

/// A change of the spec. One that does not fit the spec is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Adds a zone.
    AddZone(char),
    /// Takes a zone out, unless it is the last one or the only gateway's.
    DropZone(char),
    /// Moves the NAT gateways.
    Nat(Nat),
    /// Adds a function.
    AddFunction(u8),
    /// Takes a function out; its owner deletes it.
    DropFunction(u8),
    /// Takes a function out; it stays where it is, unless it is meant by its
    /// prefix.
    LeaveFunction(u8),
    /// Changes the tag.
    Team(Option<u8>),
    /// Gives the stack another name.
    RenameStack,
    /// Gives a zone another name.
    RenameZone(char),
}

impl Move {
    /// As it stands in Rust.
    pub fn source(&self) -> String {
        let text = match self {
            Self::Faulty(Rule {
                action,
                percent,
                skip,
                times,
                fault,
            }) => {
                let fault = match fault {
                    Fault::NatFails(code) => format!("NatFails({code:?}.to_owned())"),
                    other => format!("{other:?}"),
                };
                return format!(
                    "Move::Faulty(Rule {{ action: {action:?}.to_owned(), percent: {percent}, skip: {skip}, \
                     times: {times:?}, fault: Fault::{fault} }})"
                );
            }
            other => format!("{other:?}"),
        };
        let text = text.replace("moment: ", "moment: Moment::");
        let text = match self {
            Self::Edit(Edit::Nat(nat)) => format!("Edit(Edit::Nat(Nat::{nat:?}))"),
            Self::Edit(_) => text.replace("Edit(", "Edit(Edit::"),
            _ => text,
        };
        format!("Move::{text}")
    }
}
