//! The one judgement of an address: what it means for partners, and who
//! restores it. docs/addresses.md has the same table, and a test compares them.

use crate::words::words;

words! {
    /// Why partners may allow an address.
    Known {
        /// The spec pins it.
        Pinned = "pinned",
        /// The spec pins others.
        Unpinned = "others are pinned",
        /// Nothing is pinned, and functions leave by it, or will again.
        Used = "nothing is pinned, in use so far",
        /// Nothing is pinned, and functions leave by others.
        New = "nothing is pinned, not in use so far",
        /// Nothing is pinned, and no function leaves by the stack yet.
        Free = "nothing is pinned, no function yet",
    }
}

words! {
    /// Where an address is.
    State {
        /// On a NAT gateway of the stack.
        InUse = "in use",
        /// Allocated, and its NAT gateway is missing: the next apply uses it.
        Waiting = "held, waiting",
        /// Allocated, and no NAT gateway of the spec uses it.
        Unused = "held, unused",
        /// Of another stack, of none, or not of this account.
        Elsewhere = "elsewhere",
        /// Not held, and a further address of a NAT gateway of the stack.
        Further = "further address",
        /// Not in this account, and no zone of the spec could have it back.
        Released = "released",
        /// Not in this account, and a zone of the spec without an address can
        /// ask for it.
        Recoverable = "released, recoverable",
        /// Offered to another account, which can take it any time.
        Offered = "offered",
        /// On something else, which keeps it.
        Taken = "taken",
        /// The addresses could not be read.
        Unread = "unreadable",
    }
}

words! {
    /// Relative to the steps of a plan.
    Moment {
        /// Before the first one.
        Before = "before",
        /// While they run.
        During = "during",
        /// After the last one.
        After = "after",
    }
}

words! {
    /// Whose the allocation is.
    Origin {
        /// killick allocated it.
        Managed = "managed",
        /// The spec names it by its id.
        External = "external",
    }
}

words! {
    /// What an address means for partners.
    Standing {
        /// Functions leave by it, as partners expect.
        Kept = "kept",
        /// Nothing leaves by it, and a plain `apply` restores that.
        Waits = "waits",
        /// Partners allow it, and no NAT gateway of the spec uses it.
        Dropped = "dropped",
        /// Partners do not allow it, and functions leave by it.
        Stray = "stray",
        /// Partners allow it, and the stack cannot use it.
        Lost = "lost",
        /// The stack wants it, and something else keeps it.
        Blocked = "blocked",
        /// Another account can take it any time.
        Threatened = "threatened",
        /// Partners do not allow it, and nothing leaves by it.
        Spare = "spare",
        /// Not known.
        Unread = "unknown",
    }
}

words! {
    /// Who restores an address.
    Remedy {
        /// There is nothing to restore.
        Nothing = "-",
        /// A plain `apply`.
        Apply = "`apply`",
        /// `apply` with the flag, while AWS still has the address.
        ChangeAddresses = "`--change-addresses`",
        /// `apply` with the flag.
        Prune = "`--prune`",
        /// Whoever changes the spec: its zones, or what it pins.
        Spec = "the spec",
        /// Whoever has the address.
        Owner = "its owner",
        /// Whoever grants the permission to read.
        Permission = "a permission",
    }
}

/// What an address means, and who restores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What it means for partners.
    pub standing: Standing,
    /// Who restores it.
    pub remedy: Remedy,
    /// Whether this breaks what partners were told: nobody may say then that
    /// all is well.
    pub broken: bool,
}

/// Judges an address. No other code decides what a state means.
pub const fn judge(known: Known, state: State, moment: Moment, origin: Origin) -> Judgement {
    let standing = standing(known, state, moment);
    Judgement {
        standing,
        remedy: remedy(standing, state, moment, origin),
        broken: broken(known, standing),
    }
}

const fn standing(known: Known, state: State, moment: Moment) -> Standing {
    use Known::{Free, New, Pinned, Unpinned, Used};
    match (state, known, moment) {
        (State::Unread, Pinned | Unpinned | Used | New | Free, _) => Standing::Unread,
        (State::Offered, Pinned | Used | Free, _) => Standing::Threatened,
        (State::InUse, Pinned | Used | Free, _) => Standing::Kept,
        (State::InUse | State::Offered | State::Further, Unpinned | New, _) => Standing::Stray,
        (State::Waiting, Pinned | Used | Free, _) => Standing::Waits,
        (State::Waiting | State::Unused, Unpinned | New, _) | (State::Unused, Free, _) => {
            Standing::Spare
        }
        (State::Unused, Pinned | Used, _) => Standing::Dropped,
        // A NAT gateway of somebody else, by which functions leave.
        (State::Elsewhere, Used, Moment::Before | Moment::During)
        | (State::Further, Used | Free, _) => Standing::Kept,
        (State::Elsewhere, Unpinned | New, Moment::Before | Moment::During) => Standing::Stray,
        (State::Elsewhere, Used, Moment::After) => Standing::Dropped,
        (State::Elsewhere, Unpinned | New, Moment::After) | (State::Elsewhere, Free, _) => {
            Standing::Spare
        }
        (
            State::Elsewhere | State::Further | State::Released | State::Recoverable | State::Taken,
            Pinned,
            _,
        ) => Standing::Lost,
        (State::Released | State::Recoverable, Used, _) => Standing::Dropped,
        (State::Released | State::Recoverable, Unpinned | New | Free, _) => Standing::Spare,
        (State::Taken, Unpinned | Used | New | Free, _) => Standing::Blocked,
    }
}

const fn remedy(standing: Standing, state: State, moment: Moment, origin: Origin) -> Remedy {
    match (standing, state, moment, origin) {
        (Standing::Kept | Standing::Spare, ..) => Remedy::Nothing,
        (Standing::Stray, State::Elsewhere, ..) | (Standing::Waits, ..) => Remedy::Apply,
        (Standing::Threatened, _, _, Origin::Managed) | (Standing::Stray, State::Further, ..) => {
            Remedy::Prune
        }
        (Standing::Lost, State::Recoverable, Moment::Before | Moment::During, Origin::Managed) => {
            Remedy::ChangeAddresses
        }
        (Standing::Dropped | Standing::Stray, ..)
        | (Standing::Lost, State::Released | State::Recoverable, ..) => Remedy::Spec,
        (Standing::Lost | Standing::Blocked, ..)
        | (Standing::Threatened, _, _, Origin::External) => Remedy::Owner,
        (Standing::Unread, ..) => Remedy::Permission,
    }
}

const fn broken(known: Known, standing: Standing) -> bool {
    match (known, standing) {
        (
            Known::Pinned,
            Standing::Dropped | Standing::Lost | Standing::Threatened | Standing::Unread,
        )
        | (Known::Unpinned, Standing::Stray)
        | (Known::Used, Standing::Threatened | Standing::Unread) => true,
        (Known::Pinned, Standing::Kept | Standing::Waits | Standing::Stray)
        | (Known::Pinned | Known::Unpinned | Known::Used, Standing::Blocked | Standing::Spare)
        | (
            Known::Unpinned,
            Standing::Kept
            | Standing::Waits
            | Standing::Dropped
            | Standing::Lost
            | Standing::Threatened
            | Standing::Unread,
        )
        | (
            Known::Used,
            Standing::Kept | Standing::Waits | Standing::Dropped | Standing::Stray | Standing::Lost,
        )
        | (Known::New | Known::Free, _) => false,
    }
}
