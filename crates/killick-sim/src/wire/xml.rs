//! XML of EC2, STS, IAM and SNS. Answers are built as JSON values: an object's
//! members become elements, an array becomes a list of `item` or `member`, null
//! is left out.

use serde_json::Value;

use super::Response;
use crate::failure::Failure;

const KIND: &str = "text/xml;charset=UTF-8";

/// EC2's answer to an action.
pub(crate) fn ec2_answer(action: &str, request_id: &str, value: &Value) -> Response {
    let mut body = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    body += &format!("<{action}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">");
    body += &format!("<requestId>{request_id}</requestId>");
    write(&mut body, "item", value);
    body += &format!("</{action}Response>");
    Response::new(200, KIND, request_id, body)
}

/// EC2's error.
pub(crate) fn ec2_failure(failure: &Failure, request_id: &str) -> Response {
    let (code, message) = (escaped(&failure.code), escaped(&failure.message));
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code>\
         <Message>{message}</Message></Error></Errors><RequestID>{request_id}</RequestID></Response>"
    );
    Response::new(failure.status, KIND, request_id, body)
}

/// The namespace of STS.
pub(crate) const STS: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
/// The namespace of IAM.
pub(crate) const IAM: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// The namespace of SNS.
pub(crate) const SNS: &str = "http://sns.amazonaws.com/doc/2010-03-31/";

/// The answer of STS, IAM or SNS to an action.
pub(crate) fn query_answer(
    namespace: &str,
    action: &str,
    request_id: &str,
    value: &Value,
) -> Response {
    let mut body = format!("<{action}Response xmlns=\"{namespace}\">");
    body += &format!("<{action}Result>");
    write(&mut body, "member", value);
    body += &format!("</{action}Result><ResponseMetadata><RequestId>{request_id}</RequestId>");
    body += &format!("</ResponseMetadata></{action}Response>");
    Response::new(200, "text/xml", request_id, body)
}

/// The error of STS, IAM or SNS.
pub(crate) fn query_failure(namespace: &str, failure: &Failure, request_id: &str) -> Response {
    let (code, message) = (escaped(&failure.code), escaped(&failure.message));
    let body = format!(
        "<ErrorResponse xmlns=\"{namespace}\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    );
    Response::new(failure.status, "text/xml", request_id, body)
}

/// Writes a value; `item` is the name of what lists hold.
fn write(out: &mut String, item: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(on) => *out += if *on { "true" } else { "false" },
        Value::Number(number) => *out += &number.to_string(),
        Value::String(text) => *out += &escaped(text),
        Value::Array(items) => items.iter().for_each(|one| element(out, item, item, one)),
        Value::Object(members) => {
            for (name, value) in members {
                element(out, item, name, value);
            }
        }
    }
}

fn element(out: &mut String, item: &str, name: &str, value: &Value) {
    if value.is_null() {
        return;
    }
    out.push('<');
    *out += name;
    out.push('>');
    write(out, item, value);
    *out += "</";
    *out += name;
    out.push('>');
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            '"' => out += "&quot;",
            '\t' | '\n' | '\r' => out += &format!("&#{};", u32::from(char)),
            // Not allowed in XML at all.
            char if char < ' ' => out.push('\u{fffd}'),
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_and_escapes() {
        let mut out = String::new();
        write(
            &mut out,
            "item",
            &json!({"set": [{"a": "<&>"}, "b"], "none": null, "empty": []}),
        );
        assert_eq!(
            out,
            "<empty></empty><set><item><a>&lt;&amp;&gt;</a></item><item>b</item></set>"
        );
    }
}
