//! The one table that says what an error means (fact sheet section 5).

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ec2::config::http::HttpResponse;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::operation::RequestId;
use killick_engine::{Class, CloudError};

/// The code for a machine without usable credentials.
pub const NO_CREDENTIALS: &str = "NoCredentials";
/// The code for a request that could not be sent.
pub const NO_CONNECTION: &str = "NoConnection";
/// The code for a request that was sent and never answered.
pub const NO_ANSWER: &str = "NoAnswer";
/// The code for an answer that is not what the API promises.
pub const UNREADABLE_ANSWER: &str = "UnreadableAnswer";

/// A service and an operation, as an IAM action names them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
}

impl Operation {
    pub(crate) const fn ec2(name: &'static str) -> Self {
        Self::new("ec2", name)
    }

    pub(crate) const fn lambda(name: &'static str) -> Self {
        Self::new("lambda", name)
    }

    pub(crate) const fn sts(name: &'static str) -> Self {
        Self::new("sts", name)
    }

    pub(crate) const fn ssm(name: &'static str) -> Self {
        Self::new("ssm", name)
    }

    pub(crate) const fn iam(name: &'static str) -> Self {
        Self::new("iam", name)
    }

    pub(crate) const fn quotas(name: &'static str) -> Self {
        Self::new("servicequotas", name)
    }

    pub(crate) const fn cloudtrail(name: &'static str) -> Self {
        Self::new("cloudtrail", name)
    }

    pub(crate) const fn sns(name: &'static str) -> Self {
        Self::new("sns", name)
    }

    /// Its IAM action is `tag:GetResources`.
    pub(crate) const fn tagging(name: &'static str) -> Self {
        Self::new("tag", name)
    }

    const fn new(service: &'static str, name: &'static str) -> Self {
        Self { service, name }
    }

    /// An error of ours about this operation.
    pub(crate) fn error(self, class: Class, code: &str, message: impl Into<String>) -> CloudError {
        CloudError {
            service: self.service,
            operation: self.name,
            code: code.to_owned(),
            message: message.into(),
            request_id: None,
            class,
        }
    }

    /// An answer without something that the API promises.
    pub(crate) fn nonsense(self, what: &str) -> CloudError {
        let message = format!("the answer has no {what}");
        self.error(Class::Unknown, UNREADABLE_ANSWER, message)
    }

    /// What the SDK returned, in our words.
    pub(crate) fn failed<E>(self, error: &SdkError<E, HttpResponse>) -> CloudError
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let request_id = error.request_id().map(str::to_owned);
        let mut out = match error {
            SdkError::ServiceError(context) => {
                let status = context.raw().status().as_u16();
                let meta = context.err();
                match meta.code() {
                    Some(code) => {
                        let message = meta.message().unwrap_or_default();
                        let class = classify(self.name, code, message, status);
                        self.error(class, code, message)
                    }
                    None if status < 400 => {
                        self.error(Class::Unknown, UNREADABLE_ANSWER, chain(context.err()))
                    }
                    None => {
                        let code = format!("HTTP {status}");
                        self.error(by_status(status), &code, "the answer names no error code")
                    }
                }
            }
            SdkError::ResponseError(_) => {
                let message = context_text(error, "the answer could not be read");
                self.error(Class::Unknown, UNREADABLE_ANSWER, message)
            }
            SdkError::TimeoutError(_) => {
                self.error(Class::Unknown, NO_ANSWER, "the request timed out")
            }
            _ => self.unsent(error),
        };
        out.request_id = request_id;
        out
    }

    fn unsent<E>(self, error: &SdkError<E, HttpResponse>) -> CloudError
    where
        E: Error + Send + Sync + 'static,
    {
        let message = context_text(error, "the request failed");
        if find_source::<CredentialsError>(error).is_some() {
            return self.error(Class::Fatal, NO_CREDENTIALS, message);
        }
        if let SdkError::DispatchFailure(failure) = error
            && failure.is_timeout()
        {
            let connecting = message.contains("connect timeout");
            let class = if connecting {
                Class::Unreached
            } else {
                Class::Unknown
            };
            let code = if connecting { NO_CONNECTION } else { NO_ANSWER };
            return self.error(class, code, message);
        }
        // The connector has no type for it: only its words tell a connection
        // that was never made from one that broke with the request on it.
        if ["dns error", "tcp connect error"]
            .iter()
            .any(|words| message.contains(words))
        {
            return self.error(Class::Unreached, NO_CONNECTION, message);
        }
        match error {
            SdkError::ConstructionFailure(_) => self.error(Class::Fatal, "BadRequest", message),
            SdkError::DispatchFailure(failure) if failure.is_user() => {
                self.error(Class::Fatal, "BadRequest", "the request could not be built")
            }
            _ => self.error(Class::Unknown, NO_ANSWER, message),
        }
    }
}

