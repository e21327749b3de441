//! Whether a command line asks for a simulated AWS.

use std::rc::Rc;

use super::Sandbox;
use crate::args::sandbox::{PACE, Simulated};
use crate::args::{Args, Command};
use crate::error::Error;
use crate::reach::Reach;

impl Sandbox {
    /// The one that a command line names; none where it is about a real AWS, or
    /// brings a simulated one of its own.
    ///
    /// # Errors
    /// It names a real AWS and a simulated one.
    pub fn asked(args: &Args) -> Result<Option<Self>, Error> {
        let global = &args.global;
        let name = match &args.command {
            Command::Simulated(Simulated::Demo(_)) => "killick demo",
            Command::Simulated(Simulated::Sandbox(_)) => "killick sandbox",
            _ if global.sandbox.is_some() => "--sandbox",
            _ => return Ok(None),
        };
        let real = [
            ("--profile", &global.profile),
            ("--endpoint-url", &global.endpoint_url),
        ];
        if let Some((flag, _)) = real.iter().find(|(_, given)| given.is_some()) {
            return Err(mixed(name, flag));
        }
        let file = global.sandbox.as_ref().filter(|_| name == "--sandbox");
        Ok(file.map(|file| Self::new(file, PACE)))
    }
}

impl From<Sandbox> for Reach {
    fn from(sandbox: Sandbox) -> Self {
        Self::Simulator(Rc::new(sandbox))
    }
}

/// A command line that names a real AWS and a simulated one.
fn mixed(simulated: &str, real: &str) -> Error {
    Error::new(format!(
        "{simulated} is about a simulated AWS, {real} about a real one; nothing was done"
    ))
    .hint(match simulated {
        "--sandbox" => {
            format!("leave out {real} to use the sandbox, or --sandbox to reach AWS")
        }
        _ => format!("leave out {real}"),
    })
}
