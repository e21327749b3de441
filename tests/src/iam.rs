//! IAM policies, and what calls need of them.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::server::Call;

/// One `Allow` statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// `ec2:DescribeVpcs`, …
    pub actions: BTreeSet<String>,
    /// The resources, as JSON.
    pub resource: String,
    /// The conditions.
    pub condition: Value,
}

/// The policy of this name in docs/iam.
pub fn documented(name: &str) -> Vec<Statement> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/iam");
    let text = std::fs::read_to_string(path.join(format!("{name}.json"))).expect("a policy");
    statements(&serde_json::from_str(&text).expect("a policy in JSON"))
}

/// The statements of a policy, every one of which allows something.
pub fn statements(policy: &Value) -> Vec<Statement> {
    let statements = policy["Statement"].as_array().expect("statements");
    let read = |statement: &Value| {
        assert_eq!(statement["Effect"], "Allow");
        let actions = &statement["Action"];
        let one = actions.as_str().map(str::to_owned);
        let many = actions.as_array().into_iter().flatten();
        let many = many.map(|action| action.as_str().expect("an action").to_owned());
        Statement {
            actions: one.into_iter().chain(many).collect(),
            resource: statement["Resource"].to_string(),
            condition: statement["Condition"].clone(),
        }
    };
    statements.iter().map(read).collect()
}

/// Every action that some statement allows.
pub fn allowed(statements: &[Statement]) -> BTreeSet<String> {
    let actions = statements.iter().flat_map(|one| &one.actions);
    actions.cloned().collect()
}

/// The IAM actions of the calls. `GetCallerIdentity` needs no permission.
pub fn made(calls: &[Call]) -> BTreeSet<String> {
    calls
        .iter()
        .filter(|call| call.service != "sts")
        .map(action)
        .collect()
}

/// The IAM action of a call.
pub fn action(call: &Call) -> String {
    let service = match &*call.service {
        "tagging" => "tag",
        service => service,
    };
    format!("{service}:{}", call.action)
}
