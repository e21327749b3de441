//! The state as a file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use killick_file::{Outlives, replace};

use super::{State, VERSION};

/// Why the state cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The file is there and cannot be read.
    #[error("cannot read the state file {}: {error}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write the state file {}: {error}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Where the state is kept: in a file, or nowhere.
#[derive(Clone, Debug)]
pub struct Store {
    path: Option<PathBuf>,
}

impl Store {
    /// Reads the state, or begins a new one where there is none yet. A file
    /// that cannot be understood is put aside as `<file>.corrupt`, and the
    /// note says so. `salt` is for the ids of a new one.
    ///
    /// # Errors
    /// The file cannot be read, or not be written: better now than later.
    pub fn open(
        path: Option<PathBuf>,
        salt: &str,
    ) -> Result<(Self, State, Option<String>), StateError> {
        let store = Self { path };
        let Some(path) = store.path.as_deref() else {
            return Ok((store, State::new(salt), None));
        };
        let (state, note) = match fs::read(path) {
            Ok(bytes) => match understood(&bytes) {
                Ok(state) => (state, None),
                Err(why) => (State::new(salt), Some(put_aside(path, &why)?)),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => (State::new(salt), None),
            Err(error) => {
                let path = path.to_owned();
                return Err(StateError::Read { path, error });
            }
        };
        store.save(&state)?;
        Ok((store, state, note))
    }

    /// Writes the state: after a crash there is either this one or the one
    /// before, never half of it.
    ///
    /// # Errors
    /// The file could not be written; the one before is still there.
    pub fn save(&self, state: &State) -> Result<(), StateError> {
        let Some(path) = self.path.as_deref() else {
            return Ok(());
        };
        let bytes = serde_json::to_vec(state).map_err(io::Error::from);
        let written = bytes.and_then(|bytes| replace(path, &bytes, Outlives::Power));
        written.map_err(|error| StateError::Write {
            path: path.to_owned(),
            error,
        })
    }
}

fn understood(bytes: &[u8]) -> Result<State, String> {
    #[derive(serde::Deserialize)]
    struct Form {
        version: u32,
    }
    let form: Form = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    match form.version {
        VERSION => serde_json::from_slice(bytes).map_err(|error| error.to_string()),
        other => Err(format!(
            "its version is {other}, and this killick writes {VERSION}"
        )),
    }
}

fn put_aside(path: &Path, why: &str) -> Result<String, StateError> {
    let aside = beside(path, ".corrupt");
    fs::rename(path, &aside).map_err(|error| StateError::Write {
        path: aside.clone(),
        error,
    })?;
    Ok(format!(
        "the state file {} could not be understood ({why}): it is now {}, and every open finding counts as new",
        path.display(),
        aside.display()
    ))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
