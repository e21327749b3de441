//! STS: who is asking. Nothing is proved here; every key is good.

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::principal::Principal;
use crate::wire::{Params, Request, Response, STS, Scope, query_answer, query_failure};
use crate::world::{Asked, Millis, timestamp};

/// How long keys last at most, in seconds.
const LONGEST: i64 = 43_200;

/// Who the user is.
pub(crate) const USER_ID: &str = "AIDASANDBOXSANDBOXSB";

/// Answers a request. Parameters that nobody asks for are ignored.
pub(crate) fn answer(scope: &Scope, asked: &Asked, request: &Request) -> Response {
    let mut params = Params::parse(&request.body);
    let action = params.text("Action").unwrap_or_default();
    let answer = match action.as_str() {
        "GetCallerIdentity" => Ok(caller(scope)),
        "AssumeRole" => assume(asked.now, &mut params),
        _ => {
            let message = format!("Could not find operation {action} for version 2011-06-15");
            Err(Failure::new("InvalidAction", message))
        }
    };
    match answer {
        Ok(value) => query_answer(STS, &action, &asked.request_id, &value),
        Err(failure) => query_failure(STS, &failure, &asked.request_id),
    }
}

fn caller(scope: &Scope) -> Value {
    let account = &scope.account;
    let principal = Principal::of(&scope.key);
    json!({
        "Arn": principal.arn(account),
        "UserId": principal.id(),
        "Account": account,
    })
}

/// Keys of the role's account, whatever its trust policy would say.
fn assume(now: Millis, params: &mut Params) -> Result<Value, Failure> {
    let role = params.need("RoleArn").map_err(invalid)?;
    let name = params.need("RoleSessionName").map_err(invalid)?;
    let parts = role
        .strip_prefix("arn:aws:iam::")
        .and_then(|rest| rest.split_once(":role/"));
    let digits = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((account, path)) = parts.filter(|(account, _)| digits(account)) else {
        let message = format!("{role} is invalid");
        return Err(Failure::new("ValidationError", message));
    };
    // The session's ARN leaves the path out.
    let short = path.rsplit('/').next().unwrap_or(path);
    let mut answer = session(account, now, params)?;
    if let Some(members) = answer.as_object_mut() {
        let arn = format!("arn:aws:sts::{account}:assumed-role/{short}/{name}");
        let user = json!({"Arn": arn, "AssumedRoleId": format!("AROASANDBOXSANDBOXSB:{name}")});
        members.insert("AssumedRoleUser".to_owned(), user);
    }
    Ok(answer)
}

/// Keys whose id names the account, which is how requests are told apart.
fn session(account: &str, now: Millis, params: &mut Params) -> Result<Value, Failure> {
    let seconds = params.number("DurationSeconds").map_err(invalid)?;
    let seconds = seconds.unwrap_or(3600);
    if !(900..=LONGEST).contains(&seconds) {
        let message = format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and {LONGEST}"
        );
        return Err(Failure::new("ValidationError", message));
    }
    let span = u64::try_from(seconds).unwrap_or_default() * 1000;
    Ok(json!({"Credentials": {
        "AccessKeyId": format!("ASIASIMU{account}"),
        "SecretAccessKey": "sandbox",
        "SessionToken": "sandbox",
        "Expiration": timestamp(now.saturating_add(span)),
    }}))
}

fn invalid(failure: Failure) -> Failure {
    Failure::new("ValidationError", failure.message)
}
