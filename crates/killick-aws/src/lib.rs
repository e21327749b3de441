//! Talks to AWS: the only crate that links its SDK.
//!
//! On the way in, [`read()`] takes a [`Snapshot`], [`Identity`] turns ids into
//! keys, and [`Seen`] is the observed graph. [`Topology`] is the desired one.
//! On the way out, [`Executor`] carries out the steps of a plan.

#![recursion_limit = "256"]

mod addresses;
mod call;
mod catalogue;
mod context;
mod convert;
mod declare;
mod describe;
mod effect;
mod error;
mod executor;
mod finding;
mod identity;
mod read;
mod resource;
mod rule;
mod seen;
mod session;
pub mod snapshot;
mod strangers;
mod tags;
mod topology;
mod wire;

pub use addresses::{HeldAddress, Outbound, held, outbound};
pub use catalogue::{CATALOGUE, Resource};
pub use declare::Link;
pub use effect::Severity;
pub use error::{NO_ANSWER, NO_CONNECTION, NO_CREDENTIALS, UNREADABLE_ANSWER};
pub use executor::Executor;
pub use finding::{Finding, Repair, checked, findings};
pub use identity::{Ambiguous, Identity};
pub use read::{Request, read};
pub use resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
};
pub use rule::Rule;
pub use seen::Seen;
pub use session::{Access, Session};
pub use snapshot::{Snapshot, Unreadable};
pub use strangers::{Stranger, strangers, tenants};
pub use tags::{Owner, Tags};
pub use topology::Topology;
pub use wire::{Cut, Sending, Wire, WireAnswer, WireRequest};
