//! killick as a process, in a directory of its own and with nothing of this machine in its environment.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::binary::{Progress, binary};
use crate::server::Server;
use crate::spec::Spec;

/// After this a run counts as hung. No test depends on it being reached.
const LIMIT: Duration = Duration::from_secs(180);

/// A working directory with a `killick.toml`, and the environment that leads to one server.
pub struct Killick {
    dir: TempDir,
    env: Vec<(String, String)>,
}

/// What a run left behind.
#[derive(Debug, Clone)]
pub struct Output {
    /// The command line, for messages.
    pub shown: String,
    /// The exit code; none if a signal ended it.
    pub status: Option<i32>,
    /// Everything on standard output.
    pub stdout: String,
    /// Everything on standard error.
    pub stderr: String,
}

/// A run that has not ended.
pub struct Running {
    shown: String,
    child: Child,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
}

impl Killick {
    /// With `spec` as `killick.toml`, against `server`.
    pub fn new(server: &Server, spec: &Spec) -> Self {
        Self::with_text(server, &spec.to_toml())
    }

    /// With any text as `killick.toml`.
    pub fn with_text(server: &Server, text: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let home = dir.path().display().to_string();
        let env = [
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", home),
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE".to_owned()),
            (
                "AWS_SECRET_ACCESS_KEY",
                "test-secret-never-shown".to_owned(),
            ),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_ENDPOINT_URL", server.url()),
            ("RUST_BACKTRACE", "0".to_owned()),
        ];
        let env = env
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let killick = Self { dir, env };
        killick.write("killick.toml", text);
        killick
    }

    /// Replaces `killick.toml`.
    pub fn respec(&self, spec: &Spec) {
        self.write("killick.toml", spec.to_toml());
    }

    /// Writes a file into the working directory.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.dir.path().join(name), text).expect("a file in the working directory");
    }

    /// The working directory.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Sets an environment variable for all further runs.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes an environment variable away.
    #[must_use]
    pub fn without_env(mut self, name: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self
    }

    /// Runs killick to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        self.spawn(args).wait()
    }

    /// Starts killick; standard input is empty and not a terminal.
    pub fn spawn(&self, args: &[&str]) -> Running {
        let mut child = Command::new(binary(Progress::Hidden))
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the killick process");
        let stdout = child.stdout.take().map(collect);
        let stderr = child.stderr.take().map(collect);
        Running {
            shown: format!("killick {}", args.join(" ")),
            child,
            stdout,
            stderr,
        }
    }
}

impl Running {
    /// Waits for the end; a run that does not end fails the test.
    pub fn wait(mut self) -> Output {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("the state of killick") {
                break status;
            }
            if start.elapsed() > LIMIT {
                self.child.kill().ok();
                let output = self.finish(None);
                panic!("{} did not end\n{output}", output.shown);
            }
            thread::sleep(Duration::from_millis(5));
        };
        self.finish(status.code())
    }

    /// Ends it with SIGKILL.
    pub fn kill(mut self) -> Output {
        self.child.kill().expect("SIGKILL");
        let status = self.child.wait().expect("the end of killick");
        self.finish(status.code())
    }

    /// Sends SIGINT, as ctrl-c does.
    pub fn interrupt(&self) {
        self.signal("INT");
    }

    /// Sends SIGTERM, as a service manager does.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill")
            .args(["-s", name, &pid])
            .status()
            .expect("the kill command");
        assert!(status.success(), "SIG{name} was not sent");
    }

    fn finish(&mut self, status: Option<i32>) -> Output {
        self.child.wait().ok();
        let text = |handle: Option<JoinHandle<String>>| {
            handle.map_or_else(String::new, |handle| handle.join().unwrap_or_default())
        };
        let stdout = text(self.stdout.take());
        let stderr = text(self.stderr.take());
        Output {
            shown: self.shown.clone(),
            status,
            stdout,
            stderr,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Output {
    /// The run must have ended with `code`.
    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert!(
            self.status == Some(code),
            "exit code {code} was expected\n{self}"
        );
        self
    }

    /// As [`Output::code`], for tables of cases.
    pub fn check(self, code: i32) -> Result<Self, String> {
        if self.status == Some(code) {
            Ok(self)
        } else {
            Err(format!("exit code {code} was expected\n{self}"))
        }
    }

    /// Standard output, which must be one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("one JSON document was expected: {error}\n{self}"))
    }

    /// Standard output, which must be one JSON document a line.
    #[track_caller]
    pub fn events(&self) -> Vec<Value> {
        let parse = |line| {
            serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("JSON lines were expected: {error}\n{self}"))
        };
        self.stdout.lines().map(parse).collect()
    }
}

impl std::fmt::Display for Output {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = format!("$ {}\nexit code: {:?}\n", self.shown, self.status);
        write!(
            text,
            "--- stdout\n{}--- stderr\n{}---",
            self.stdout, self.stderr
        )?;
        out.write_str(&text)
    }
}

fn collect(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).ok();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
