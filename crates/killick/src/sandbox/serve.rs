//! A sandbox over HTTP, for any AWS client on this machine.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use killick_engine::CancellationToken;
use tokio::net::TcpListener;

use super::Running;
use crate::error::Error;
use crate::files::why;

/// No request to the simulated services is longer.
const LARGEST: usize = 1 << 20;

/// A port that waits for clients of this machine.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes the port; 0 takes one that is free.
    ///
    /// # Errors
    /// Something else has it.
    pub async fn listen(port: u16) -> Result<Self, Error> {
        let failed = |error: std::io::Error| {
            let why = why(&error);
            Error::new(format!("cannot listen on 127.0.0.1:{port}: {why}"))
                .hint("name another port, or take a free one with --port 0")
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// What clients call their endpoint.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers everybody until somebody says stop.
    pub async fn run(self, running: &Running, stop: &CancellationToken) {
        loop {
            let accepted = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                accepted = self.listener.accept() => accepted,
            };
            let Ok((stream, _)) = accepted else {
                // No more connections can be had; some will end.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let running = running.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| answered(running.clone(), request));
                let mut http = http1::Builder::new();
                http.timer(TokioTimer::new());
                let connection = http.serve_connection(TokioIo::new(stream), service);
                // A client may break off at any time.
                connection.await.ok();
            });
        }
    }
}

async fn answered(
    running: Running,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST).collect().await else {
        let mut refused = Response::new(Full::default());
        *refused.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Ok(refused);
    };
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.into_owned())
    });
    let request = killick_sim::Request {
        method: head.method.as_str().to_owned(),
        uri: head.uri.to_string(),
        headers: headers.collect(),
        body: body.to_bytes().to_vec(),
    };
    let response = running.answer(&request);
    tracing::info!(status = response.status, "{}", called(&request));
    Ok(outward(response))
}

/// `DescribeVpcs`, or method and path where the action is not in the body.
fn called(request: &killick_sim::Request) -> String {
    let body = String::from_utf8_lossy(&request.body);
    let action = body
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="));
    match action {
        Some(action) => action.to_owned(),
        None => format!("{} {}", request.method, request.uri),
    }
}

fn outward(response: killick_sim::Response) -> Response<Full<Bytes>> {
    let mut out = Response::new(Full::from(response.body));
    *out.status_mut() =
        StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            out.headers_mut().append(name, value);
        }
    }
    out
}
