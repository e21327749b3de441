//! Whom to tell.

mod exec;
mod http;
mod slack;
mod webhook;
mod wording;

use std::time::Duration;

pub use exec::Exec;
pub use http::{HookUrl, SetupError};
pub use slack::Slack;
pub use webhook::{Webhook, document};
pub use wording::{subject, text};

use crate::{Boxed, Notification};

/// Why a notification did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SendError {
    /// What happened, without secrets.
    pub message: String,
    /// Whether the same may arrive in a moment. What was refused is kept too,
    /// but tried again only once in a long while.
    pub retry: bool,
    /// When to come back, if the target said so.
    pub after: Option<Duration>,
}

impl SendError {
    /// It may arrive in a moment.
    pub fn passing(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            retry: true,
            after: None,
        }
    }

    /// It was refused.
    pub fn refused(message: impl Into<String>) -> Self {
        Self {
            retry: false,
            ..Self::passing(message)
        }
    }
}

/// Somebody who is told.
pub trait Target {
    /// What it is called in logs, metrics and the state file, the same from
    /// run to run and without secrets: `slack hooks.slack.com`.
    fn name(&self) -> &str;

    /// Tells it. A repetition has the same id. The future may be dropped at any
    /// time.
    ///
    /// # Errors
    /// It did not arrive, or nobody said that it did.
    fn send<'a>(&'a self, notification: &'a Notification) -> Boxed<'a, Result<(), SendError>>;
}
