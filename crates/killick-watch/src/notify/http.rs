//! Posting JSON to a URL that is a secret.

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER, USER_AGENT};
use hyper::{HeaderMap, Request, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};

use super::SendError;

/// No answer takes longer.
const LIMIT: Duration = Duration::from_secs(10);
/// Of an answer no more is read.
const LONGEST_ANSWER: usize = 4096;
const AGENT: &str = concat!("killick/", env!("CARGO_PKG_VERSION"));

/// The URL of a webhook. Whoever knows it can post there, so only the host is
/// ever shown.
#[derive(Clone, PartialEq, Eq)]
pub struct HookUrl {
    uri: Uri,
    host: String,
}

/// Why a target cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The text is no URL of a webhook.
    #[error("not the URL of a webhook: {0}")]
    Url(&'static str),
    /// There is nothing to check certificates against.
    #[error("cannot load the certificates that this machine trusts: {0}")]
    Roots(String),
}

impl HookUrl {
    /// Where it leads, with the port if there is one.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl FromStr for HookUrl {
    type Err = SetupError;

    fn from_str(text: &str) -> Result<Self, SetupError> {
        let uri: Uri = text
            .parse()
            .map_err(|_| SetupError::Url("it cannot be read"))?;
        if !matches!(uri.scheme_str(), Some("https" | "http")) {
            return Err(SetupError::Url("it must begin with https:// or http://"));
        }
        let authority = uri.authority().ok_or(SetupError::Url("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(SetupError::Url(
                "user names and passwords in it are not supported",
            ));
        }
        let host = authority.as_str().to_ascii_lowercase();
        Ok(Self { uri, host })
    }
}

impl fmt::Debug for HookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HookUrl").field(&self.host).finish()
    }
}

impl fmt::Display for HookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)
    }
}

/// A client of one URL.
#[derive(Clone, Debug)]
pub(super) struct Http {
    url: HookUrl,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    limit: Duration,
}

impl Http {
    pub(super) fn new(url: HookUrl) -> Result<Self, SetupError> {
        let roots = |why: &dyn fmt::Display| SetupError::Roots(why.to_string());
        let provider = rustls::crypto::ring::default_provider();
        let builder = HttpsConnectorBuilder::new();
        let builder = match url.uri.scheme_str() {
            Some("https") => builder
                .with_provider_and_native_roots(provider)
                .map_err(|error| roots(&error))?
                .https_only(),
            // Without TLS there is nothing to trust.
            _ => builder
                .with_tls_config(
                    ClientConfig::builder_with_provider(provider.into())
                        .with_safe_default_protocol_versions()
                        .map_err(|error| roots(&error))?
                        .with_root_certificates(RootCertStore::empty())
                        .with_no_client_auth(),
                )
                .https_or_http(),
        };
        let client = Client::builder(TokioExecutor::new()).build(builder.enable_http1().build());
        Ok(Self {
            url,
            client,
            limit: LIMIT,
        })
    }

    pub(super) fn host(&self) -> &str {
        self.url.host()
    }

    pub(super) fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Posts `body` once.
    pub(super) async fn post(&self, id: &str, body: Vec<u8>) -> Result<(), SendError> {
        match tokio::time::timeout(self.limit, self.exchange(id, body)).await {
            Ok(result) => result,
            Err(_) => Err(SendError::passing(format!(
                "no answer from {} within {} s",
                self.host(),
                self.limit.as_secs()
            ))),
        }
    }

    async fn exchange(&self, id: &str, body: Vec<u8>) -> Result<(), SendError> {
        let request = Request::post(self.url.uri.clone())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header(USER_AGENT, AGENT)
            .header(HeaderName::from_static("idempotency-key"), id)
            .body(Full::from(body))
            .map_err(|_| SendError::refused("the request cannot be put together"))?;
        let host = self.host();
        let sent = self.client.request(request).await;
        let response = sent.map_err(|error| {
            SendError::passing(format!("cannot reach {host}: {}", root(&error)))
        })?;
        let (head, body) = response.into_parts();
        // Read to its end, so that the connection can be used again.
        let answer = Limited::new(body, LONGEST_ANSWER).collect().await;
        if head.status.is_success() {
            return Ok(());
        }
        let said = answer.map(|answer| self.code(&answer.to_bytes()));
        Err(self.judged(head.status, &head.headers, &said.unwrap_or_default()))
    }

    fn judged(&self, status: StatusCode, headers: &HeaderMap, said: &str) -> SendError {
        let host = self.host();
        let message = format!("{host} answered {}{said}", status.as_u16());
        if status.is_redirection() {
            return SendError::refused(format!("{message}: redirects are not followed"));
        }
        let passing = status.is_server_error()
            || matches!(
                status,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
            );
        if !passing {
            return SendError::refused(message);
        }
        let seconds = headers.get(RETRY_AFTER).and_then(|value| {
            let value = value.to_str().ok()?;
            value.trim().parse().ok()
        });
        SendError {
            after: seconds.map(Duration::from_secs),
            ..SendError::passing(message)
        }
    }

    /// An answer in one lower-case word, as Slack gives it (`no_service`).
    /// Anything else may repeat the URL and is not shown.
    fn code(&self, answer: &[u8]) -> String {
        let word = std::str::from_utf8(answer).unwrap_or_default().trim();
        let plain = |c: char| c.is_ascii_lowercase() || c == '_';
        match (1..=40).contains(&word.len())
            && word.chars().all(plain)
            && !self.url.uri.to_string().contains(word)
        {
            true => format!(" {word}"),
            false => String::new(),
        }
    }
}

/// The innermost reason: the outer ones only say that there is one.
fn root(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
