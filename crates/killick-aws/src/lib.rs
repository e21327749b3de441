//! Talks to AWS: the only crate that links its SDK.
//!
//! On the way in, [`read()`] takes a [`Snapshot`], [`Identity`] turns ids into
//! keys, and [`Seen`] is the observed graph. [`Topology`] is the desired one.
//! On the way out, [`Executor`] carries out the steps of a plan.

#![recursion_limit = "256"]

mod addresses;
mod call;
mod catalogue;
mod clients;
mod context;
mod convert;
mod declare;
mod describe;
mod effect;
mod error;
mod executor;
mod finding;
mod former;
mod found;
mod identity;
mod lock;
mod policy;
mod preflight;
mod promise;
mod read;
mod reader;
mod resource;
mod rule;
mod seen;
mod select;
mod session;
pub mod snapshot;
mod strangers;
mod tags;
mod topic;
mod topology;
mod ways;
mod who;
mod wire;

pub use addresses::{HeldAddress, Outbound, held, outbound};
pub use catalogue::{CATALOGUE, Resource};
pub use declare::Link;
pub use describe::account;
pub use effect::Severity;
pub use error::{NO_ANSWER, NO_CONNECTION, NO_CREDENTIALS, UNREADABLE_ANSWER};
pub use executor::Executor;
pub use finding::{Finding, Repair, checked, findings, frozen_versions};
pub use former::Former;
pub use found::{Found, Retabled, retabled};
pub use identity::{Ambiguous, Identity};
pub use lock::StackLock;
pub use policy::policy;
pub use preflight::{Asked, Facts, Obstacle, Unchecked, facts, preflight};
pub use promise::{Broken, Danger, Promise, abroad, broken};
pub use read::{Functions, Request, read};
pub use reader::{Purpose, READINGS, Reader, Reading};
pub use resource::{
    ADDRESS_LOST, ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup,
    Subnet, Vpc,
};
pub use rule::Rule;
pub use seen::Seen;
pub use select::without_functions;
pub use session::{Access, Session};
pub use snapshot::{Snapshot, Unreadable};
pub use strangers::{Stranger, strangers, tenants};
pub use tags::{Owner, Tags};
pub use topic::Topic;
pub use topology::Topology;
pub use ways::Ways;
pub use who::{Attribution, Suspect, who};
pub use wire::{Cut, Sending, Wire, WireAnswer, WireRequest};
