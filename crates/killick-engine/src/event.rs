//! What happens during an apply, as it happens.

use serde::Serialize;

use crate::CloudError;

/// One thing that happened. The serialised form is the line that
/// `apply --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A step started.
    Started {
        /// The step.
        step: String,
    },
    /// A running step waits.
    Waiting {
        /// The step.
        step: String,
        /// What for, in words.
        reason: String,
    },
    /// A step took effect.
    Finished {
        /// The step.
        step: String,
        /// What AWS calls what was made.
        #[serde(skip_serializing_if = "Option::is_none")]
        physical_id: Option<String>,
        /// How long it took, in seconds.
        seconds: f64,
    },
    /// A step failed.
    Failed {
        /// The step.
        step: String,
        /// With what.
        error: ErrorFacts,
    },
    /// A step will not start because one that it waits for failed.
    Skipped {
        /// The step.
        step: String,
        /// The step that failed.
        because: String,
    },
    /// The user asked to stop.
    Interrupted {
        /// The steps that had not started.
        not_started: Vec<String>,
    },
}

/// A failed call, for a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorFacts {
    /// The operation: `CreateNatGateway`.
    pub operation: &'static str,
    /// The service's error code.
    pub code: String,
    /// The service's own text.
    pub message: String,
    /// What support asks for.
    pub request_id: Option<String>,
}

impl From<&CloudError> for ErrorFacts {
    fn from(error: &CloudError) -> Self {
        Self {
            operation: error.operation,
            code: error.code.clone(),
            message: error.message.clone(),
            request_id: error.request_id.clone(),
        }
    }
}
