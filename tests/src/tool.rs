//! Programs that judge what killick writes.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::python;

/// A program of tests/requirements.txt.
pub fn of_python(name: &str) -> PathBuf {
    let bin = python::interpreter().parent();
    bin.expect("the interpreter lies in a directory").join(name)
}

/// The program of this name on the machine, if there is one.
pub fn of_machine(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|dir| dir.join(name));
    places.find(|place| place.is_file())
}

/// Runs a program, whose verdict must be good; gives what it says.
#[track_caller]
pub fn approves(program: &Path, args: &[&OsStr]) -> String {
    let (good, said) = verdict(program, args);
    assert!(good, "{} {args:?} says:\n{said}", program.display());
    said
}

/// Runs a program: whether its verdict is good, and what it says.
pub fn verdict(program: &Path, args: &[&OsStr]) -> (bool, String) {
    let ran = Command::new(program)
        .args(args)
        .env_remove("PYTHONPATH")
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
    let said = [ran.stdout, ran.stderr].concat();
    (
        ran.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}
