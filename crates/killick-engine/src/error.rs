//! What can go wrong in a call.

use std::fmt;

/// What a failed call means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Too many calls: repeat later.
    Throttled,
    /// The request never left this machine: nothing happened.
    Unreached,
    /// What the call names was made moments ago and cannot be seen yet.
    NotYetVisible,
    /// Something still uses what is to be deleted.
    StillInUse,
    /// The resource is in the middle of another change.
    Busy,
    /// What is to be ended has ended already.
    Gone,
    /// The caller is not allowed to.
    Denied,
    /// No usable answer: it may or may not have happened.
    Unknown,
    /// Repeating will not help.
    Fatal,
}

/// A failed call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct CloudError {
    /// The service in the word of an IAM action: `ec2`.
    pub service: &'static str,
    /// The operation in the API's word: `CreateNatGateway`.
    pub operation: &'static str,
    /// The error code of the service, or a word of ours when there was no
    /// answer.
    pub code: String,
    /// The service's own text.
    pub message: String,
    /// What support asks for.
    pub request_id: Option<String>,
    /// What it means.
    pub class: Class,
}

impl CloudError {
    /// The IAM action that the failed call needs.
    pub fn permission(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }
}

impl fmt::Display for CloudError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed: {}", self.operation, self.code)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if let Some(request_id) = &self.request_id {
            write!(f, " (request id {request_id})")?;
        }
        Ok(())
    }
}
