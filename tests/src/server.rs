//! The emulator as a process: started on a free port, pooled, and told how to misbehave.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::aws::Aws;
use crate::{http, python};

/// Servers that no test uses right now. They end with the test process, as their standard input does.
static IDLE: Mutex<Vec<Process>> = Mutex::new(Vec::new());

struct Process {
    child: Child,
    bare: bool,
    port: u16,
}

/// An emulated AWS of one's own: empty at the start, and not shared while this value lives.
pub struct Server {
    process: Option<Process>,
    port: u16,
}

/// One AWS call as the emulator saw it.
#[derive(Debug, Clone)]
pub struct Call {
    /// As in the signature: `ec2`, `lambda`, `ssm`, `tagging`, …
    pub service: String,
    /// The region that the request was signed for.
    pub region: String,
    /// The name of the operation, such as `DescribeVpcs`.
    pub action: String,
    /// Whether the operation only reads.
    pub read: bool,
    /// Whether it is about the lock of a stack.
    pub lock: bool,
    /// Whether it reached the emulator, or was refused or cut off before.
    pub acted: bool,
    /// The HTTP status of the answer.
    pub status: Option<u64>,
    /// Its place among the beginnings and ends of all calls.
    pub began: u64,
    /// The place of its end; the last of all while there is none.
    pub ended: u64,
    /// The parameters: EC2's flat names, or the JSON body, with Lambda's `Path`.
    pub params: Value,
}

impl Server {
    /// Takes an idle server or starts one.
    pub fn start() -> Self {
        let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self::of(idle.unwrap_or_else(|| Process::start(false)))
    }

    /// The emulator as its makers left it, without the repairs: nothing to test killick on.
    pub fn bare() -> Self {
        Self::of(Process::start(true))
    }

    fn of(process: Process) -> Self {
        Self {
            port: process.port,
            process: Some(process),
        }
    }

    /// The endpoint for AWS clients.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The observing client: sees no faults and leaves no trace in the log.
    pub fn aws(&self) -> Aws {
        Aws::new(self.port)
    }

    /// The AWS calls so far, in order of arrival.
    pub fn calls(&self) -> Vec<Call> {
        let answer = self.control("calls", &Value::Null);
        answer
            .as_array()
            .expect("a list of calls")
            .iter()
            .map(Call::from_json)
            .collect()
    }

    /// Empties the log of calls.
    pub fn reset_calls(&self) {
        self.control("reset_calls", &Value::Null);
    }

    /// Sets the rules of misbehaviour, replacing earlier ones. Each has a `kind`:
    ///
    /// - `throttle`, `deny`: refused as AWS does it;
    /// - `error`: `status`, `code` and `message` as given;
    /// - `cut_before`, `cut_after`: the connection ends without an answer, before or after acting;
    /// - `nonsense`: status 200 and a `body` that is not AWS;
    /// - `hang_at`: stops at writing call `n` of the action, `when` before or after it acts; every later
    ///   writing call stops too unless `freeze` is false. Calls about the lock do not count.
    ///
    /// Which calls: `action` and `service` (patterns), `read` and `lock` (bool), then `skip`, `every`, `probability`
    /// with `seed`, and `count`.
    pub fn faults(&self, rules: &Value) {
        self.control("faults", rules);
    }

    /// Back to good behaviour; calls that hang are dropped.
    pub fn clear_faults(&self) {
        self.control("clear_faults", &Value::Null);
    }

    /// Answers every call only after `ms` milliseconds.
    pub fn delay(&self, ms: u64) {
        self.control("delay", &json!({ "ms": ms }));
    }

    /// Waits until a call hangs and all earlier writing calls have ended; gives its action. None: no call
    /// came to the point within `seconds`.
    pub fn wait_hung(&self, seconds: u32) -> Option<String> {
        let answer = self.control(&format!("hung?wait={seconds}"), &Value::Null);
        answer.as_str().map(str::to_owned)
    }

    /// Lets what hangs go on, or drops it unanswered (and undone, if it hung before acting).
    pub fn release(&self, drop: bool) {
        self.control("release", &json!({ "drop": drop }));
    }

    /// An empty account again, with no faults and an empty log.
    pub fn reset(&self) {
        self.control("reset", &Value::Null);
    }

    /// Ends the process instead of keeping it for the next one who asks.
    pub fn stop(mut self) {
        if let Some(mut process) = self.process.take() {
            process.child.kill().ok();
            process.child.wait().ok();
        }
    }

    fn control(&self, name: &str, body: &Value) -> Value {
        http::post(self.port, name, body).unwrap_or_else(|error| panic!("{error}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        if !process.bare && http::post(self.port, "reset", &Value::Null).is_ok() {
            IDLE.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(process);
        } else {
            process.child.kill().ok();
            process.child.wait().ok();
        }
    }
}

impl Process {
    fn start(bare: bool) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("server/moto_server.py");
        let mut child = Command::new(python::interpreter())
            .args(["-B", "-u"])
            .arg(script)
            .args(bare.then_some("--bare"))
            .env_remove("PYTHONPATH")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the emulator's Python process");
        let mut first = String::new();
        let stdout = child.stdout.take().expect("a piped standard output");
        BufReader::new(stdout)
            .read_line(&mut first)
            .expect("the emulator's port");
        let Ok(port) = first.trim().parse() else {
            child.kill().ok();
            child.wait().ok();
            panic!("the emulator did not start; its first line was {first:?}");
        };
        Self { child, bare, port }
    }
}

impl Call {
    fn from_json(value: &Value) -> Self {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Self {
            service: text("service"),
            region: text("region"),
            action: text("action"),
            read: value["read"] == true,
            lock: value["lock"] == true,
            acted: value["acted"] == true,
            status: value["status"].as_u64(),
            began: value["began"].as_u64().unwrap_or_default(),
            ended: value["ended"].as_u64().unwrap_or(u64::MAX),
            params: value["params"].clone(),
        }
    }
}

/// The actions of those calls that write, apart from the lock.
pub fn writes(calls: &[Call]) -> Vec<&str> {
    calls
        .iter()
        .filter(|call| !call.read && !call.lock)
        .map(|call| call.action.as_str())
        .collect()
}
