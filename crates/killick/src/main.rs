//! The `killick` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    killick::main()
}