/// What a service's error code means for this operation.
pub(crate) fn classify(operation: &str, code: &str, message: &str, status: u16) -> Class {
    let ending = [
        "Delete",
        "Detach",
        "Disable",
        "Disassociate",
        "Release",
        "Revoke",
    ]
    .iter()
    .any(|verb| operation.starts_with(verb));
    let missing = code.ends_with(".NotFound") || code == "NatGatewayNotFound";
    match code {
        "RequestLimitExceeded"
        | "Throttling"
        | "ThrottlingException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "TooManyRequestsException"
        | "ConcurrentTagAccess"
        | "InsufficientAddressCapacity" => Class::Throttled,
        "InternalError" | "InternalFailure" | "ServiceUnavailable" | "Unavailable"
        | "ServerInternal" | "ServiceException" => Class::Unknown,
        "IncorrectState"
        | "OperationInProgress"
        | "ResourceNotReady"
        | "ResourceConflictException"
        | "TooManyUpdates"
        | "NatGatewayLimitExceeded" => Class::Busy,
        "InvalidParameterValueException" => lambda_value(message),
        "DependencyViolation" | "InvalidGroup.InUse" | "InvalidIPAddress.InUse" => {
            Class::StillInUse
        }
        // A released address that another account got, or one that a NAT
        // gateway still holds: both come as an authorisation failure.
        "AuthFailure" if ending && message.contains("does not belong to you") => Class::Gone,
        "AuthFailure" if operation.ends_with("Address") => Class::StillInUse,
        "Gateway.NotAttached" if ending => Class::Gone,
        _ if missing && ending => Class::Gone,
        // An address that was asked for by name and is somebody else's by now.
        _ if missing && operation == "AllocateAddress" => Class::Fatal,
        // What is to be swapped is not there: the caller makes it instead of
        // waiting for it.
        "InvalidRoute.NotFound" | "InvalidAssociationID.NotFound"
            if operation.starts_with("Replace") =>
        {
            Class::Fatal
        }
        "InvalidSubnet" if operation == "CreateNatGateway" => Class::NotYetVisible,
        // A gateway whose attachment AWS does not see everywhere yet.
        "InvalidParameterValue" if message.contains("belong to different networks") => {
            Class::NotYetVisible
        }
        _ if missing => Class::NotYetVisible,
        "UnauthorizedOperation" | "AccessDenied" | "AccessDeniedException" => Class::Denied,
        _ if status == 429 || status >= 500 => by_status(status),
        _ => Class::Fatal,
    }
}

/// Lambda answers many things with one code; only its words tell a role that
/// is too new from a value that is wrong (fact sheet section 5).
fn lambda_value(message: &str) -> Class {
    if message.contains("throttled by EC2") {
        Class::Throttled
    } else if message.contains("cannot be assumed")
        || message.contains("execution role does not have permissions")
    {
        Class::Busy
    } else if message.contains(".NotFound") || message.contains("does not exist") {
        Class::NotYetVisible
    } else {
        Class::Fatal
    }
}

fn by_status(status: u16) -> Class {
    match status {
        429 => Class::Throttled,
        403 => Class::Denied,
        500.. => Class::Unknown,
        _ => Class::Fatal,
    }
}

fn find_source<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|error| error.downcast_ref::<T>())
}

/// An error and its causes.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

fn context_text<E>(error: &SdkError<E, HttpResponse>, otherwise: &str) -> String
where
    E: Error + Send + Sync + 'static,
{
    let text = error.source().map(chain).unwrap_or_default();
    if text.is_empty() {
        otherwise.to_owned()
    } else {
        text
    }
}

/// An error and its causes in one line, without repeating a text that the one
/// before already holds.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for error in causes(error) {
        let part = error.to_string();
        if !text.contains(&part) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&part);
        }
    }
    text
}

#[cfg(test)]
mod tests;
