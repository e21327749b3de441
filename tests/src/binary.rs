//! The killick binary under test, built by cargo when it is first asked for.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::python;

/// The binary: `KILLICK_BIN`, or what cargo builds now in the profile of this very program.
pub fn binary(progress: Progress) -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        std::env::var_os("KILLICK_BIN").map_or_else(
            || build(progress),
            |given| std::fs::canonicalize(given).expect("KILLICK_BIN names a file that exists"),
        )
    })
}

/// Whether cargo shows what it builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Warnings and errors only.
    Hidden,
    /// As at the prompt.
    Shown,
}

/// Where cargo puts the binary.
pub fn place() -> PathBuf {
    let (_, directory) = profile();
    let name = format!("killick{}", std::env::consts::EXE_SUFFIX);
    python::target_dir().join(directory).join(name)
}

/// The name of the profile, and of its directory.
fn profile() -> (String, String) {
    let directory = python::profile_dir();
    match directory.file_name().and_then(OsStr::to_str) {
        Some("debug") | None => ("dev".to_owned(), "debug".to_owned()),
        Some(other) => (other.to_owned(), other.to_owned()),
    }
}

fn build(progress: Progress) -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // With a test among its targets, any small test, cargo picks the same features for all dependencies as `cargo
    // test --workspace` does. Without one, tokio would lose a feature and the whole AWS SDK be built twice.
    command.args(["build", "--workspace", "--bin", "killick"]);
    command.args(["--test", "flat", "--profile"]);
    command
        .arg(profile().0)
        .arg("--target-dir")
        .arg(python::target_dir())
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if progress == Progress::Hidden {
        command.arg("--quiet");
    }
    // What cargo told this program about its package would make build scripts of the dependencies run again.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(about_this_package) {
            command.env_remove(name);
        }
    }
    let status = command.status().expect("cargo, to build killick");
    assert!(status.success(), "killick does not build");
    place()
}

fn about_this_package(name: &str) -> bool {
    name == "OUT_DIR"
        || [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}
