//! The simulated AWS of killick itself, served over HTTP.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::binary::{Progress, binary};

/// `killick sandbox serve` with an empty sandbox; it ends with this value.
pub struct Sandbox {
    child: Child,
    url: String,
    _dir: TempDir,
}

impl Sandbox {
    /// Serves on a free port; `speed` seconds go by there in one of ours.
    pub fn serve(speed: u32) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let speed = speed.to_string();
        let mut child = Command::new(binary(Progress::Hidden))
            .args(["sandbox", "serve", "--port", "0", "--speed", &speed])
            .args(["--state", "sandbox.json"])
            .current_dir(dir.path())
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the killick process");
        let mut first = String::new();
        let stdout = child.stdout.take().expect("a piped standard output");
        let read = BufReader::new(stdout).read_line(&mut first);
        let sandbox = Self {
            child,
            url: first.split(' ').next_back().unwrap_or("").trim().to_owned(),
            _dir: dir,
        };
        let serves = read.is_ok() && sandbox.url.starts_with("http://127.0.0.1:");
        assert!(serves, "no sandbox is served: {first:?}");
        sandbox
    }

    /// The endpoint for AWS clients.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
