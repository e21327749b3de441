//! Looks for the programs of others that some tests need. A test whose program is not here is ignored, by name and with
//! the reason; the programs that `KILLICK_TESTS_REQUIRE` lists (`python,chromium`) are taken to be here, so that their
//! tests fail without them.
#![allow(
    clippy::print_stdout,
    reason = "cargo reads what a build script prints"
)]

use std::env;
use std::process::{Command, Stdio};

/// Python 3.10 or newer that can make the environment of the emulator.
const PYTHON: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for variable in ["PATH", "KILLICK_TESTS_REQUIRE", "KILLICK_NO_BROWSER"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let browser = env::var_os("KILLICK_NO_BROWSER").is_none();
    let chromium = ["chromium", "chromium-browser", "google-chrome"];
    for (name, here) in [
        ("python", runs("python3", &["-c", PYTHON])),
        (
            "chromium",
            browser && chromium.iter().any(|name| found(name)),
        ),
        ("graphviz", found("dot")),
        ("systemd", found("systemd-analyze")),
        ("actionlint", found("actionlint")),
    ] {
        println!("cargo::rustc-check-cfg=cfg(no_{name})");
        if here || required(name) {
            continue;
        }
        println!("cargo::rustc-cfg=no_{name}");
        if ["python", "chromium"].contains(&name) {
            println!("cargo::warning=tests that need {name} are ignored (CONTRIBUTING.md)");
        }
        if name == "python" {
            // Somebody may install it: look again each time. No file has this name.
            println!("cargo::rerun-if-changed=python");
        }
    }
}

fn required(name: &str) -> bool {
    let list = env::var("KILLICK_TESTS_REQUIRE").unwrap_or_default();
    list.split(',').any(|one| one.trim() == name)
}

fn found(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn runs(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
