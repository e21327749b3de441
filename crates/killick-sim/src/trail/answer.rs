//! What an answer says: the ids of what was made, or why nothing was.

use std::borrow::Cow;

use serde_json::Value;

use crate::wire::Response;

/// The code and the message of a refusal, as an event has them.
pub(super) fn refusal(service: &str, response: &Response) -> (String, String) {
    let text = String::from_utf8_lossy(&response.body);
    if let Some(code) = response.header("x-amzn-errortype") {
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        let message = body.get("message").and_then(Value::as_str);
        return (code.to_owned(), message.unwrap_or_default().to_owned());
    }
    let (mut code, mut message) = (String::new(), String::new());
    each_element(&text, |path, value| match path.last().map(AsRef::as_ref) {
        Some("Code") => code = value.to_owned(),
        Some("Message") => message = unescaped(value),
        _ => {}
    });
    // EC2 says whose fault it is, and IAM names its exceptions in full.
    let code = match (service, code.as_str()) {
        ("ec2", code) if response.status < 500 || code == "RequestLimitExceeded" => {
            format!("Client.{code}")
        }
        ("ec2", code) => format!("Server.{code}"),
        ("iam", "NoSuchEntity" | "EntityAlreadyExists" | "DeleteConflict" | "LimitExceeded") => {
            format!("{code}Exception")
        }
        (_, code) => code.to_owned(),
    };
    (code, message)
}

/// What tells things apart in an answer: `natGateway/natGatewayId=nat-…`, one
/// a line; the numbers in a path are places in a list.
pub(super) fn made(service: &str, response: &Response) -> String {
    let text = String::from_utf8_lossy(&response.body);
    let mut out = String::new();
    // `CreateVpcResponse`, and `CreateRoleResult` in it.
    let outer = match service {
        "ec2" => 1,
        _ => 2,
    };
    match text.trim_start().starts_with('<') {
        true => each_element(&text, |path, value| {
            let told = path.last().is_some_and(|name| tells(name));
            if told && !path.iter().any(|name| name == "ResponseMetadata") {
                let path: Vec<&str> = path.iter().skip(outer).map(AsRef::as_ref).collect();
                line(&mut out, &path, &unescaped(value));
            }
        }),
        false => {
            let body: Value = serde_json::from_str(&text).unwrap_or_default();
            members(&mut out, &mut Vec::new(), &body);
        }
    }
    out
}

fn tells(name: &str) -> bool {
    let parts = ["Id", "Arn", "Name", "Version"];
    name == "publicIp" || parts.iter().any(|part| name.ends_with(part))
}

fn line(out: &mut String, path: &[&str], value: &str) {
    if path.is_empty() || value.contains('\n') {
        return;
    }
    *out += &path.join("/");
    out.push('=');
    *out += value;
    out.push('\n');
}

fn members<'a>(out: &mut String, path: &mut Vec<&'a str>, value: &'a Value) {
    match value {
        Value::Object(all) => {
            for (name, value) in all {
                path.push(name);
                members(out, path, value);
                path.pop();
            }
        }
        Value::String(text) if path.last().is_some_and(|name| tells(name)) => {
            line(out, path, text);
        }
        _ => {}
    }
}

/// Every element with a text in it, with its path. Members of lists are
/// numbered.
fn each_element<'a>(xml: &'a str, mut see: impl FnMut(&[Cow<'a, str>], &str)) {
    let mut path: Vec<Cow<'a, str>> = Vec::new();
    // How many members there were at each depth.
    let mut counts: Vec<usize> = vec![0];
    for piece in xml.split('<').skip(1) {
        let Some((tag, text)) = piece.split_once('>') else {
            continue;
        };
        if tag.starts_with('?') {
            continue;
        }
        if tag.starts_with('/') {
            path.pop();
            counts.pop();
            continue;
        }
        let name = tag.split(' ').next().unwrap_or_default();
        let count = counts
            .last_mut()
            .filter(|_| matches!(name, "item" | "member"));
        path.push(match count {
            None => name.into(),
            Some(count) => {
                *count += 1;
                (*count - 1).to_string().into()
            }
        });
        counts.push(0);
        if !text.is_empty() {
            see(&path, text);
        }
    }
}

fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let text = text.replace("&quot;", "\"").replace("&lt;", "<");
    text.replace("&gt;", ">").replace("&amp;", "&")
}
