//! The watch as a process that stays, until somebody ends it.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use killick_tests::{Hook, Running, Site, Spec, get};

use super::{STATE, break_it, look};

/// A watch without `--once`, its metrics on a free port: (the process, the address).
fn long_running(site: &Site) -> (Running, String) {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let args = [
        "watch",
        "--every",
        "30s",
        "--state",
        STATE,
        "--metrics",
        &address,
    ];
    (site.killick.spawn(&args), address)
}

/// The page as soon as it says this.
fn page(address: &str, path: &str, word: &str) -> (u16, String, String) {
    let start = Instant::now();
    loop {
        let found = get(address, path);
        match found {
            Ok(page) if page.2.contains(word) => return page,
            found if start.elapsed() > Duration::from_secs(60) => {
                panic!("{path} never says {word:?}: {found:?}")
            }
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn metrics_and_health_while_it_runs_and_an_orderly_end() {
    let site = Site::deployed(Spec::two_zones());
    break_it(&site);
    let (running, address) = long_running(&site);
    let checked = "killick_checks_total{stack=\"partner-egress\",region=\"ap-northeast-1\",\
        account=\"123456789012\",outcome=\"drift\"} 1";
    let (status, head, body) = page(&address, "/metrics", checked);
    assert_eq!(status, 200, "{head}");
    assert!(head.contains("application/openmetrics-text"), "{head}");
    assert!(body.ends_with("# EOF\n"), "{body}");
    for wanted in [
        "severity=\"critical\"} 1",
        "killick_in_sync{",
        "killick_aws_calls_total",
    ] {
        assert!(body.contains(wanted), "{wanted} is missing\n{body}");
    }
    assert_eq!(get(&address, "/healthz").unwrap().0, 200);
    assert_eq!(get(&address, "/").unwrap().0, 404);
    running.terminate();
    let output = running.wait().code(0);
    // It did not wait for the next look.
    assert_eq!(output.events().len(), 1, "{output}");
    assert!(
        get(&address, "/healthz").is_err(),
        "the port is still taken"
    );

    // What it knew is known to the next one.
    let hook = Hook::start();
    look(&site, &hook, 2);
    assert_eq!(
        hook.take().len(),
        0,
        "a target that was not there then is told nothing old"
    );
}

/// In the middle of a look that AWS does not answer, too.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn it_ends_while_aws_does_not_answer() {
    let site = Site::deployed(Spec::two_zones());
    site.server.delay(50_000);
    let (running, address) = long_running(&site);
    page(&address, "/metrics", "# EOF");
    running.terminate();
    running.wait().code(0);
    let calls = site.server.calls();
    let unanswered = calls.iter().filter(|call| call.ended == u64::MAX);
    assert!(unanswered.count() > 0, "it waited for AWS: {calls:#?}");
    site.server.delay(0);
}
