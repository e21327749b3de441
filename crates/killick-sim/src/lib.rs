//! Pretends: an AWS that is a state machine.
//!
//! [`World`] turns a request and a time into an answer and nothing else: no
//! clock, no threads, no files, and chance only from its seed. It speaks the
//! wire protocols of EC2, Lambda, IAM, STS, SSM, Service Quotas, the tagging
//! API, CloudTrail and SNS, so that real clients can talk to it. [`Sim`] puts
//! faults between the two. What is modelled, and from which source, is written
//! in `docs/sandbox.md`.

mod agenda;
mod consistency;
mod dice;
mod ec2;
mod failure;
mod fault;
mod iam;
mod lambda;
mod named;
mod place;
mod principal;
mod quotas;
mod resource_groups;
mod settings;
mod sim;
mod sns;
mod ssm;
mod sts;
mod table;
mod tags;
pub mod tamper;
mod throttle;
mod trail;
mod wire;
mod world;

pub use ec2::{
    Address, CarrierGateway, EgressOnlyGateway, Endpoint, Interface, InternetGateway, NatGateway,
    NatState, NetworkAcl, Peering, Route, RouteTable, SecurityGroup, Subnet, Target, Vpc,
    VpnGateway, active, table_of,
};
pub use fault::{Fault, Faults, Kill, Moment, Rule};
pub use lambda::{Alias, Function, FunctionVersion, VpcConfig, exist};
pub use place::Place;
pub use principal::Principal;
pub use settings::Settings;
pub use sim::{Call, Outcome, Sim, Verdict};
pub use sns::Message;
pub use table::Table;
pub use tags::Tags;
pub use wire::{Request, Response};
pub use world::{Millis, World};
