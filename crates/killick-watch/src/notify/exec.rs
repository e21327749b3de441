//! A notification to a command.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

use super::{SendError, Target, webhook};
use crate::{Boxed, Notification};

/// No command takes longer.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs a command line with `sh -c` for each notification, which it gets as
/// JSON on standard input. What it prints on standard output is thrown away:
/// ours is for the checks. Exit code 0 is taken for received, everything else
/// is tried again.
#[derive(Debug)]
pub struct Exec {
    command: String,
    limit: Duration,
}

impl Exec {
    /// One for this command line.
    pub fn new(command: impl Into<String>) -> Self {
        Self {
            command: command.into(),
            limit: LIMIT,
        }
    }

    /// The same with another limit.
    pub fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    async fn run(&self, notification: &Notification) -> Result<(), SendError> {
        let failed = |error: std::io::Error| {
            SendError::passing(format!("the command could not be run: {error}"))
        };
        let mut child = Command::new("sh")
            .args(["-c", &self.command])
            .env("KILLICK_NOTIFICATION_ID", &notification.id)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let fed = feed(&mut child, webhook::document(notification).into_bytes());
        let both = async {
            fed.await;
            child.wait().await
        };
        let status = match tokio::time::timeout(self.limit, both).await {
            Ok(status) => status.map_err(failed)?,
            Err(_) => {
                let seconds = self.limit.as_secs();
                let message = format!("the command did not end within {seconds} s");
                return Err(SendError::passing(message));
            }
        };
        match status.success() {
            true => Ok(()),
            false => Err(SendError::passing(format!("the command failed: {status}"))),
        }
    }
}

/// Writes and closes. A command that does not read all of it is free to.
fn feed(child: &mut Child, document: Vec<u8>) -> impl Future<Output = ()> + use<> {
    let stdin = child.stdin.take();
    async move {
        if let Some(mut stdin) = stdin {
            stdin.write_all(&document).await.ok();
            stdin.shutdown().await.ok();
        }
    }
}

impl Target for Exec {
    fn name(&self) -> &str {
        "exec"
    }

    fn send<'a>(&'a self, notification: &'a Notification) -> Boxed<'a, Result<(), SendError>> {
        Box::pin(self.run(notification))
    }
}
