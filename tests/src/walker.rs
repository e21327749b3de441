//! The walker: random worlds of another client's writes, and a walk of packets that knows nothing of killick.

use std::ffi::OsStr;
use std::process::{Command, Output, Stdio};

use crate::binary::{Progress, binary};
use crate::python;

/// The walker's process, which is given the killick under test and these arguments.
pub fn command(progress: Progress, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let killick = binary(progress);
    let mut command = Command::new(python::interpreter());
    command
        .args(["-B", "-m", "walker", "--killick"])
        .arg(killick)
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("PYTHONPATH")
        .stdin(Stdio::null());
    command
}

/// Lives through so many worlds from a seed on.
pub fn walk(worlds: u32, first: u32) -> Output {
    command(
        Progress::Hidden,
        [worlds, first].map(|number| number.to_string()),
    )
    .output()
    .expect("the walker's Python process")
}
