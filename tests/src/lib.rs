//! The end-to-end harness: an emulated AWS that misbehaves on demand, a second client that looks at
//! what killick made, and killick itself as a process.
//!
//! ```no_run
//! # use killick_tests::{Site, Spec};
//! let site = Site::deployed(Spec::two_zones());
//! let nat = site.stack().id("nat_gateway/ap-northeast-1a").to_owned();
//! site.aws.ec2("delete_nat_gateway", serde_json::json!({"NatGatewayId": nat}));
//! site.killick.run(&["drift"]).code(2);
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the crate only serves tests, and a test fails by panicking"
)]

mod aws;
pub mod binary;
mod brought;
pub mod browser;
mod foreign;
mod hand;
mod hook;
mod http;
pub mod iam;
mod killick;
pub mod probe;
mod python;
pub mod redact;
mod reference;
mod refusal;
mod sandbox;
mod server;
mod site;
mod spec;
mod stack;
pub mod tool;
mod topology;
pub mod walker;
mod world;

pub use aws::{Aws, AwsError, VPC_ACCESS};
pub use brought::Brought;
pub use hook::{Answer, Delivery, Hook};
pub use http::get;
pub use killick::{Killick, Output, Running};
pub use sandbox::Sandbox;
pub use server::{Call, Server, writes};
pub use site::{Site, finding, step_ids};
pub use spec::Spec;
pub use stack::Stack;
pub use world::World;
