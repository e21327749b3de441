//! What a sandbox is between two runs: a file, for one process at a time.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use killick_file::{Outlives, replace};
use killick_sim::{Millis, Settings, World};
use serde::{Deserialize, Serialize};

use super::option;
use crate::error::Error;
use crate::files::why;

/// The version of the layout.
const FORMAT: u32 = 1;
/// When time begins: 2026-01-01T00:00:00Z.
const BEGINNING: Millis = 1_767_225_600_000;
/// The same for all, so that one sandbox is like the other.
const SEED: u64 = 1;

/// All that is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    format: u32,
    /// What time it is there, in milliseconds since 1970.
    pub(crate) now: Millis,
    /// The functions that were deployed because a spec names them. Once: one
    /// that somebody deletes stays away.
    pub(crate) deployed: BTreeSet<String>,
    /// The AWS.
    pub(crate) world: World,
}

impl Kept {
    /// A new world, with nothing in it.
    fn new() -> Self {
        Self {
            format: FORMAT,
            now: BEGINNING,
            deployed: BTreeSet::new(),
            world: World::new(SEED, Settings::default()),
        }
    }
}

/// The file, which nobody else can use meanwhile.
#[derive(Debug)]
pub(crate) struct Held {
    path: PathBuf,
    /// The lock goes with it. It is another file, because this one is replaced
    /// with every change.
    _lock: File,
}

impl Held {
    /// Takes the file, whether it exists or not.
    pub(crate) fn take(path: &Path) -> Result<Self, Error> {
        let lock = lock_file(path).map_err(|error| unusable(path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(in_use(path)),
            Err(TryLockError::Error(error)) => Err(unusable(path, &error)),
        }
    }

    /// What is in it; a new world if there is no file.
    pub(crate) fn read(&self) -> Result<Kept, Error> {
        #[derive(Deserialize)]
        struct Layout {
            format: u32,
        }
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::new()),
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                return Err(self.damaged("it is not UTF-8 text"));
            }
            Err(error) => return Err(unusable(&self.path, &error)),
        };
        let damaged = |error: serde_json::Error| self.damaged(&error.to_string());
        match serde_json::from_str(&text).map_err(damaged)? {
            Layout { format: FORMAT } => serde_json::from_str(&text).map_err(damaged),
            Layout { format } => Err(self.foreign(format)),
        }
    }

    /// Replaces it. A reader sees the old one or the new one, and so does
    /// whoever comes after a crash.
    pub(crate) fn write(&self, kept: &Kept) -> Result<(), Error> {
        let bytes = serde_json::to_vec(kept).map_err(io::Error::from);
        let written = bytes.and_then(|bytes| replace(&self.path, &bytes, Outlives::Process));
        written.map_err(|error| {
            let (path, why) = (self.path.display(), why(&error));
            Error::new(format!("cannot keep the sandbox in {path}: {why}"))
                .hint("what happened since it was last kept is lost; check the disk")
        })
    }

    /// Removes it.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        fs::remove_file(&self.path).map_err(|error| unusable(&self.path, &error))
    }

    fn damaged(&self, why: &str) -> Error {
        let path = self.path.display();
        let reset = reset(&self.path);
        Error::new(format!("{path} is no sandbox of killick: {why}")).hint(format!(
            "{reset} removes it; the next command begins with a new one"
        ))
    }

    fn foreign(&self, format: u32) -> Error {
        let path = self.path.display();
        let reset = reset(&self.path);
        Error::new(format!(
            "the sandbox in {path} has format {format}, and this killick knows {FORMAT} only"
        ))
        .hint(format!(
            "use the killick that made it, or remove it with {reset}"
        ))
    }
}

/// The lock file, in a folder that is made for it where there is none.
fn lock_file(path: &Path) -> io::Result<File> {
    let folder = folder(path);
    if !folder.exists() {
        fs::create_dir_all(folder)?;
        // It is of use on this machine only.
        fs::write(folder.join(".gitignore"), "*\n")?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let mut options = File::options();
    options.create(true).truncate(false).write(true).open(name)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn reset(path: &Path) -> String {
    format!("killick sandbox reset{}", option(" --state ", path))
}

fn in_use(path: &Path) -> Error {
    let path = path.display();
    Error::new(format!("another killick uses the sandbox in {path}")).hint(
        "wait until it ends; to use it from more than one, let `killick sandbox serve` run and give \
         each of them --endpoint-url with its address",
    )
}

fn unusable(path: &Path, error: &io::Error) -> Error {
    let (path, why) = (path.display(), why(error));
    Error::new(format!("cannot use the sandbox in {path}: {why}"))
        .hint("check the folder and its permissions")
}
