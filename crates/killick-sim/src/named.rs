//! What a request asks of whom, without reading all of it.

use crate::wire::{Request, Rest, aimed};
use crate::{lambda, quotas, resource_groups, ssm, trail};

/// The action that a request asks a service for; empty where there is none.
pub(crate) fn action(service: &str, request: &Request) -> String {
    match service {
        "lambda" => Rest::of(request)
            .map_or("", |rest| lambda::action(&rest))
            .to_owned(),
        "ssm" => aimed(request, ssm::PREFIX).to_owned(),
        "servicequotas" => aimed(request, quotas::PREFIX).to_owned(),
        "tagging" => aimed(request, resource_groups::PREFIX).to_owned(),
        "cloudtrail" => trail::aimed_at(request).to_owned(),
        _ => {
            let mut pairs = form_urlencoded::parse(&request.body);
            let action = pairs.find(|(key, _)| key == "Action");
            action.map_or_else(String::new, |(_, action)| action.into_owned())
        }
    }
}

/// Whether an action asks for a change of an account.
pub(crate) fn writes(action: &str) -> bool {
    !["Describe", "Get", "List", "Lookup", "Simulate"]
        .iter()
        .any(|verb| action.starts_with(verb))
}
