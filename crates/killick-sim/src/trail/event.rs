//! An event as CloudTrail writes it.

use serde_json::{Map, Value, json};

use super::Event;
use super::resources::resources;
use super::tree::{Style, Tree, camel};
use crate::dice::{digest, mix};
use crate::principal::second;
use crate::wire::{parts, path_and_query};

/// EC2's newer actions, whose parameters are below one member.
const WRAPPED: [&str; 16] = [
    "AssociateNatGatewayAddress",
    "AssociateSubnetCidrBlock",
    "AssociateVpcCidrBlock",
    "CreateEgressOnlyInternetGateway",
    "CreateNatGateway",
    "CreateVpcEndpoint",
    "DeleteEgressOnlyInternetGateway",
    "DeleteNatGateway",
    "DeleteVpcEndpoints",
    "DisableAddressTransfer",
    "DisassociateNatGatewayAddress",
    "DisassociateVpcCidrBlock",
    "EnableAddressTransfer",
    "ModifySecurityGroupRules",
    "ModifyVpcBlockPublicAccessOptions",
    "ModifyVpcEndpoint",
];

impl Event {
    /// `ec2.amazonaws.com` and its like.
    pub(super) fn source(&self) -> String {
        format!("{}.amazonaws.com", self.service)
    }

    /// The action; Lambda's with the date of its API.
    pub(super) fn name(&self) -> String {
        let date = match (self.service.as_str(), self.action.as_str()) {
            ("lambda", "UpdateFunctionConfiguration" | "UpdateFunctionCode") => "20150331v2",
            ("lambda", "TagResource" | "UntagResource") => "20170331v2",
            ("lambda", _) => "20150331",
            _ => "",
        };
        format!("{}{date}", self.action)
    }

    /// An id like a request's, and no other event's.
    pub(super) fn id(&self) -> String {
        let first = mix(digest(&self.request_id) ^ mix(self.number));
        let (a, b) = (format!("{first:016x}"), format!("{:016x}", mix(first)));
        let cut = |text: &str, from: usize, to: usize| -> String {
            text.chars().skip(from).take(to - from).collect()
        };
        let (one, two, three) = (cut(&a, 0, 8), cut(&a, 8, 12), cut(&a, 13, 16));
        format!("{one}-{two}-4{three}-a{}-{}", cut(&b, 0, 3), cut(&b, 4, 16))
    }

    /// `requestParameters` and `responseElements`.
    pub(super) fn told(&self) -> (Value, Value) {
        (self.parameters(), self.elements())
    }

    /// The event in an answer of `LookupEvents`.
    pub(super) fn shown(&self, account: &str, region: &str) -> Value {
        let principal = self.principal();
        let (parameters, elements) = self.told();
        let resources = resources(&self.service, &parameters, &elements);
        let mut event = json!({
            "eventVersion": "1.10",
            "userIdentity": principal.identity(account, &self.key, self.at),
            "eventTime": second(self.at),
            "eventSource": self.source(),
            "eventName": self.name(),
            "awsRegion": region,
            "sourceIPAddress": principal.address(),
            "userAgent": self.agent,
            "requestParameters": parameters,
            "responseElements": elements,
            "requestID": self.request_id,
            "eventID": self.id(),
            "readOnly": false,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": account,
            "eventCategory": "Management",
        });
        if let (Some((code, message)), Some(members)) = (&self.error, event.as_object_mut()) {
            members.insert("errorCode".to_owned(), code.as_str().into());
            members.insert("errorMessage".to_owned(), message.as_str().into());
        }
        let resources = resources.into_iter();
        let resources: Vec<Value> = resources
            .map(|(kind, name)| json!({"ResourceType": kind, "ResourceName": name}))
            .collect();
        json!({
            "EventId": self.id(),
            "EventName": self.name(),
            "ReadOnly": "false",
            "AccessKeyId": self.key,
            "EventTime": self.at / 1000,
            "EventSource": self.source(),
            "Username": principal.user_name(),
            "Resources": resources,
            "CloudTrailEvent": event.to_string(),
        })
    }

    fn wrapped(&self) -> bool {
        self.service == "ec2" && WRAPPED.contains(&self.action.as_str())
    }

    fn parameters(&self) -> Value {
        let (path, body) = &self.request;
        let value = match self.service.as_str() {
            "ec2" | "iam" | "sns" => {
                let style = match (self.service.as_str(), self.wrapped()) {
                    ("ec2", true) => Style::Wrapped,
                    ("ec2", false) => Style::Items,
                    _ => Style::Plain,
                };
                let shown = form(body).shown(style);
                match style {
                    Style::Wrapped => json!({format!("{}Request", self.action): shown}),
                    _ => shown,
                }
            }
            "lambda" => of_lambda(path, body),
            _ => lower(&serde_json::from_str(body).unwrap_or_default()),
        };
        match value.as_object().is_some_and(Map::is_empty) {
            true => Value::Null,
            false => value,
        }
    }

    fn elements(&self) -> Value {
        if self.error.is_some() || (self.service != "ec2" && self.made.is_empty()) {
            return Value::Null;
        }
        let mut tree = Tree::default();
        for (path, value) in self.made.lines().filter_map(|line| line.split_once('=')) {
            tree.put(path.split('/'), value.to_owned());
        }
        if self.wrapped() {
            return json!({format!("{}Response", self.action): tree.shown(Style::Plain)});
        }
        match self.service.as_str() {
            "ec2" => {
                let mut shown = tree.shown(Style::Items);
                if let Some(members) = shown.as_object_mut().filter(|members| members.len() < 2) {
                    members.insert("_return".to_owned(), true.into());
                }
                shown
            }
            _ => tree.shown(Style::Plain),
        }
    }
}

/// The parameters of a query.
fn form(body: &str) -> Tree {
    let mut tree = Tree::default();
    for (name, value) in form_urlencoded::parse(body.as_bytes()) {
        if !matches!(name.as_ref(), "Action" | "Version") {
            tree.put(name.split('.'), value.into_owned());
        }
    }
    tree
}

/// The parameters of a call of Lambda: those of the path come first.
fn of_lambda(uri: &str, body: &str) -> Value {
    let (path, query) = parts(path_and_query(uri));
    let mut all = Map::new();
    let mut add = |name: &str, value: &str| all.insert(name.to_owned(), value.into());
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [_, "functions", name, "aliases", alias] => {
            add("functionName", name);
            add("name", alias);
        }
        [_, "functions", name, ..] => {
            add("functionName", name);
        }
        [_, "tags", arn] => {
            add("resource", arn);
        }
        _ => {}
    }
    let mut keys: Vec<Value> = Vec::new();
    for (name, value) in query {
        match name.as_str() {
            "tagKeys" => keys.push(value.into()),
            name => {
                all.insert(camel(name), value.into());
            }
        }
    }
    if !keys.is_empty() {
        all.insert("tagKeys".to_owned(), keys.into());
    }
    let body = lower(&serde_json::from_str(body).unwrap_or_default());
    if let Value::Object(members) = body {
        all.extend(members);
    }
    all.into()
}

/// The members of a JSON request, as events name them. What a map of tags
/// calls its tags stays.
fn lower(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| match name.as_str() {
                "Tags" | "Variables" if value.is_object() => (camel(name), value.clone()),
                name => (camel(name), lower(value)),
            });
            members.collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(lower).collect(),
        other => other.clone(),
    }
}
