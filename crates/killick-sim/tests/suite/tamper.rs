//! What others do to a stack: every case, on a stack of two zones.

mod addresses;
mod brought;
mod cases;
mod functions;
mod gateways;
mod network;
mod routes;
mod stage;
mod tables;
mod tags;
mod trail;

use stage::{A, C, Stage};
