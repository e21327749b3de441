//! Signed requests as clients send them, and what is read from answers in XML.

use killick_sim::Request;

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const REGION: &str = "ap-northeast-1";
pub(crate) const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
/// 2026-01-01T00:00:00Z.
pub(crate) const BEGINNING: u64 = 1_767_225_600_000;

/// A request, signed with a key for a region and a service; `target` is the action of a JSON protocol.
pub(crate) fn signed(
    (key, region, service): (&str, &str, &str),
    (method, uri): (&str, &str),
    target: &str,
    body: impl Into<Vec<u8>>,
) -> Request {
    let scope = format!("{key}/20260101/{region}/{service}/aws4_request");
    let signature = format!("AWS4-HMAC-SHA256 Credential={scope}, Signature=0");
    let mut headers = vec![("authorization".to_owned(), signature)];
    if !target.is_empty() {
        headers.push(("x-amz-target".to_owned(), target.to_owned()));
    }
    Request {
        method: method.to_owned(),
        uri: uri.to_owned(),
        headers,
        body: body.into(),
    }
}

/// The body of a call of a query protocol.
pub(crate) fn form(action: &str, params: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", action).extend_pairs(params);
    form.finish()
}

/// The text of the first element of a name; nothing for none.
pub(crate) fn one(body: &str, element: &str) -> String {
    all(body, element).into_iter().next().unwrap_or_default()
}

/// The text of the first element of a name, which must be there.
#[track_caller]
pub(crate) fn must(body: &str, element: &str) -> String {
    let found = all(body, element).into_iter().next();
    found.unwrap_or_else(|| panic!("no {element} in {body}"))
}

/// The texts of all elements of a name.
pub(crate) fn all(body: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    body.split(&open)
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(&close)?.0.to_owned()))
        .collect()
}
