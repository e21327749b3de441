//! The Python environment of the emulator, made once and kept under cargo's target directory.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// The interpreter of the environment; makes the environment if there is none.
pub(crate) fn interpreter() -> &'static Path {
    static INTERPRETER: OnceLock<PathBuf> = OnceLock::new();
    INTERPRETER.get_or_init(|| prepare(&target_dir()))
}

/// The profile's directory in the target directory, from where this very program lies: a test in its
/// `deps`, a binary in the directory itself.
pub(crate) fn profile_dir() -> PathBuf {
    let exe = std::env::current_exe().expect("the path of the running program");
    let deps = exe
        .ancestors()
        .find(|dir| dir.file_name().is_some_and(|name| name == "deps"));
    let profile = deps.unwrap_or(&exe).parent();
    profile
        .expect("a program lies in a directory")
        .to_path_buf()
}

pub(crate) fn target_dir() -> PathBuf {
    let profile = profile_dir();
    profile
        .ancestors()
        .find(|dir| dir.join("CACHEDIR.TAG").exists())
        .unwrap_or_else(|| {
            profile
                .parent()
                .expect("a profile lies in the target directory")
        })
        .to_path_buf()
}

fn prepare(target: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    REQUIREMENTS.hash(&mut hasher);
    let venv = target.join(format!("killick-venv-{:016x}", hasher.finish()));
    let python = venv.join("bin").join("python");
    let ready = venv.join("ready");
    // Several test binaries may start at once: the first one builds, the others wait.
    let lock = File::create(target.join("killick-venv.lock")).expect("a lock file under target");
    lock.lock().expect("the lock on the Python environment");
    if !ready.exists() {
        if venv.exists() {
            fs::remove_dir_all(&venv).expect("removal of a half-made Python environment");
        }
        build(&venv, &python);
        File::create(&ready).expect("the mark of a finished Python environment");
    }
    python
}

fn build(venv: &Path, python: &Path) {
    // Not by a print macro, whose text a test that passes keeps to itself: this takes a minute.
    let making = "making the Python environment of the emulator in";
    writeln!(io::stderr(), "{making} {}", venv.display()).ok();
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("requirements.txt");
    run(
        Command::new("python3").args(["-m", "venv"]).arg(venv),
        "the end-to-end tests need python3 (3.10 or newer) with its venv module",
    );
    run(
        Command::new(python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--no-input", "--no-deps", "--requirement"])
            .arg(requirements),
        "the packages of tests/requirements.txt could not be installed",
    );
}

fn run(command: &mut Command, needed: &str) {
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("{needed}: {command:?} ended with {status}"),
        Err(error) => panic!("{needed}: {command:?} did not start: {error}"),
    }
}
