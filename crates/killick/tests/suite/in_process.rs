//! Whole runs within this process: the real SDK, no socket, a clock that jumps.

use std::future::ready;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use killick::args::Args;
use killick::report::Out;
use killick::{App, Exit, Reach, run};
use killick_aws::{Cut, Sending, Wire, WireAnswer, WireRequest};
use tokio::time::Instant;

const SPEC: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../specs/lambda-fixed-ip.toml"
);

/// An account with nothing in it.
#[derive(Debug)]
struct Empty;

impl Wire for Empty {
    fn now(&self) -> u64 {
        0
    }

    fn send(&self, request: WireRequest) -> Sending {
        let body = String::from_utf8(request.body).unwrap();
        let action = body
            .split('&')
            .find_map(|pair| pair.strip_prefix("Action="));
        let (status, body) = match action {
            Some("GetCallerIdentity") => (
                200,
                "<GetCallerIdentityResponse><GetCallerIdentityResult>\
                 <Account>123456789012</Account>\
                 </GetCallerIdentityResult></GetCallerIdentityResponse>"
                    .to_owned(),
            ),
            Some(action) => (200, format!("<{action}Response/>")),
            None if request.uri.contains("/functions/billing-sync") => {
                (404, r#"{"__type": "ResourceNotFoundException"}"#.to_owned())
            }
            None => (200, "{}".to_owned()),
        };
        let headers = Vec::new();
        let body = body.into_bytes();
        let answer = WireAnswer {
            status,
            headers,
            body,
        };
        Box::pin(ready(Ok(answer)))
    }
}

/// No network at all.
#[derive(Debug)]
struct Unplugged;

impl Wire for Unplugged {
    fn now(&self) -> u64 {
        0
    }

    fn send(&self, _: WireRequest) -> Sending {
        Box::pin(ready(Err(Cut::Unreached)))
    }
}

/// The exit code of a command line, what it printed, and the time it took.
async fn killick(
    wire: impl Wire + 'static,
    pace: f64,
    command: &str,
) -> (Exit, String, String, Duration) {
    let args = Args::try_parse_from(["killick", command, SPEC]).unwrap();
    let out = Rc::new(Out::captured());
    let reach = Reach::Wire {
        wire: Arc::new(wire),
        access_key_id: "AKIA000000000042".to_owned(),
        pace,
    };
    let app = App::new(args.global, Rc::clone(&out), reach);
    let started = Instant::now();
    let exit = run(&app, &args.command).await;
    let (stdout, stderr) = out.take();
    (exit, stdout, stderr, started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_run_reads_its_aws_over_the_wire_and_prints_to_its_own_output() {
    let (drift, ips) = tokio::join!(killick(Empty, 1.0, "drift"), killick(Empty, 1.0, "ips"));
    let (exit, stdout, stderr, _) = drift;
    assert_eq!(exit, Exit::Differences, "{stderr}");
    assert!(stdout.contains("123456789012"), "{stdout}");
    assert!(stdout.contains("critical  vpc/main missing"), "{stdout}");
    let (exit, stdout, stderr, _) = ips;
    assert_eq!((exit, stdout.as_str()), (Exit::Done, ""), "{stderr}");
}

#[tokio::test(start_paused = true)]
async fn a_wire_that_is_cut_is_a_network_that_is_away() {
    let (exit, stdout, stderr, took) = killick(Unplugged, 1.0, "plan").await;
    assert_eq!((exit, stdout.as_str()), (Exit::Error, ""));
    assert!(stderr.contains("NoConnection"), "{stderr}");
    assert!(took >= Duration::from_secs(1), "only {took:?}");

    let (exit, .., took) = killick(Unplugged, 100.0, "plan").await;
    assert_eq!(exit, Exit::Error);
    assert!(took < Duration::from_millis(100), "all of {took:?}");
}
