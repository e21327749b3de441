//! Something in place of the network: the SDK signs and reads as always, and
//! its requests end in this process.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::{HttpError, StatusCode};
use aws_smithy_types::body::SdkBody;

/// A request as the SDK would put it on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireRequest {
    /// `GET`, `POST`, `PUT`, ...
    pub method: String,
    /// The whole address, from the scheme to the query.
    pub uri: String,
    /// Names and values; names are lower-case and may come more than once.
    pub headers: Vec<(String, String)>,
    /// Empty where there is none.
    pub body: Vec<u8>,
}

/// An answer as it comes off the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Names and values; a name may come more than once.
    pub headers: Vec<(String, String)>,
    /// Empty where there is none.
    pub body: Vec<u8>,
}

/// How a request ended without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// No connection was made; nothing was sent.
    Unreached,
    /// The connection broke with the request on it: it may have been heard.
    Broken,
}

/// A request on its way to an answer.
pub type Sending = Pin<Box<dyn Future<Output = Result<WireAnswer, Cut>> + Send>>;

/// What carries requests in place of a network connection.
pub trait Wire: Debug + Send + Sync {
    /// Carries one request. Nothing limits the time that it takes.
    fn send(&self, request: WireRequest) -> Sending;

    /// What time it is at the other end, in seconds since 1970.
    fn now(&self) -> u64;
}

/// An HTTP client for the SDK that sends everything over `wire`.
pub(crate) fn http_client(wire: Arc<dyn Wire>) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Connector(wire));
    http_client_fn(move |_, _| connector.clone())
}

#[derive(Debug)]
struct Connector(Arc<dyn Wire>);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Some(request) = outward(&request) else {
            return HttpConnectorFuture::ready(Err(ConnectorError::user(
                "a body that is not in memory".into(),
            )));
        };
        let sending = self.0.send(request);
        HttpConnectorFuture::new(async move {
            let answer = sending.await.map_err(cut)?;
            inward(answer).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

fn outward(request: &HttpRequest) -> Option<WireRequest> {
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Some(WireRequest {
        method: request.method().to_owned(),
        uri: request.uri().to_owned(),
        headers: request.headers().iter().map(owned).collect(),
        body: request.body().bytes()?.to_vec(),
    })
}

fn inward(answer: WireAnswer) -> Result<HttpResponse, HttpError> {
    let status = StatusCode::try_from(answer.status)?;
    let mut response = HttpResponse::new(status, SdkBody::from(answer.body));
    for (name, value) in answer.headers {
        response.headers_mut().try_append(name, value)?;
    }
    Ok(response)
}

/// In the words of a real connection, which the error table goes by.
fn cut(cut: Cut) -> ConnectorError {
    match cut {
        Cut::Unreached => {
            ConnectorError::io("tcp connect error: nothing answers".into()).never_connected()
        }
        Cut::Broken => ConnectorError::io("connection closed before message completed".into()),
    }
}

#[cfg(test)]
mod tests;
