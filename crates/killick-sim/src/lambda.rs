//! Lambda: functions, their VPC config and its network interfaces.

mod alias;
mod call;
mod code;
mod create;
mod function;
mod list;
mod name;
mod network;
mod read;
mod role;
mod setting;
mod show;
mod tag;
mod update;

use serde_json::{Value, json};

pub use create::exist;
pub use function::{Alias, Function, FunctionVersion, VpcConfig};

pub(crate) use name::arn;
pub(crate) use network::reclaim;
pub(crate) use update::updated;

use crate::failure::Failure;
use crate::iam::Iam;
use crate::place::Place;
use crate::wire::{Request, Response, Rest};
use crate::world::Asked;
use call::Call;

/// Carries out one action: reads its parameters, then looks at the world.
type Action = fn(&mut Call<'_>) -> Result<Value, Failure>;

/// An action: its name, its method and path, the HTTP status of its answer.
struct Operation {
    name: &'static str,
    method: &'static str,
    /// `*` is any one segment.
    path: &'static str,
    status: u16,
    action: Action,
}

const fn operation(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    status: u16,
    action: Action,
) -> Operation {
    Operation {
        name,
        method,
        path,
        status,
        action,
    }
}

const FUNCTIONS: &str = "2015-03-31/functions";
const FUNCTION: &str = "2015-03-31/functions/*";
const CONFIGURATION: &str = "2015-03-31/functions/*/configuration";
const CODE: &str = "2015-03-31/functions/*/code";
const VERSIONS: &str = "2015-03-31/functions/*/versions";
const ALIASES: &str = "2015-03-31/functions/*/aliases";
const ALIAS: &str = "2015-03-31/functions/*/aliases/*";
const SIGNING: &str = "2020-06-30/functions/*/code-signing-config";
const TAGS: &str = "2017-03-31/tags/*";

/// Every action, by resource.
const OPERATIONS: &[Operation] = &[
    operation("CreateFunction", "POST", FUNCTIONS, 201, create::create),
    operation("DeleteFunction", "DELETE", FUNCTION, 204, create::delete),
    operation("GetFunction", "GET", FUNCTION, 200, read::function),
    operation(
        "GetFunctionConfiguration",
        "GET",
        CONFIGURATION,
        200,
        read::configuration,
    ),
    operation("ListFunctions", "GET", FUNCTIONS, 200, read::functions),
    operation(
        "UpdateFunctionConfiguration",
        "PUT",
        CONFIGURATION,
        200,
        update::configuration,
    ),
    operation("UpdateFunctionCode", "PUT", CODE, 200, update::code),
    operation("PublishVersion", "POST", VERSIONS, 201, update::publish),
    operation(
        "ListVersionsByFunction",
        "GET",
        VERSIONS,
        200,
        read::versions,
    ),
    operation("CreateAlias", "POST", ALIASES, 201, alias::create),
    operation("ListAliases", "GET", ALIASES, 200, alias::list),
    operation("GetAlias", "GET", ALIAS, 200, alias::get),
    operation("UpdateAlias", "PUT", ALIAS, 200, alias::update),
    operation("DeleteAlias", "DELETE", ALIAS, 204, alias::delete),
    operation("TagResource", "POST", TAGS, 204, tag::add),
    operation("UntagResource", "DELETE", TAGS, 204, tag::remove),
    operation("ListTags", "GET", TAGS, 200, tag::list),
    operation(
        "GetFunctionCodeSigningConfig",
        "GET",
        SIGNING,
        200,
        read::code_signing,
    ),
];

/// Answers a request.
pub(crate) fn answer(place: &mut Place, iam: &Iam, asked: &Asked, request: &Request) -> Response {
    let id = &asked.request_id;
    let rest = match Rest::of(request) {
        Ok(rest) => rest,
        Err(failure) => return Response::json_failure(&failure, id),
    };
    let Some(operation) = asked_for(&rest) else {
        let message = "The requested operation does not exist.";
        let failure = Failure::new("UnknownOperationException", message).status(404);
        return Response::json_failure(&failure, id);
    };
    let settings = &asked.settings;
    if settings.throttle
        && !place
            .buckets
            .take("lambda", operation.name, false, asked.now)
    {
        return throttled(id);
    }
    match (operation.action)(&mut Call::new(place, iam, asked, rest)) {
        Ok(value) => Response::json(operation.status, id, &value),
        Err(failure) => Response::json_failure(&failure, id),
    }
}

/// The name of what a request asks for, such as `GetFunction`.
pub(crate) fn action(rest: &Rest) -> &'static str {
    asked_for(rest).map_or("", |operation| operation.name)
}

fn asked_for(rest: &Rest) -> Option<&'static Operation> {
    let fits = |path: &str| {
        let wanted: Vec<&str> = path.split('/').collect();
        let pairs = || wanted.iter().zip(&rest.path);
        wanted.len() == rest.path.len() && pairs().all(|(want, part)| *want == "*" || want == part)
    };
    OPERATIONS
        .iter()
        .find(|operation| operation.method == rest.method && fits(operation.path))
}

fn throttled(request_id: &str) -> Response {
    let code = "TooManyRequestsException";
    let value = json!({
        "Reason": "CallerRateLimitExceeded",
        "Type": "User",
        "message": "Rate exceeded",
        "Message": "Rate exceeded",
    });
    Response::json(429, request_id, &value)
        .with("x-amzn-errortype", code)
        .with("retry-after", "1")
}
