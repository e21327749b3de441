//! The killick to measure: as `cargo build --release -p killick` makes it for its users. The one that the
//! tests run has features of its dependencies that only tests need.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Result;

const BINARY: &str = "KILLICK_BIN";

/// What cargo tells this program about its own package.
const OWN: [&str; 4] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_",
];

/// The one that `KILLICK_BIN` names, or a fresh build.
pub(crate) fn binary() -> Result<PathBuf> {
    let Some(given) = std::env::var_os(BINARY) else {
        return build();
    };
    fs::canonicalize(&given)
        .map_err(|error| format!("{BINARY}: {}: {error}", Path::new(&given).display()).into())
}

fn build() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let target = own
        .ancestors()
        .nth(2)
        .ok_or("there is no target directory")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command
        .args([
            "build",
            "--release",
            "--package",
            "killick",
            "--bin",
            "killick",
        ])
        .arg("--message-format=json-render-diagnostics")
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit());
    // Build scripts would take it for a change, and half of the dependencies would be built again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if OWN.iter().any(|part| text.starts_with(part)) {
            command.env_remove(&name);
        }
    }
    let output = command.output()?;
    if !output.status.success() {
        return Err("killick does not build".into());
    }
    let messages = String::from_utf8(output.stdout)?;
    let made = messages.lines().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message.get("executable")?.as_str()?))
    });
    made.ok_or_else(|| "cargo names no binary of killick".into())
}
