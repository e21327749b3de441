//! The simulated AWS of this folder: its file, its clock, and who may use it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use crate::support::{shot, told};
use clap::Parser;
use killick::args::Args;
use killick::args::sandbox::FILE;
use killick::reach::Simulator;
use killick::report::Out;
use killick::report::text::sandbox as text;
use killick::sandbox::serve::Server;
use killick::{App, Error, Exit, Reach, Sandbox, run};
use killick_engine::CancellationToken;
use killick_sim::Request;
use killick_sim::tamper::CASES;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SPEC: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../specs/lambda-fixed-ip.toml"
);
const ACCOUNT: &str = "123456789012";
const REGION: &str = "ap-northeast-1";

/// A folder with a sandbox of its own.
struct Site(TempDir);

impl Site {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join(".killick").join("sandbox.json")
    }

    fn sandbox(&self, pace: f64) -> Sandbox {
        Sandbox::new(self.file(), pace)
    }

    /// Runs a command line with `--sandbox`, or `sandbox` with `--state`.
    async fn killick(&self, line: &[&str]) -> (Exit, String, String) {
        let file = self.file().display().to_string();
        let flag = match line.first() {
            Some(&"sandbox") => format!("--state={file}"),
            _ => format!("--sandbox={file}"),
        };
        let line = ["killick"].iter().chain(line).copied();
        let args = Args::try_parse_from(line.chain([flag.as_str()])).unwrap();
        let out = Rc::new(Out::captured());
        let app = App::new(args.global.clone(), Rc::clone(&out), reach(&args));
        let exit = run(&app, &args.command).await;
        let (stdout, stderr) = out.take();
        (exit, stdout, self.without_path(&stderr))
    }

    fn without_path(&self, text: &str) -> String {
        text.replace(&self.0.path().display().to_string(), "[dir]")
    }

    fn refusal(&self, error: &Error) -> String {
        self.without_path(&told(error))
    }
}

fn reach(args: &Args) -> Reach {
    let sandbox = Sandbox::asked(args).unwrap();
    sandbox.map_or(Reach::Network, Reach::from)
}

#[tokio::test(start_paused = true)]
async fn what_happens_is_kept_and_time_stands_still_between_runs() {
    let site = Site::new();
    let start = {
        let sandbox = site.sandbox(100.0);
        let running = sandbox.open().unwrap();
        let start = running.with(|_, now| now);
        tokio::time::advance(Duration::from_secs(2)).await;
        running.with(|world, now| {
            assert_eq!(now - start, 200_000);
            let place = world.place(ACCOUNT, REGION);
            place.block_public_access = "block-ingress".to_owned();
        });
        start
    };
    tokio::time::advance(Duration::from_secs(1000)).await;
    let (exit, _, told) = site.killick(&["sandbox", "wait", "45"]).await;
    assert_eq!((exit, told.as_str()), (Exit::Done, "45 minutes later\n"));
    let sandbox = site.sandbox(1.0);
    sandbox.open().unwrap().with(|world, now| {
        assert_eq!(now - start, 200_000 + 45 * 60_000);
        let place = world.place(ACCOUNT, REGION);
        assert_eq!(place.block_public_access, "block-ingress");
    });
}

#[tokio::test(start_paused = true)]
async fn a_real_aws_and_a_simulated_one_are_never_mixed() {
    let mut all = String::new();
    for line in [
        &["--sandbox", "plan", "--profile", "partner"][..],
        &["apply", "--sandbox", "--endpoint-url", "http://127.0.0.1:1"],
        &["sandbox", "--endpoint-url", "http://127.0.0.1:1", "serve"],
        &["demo", "--profile", "partner"],
    ] {
        let args = Args::try_parse_from(["killick"].iter().chain(line)).unwrap();
        let error = Sandbox::asked(&args).unwrap_err();
        writeln!(all, "$ killick {}\n{}", line.join(" "), told(&error)).unwrap();
    }
    shot("error_sandbox_real", &all);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_cannot_be_used_is_left_alone() {
    let site = Site::new();
    let file = site.file();
    let first = site.sandbox(1.0);
    first.open().unwrap().save().unwrap();
    let mut all = site.refusal(&site.sandbox(1.0).open().unwrap_err());
    drop(first);
    let good = std::fs::read_to_string(&file).unwrap();
    for bad in [
        &b"\xff\xfe"[..],
        b"",
        b"{\"format\": 1}",
        good.replacen("\"format\":1", "\"format\":2", 1).as_bytes(),
    ] {
        std::fs::write(&file, bad).unwrap();
        // A process that another test starts holds the lock file open for a
        // moment.
        let error = loop {
            let error = site.sandbox(1.0).open().unwrap_err();
            if !error.message.starts_with("another killick") {
                break error;
            }
            std::thread::yield_now();
        };
        writeln!(all, "\n{}", site.refusal(&error)).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), bad);
    }
    let below = Sandbox::new(file.join("x.json"), 1.0);
    writeln!(all, "\n{}", site.refusal(&below.open().unwrap_err())).unwrap();
    let usual = Sandbox::new(FILE, 1.0);
    assert!(usual.file().is_relative());
    shot("error_sandbox_file", &all);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_kept_is_told_at_the_end() {
    let site = Site::new();
    let sandbox = site.sandbox(1.0);
    sandbox.open().unwrap();
    std::fs::remove_dir_all(site.file().parent().unwrap()).unwrap();
    let answer = sandbox.open().unwrap().answer(&Request::default());
    assert_eq!(answer.status, 500);
    let error = sandbox.save().unwrap_err();
    shot("error_sandbox_kept", &site.refusal(&error));
}

