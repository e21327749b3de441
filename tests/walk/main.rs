//! Thousands of worlds: `cargo run --release -p killick-tests --bin walk -- 1000 [SEED]`, with the options of
//! `tests/walker`. `KILLICK_BIN` names a killick to judge in place of the one that is built here.

use std::io::{self, Write as _};
use std::process::ExitCode;

use killick_tests::binary::Progress;
use killick_tests::walker;

fn main() -> ExitCode {
    let args = std::env::args_os().skip(1);
    match walker::command(Progress::Shown, args).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            writeln!(io::stderr(), "error: the walker does not start: {error}").ok();
            ExitCode::FAILURE
        }
    }
}
