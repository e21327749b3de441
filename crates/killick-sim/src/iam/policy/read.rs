//! What policies must look like.

use serde_json::{Map, Value};

use super::{Document, Names, Statement};
use crate::failure::Failure;

impl Document {
    /// Reads a policy that says what may be done.
    ///
    /// # Errors
    /// `MalformedPolicyDocument`.
    pub(in crate::iam) fn permissions(text: &str) -> Result<Self, Failure> {
        let statements = statements(text)?;
        let read = statements.iter().map(|one| {
            if one.contains_key("Principal") || one.contains_key("NotPrincipal") {
                let message = "Policy document should not specify a principal.";
                return Err(malformed(message));
            }
            let statement = Statement {
                denies: denies(one)?,
                actions: either(one, "Action", "Policy statement must contain actions.")?,
                resources: either(one, "Resource", "Policy statement must contain resources.")?,
                keys: keys(one)?,
            };
            prefaced(&statement)?;
            Ok(statement)
        });
        Ok(Self {
            statements: read.collect::<Result<_, _>>()?,
        })
    }

    /// Looks at a policy that says who may act as a role.
    ///
    /// # Errors
    /// `MalformedPolicyDocument`.
    pub(in crate::iam) fn trust(text: &str) -> Result<(), Failure> {
        for one in &statements(text)? {
            denies(one)?;
            either(one, "Action", "Missing required field Action")?;
            if !one.contains_key("Principal") && !one.contains_key("NotPrincipal") {
                return Err(malformed("Missing required field Principal"));
            }
            if one.contains_key("Resource") || one.contains_key("NotResource") {
                return Err(malformed("Has prohibited field Resource"));
            }
        }
        Ok(())
    }
}

/// The keys of a `Condition`, below its operators.
fn keys(statement: &Map<String, Value>) -> Result<Vec<String>, Failure> {
    let Some(condition) = statement.get("Condition") else {
        return Ok(Vec::new());
    };
    let wrong = || malformed("Syntax errors in policy.");
    let mut keys = Vec::new();
    for operator in condition.as_object().ok_or_else(wrong)?.values() {
        let operands = operator.as_object().ok_or_else(wrong)?;
        keys.extend(operands.keys().cloned());
    }
    Ok(keys)
}

/// The statements of a policy: one or a list of them.
fn statements(text: &str) -> Result<Vec<Map<String, Value>>, Failure> {
    let wrong = || malformed("Syntax errors in policy.");
    let policy: Map<String, Value> = serde_json::from_str(text).map_err(|_| wrong())?;
    match policy.get("Version").map(Value::as_str) {
        None | Some(Some("2012-10-17" | "2008-10-17")) => {}
        Some(_) => return Err(wrong()),
    }
    let found: Option<Vec<_>> = match policy.get("Statement") {
        Some(Value::Object(one)) => Some(vec![one.clone()]),
        Some(Value::Array(all)) => all.iter().map(|one| one.as_object().cloned()).collect(),
        _ => None,
    };
    found.filter(|all| !all.is_empty()).ok_or_else(wrong)
}

fn denies(statement: &Map<String, Value>) -> Result<bool, Failure> {
    match statement.get("Effect").and_then(Value::as_str) {
        Some("Allow") => Ok(false),
        Some("Deny") => Ok(true),
        _ => Err(malformed("Syntax errors in policy.")),
    }
}

/// A member or its opposite, such as `Action` and `NotAction`.
fn either(statement: &Map<String, Value>, name: &str, none: &str) -> Result<Names, Failure> {
    let wrong = || malformed("Syntax errors in policy.");
    let texts = |value: &Value| match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Array(all) => {
            let texts = all.iter().map(|one| one.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().ok_or_else(wrong)
        }
        _ => Err(wrong()),
    };
    let other = statement.get(&format!("Not{name}"));
    match (statement.get(name), other) {
        (Some(value), None) => Ok(Names::Of(texts(value)?)),
        (None, Some(value)) => Ok(Names::But(texts(value)?)),
        (Some(_), Some(_)) => Err(wrong()),
        (None, None) => Err(malformed(none)),
    }
}

/// Whether actions name their service and resources are ARNs.
fn prefaced(statement: &Statement) -> Result<(), Failure> {
    let mut actions = statement.actions.patterns().iter();
    if actions.any(|action| action != "*" && !action.contains(':')) {
        let message = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
        return Err(malformed(message));
    }
    let mut resources = statement.resources.patterns().iter();
    match resources.find(|resource| *resource != "*" && !resource.starts_with("arn:")) {
        None => Ok(()),
        Some(resource) => {
            let message = format!("Resource {resource} must be in ARN format or \"*\".");
            Err(malformed(message))
        }
    }
}

fn malformed(message: impl Into<String>) -> Failure {
    Failure::new("MalformedPolicyDocument", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_no_policy() {
        let code = |text: &str| {
            Document::permissions(text)
                .map(|_| ())
                .map_err(|f| f.message)
        };
        let one = |statement: Value| code(&json!({"Statement": statement}).to_string());
        for wrong in [
            code(""),
            code("[]"),
            code("{}"),
            code(r#"{"Statement":[]}"#),
            one(json!({"Effect": "Allow", "Action": "s3:Get"})),
            one(json!({"Effect": "Maybe", "Action": "s3:Get", "Resource": "*"})),
            one(json!({"Effect": "Allow", "Action": "Get", "Resource": "*"})),
            one(json!({"Effect": "Allow", "Action": 1, "Resource": "*"})),
            one(json!({"Effect": "Allow", "Action": "s3:Get", "Resource": "bucket"})),
            one(json!({"Effect": "Allow", "Action": "s3:Get", "Resource": "*", "Principal": "*"})),
        ] {
            assert!(wrong.is_err());
        }
        let trusting = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"});
        let text = |statement: &Value| json!({"Statement": statement}).to_string();
        assert!(Document::trust(&text(&trusting)).is_ok());
        assert!(Document::trust("{}").is_err());
        let nobody = json!({"Effect": "Allow", "Action": "sts:AssumeRole"});
        assert!(Document::trust(&text(&nobody)).is_err());
    }
}
