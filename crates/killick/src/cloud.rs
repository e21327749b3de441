//! Failed calls in words: what could not be done, and what to do next.

use std::collections::BTreeSet;

use killick_aws::{ADDRESS_LOST, NO_ANSWER, NO_CONNECTION, NO_CREDENTIALS, UNREADABLE_ANSWER};
use killick_engine::{Class, CloudError};
use killick_stack::resource::ElasticIp;
use killick_stack::{Unreadable, listed, plural};

/// Of no use to a reader, and two screens long.
const BLOB: &str = "Encoded authorization failure message";

/// How AWS was reached, for the hints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// The endpoint that stands in for AWS's own.
    pub endpoint: Option<String>,
    /// The profile that was asked for.
    pub profile: Option<String>,
}

/// What an operation reads.
pub fn noun(operation: &str) -> String {
    if let Some(types) = listed(operation) {
        return types;
    }
    let noun = match operation {
        "GetCallerIdentity" => "which account this is",
        "DescribeVpcAttribute" => "VPC attributes",
        "DescribeAddresses" => return plural(ElasticIp::KIND),
        "GetFunctionConfiguration" | "GetFunction" => "the function",
        "ListFunctions" => "the region's functions",
        "GetParametersByPath" => "what functions had before",
        "ListVersionsByFunction" => "the published versions of a function",
        "ListAliases" => "the aliases of a function",
        "GetResources" => "the functions that carry a tag",
        "DescribeAddressTransfers" => "transfers of addresses",
        "GetParameter" => "the lock",
        other => other,
    };
    noun.to_owned()
}

/// The failed call with operation, code, message and request id, in one line.
pub fn told(error: &CloudError) -> String {
    let mut error = error.clone();
    error.message = short(&error.message);
    error.to_string()
}

/// A read that was refused, in one line.
pub fn refused(one: &Unreadable) -> String {
    let (_, operation) = one
        .permission
        .split_once(':')
        .unwrap_or(("", &one.permission));
    let id = one
        .request_id
        .as_ref()
        .map(|id| format!(" (request id {id})"));
    let message = match short(&one.message) {
        message if message.is_empty() => message,
        message => format!(": {message}"),
    };
    format!(
        "cannot read {}: {operation} failed: {}{message}{}",
        noun(operation),
        one.code,
        id.unwrap_or_default()
    )
}

/// The IAM actions that are missing, each once.
pub fn permissions(unreadable: &[Unreadable]) -> String {
    let names: BTreeSet<&str> = unreadable
        .iter()
        .map(|one| one.permission.as_str())
        .collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// What to do about a failed call.
pub fn hint(error: &CloudError, reached: &Reached) -> String {
    let place = reached.endpoint.as_ref().map_or_else(
        || "the network and the region's name".to_owned(),
        |url| format!("the endpoint {url}"),
    );
    match error.code.as_str() {
        NO_CREDENTIALS => {
            "log in (aws sso login), or name credentials with --profile, AWS_PROFILE or \
             AWS_ACCESS_KEY_ID"
                .to_owned()
        }
        NO_CONNECTION => format!("check {place}"),
        NO_ANSWER => format!("try again; if it stays, check {place}"),
        UNREADABLE_ANSWER => {
            format!("something answers that is not AWS: check {place}, and any proxy on the way")
        }
        "BadRequest" => format!("the request could not be built: check {place}"),
        "ExpiredToken" | "ExpiredTokenException" => {
            "the credentials have expired: log in again (aws sso login)".to_owned()
        }
        "RequestExpired" | "SignatureDoesNotMatch" | "InvalidSignatureException" => {
            "check the secret key, and this machine's clock".to_owned()
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" | "AuthFailure" => {
            "AWS does not know these credentials: check the profile, and that the account has \
             this region enabled"
                .to_owned()
        }
        ADDRESS_LOST => {
            "it is somebody else's by now: tell partners, take it out of `addresses` in the \
                         spec, and apply --change-addresses allocates another one"
                .to_owned()
        }
        "StillWaiting" => {
            "run the command again: it goes on waiting where this one stopped".to_owned()
        }
        "AddressInUse" => "free the address, then apply again".to_owned(),
        "DependencyViolation" => {
            "free it of what still uses it, then run the command again; destroy names everything \
             of that kind before it writes"
                .to_owned()
        }
        _ if error.class == Class::Denied => {
            let policy = if reads(error.operation) {
                "read"
            } else {
                "write"
            };
            let permission = error.permission();
            match policy {
                "read" => {
                    format!("allow {permission}; killick policy prints what each command reads")
                }
                _ => format!("allow {permission}; see the {policy} policy in the README"),
            }
        }
        _ if error.class == Class::Throttled => {
            "AWS limits how often this account may call: try again in a minute".to_owned()
        }
        code if code.ends_with("LimitExceeded") => {
            "ask AWS for a higher quota, or free some; then apply again".to_owned()
        }
        _ => "try again; if it stays, give AWS support the message and its request id".to_owned(),
    }
}

/// A machine without credentials, or with some that could not be used.
pub fn no_credentials(error: &CloudError, reached: &Reached) -> (String, Vec<String>) {
    let profile = reached.profile.as_ref();
    let profile = profile.map_or_else(String::new, |name| format!(" for profile {name}"));
    // The SDK lists every place where it looked and found nothing.
    match error.message.contains("no credentials found in chain") {
        true => (
            format!("no AWS credentials were found{profile}"),
            Vec::new(),
        ),
        false => {
            let message = format!("no AWS credentials could be had{profile}");
            (message, vec![short(&error.message)])
        }
    }
}

fn reads(operation: &str) -> bool {
    ["Describe", "Get", "List"]
        .iter()
        .any(|verb| operation.starts_with(verb))
}

/// One line, without what no one can read.
fn short(message: &str) -> String {
    let readable = message.split(BLOB).next().unwrap_or_default();
    readable.split_whitespace().collect::<Vec<_>>().join(" ")
}
