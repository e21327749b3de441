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
        // With --prune or --grant a plan looks at what drift looks at.
        Reader::Plan => &[Purpose::Functions, Purpose::Preflight],
        Reader::Drift | Reader::Prove | Reader::Watch => &[Purpose::Functions, Purpose::Drift],
        Reader::Ips => &[],
    });
    purposes.extend(args.who.then_some(Purpose::Who));
    app.out.json(&document(&purposes));
    Ok(Exit::Done)
}
