//! A page in a real browser, without a network.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::tool;

/// What a browser made of a page.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The document after everything was loaded, as HTML.
    pub dom: String,
    /// What it wanted to load from elsewhere: the first line of each request.
    pub requests: Vec<String>,
}

/// Opens a file in Chromium whose every request ends at a proxy that refuses it.
pub fn open(page: &Path) -> Shown {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let Some(browser) = names.iter().find_map(|name| tool::of_machine(name)) else {
        panic!(
            "there is no Chromium on this machine to open pages with: install it (Debian: \
             apt-get install chromium)"
        );
    };
    let (proxy, requests) = refusing_proxy();
    let home = tempfile::tempdir().expect("a home for the browser");
    let mut command = Command::new(browser);
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-dev-shm-usage",
            "--disable-extensions",
            "--disable-sync",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args(["--disable-default-apps", "--disable-domain-reliability"])
        .args(["--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", home.path().display()))
        .arg(format!("--proxy-server=http://127.0.0.1:{proxy}"))
        // Loopback is no exception.
        .arg("--proxy-bypass-list=<-loopback>")
        .arg(format!("file://{}", page.display()))
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    let ran = command.output().expect("the browser");
    assert!(
        ran.status.success(),
        "the browser ended with {}",
        ran.status
    );
    let mut requests = requests.lock().unwrap_or_else(PoisonError::into_inner);
    let mut requests = std::mem::take(&mut *requests);
    // What the browser asks of its maker is not the page's.
    requests.retain(|line| !line.contains("google") && !line.contains("gvt1.com"));
    Shown {
        dom: String::from_utf8_lossy(&ran.stdout).into_owned(),
        requests,
    }
}

fn refusing_proxy() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut start = [0; 1024];
            let read = stream.read(&mut start).unwrap_or(0);
            let text = String::from_utf8_lossy(start.get(..read).unwrap_or_default());
            let first = text.lines().next().unwrap_or_default().to_owned();
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.push(first);
            drop(seen);
            let refusal =
                b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            stream.write_all(refusal).ok();
        }
    });
    (port, requests)
}
