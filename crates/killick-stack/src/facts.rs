//! What killick knows of a resource type besides its fields: each type says it
//! in its own file.

use killick_core::Change;
use killick_finding::Part;

use crate::snapshot::Snapshot;

/// What killick knows of a resource type besides its fields.
pub(crate) trait Facts {
    /// How its ids begin: `nat-`; empty for what is known by its name.
    const PREFIX: &'static str;
    /// What a person calls it.
    const NOUN: &'static str;
    /// How the names in its keys are built.
    const NAMES: Names;
    /// What must be readable to know any of it.
    const PART: Part;
    /// How many there can be, where AWS limits that.
    const QUOTA: Option<Quota>;

    /// What it means for the functions that one is missing or never came up.
    fn absent(name: &str, what: Change) -> String;

    /// The events of CloudTrail that change a declared field of it, or, without
    /// one, that make and delete it.
    fn events(field: Option<&str>, what: Change) -> Events;

    /// What a repair takes.
    fn effort(field: Option<&str>, what: Change) -> Effort;
}

/// Names of CloudTrail events.
pub(crate) type Events = &'static [&'static str];

/// The same as constants, for who has only the kind of a key.
#[derive(Clone, Copy)]
pub(crate) struct KindFacts {
    pub(crate) kind: &'static str,
    pub(crate) prefix: &'static str,
    pub(crate) noun: &'static str,
    pub(crate) names: Names,
    pub(crate) part: Part,
    pub(crate) quota: Option<Quota>,
    pub(crate) absent: fn(&str, Change) -> String,
    pub(crate) events: fn(Option<&str>, Change) -> Events,
    pub(crate) effort: fn(Option<&str>, Change) -> Effort,
}

impl KindFacts {
    /// The facts of a type.
    pub(crate) const fn of<T: Facts>(kind: &'static str) -> Self {
        Self {
            kind,
            prefix: T::PREFIX,
            noun: T::NOUN,
            names: T::NAMES,
            part: T::PART,
            quota: T::QUOTA,
            absent: T::absent,
            events: T::events,
            effort: T::effort,
        }
    }
}

/// How the names in the keys of a type are built: a zone can get another name
/// (`[[moved]]`), and the names of its resources change with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Without a zone: `main`.
    Fixed,
    /// From a zone: `ap-northeast-1a`.
    Zone,
    /// From a side and a zone: `private-ap-northeast-1a`.
    Side,
}

/// What a repair takes: how long, and where the traffic goes meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effort {
    /// How long it takes as a rule.
    pub(crate) takes: &'static str,
    /// Whether a zone leaves by another zone's address meanwhile, where there
    /// is another one, and has no internet egress where there is not.
    pub(crate) detour: bool,
}

impl Effort {
    /// One call or a few.
    pub(crate) const SECONDS: Self = Self::new("takes seconds");
    /// A function takes a new VPC config.
    pub(crate) const FUNCTION: Self =
        Self::new("takes one to two minutes; the function stays where it is until then");

    pub(crate) const fn new(takes: &'static str) -> Self {
        Self {
            takes,
            detour: false,
        }
    }

    pub(crate) const fn with_detour(takes: &'static str) -> Self {
        Self {
            takes,
            detour: true,
        }
    }
}

/// A limit of AWS on how many of a type there can be (fact sheet section 10).
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    /// The code of the service that has it.
    pub service: &'static str,
    /// `L-…`
    pub code: &'static str,
    /// What there can be only so many of.
    pub what: &'static str,
    /// The kind that uses it up.
    pub kind: &'static str,
    /// How many there are.
    pub(crate) counted: Count,
}

/// How many there are of what a quota limits.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Count {
    /// In the region.
    Region(fn(&Snapshot) -> usize),
    /// In one VPC, by its id.
    Vpc(fn(&Snapshot, &str) -> usize),
    /// In a zone or a table: `preflight/quota.rs` counts them.
    Apart,
}

/// What a state is called in a sentence about a resource as a whole.
pub(crate) const fn state(what: Change) -> &'static str {
    match what {
        Change::Broken => "did not come up",
        Change::Missing | Change::Extra | Change::Changed => "does not exist",
    }
}

/// The events that change tags.
pub(crate) const fn tag_events(what: Change) -> Events {
    match what {
        Change::Missing => &["DeleteTags"],
        Change::Extra | Change::Changed | Change::Broken => &["CreateTags", "DeleteTags"],
    }
}
