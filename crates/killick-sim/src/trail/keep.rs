//! What is kept of a call.

use serde_json::{Map, Value};

use super::{Event, MOST, Trail, answer};
use crate::named;
use crate::principal::Principal;
use crate::wire::{Request, Response, Scope};
use crate::world::Millis;

/// What CloudTrail writes for a value that it does not show.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// What is not an event of the account's management: STS only hands out keys,
/// and messages are data.
fn elsewhere(service: &str, action: &str) -> bool {
    action.is_empty() || service == "sts" || (service, action) == ("sns", "Publish")
}

/// The action of a call that a trail tells of: it asks for a change.
pub(crate) fn told(scope: &Scope, request: &Request) -> Option<String> {
    let service = scope.service.as_str();
    // Lambda's calls that only read need not be parsed for that.
    if service == "lambda" && request.method == "GET" {
        return None;
    }
    let action = named::action(service, request);
    (!elsewhere(service, &action) && named::writes(&action)).then_some(action)
}

impl Trail {
    /// Keeps a call for which [`told`] gives an action.
    pub(crate) fn keep(
        &mut self,
        now: Millis,
        (scope, action): (&Scope, String),
        request: &Request,
        response: &Response,
    ) {
        let service = scope.service.as_str();
        let error = (response.status >= 300).then(|| answer::refusal(service, response));
        if error.as_ref().is_some_and(|(code, _)| unknown(code)) {
            return;
        }
        self.count += 1;
        let principal = Principal::of(&scope.key);
        let agent = request.header("user-agent");
        let path = match service {
            "lambda" => request.uri.clone(),
            _ => String::new(),
        };
        let made = match &error {
            None => answer::made(service, response),
            Some(_) => String::new(),
        };
        self.events.push_back(Event {
            number: self.count,
            at: now,
            service: service.to_owned(),
            key: scope.key.clone(),
            agent: agent.unwrap_or(principal.agent()).to_owned(),
            request_id: response
                .header("x-amzn-requestid")
                .unwrap_or_default()
                .to_owned(),
            request: (path, body(service, &action, request)),
            action,
            made,
            error,
        });
        if self.events.len() > MOST {
            self.events.pop_front();
        }
    }
}

/// Whether the service does not know the action.
fn unknown(code: &str) -> bool {
    code.ends_with("InvalidAction") || code == "UnknownOperationException"
}

/// The body without what no event shows: code, secrets, values.
fn body(service: &str, action: &str, request: &Request) -> String {
    let text = request.text();
    let hides = matches!(
        (service, action),
        ("ssm", "PutParameter")
            | (
                "lambda",
                "CreateFunction" | "UpdateFunctionCode" | "UpdateFunctionConfiguration"
            )
    );
    if !hides {
        return text;
    }
    let Ok(mut value) = serde_json::from_str::<Value>(&text) else {
        return String::new();
    };
    if let Some(members) = value.as_object_mut() {
        for name in ["ZipFile", "Code"] {
            members.remove(name);
        }
        if let Some(value) = members.get_mut("Value") {
            *value = HIDDEN.into();
        }
        if let Some(environment) = members.get_mut("Environment") {
            *environment = Value::Object(Map::new());
        }
    }
    value.to_string()
}
