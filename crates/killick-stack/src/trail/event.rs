//! An event of CloudTrail, as far as it matters.

use std::collections::BTreeSet;

use serde_json::Value;

/// One call that somebody made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its own id.
    pub id: String,
    /// The action; Lambda's with the date of its API.
    pub name: String,
    /// In seconds since 1970.
    pub at: u64,
    /// The ARN of who made it, or the service that made it for somebody.
    pub principal: String,
    /// The user agent.
    pub agent: String,
    /// Whether it was refused.
    pub failed: bool,
    /// Every text in its parameters and its answer.
    pub texts: BTreeSet<String>,
    /// The name of every member in its parameters.
    pub members: BTreeSet<String>,
}

impl Event {
    /// From the members of a lookup's answer, and the event as JSON in it.
    /// What is no event is none.
    pub fn of(
        (id, name, user): (Option<&str>, Option<&str>, Option<&str>),
        at: u64,
        record: Option<&str>,
    ) -> Option<Self> {
        let record: Value = serde_json::from_str(record.unwrap_or("{}")).unwrap_or_default();
        let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
        let (mut texts, mut members) = (BTreeSet::new(), BTreeSet::new());
        if let Some(request) = record.pointer("/requestParameters") {
            gather(request, &mut texts, &mut members);
        }
        if let Some(answer) = record.pointer("/responseElements") {
            gather(answer, &mut texts, &mut BTreeSet::new());
        }
        let principal = text("/userIdentity/arn")
            .or_else(|| text("/userIdentity/invokedBy"))
            .or(user)
            .unwrap_or("somebody without a name");
        Some(Self {
            id: id?.to_owned(),
            name: name?.to_owned(),
            at,
            principal: principal.to_owned(),
            agent: text("/userAgent").unwrap_or("unknown").to_owned(),
            failed: text("/errorCode").is_some(),
            texts,
            members,
        })
    }

    /// Whether killick made it: its clients say so.
    pub fn ours(&self) -> bool {
        self.agent
            .split_whitespace()
            .any(|word| word == "app/killick")
    }
}

fn gather(value: &Value, texts: &mut BTreeSet<String>, members: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            texts.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, texts, members)),
        Value::Object(all) => {
            for (name, item) in all {
                members.insert(name.clone());
                gather(item, texts, members);
            }
        }
        _ => {}
    }
}
