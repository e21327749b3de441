//! A simulated AWS on this machine, in place of the real one.
//!
//! [`Sandbox`] is a file and a pace; [`Running`] is the world in it, locked
//! for one process, with a clock that runs only as long. Requests come to it
//! from killick itself, without a socket, or over HTTP ([`serve`]).

mod asked;
mod file;
mod running;
pub mod serve;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use killick_aws::{Session, Wire};
use killick_spec::Spec;

use crate::args::sandbox::FILE;
use crate::error::Error;
use crate::reach::Simulator;

pub(crate) use file::Held;
pub use running::Running;

/// The account of specs that name none.
const ACCOUNT: &str = "123456789012";

/// The simulated AWS of a file; it is opened when it is first used.
#[derive(Clone, Debug)]
pub struct Sandbox {
    file: PathBuf,
    pace: f64,
    running: Rc<OnceCell<Running>>,
}

impl Sandbox {
    /// The one that is kept in `file`, where `pace` seconds go by in one of
    /// ours.
    pub fn new(file: impl Into<PathBuf>, pace: f64) -> Self {
        Self {
            file: file.into(),
            pace,
            running: Rc::default(),
        }
    }

    /// Where it is kept.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The world in it.
    ///
    /// # Errors
    /// Another killick uses it, or the file is none of ours.
    pub fn open(&self) -> Result<&Running, Error> {
        if let Some(running) = self.running.get() {
            return Ok(running);
        }
        let opened = Running::open(&self.file, self.pace)?;
        Ok(self.running.get_or_init(|| opened))
    }
}

impl Simulator for Sandbox {
    fn command(&self) -> String {
        format!("killick --sandbox{}", option("=", &self.file))
    }

    fn pace(&self) -> f64 {
        self.pace
    }

    fn now(&self) -> Option<u64> {
        self.running.get().map(Wire::now)
    }

    fn wire(&self) -> Result<Arc<dyn Wire>, Error> {
        Ok(Arc::new(self.open()?.clone()))
    }

    /// The functions that the spec names exist from now on.
    fn session(&self, spec: &Spec) -> Result<Session, Error> {
        let running = self.open()?;
        let account = account(spec);
        for name in spec.functions.iter().filter_map(|function| function.name()) {
            running.deploy(account, &spec.region, name);
        }
        running.save()?;
        Ok(Session::over(
            &spec.region,
            &access_key_id(account),
            self.wire()?,
        ))
    }

    fn save(&self) -> Result<(), Error> {
        self.running.get().map_or(Ok(()), Running::save)
    }
}

/// Whose resources a spec speaks of.
pub fn account(spec: &Spec) -> &str {
    spec.account.as_deref().unwrap_or(ACCOUNT)
}

/// An access key of an account: the simulated AWS tells them apart by their
/// last twelve digits.
pub fn access_key_id(account: &str) -> String {
    format!("AKIA{account}")
}

/// How a file is named on the command line: not at all where it is the usual
/// one, and such that a shell takes it as it is.
pub(crate) fn option(flag: &str, file: &Path) -> String {
    if file == Path::new(FILE) {
        return String::new();
    }
    let name = file.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c);
    match name.chars().all(plain) {
        true => format!("{flag}{name}"),
        false => format!("{flag}'{}'", name.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::sandbox::PACE;

    #[test]
    fn a_command_line_names_the_file_as_a_shell_takes_it() {
        for (file, command) in [
            (FILE, "killick --sandbox"),
            ("/tmp/a-1.json", "killick --sandbox=/tmp/a-1.json"),
            ("my box.json", "killick --sandbox='my box.json'"),
            ("it's.json", r"killick --sandbox='it'\''s.json'"),
        ] {
            assert_eq!(Sandbox::new(file, PACE).command(), command);
        }
    }
}
