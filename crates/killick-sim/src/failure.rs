//! Errors as the services name them (fact sheet section 5).

/// A refused request: what every service's error body is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Failure {
    /// A refusal of the client's request, HTTP 400.
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    /// The same under another HTTP status.
    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// EC2's `InvalidParameterValue`.
    pub(crate) fn value(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterValue", message)
    }

    /// EC2's `MissingParameter`.
    pub(crate) fn missing(name: &str) -> Self {
        let message = format!("The request must contain the parameter {name}");
        Self::new("MissingParameter", message)
    }

    /// EC2's `InvalidParameterCombination`.
    pub(crate) fn combination(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterCombination", message)
    }

    /// Something still needs what is to go.
    pub(crate) fn dependency(what: &str, id: &str) -> Self {
        let message = format!("The {what} '{id}' has dependencies and cannot be deleted.");
        Self::new("DependencyViolation", message)
    }
}