#[tokio::test(start_paused = true)]
async fn reset_removes_it_damaged_or_not() {
    let site = Site::new();
    let (exit, stdout, stderr) = site.killick(&["sandbox", "reset"]).await;
    assert_eq!((exit, stdout.as_str()), (Exit::Done, ""));
    let mut all = stderr;
    site.sandbox(1.0).open().unwrap().save().unwrap();
    let (exit, _, stderr) = site.killick(&["sandbox", "reset"]).await;
    all += &stderr;
    assert_eq!((exit, site.file().exists()), (Exit::Error, true));
    std::fs::write(site.file(), "nonsense").unwrap();
    let (exit, _, stderr) = site.killick(&["sandbox", "reset", "--yes"]).await;
    all += &stderr;
    assert_eq!((exit, site.file().exists()), (Exit::Done, false));
    shot("sandbox_reset", &all);
}

#[test]
fn the_banner_names_the_file_and_what_is_not_used() {
    let file = Path::new(FILE);
    let banner = text::banner(file, &["AWS_PROFILE", "AWS_ENDPOINT_URL"]);
    shot("sandbox_banner", &crate::support::plain(&banner));
}

/// What a client gets for what it sends.
async fn exchange(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    while !answer.contains("Response>") && !answer.contains("content-length: 0\r\n") {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.unwrap();
        assert_ne!(count, 0, "cut off after {answer:?}");
        answer += &String::from_utf8_lossy(buffer.get(..count).unwrap());
    }
    answer
}

