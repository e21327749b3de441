//! `/metrics` and `/healthz` over HTTP.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::{Board, metrics};

/// More at a time have to wait.
const MOST_CONNECTIONS: usize = 32;
/// A client that sends nothing for so long is let go.
const IDLE: Duration = Duration::from_secs(15);

/// A port that waits for those who collect metrics.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Takes the port; 0 takes one that is free.
    ///
    /// # Errors
    /// Something else has it, or the address is not of this machine.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until it is dropped, and every connection with it.
    pub(crate) async fn answer(&self, board: &Board) {
        let mut open = JoinSet::new();
        loop {
            while open.len() >= MOST_CONNECTIONS {
                open.join_next().await;
            }
            while open.try_join_next().is_some() {}
            let Ok((stream, _)) = self.listener.accept().await else {
                // No more connections can be had; some will end.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let board = board.clone();
            open.spawn(async move {
                let service = service_fn(move |request| {
                    let response = page(&board, &request);
                    async move { Ok::<_, Infallible>(response) }
                });
                let mut http = http1::Builder::new();
                http.timer(TokioTimer::new()).header_read_timeout(IDLE);
                // A client may break off at any time.
                http.serve_connection(TokioIo::new(stream), service)
                    .await
                    .ok();
            });
        }
    }
}

fn page(board: &Board, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    const PLAIN: &str = "text/plain; charset=utf-8";
    let path = request.uri().path();
    if !matches!(path, "/metrics" | "/healthz") {
        return response(
            StatusCode::NOT_FOUND,
            PLAIN,
            "there are /metrics and /healthz\n",
        );
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refused = response(StatusCode::METHOD_NOT_ALLOWED, PLAIN, "GET it\n");
        let allowed = HeaderValue::from_static("GET, HEAD");
        refused.headers_mut().insert(ALLOW, allowed);
        return refused;
    }
    if path == "/metrics" {
        return response(
            StatusCode::OK,
            metrics::CONTENT_TYPE,
            metrics::render(board),
        );
    }
    let health = board.health();
    let status = match health.well {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    response(status, PLAIN, health.why)
}

fn response(
    status: StatusCode,
    kind: &'static str,
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static(kind);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
