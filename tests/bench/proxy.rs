//! Stands between a client and the emulator: learns every answer once, then gives it after a fixed
//! delay, to all who ask at the same time.

use std::collections::HashMap;
use std::io::{self, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::Result;
use crate::traffic::{Log, Span, Traffic};
use crate::wire::Request;

/// Listens until this process ends.
pub(crate) struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    emulator: SocketAddr,
    delay: Duration,
    answers: Mutex<HashMap<Vec<u8>, Arc<[u8]>>>,
    log: Mutex<Log>,
}

impl Proxy {
    /// In front of the emulator at `url`.
    pub(crate) fn start(url: &str, delay: Duration) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            emulator: url.trim_start_matches("http://").parse()?,
            delay,
            answers: Mutex::default(),
            log: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // A client that went away is no concern of ours.
                thread::spawn(move || state.serve(stream).ok());
            }
        });
        Ok(Self { address, state })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint for AWS clients.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What has been asked since this was called last.
    pub(crate) fn traffic(&self) -> Traffic {
        std::mem::take(&mut *locked(&self.state.log)).figures()
    }
}

impl State {
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        locked(&self.log).connections += 1;
        let mut reader = BufReader::new(stream);
        while let Some(request) = Request::read(&mut reader)? {
            let start = Instant::now();
            let answer = self.answer(&request)?;
            thread::sleep(self.delay.saturating_sub(start.elapsed()));
            // Noted first: the client may end as soon as it has its answer.
            let end = Instant::now();
            locked(&self.log).spans.push(Span { start, end });
            reader.get_mut().write_all(&answer)?;
        }
        Ok(())
    }

    fn answer(&self, request: &Request) -> io::Result<Arc<[u8]>> {
        let key = request.key();
        if let Some(known) = locked(&self.answers).get(&key) {
            return Ok(Arc::clone(known));
        }
        locked(&self.log).learned += 1;
        let answer: Arc<[u8]> = request.forward(self.emulator)?.into();
        locked(&self.answers).insert(key, Arc::clone(&answer));
        Ok(answer)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
