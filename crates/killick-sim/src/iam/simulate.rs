//! What a role may do, without doing it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::policy::{self, Decision, Policy, decide};
use super::{Action, Call, constraint, no_role};
use crate::failure::Failure;

pub(super) const ACTIONS: &[(&str, Action)] = &[("SimulatePrincipalPolicy", simulate)];

/// What would change the result in ways that are not known here.
const UNKNOWN: [&str; 3] = [
    "PermissionsBoundaryPolicyInputList",
    "PolicyExclusionList",
    "ResourcePolicy",
];

fn simulate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let source = call.need("PolicySourceArn")?;
    let actions = call.params.list("ActionNames.member");
    let mut resources = call.params.list("ResourceArns.member");
    let inputs = call.params.list("PolicyInputList.member");
    let asked = call.page()?;
    if actions.is_empty() {
        let rule = "Member must not be null";
        return Err(constraint("null", "actionNames", rule));
    }
    if let Some(wrong) = actions.iter().find(|name| name.len() < 3) {
        let rule = "Member must have length greater than or equal to 3";
        return Err(constraint(wrong, "actionNames", rule));
    }
    if let Some(name) = UNKNOWN.iter().find(|name| call.params.has(name)) {
        return Err(input(format!("{name} is not simulated")));
    }
    let mut policies = policies(call, &source)?;
    for (at, text) in inputs.iter().enumerate() {
        let id = format!("PolicyInputList.{}", at + 1);
        let read = Policy::read(&id, "none", text);
        policies.push(read.map_err(|failure| input(failure.message))?);
    }
    let all = resources.is_empty() || resources == ["*"];
    if all {
        resources = vec!["*".to_owned()];
    }
    let results = actions.iter().enumerate().map(|(at, action)| {
        let result = evaluated(&policies, action, &resources, all);
        (format!("{at:06}"), result)
    });
    Ok(call.listed(&asked, "EvaluationResults", results.collect()))
}

/// The policies of the role of an ARN, as this reader sees it.
fn policies(call: &Call<'_>, source: &str) -> Result<Vec<Policy>, Failure> {
    let kinds = [":role/", ":user/", ":group/"];
    let is_entity = source.starts_with("arn:") && source.contains(":iam::");
    let kind = kinds
        .iter()
        .find(|kind| is_entity && source.contains(**kind));
    let Some(kind) = kind else {
        let message =
            format!("Invalid Entity Arn: {source} does not clearly define entity type and name.");
        return Err(input(message));
    };
    let name = source.rsplit('/').next().unwrap_or_default();
    if *kind != ":role/" {
        let what = kind.trim_matches([':', '/']);
        let message = format!("The {what} with name {name} cannot be found.");
        return Err(super::missing(message));
    }
    let role = call.iam.roles.find(name, &call.eye);
    let role = role.filter(|role| role.arn() == source);
    Ok(role.ok_or_else(|| no_role(name))?.policies())
}

/// The result for one action: of all resources the worst, and each one's own.
fn evaluated(policies: &[Policy], action: &str, resources: &[String], all: bool) -> Value {
    let decided: Vec<_> = resources
        .iter()
        .map(|resource| (resource, decide(policies, action, resource)))
        .collect();
    let worst = decided.iter().map(|(_, (decision, _))| *decision).max();
    let worst = worst.unwrap_or(Decision::ImplicitDeny);
    let mut matched: Vec<&Policy> = Vec::new();
    for (_, (_, found)) in decided.iter().filter(|(_, (one, _))| *one == worst) {
        for policy in found {
            if !matched.iter().any(|known| known.id == policy.id) {
                matched.push(policy);
            }
        }
    }
    let name = match resources {
        [one] => one.as_str(),
        _ => "*",
    };
    let missing = |resource: &String| policy::asked(policies, action, resource);
    let every: BTreeSet<String> = resources.iter().flat_map(missing).collect();
    let each = decided.iter().map(|(resource, (decision, found))| {
        json!({
            "EvalResourceName": resource,
            "EvalResourceDecision": decision.name(),
            "MatchedStatements": shown(found),
            "MissingContextValues": missing(resource),
        })
    });
    let each: Option<Vec<Value>> = (!all).then(|| each.collect());
    json!({
        "EvalActionName": action,
        "EvalResourceName": name,
        "EvalDecision": worst.name(),
        "MatchedStatements": shown(&matched),
        "MissingContextValues": every,
        "ResourceSpecificResults": each,
    })
}

fn shown(matched: &[&Policy]) -> Vec<Value> {
    let shown = matched
        .iter()
        .map(|policy| json!({"SourcePolicyId": policy.id, "SourcePolicyType": policy.kind}));
    shown.collect()
}

/// IAM's `InvalidInput`.
fn input(message: impl Into<String>) -> Failure {
    Failure::new("InvalidInput", message)
}
