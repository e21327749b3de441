//! The desired state of a killick stack, read from about thirty lines of TOML.
//!
//! [`parse`] turns the text of a spec into a [`Spec`] that has passed every
//! rule, or into [`SpecErrors`]: all errors of the file at once, in file
//! order, each with the bytes it points at and a hint on what to do.
//! [`json_schema`] describes the file format to editors. [`pin`] writes the
//! addresses that were promised into the text of a spec.
//!
//! The crate is pure: it reads no file, no clock and no environment, and knows
//! no AWS client. Facts that come from AWS carry their source, for example
//! `[B:ec2] CreateVpc` for the EC2 service model in botocore.
//!
//! ```
//! let spec = killick_spec::parse(
//!     r#"
//!     stack  = "partner-egress"
//!     region = "ap-northeast-1"
//!
//!     [network]
//!     cidr = "10.0.0.0/16"
//!
//!     [[zone]]
//!     name    = "ap-northeast-1a"
//!     public  = "10.0.0.0/24"
//!     private = "10.0.1.0/24"
//!     "#,
//! )?;
//! assert_eq!(spec.nat_zone("ap-northeast-1a"), "ap-northeast-1a");
//!
//! let errors = killick_spec::parse("stack = 7").unwrap_err();
//! assert!(errors.errors.iter().any(|error| error.span == (8..9)));
//! # Ok::<(), killick_spec::SpecErrors>(())
//! ```

mod check;
mod date;
mod error;
mod model;
mod parse;
mod pin;
mod raw;
mod read;
mod rule;
mod schema;
mod shape;

pub use date::Date;
pub use error::{SpecError, SpecErrors, line_column};
pub use model::{Accept, Function, Moved, Nat, Network, Place, Select, Spec, Zone};
pub use parse::parse;
pub use pin::{PinError, pin};
pub use schema::json_schema;
