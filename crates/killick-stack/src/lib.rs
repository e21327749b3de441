//! Means: what was read of an account, seen as one stack. What is ours, what
//! should be, what differs, and what that does to the functions.
//!
//! A [`Snapshot`] is plain data with AWS's ids. [`Identity`] turns ids into
//! keys, and [`StackView`] is the snapshot through those. [`Topology`] is what a
//! spec asks for. Nothing here can do IO: this crate links neither an SDK nor
//! a runtime.

mod acl;
mod addresses;
mod advice;
mod alike;
mod assessment;
mod catalogue;
mod cidr;
mod declare;
mod dependents;
mod effect;
mod egress;
mod facts;
mod fault;
mod finding;
mod holders;
mod identify;
mod identity;
mod keys;
mod leaving;
mod observe;
mod observed;
mod pins;
mod preflight;
mod previous;
mod provenance;
mod record;
mod refusal;
mod resolved;
pub mod resource;
mod routing;
mod rule;
mod select;
pub mod snapshot;
mod tags;
mod topology;
mod trail;
mod view;
mod words;

pub use addresses::{HeldAddress, Outbound, PinnedAddress};
pub use advice::{Advice, Caller, advice, tag};
pub use alike::{Alike, alike_vpcs};
pub use assessment::Assessment;
pub use catalogue::{CATALOGUE, Resource, listed, noun, plural};
pub use cidr::network;
pub use declare::{Link, ToValue};
pub use dependents::{Stranger, strangers};
pub use egress::Ways;
pub use facts::Quota;
pub use fault::{Fault, faults};
pub use finding::{Findings, checked, findings, frozen_versions};
pub use holders::{Holder, holders};
pub use identify::{Ambiguous, Doubt, Why};
pub use identity::Identity;
pub use killick_finding::{Finding, Part, Repair, Severity};
pub use leaving::Leaving;
pub use pins::{
    Danger, Judgement, Known, Moment, Origin, Pin, Pins, Remedy, Standing, State, abroad, judge,
};
pub use preflight::{Asked, Facts, Obstacle, Unchecked, preflight, quotas};
pub use previous::{NoPreviousConfig, PreviousConfig, Written, folder, function_of, parameter};
pub use provenance::Provenance;
pub use record::{ResourceRecord, resources_parameter};
pub use refusal::RefusalCode;
pub use resolved::{MAIN, Resolved, Retabled, retabled};
pub use rule::{NoRule, Rule};
pub use select::{selected, without_functions};
pub use snapshot::{Snapshot, Unreadable};
pub use tags::{FORMERLY, KEY, Owner, STACK, Tags};
pub use topology::Topology;
pub use trail::{Attribution, Event, Events, Suspect, Trace};
pub use view::StackView;
