//! A webhook on loopback that keeps what it is sent, and answers as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// This status.
    Status(u16),
    /// Nothing, while the connection stays open.
    Silence,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The header by which receivers know repetitions.
    pub key: String,
    /// The body.
    pub body: Value,
    /// How it was answered.
    pub answer: Answer,
}

struct State {
    answer: Answer,
    deliveries: Vec<Delivery>,
}

/// The webhook; its port stays open until the test process ends.
pub struct Hook {
    port: u16,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Hook {
    /// One that takes everything.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let state = State {
            answer: Answer::Status(200),
            deliveries: Vec::new(),
        };
        let hook = Self {
            port,
            state: Arc::new((Mutex::new(state), Condvar::new())),
        };
        let shared = Arc::clone(&hook.state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(stream, &shared));
            }
        });
        hook
    }

    /// Where to post.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/secret-path", self.port)
    }

    /// Answers so from now on.
    pub fn answers(&self, answer: Answer) {
        self.lock().answer = answer;
    }

    /// What has come since the last time, in order of arrival.
    pub fn take(&self) -> Vec<Delivery> {
        std::mem::take(&mut self.lock().deliveries)
    }

    /// Waits until something has come.
    pub fn wait(&self) {
        let (state, came) = &*self.state;
        let guard = state.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = Duration::from_secs(60);
        let waited = came.wait_timeout_while(guard, limit, |state| state.deliveries.is_empty());
        let (guard, _) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(!guard.deliveries.is_empty(), "nothing was delivered");
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn serve(mut stream: TcpStream, (state, came): &(Mutex<State>, Condvar)) {
    let Ok(reading) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(reading);
    while let Some((key, body)) = request(&mut reader) {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = state.answer;
        state.deliveries.push(Delivery { key, body, answer });
        came.notify_all();
        drop(state);
        let Answer::Status(status) = answer else {
            // Until the other side gives up.
            let mut rest = Vec::new();
            reader.read_to_end(&mut rest).ok();
            return;
        };
        let answer = format!("HTTP/1.1 {status} Told\r\nContent-Length: 0\r\n\r\n");
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The idempotency key and the body of the next request.
fn request(reader: &mut impl BufRead) -> Option<(String, Value)> {
    let (mut key, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            match name.to_ascii_lowercase().as_str() {
                "idempotency-key" => value.trim().clone_into(&mut key),
                "content-length" => length = value.trim().parse().ok()?,
                _ => {}
            }
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((key, serde_json::from_slice(&body).ok()?))
}