#[tokio::test]
async fn any_client_of_this_machine_is_served() {
    let site = Site::new();
    let sandbox = site.sandbox(1.0);
    let server = Server::listen(0).await.unwrap();
    let url = server.url();
    let address = url.strip_prefix("http://").unwrap().to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    let stop = CancellationToken::new();
    let running = sandbox.open().unwrap();
    let client = async {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let scope =
            "AWS4-HMAC-SHA256 Credential=AKIA000000000042/20260101/us-east-1/sts/aws4_request";
        let head = format!("POST / HTTP/1.1\r\nhost: x\r\nAuthorization: {scope}\r\n");
        let body = "Action=GetCallerIdentity&Version=2011-06-15";
        // One connection, whole and in chunks.
        let whole = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        let chunked = format!(
            "{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
            body.len()
        );
        for request in [whole, chunked] {
            let answer = exchange(&mut stream, &request).await;
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            assert!(answer.contains("<Account>000000000042<"), "{answer}");
        }
        let unsigned = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        let answer = exchange(&mut stream, unsigned).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        let large = format!(
            "{head}content-length: 2000000\r\n\r\n{}",
            "x".repeat(1_200_000)
        );
        let answer = exchange(&mut stream, &large).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        stop.cancel();
    };
    tokio::join!(server.run(running, &stop), client);
    assert!(site.file().exists());
    shot(
        "sandbox_served",
        &text::served("http://127.0.0.1:4600", &Sandbox::new(FILE, 1.0)),
    );
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_so() {
    let first = Server::listen(0).await.unwrap();
    let url = first.url();
    let port = url.rsplit(':').next().unwrap();
    let error = Server::listen(port.parse().unwrap()).await.unwrap_err();
    shot("error_sandbox_port", &told(&error).replace(port, "4600"));
}

#[tokio::test(start_paused = true)]
async fn hints_name_the_sandbox() {
    let site = Site::new();
    let missing = site.0.path().join("missing").display().to_string();
    let lines: [&[&str]; 10] = [
        &["ips", SPEC],
        &["sandbox", "tamper", "delete-default-route", SPEC],
        &["plan", &missing],
        &["apply", "--plan", &missing],
        &["apply", SPEC],
        &["apply", SPEC, "--yes"],
        &["sandbox", "tamper", "add-ingress-rule", SPEC],
        &["sandbox", "tamper", "delete-nat-gateway", SPEC],
        &["drift", SPEC],
        &["ips", SPEC],
    ];
    let mut all = String::new();
    for line in lines {
        let (_, stdout, stderr) = site.killick(line).await;
        let hints = ["killick --sandbox", "killick sandbox"];
        let name = Path::new(SPEC).display().to_string();
        let told = format!("{}{stderr}", site.without_path(&stdout)).replace(&name, "SPEC");
        let told = told.lines().filter(|line| line.contains("killick "));
        let (with, without): (Vec<_>, Vec<_>) =
            told.partition(|line| hints.iter().any(|hint| line.contains(hint)));
        assert_eq!(without, Vec::<&str>::new());
        let line = site.without_path(&line.join(" ")).replace(&name, "SPEC");
        writeln!(all, "$ killick {line}\n{}\n", with.join("\n")).unwrap();
    }
    shot("sandbox_hints", &all);
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_stays_in_its_world() {
    let site = Site::new();
    let saved = site.0.path().join("saved.plan").display().to_string();
    let (exit, _, stderr) = site.killick(&["plan", SPEC, "--out", &saved]).await;
    assert_eq!(exit, Exit::Done, "{stderr}");
    let mut all = format!("{stderr}\n");
    let args = Args::try_parse_from(["killick", "apply", "--plan", &saved]).unwrap();
    let out = Rc::new(Out::captured());
    let app = App::new(args.global.clone(), Rc::clone(&out), Reach::Network);
    assert_eq!(run(&app, &args.command).await, Exit::Refused);
    writeln!(all, "{}", site.without_path(&out.take().1)).unwrap();
    let (exit, _, stderr) = site.killick(&["apply", "--plan", &saved]).await;
    assert_eq!(exit, Exit::Done, "{stderr}");

    let text = std::fs::read_to_string(&saved).unwrap();
    let real: String = text
        .lines()
        .filter(|line| !line.contains("\"sandbox\""))
        .collect();
    std::fs::write(&saved, real).unwrap();
    let (exit, _, stderr) = site.killick(&["apply", "--plan", &saved]).await;
    assert_eq!(exit, Exit::Refused);
    all += &stderr;
    shot("error_sandbox_plans", &all);
}

#[tokio::test(start_paused = true)]
async fn the_demo_ends_well() {
    let args = Args::try_parse_from(["killick", "demo"]).unwrap();
    let out = Rc::new(Out::captured());
    let app = App::new(args.global.clone(), Rc::clone(&out), reach(&args));
    let exit = run(&app, &args.command).await;
    let (stdout, stderr) = out.take();
    assert_eq!(exit, Exit::Done, "{stdout}\n{stderr}");
    assert!(stdout.contains("The addresses never changed"), "{stdout}");
}

#[tokio::test(start_paused = true)]
async fn the_functions_of_a_spec_exist_until_somebody_deletes_one() {
    let site = Site::new();
    let (exit, ..) = site.killick(&["plan", SPEC]).await;
    assert_eq!(exit, Exit::Done);
    let delete = |sandbox: &Sandbox| {
        sandbox.open().unwrap().answer(&Request {
            method: "DELETE".to_owned(),
            uri: "/2015-03-31/functions/billing-sync".to_owned(),
            headers: vec![(
                "authorization".to_owned(),
                format!("Credential=AKIA{ACCOUNT}/20260101/{REGION}/lambda/aws4_request"),
            )],
            body: Vec::new(),
        })
    };
    assert_eq!(delete(&site.sandbox(1.0)).status, 204);
    let (exit, _, stderr) = site.killick(&["plan", SPEC]).await;
    assert_eq!(exit, Exit::Error);
    assert!(stderr.contains("billing-sync does not exist"), "{stderr}");
}

#[tokio::test(start_paused = true)]
async fn what_others_change_by_name_is_seen_and_put_right() {
    let site = Site::new();
    let mut all = String::new();
    for case in ["delete-nat-gatewy", "meteor", "delete-default-route"] {
        let (exit, _, stderr) = site.killick(&["sandbox", "tamper", case, SPEC]).await;
        assert_eq!(exit, Exit::Error);
        writeln!(all, "$ killick sandbox tamper {case}\n{stderr}").unwrap();
    }
    shot("error_sandbox_tamper", &all);

    let (exit, listed, _) = site.killick(&["sandbox", "tamper", "list"]).await;
    assert_eq!(exit, Exit::Done);
    assert!(CASES.iter().all(|case| listed.contains(case.name)));

    let (exit, _, stderr) = site.killick(&["apply", SPEC, "--yes"]).await;
    assert_eq!(exit, Exit::Done, "{stderr}");
    let tamper = &["sandbox", "tamper", "delete-default-route", SPEC];
    let (exit, done, stderr) = site.killick(tamper).await;
    assert_eq!((exit, done.lines().count()), (Exit::Done, 1), "{stderr}");
    let (exit, ..) = site.killick(&["drift", SPEC]).await;
    assert_eq!(exit, Exit::Differences);
    let (exit, _, stderr) = site.killick(&["apply", SPEC, "--yes"]).await;
    assert_eq!(exit, Exit::Done, "{stderr}");
    let (exit, ..) = site.killick(&["drift", SPEC]).await;
    assert_eq!(exit, Exit::Done);
}
