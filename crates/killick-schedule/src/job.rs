//! What is to be run, and by whom.

use killick_finding::Severity;

use std::fmt;

use crate::every::Every;

/// A drift check of one stack at regular times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The killick binary where the check runs: an absolute path, or a bare name
    /// that is looked up in the `PATH` there.
    pub program: String,
    /// The file of the spec: an absolute path for systemd and cron, one relative
    /// to the root of the repository for GitHub. Kubernetes has a copy of the
    /// text.
    pub spec: String,
    /// The text of the spec; only Kubernetes looks at it.
    pub spec_text: String,
    /// The name of the stack, as a spec allows it.
    pub stack: String,
    /// The region of the stack.
    pub region: String,
    /// How often.
    pub every: Every,
    /// From which severity on a finding fails the check; `None` leaves it to
    /// `drift`.
    pub fail_on: Option<Severity>,
    /// ARN of the IAM role that the check takes on, for GitHub and Kubernetes.
    pub role: Option<String>,
    /// Container image that holds the program, for Kubernetes.
    pub image: Option<String>,
    /// Shell commands that bring the program to a fresh runner, for GitHub;
    /// `None` for a runner of one's own that has it. They go into the workflow
    /// as they are.
    pub install: Option<String>,
}

/// Who runs the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A service and a timer.
    Systemd,
    /// A file for `/etc/cron.d`.
    Cron,
    /// A workflow of GitHub Actions.
    Github,
    /// A `CronJob` with what it needs.
    Kubernetes,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Systemd, Self::Cron, Self::Github, Self::Kubernetes];
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Systemd => "systemd",
            Self::Cron => "cron",
            Self::Github => "github",
            Self::Kubernetes => "kubernetes",
        })
    }
}

/// One file of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, without a folder.
    pub name: String,
    /// Its permissions, such as `0o644`.
    pub mode: u32,
    /// Its text, with a newline at the end.
    pub text: String,
}

impl File {
    /// A file that everybody may read: none of them holds a secret.
    pub(crate) fn new(name: String, text: String) -> Self {
        let mode = 0o644;
        Self { name, mode, text }
    }
}
