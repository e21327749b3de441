//! A spec that may be edited while it is watched.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A spec file and the last good spec that was in it.
#[derive(Clone, Debug)]
pub struct SpecFile<S> {
    path: PathBuf,
    /// Of the content that was judged last.
    digest: Option<Vec<u8>>,
    good: Option<S>,
    /// What is wrong with the content that was judged last.
    broken: Option<String>,
}

/// The spec to use for a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded<'a, S> {
    /// The last good one.
    pub spec: &'a S,
    /// Whether it is another one than at the check before.
    pub changed: bool,
    /// What is wrong with the file as it is now.
    pub note: Option<String>,
}

impl<S> SpecFile<S> {
    /// The spec in this file; nothing is read yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            digest: None,
            good: None,
            broken: None,
        }
    }

    /// Which file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the file, and parses it if its content is not that of the last
    /// time. While it cannot be read or parsed, the last good spec stays.
    ///
    /// # Errors
    /// There was no good one yet: what is wrong with the file.
    pub fn load(
        &mut self,
        parse: impl FnOnce(&str) -> Result<S, String>,
    ) -> Result<Loaded<'_, S>, String> {
        let mut changed = false;
        match fs::read_to_string(&self.path) {
            Err(error) => {
                self.broken = Some(format!("cannot read {}: {error}", self.path.display()));
                // When it is back it is judged anew.
                self.digest = None;
            }
            Ok(text) => {
                let digest = Sha256::digest(&text).to_vec();
                if self.digest.as_ref() != Some(&digest) {
                    self.digest = Some(digest);
                    match parse(&text) {
                        Ok(spec) => {
                            changed = true;
                            self.good = Some(spec);
                            self.broken = None;
                        }
                        Err(why) => self.broken = Some(why),
                    }
                }
            }
        }
        let last_good = |why: &String| format!("{why}; the last good spec is still in use");
        match (&self.good, &self.broken) {
            (Some(spec), broken) => Ok(Loaded {
                spec,
                changed,
                note: broken.as_ref().map(last_good),
            }),
            (None, Some(why)) => Err(why.clone()),
            (None, None) => Err(format!("cannot read {}", self.path.display())),
        }
    }
}
