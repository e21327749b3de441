//! JSON of Lambda, SSM, Service Quotas, the tagging API and CloudTrail.

use serde_json::{Map, Value};

use super::{Request, Response};
use crate::failure::Failure;

/// A request of a REST service: method, path, query and body.
#[derive(Clone, Debug)]
pub(crate) struct Rest {
    pub(crate) method: String,
    /// The segments of the path, decoded.
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    /// The body; an empty one is an empty object.
    pub(crate) body: Map<String, Value>,
}

impl Rest {
    /// Reads a request.
    ///
    /// # Errors
    /// The body is not a JSON object.
    pub(crate) fn of(request: &Request) -> Result<Self, Failure> {
        let (path, query) = parts(request.path_and_query());
        let body = members(request)?;
        Ok(Self {
            method: request.method.clone(),
            path,
            query,
            body,
        })
    }

    /// A parameter of the query.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The segments of a path and the parameters of a query, decoded.
pub(crate) fn parts((path, query): (&str, &str)) -> (Vec<String>, Vec<(String, String)>) {
    let segments = path.split('/').filter(|part| !part.is_empty());
    let query = form_urlencoded::parse(query.as_bytes());
    (
        segments.map(decoded).collect(),
        query.into_owned().collect(),
    )
}

/// The body of a request; an empty one is an empty object.
///
/// # Errors
/// It is not a JSON object.
pub(crate) fn members(request: &Request) -> Result<Map<String, Value>, Failure> {
    match request.text().trim() {
        "" => Ok(Map::new()),
        text => serde_json::from_str(text).map_err(|_| {
            Failure::new(
                "SerializationException",
                "Could not parse request body into json",
            )
        }),
    }
}

/// The action that a request of the JSON protocol names behind the prefix of
/// its service; nothing for the prefix of another one.
pub(crate) fn aimed<'a>(request: &'a Request, prefix: &str) -> &'a str {
    let target = request.header("x-amz-target").unwrap_or_default();
    let action = target
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('.'));
    action.unwrap_or_default()
}

/// Percent signs of a path; a plus is a plus there.
fn decoded(part: &str) -> String {
    let kept = part.replace('+', "%2B");
    let mut pairs = form_urlencoded::parse(kept.as_bytes());
    pairs
        .next()
        .map(|(key, _)| key.into_owned())
        .unwrap_or_default()
}

impl Response {
    /// An answer in JSON; members that are null are left out.
    pub(crate) fn json(status: u16, request_id: &str, value: &Value) -> Self {
        let body = match value {
            Value::Null => String::new(),
            value => lean(value).to_string(),
        };
        Self::new(status, "application/json", request_id, body)
    }

    /// An answer of the JSON protocol, or its error.
    pub(crate) fn json_11(request_id: &str, answer: Result<Value, Failure>) -> Self {
        let response = match answer {
            Ok(value) => Self::json(200, request_id, &value),
            Err(failure) => Self::json_failure(&failure, request_id),
        };
        response.of_kind("application/x-amz-json-1.1")
    }

    /// An error in JSON, named in the header that the REST protocol has for it
    /// and in the member that the JSON protocol has.
    pub(crate) fn json_failure(failure: &Failure, request_id: &str) -> Self {
        let value = serde_json::json!({
            "__type": failure.code,
            "Type": if failure.status < 500 { "User" } else { "Server" },
            "message": failure.message,
            "Message": failure.message,
        });
        Self::json(failure.status, request_id, &value).with("x-amzn-errortype", &failure.code)
    }
}

fn lean(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), lean(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(lean).collect(),
        other => other.clone(),
    }
}
