//! Reports of drift and pictures of the topology, from plain data to text.
//!
//! [`Report`] is what one reading of a stack found, [`Picture`] is the way out
//! as a small graph: of a spec, of what is live, of drift or of a plan. The
//! types say nothing of AWS or of how the facts were obtained; the caller maps
//! its own to them.
//!
//! | for | function |
//! |---|---|
//! | a comment or a job summary on GitHub | [`markdown`] |
//! | test reports of a CI | [`junit`] |
//! | code scanning | [`sarif`] |
//! | people, on a page of its own | [`html`] |
//! | a picture | [`svg`], [`mermaid`], [`dot`] |
//!
//! ```
//! use killick_report::{Edge, Kind, Node, Picture, State, ZoneBox, svg};
//!
//! let zone = "ap-northeast-1a";
//! let picture = Picture {
//!     title: "partner-egress".to_owned(),
//!     zones: vec![ZoneBox { name: zone.to_owned(), note: None }],
//!     nodes: vec![
//!         Node::new(Kind::RouteTable, "route_table/private-ap-northeast-1a").zone(zone),
//!         Node::new(Kind::NatGateway, "nat_gateway/ap-northeast-1a")
//!             .detail("nat-0123456789abcdef0")
//!             .zone(zone)
//!             .state(State::Missing, &["d-c76b12"]),
//!     ],
//!     edges: vec![
//!         Edge::new("route_table/private-ap-northeast-1a", "nat_gateway/ap-northeast-1a", "0.0.0.0/0")
//!             .state(State::Broken, &["d-c76b12"]),
//!     ],
//! };
//! assert!(svg(&picture).contains("× missing d-c76b12"));
//! ```
//!
//! All functions are pure and total: equal input gives equal text, and no
//! input fails. Names, tags and messages come from AWS accounts where anybody
//! may have written them, so every format cleans and escapes all text: see
//! [`clean`] for what is taken out everywhere.

mod dot;
mod html;
mod junit;
mod markdown;
mod markup;
mod mermaid;
mod order;
mod outline;
mod picture;
mod report;
mod sarif;
mod svg;
mod text;
mod verdict;

pub use dot::dot;
pub use html::html;
pub use junit::junit;
pub use killick_text::clean;
pub use markdown::markdown;
pub use mermaid::mermaid;
pub use picture::{Edge, Kind, Node, Picture, State, ZoneBox};
pub use report::{Accepted, Coverage, Finding, Judged, Report, Unread, Way, Who};
pub use sarif::sarif;
pub use svg::svg;
