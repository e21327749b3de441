//! What goes over the wire, whatever carries it.

mod filter;
mod json;
mod members;
mod page;
mod params;
mod path;
mod scope;
mod xml;

pub(crate) use filter::{Filters, like};
pub(crate) use json::{Rest, aimed, members, parts};
pub(crate) use members::{Members, absent, constraint, within};
pub(crate) use page::{Page, page};
pub(crate) use params::Params;
pub(crate) use path::Paths;
pub(crate) use scope::Scope;
pub(crate) use xml::{IAM, SNS, STS, ec2_answer, ec2_failure, query_answer, query_failure};

/// A request as a client sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `POST` and its like.
    pub method: String,
    /// The path with the query, or the whole URL.
    pub uri: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A header; names have no case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The path and the query, without what comes before.
    pub(crate) fn path_and_query(&self) -> (&str, &str) {
        path_and_query(&self.uri)
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut headers = headers.iter();
    let found = headers.find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// The path and the query of a URI, without what comes before.
pub(crate) fn path_and_query(uri: &str) -> (&str, &str) {
    let rest = match uri.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .map_or("/", |from| rest.get(from..).unwrap_or("/")),
        None => uri,
    };
    rest.split_once('?').unwrap_or((rest, ""))
}

/// An answer as a service gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    pub(crate) fn new(status: u16, kind: &str, request_id: &str, body: String) -> Self {
        let headers = [("content-type", kind), ("x-amzn-requestid", request_id)];
        Self {
            status,
            headers: headers
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            body: body.into_bytes(),
        }
    }

    /// The same with another content type.
    pub(crate) fn of_kind(mut self, kind: &str) -> Self {
        self.headers.retain(|(name, _)| name != "content-type");
        self.with("content-type", kind)
    }

    /// A header; names have no case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}
