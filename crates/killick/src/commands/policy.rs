//! `killick policy`: what a reading command may do, and nothing else.

use killick_aws::{Purpose, policy as document};

use crate::app::App;
use crate::args::{self, Reader};
use crate::error::Error;
use crate::exit::Exit;

/// Prints an IAM policy.
///
/// # Errors
/// None.
pub async fn policy(app: &App, args: &args::PolicyArgs) -> Result<Exit, Error> {
    let mut purposes = vec![Purpose::Look];
    purposes.extend_from_slice(match args.command {
        Reader::Plan => &[Purpose::Functions, Purpose::Drift, Purpose::Preflight],
        // Whatever speaks of egress looks at the same.
        Reader::Drift | Reader::Prove | Reader::Watch | Reader::Ips => {
            &[Purpose::Functions, Purpose::Drift]
        }
    });
    purposes.extend(args.who.then_some(Purpose::Who));
    app.out.json(&document(&purposes));
    Ok(Exit::Done)
}
