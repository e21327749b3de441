//! The same stack in Terraform, where it is installed: how long its `plan` takes on the same work.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use killick_tests::Server;
use serde_json::json;

use crate::Result;
use crate::measure::{self, Series};
use crate::proxy::Proxy;

const STACK: &str = include_str!("terraform/main.tf");

/// A zip file with nothing in it: the function's code, which nobody runs.
const EMPTY_ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// Its runs are a hundred times longer than killick's: few must do.
const RUNS: usize = 3;

/// None if it is not installed; an error if it is but cannot do the work.
pub(crate) fn run(delay: Duration) -> Result<Option<Series>> {
    match Command::new("terraform").arg("version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        found => found?,
    };
    let dir = directory()?;
    let server = Server::start();
    let role = json!({"RoleName": "function", "AssumeRolePolicyDocument": "{}"});
    server.aws().call("iam", "create_role", role);
    done(
        "its provider cannot be installed",
        &["init", "-input=false"],
        &dir,
        &server.url(),
    )?;
    let apply = ["apply", "-auto-approve", "-input=false"];
    done("it cannot build the stack", &apply, &dir, &server.url())?;
    let proxy = Proxy::start(&server.url(), delay)?;
    let plan = [
        "plan",
        "-refresh=true",
        "-detailed-exitcode",
        "-input=false",
    ];
    let once = || measure::run(terraform(&plan, &dir, &proxy.url()), &proxy);
    once()?;
    let samples: Result<Vec<_>> = (0..RUNS).map(|_| once()).collect();
    samples.map(|samples| Some(Series(samples)))
}

/// Kept between runs of the bench, because the provider is huge; the state is not.
fn directory() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let dir = own.with_file_name("killick-bench-terraform");
    fs::create_dir_all(&dir)?;
    for old in ["terraform.tfstate", "terraform.tfstate.backup"] {
        fs::remove_file(dir.join(old)).ok();
    }
    fs::write(dir.join("main.tf"), STACK)?;
    fs::write(dir.join("function.zip"), EMPTY_ZIP)?;
    Ok(dir)
}

fn terraform(args: &[&str], dir: &Path, endpoint: &str) -> Command {
    let mut command = Command::new("terraform");
    command
        .args(args)
        .arg("-no-color")
        .current_dir(dir)
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_VAR_endpoint", endpoint);
    command
}

fn done(otherwise: &str, args: &[&str], dir: &Path, endpoint: &str) -> Result<()> {
    let mut command = terraform(args, dir, endpoint);
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let mut lines = text
        .lines()
        .map(|line| line.trim_matches(['│', '╷', '╵', ' ']));
    let first = lines
        .find(|line| line.starts_with("Error"))
        .unwrap_or("no reason given");
    Err(format!("{otherwise}: {first}").into())
}
