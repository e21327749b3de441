//! The main job from end to end, as a person would type it, against an emulated AWS on this machine.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program whose output is its purpose; the harness fails by panicking"
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use killick_tests::binary::{self, Progress};
use killick_tests::{Aws, Server, Spec, writes};
use serde_json::json;
use tempfile::TempDir;

const SPEC: &str = "specs/lambda-fixed-ip.toml";

/// What killick sees of the caller's environment: the look of its output, and none of the AWS settings.
const PASSED_ON: [&str; 8] = [
    "PATH",
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "LANG",
    "LC_ALL",
];

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.payload_as_str().unwrap_or("it broke");
        eprintln!("\ndemo: {text}");
    }));
    println!("The main job of killick on {SPEC}, against an emulated AWS (moto) on this machine.");
    println!("No AWS account is used and no credentials are read.");
    if !binary::place().exists() {
        println!(
            "\nThis first run builds killick. The AWS SDK is large: allow about 8 minutes on two cores."
        );
        println!("After that pip downloads moto, once. Later runs take seconds.\n");
    }
    std::io::stdout().flush().ok();
    binary::binary(Progress::Shown);
    let demo = Demo::new();
    demo.run()
}

struct Demo {
    server: Server,
    aws: Aws,
    spec: Spec,
    root: PathBuf,
    home: TempDir,
    report: Vec<(bool, String)>,
}

impl Demo {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let server = Server::start();
        let aws = server.aws();
        let spec = Spec::two_zones();
        for function in &spec.functions {
            aws.create_function(function);
        }
        Self {
            server,
            aws,
            spec,
            root: root.canonicalize().expect("the root of the workspace"),
            home: tempfile::tempdir().expect("a temporary directory"),
            report: Vec::new(),
        }
    }

    fn run(mut self) -> ExitCode {
        self.title("An account with the function billing-sync in it and no fixed address");
        self.killick(&["plan", SPEC], 0);
        let written = writes(&self.server.calls()).len();
        self.check(written == 0, "plan wrote nothing".to_owned());

        self.title("Make it so");
        self.killick(&["apply", SPEC, "--yes"], 0);
        let before = self.addresses();
        let seen = self.aws.topology(&self.spec);
        self.check(
            seen.is_ok() && before.len() == self.spec.zones.len(),
            told("boto3 sees the network that the spec describes", seen),
        );

        if self.report.iter().any(|(fine, _)| !fine) {
            return self.summary();
        }

        self.title("Nothing is left to do");
        self.killick(&["plan", SPEC, "--detailed-exitcode"], 0);

        self.title("Somebody else changes things behind killick's back");
        self.tamper();

        self.title("killick sees it");
        self.killick(&["drift", SPEC], 2);

        self.title("killick puts it right");
        self.killick(&["apply", SPEC, "--yes"], 0);
        self.killick(&["drift", SPEC], 0);
        self.same(&before, "the repair");

        self.title("The addresses for the partner's firewall");
        let listed = self.killick(&["ips", SPEC], 0);
        let mut listed: Vec<&str> = listed.lines().collect();
        let mut held: Vec<&str> = before.values().map(String::as_str).collect();
        listed.sort_unstable();
        held.sort_unstable();
        self.check(
            listed == held,
            "ips lists the addresses that AWS gave".to_owned(),
        );

        self.title("Take it down; the addresses are kept");
        self.killick(&["destroy", SPEC, "--yes"], 0);
        self.same(&before, "destroy");
        let left = self.aws.stack(&self.spec.stack).keys();
        let kept = left.iter().all(|key| key.starts_with("elastic_ip/"));
        self.check(kept, "nothing else of the stack is left".to_owned());
        self.summary()
    }

    /// Runs killick with its output going where this program's goes; `ips` is read on the way.
    fn killick(&mut self, args: &[&str], wanted: i32) -> String {
        let line = format!("killick {}", args.join(" "));
        println!("$ {line}");
        std::io::stdout().flush().ok();
        let read = args.first() == Some(&"ips");
        let passed_on = PASSED_ON
            .iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?)));
        let child = Command::new(binary::binary(Progress::Shown))
            .args(args)
            .current_dir(&self.root)
            .env_clear()
            .envs(passed_on)
            .env("HOME", self.home.path())
            .env("AWS_ENDPOINT_URL", self.server.url())
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "for-the-emulator-only")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null())
            .stdout(if read {
                Stdio::piped()
            } else {
                Stdio::inherit()
            })
            .spawn()
            .expect("killick starts");
        let output = child.wait_with_output().expect("killick ends");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        print!("{text}");
        let code = output.status.code();
        match code {
            Some(0) => {}
            Some(code) => println!("(exit code {code})"),
            None => println!("({})", output.status),
        }
        println!();
        self.check(code == Some(wanted), format!("{line}: exit code {wanted}"));
        text
    }

    fn tamper(&self) {
        let stack = self.aws.stack(&self.spec.stack);
        let table = stack.id("route_table/private-ap-northeast-1a");
        println!("- the default route of private-ap-northeast-1a ({table}) is deleted");
        let route = json!({"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"});
        self.aws.ec2("delete_route", route);
        let nat = stack.id("nat_gateway/ap-northeast-1c");
        println!("- the NAT gateway of ap-northeast-1c ({nat}) is deleted\n");
        self.aws
            .ec2("delete_nat_gateway", json!({"NatGatewayId": nat}));
    }

    fn addresses(&self) -> BTreeMap<String, String> {
        self.aws.stack(&self.spec.stack).addresses().clone()
    }

    fn same(&mut self, before: &BTreeMap<String, String>, after: &str) {
        let mut ips: Vec<&str> = before.values().map(String::as_str).collect();
        ips.sort_unstable();
        let text = format!("{} are the addresses after {after} too", ips.join(" and "));
        let same = *before == self.addresses();
        self.check(same, text);
    }

    fn title(&self, text: &str) {
        println!("\n# {text}\n");
    }

    fn check(&mut self, fine: bool, text: String) {
        self.report.push((fine, text));
    }

    fn summary(self) -> ExitCode {
        println!("\n# Summary\n");
        for (fine, text) in &self.report {
            println!("{} {text}", if *fine { "ok   " } else { "WRONG" });
        }
        self.server.stop();
        let wrong = self.report.iter().filter(|(fine, _)| !fine).count();
        if wrong == 0 {
            println!("\nAll is as it should be.");
            ExitCode::SUCCESS
        } else {
            println!("\n{wrong} of {} checks went wrong.", self.report.len());
            ExitCode::FAILURE
        }
    }
}

fn told(text: &str, seen: Result<(), String>) -> String {
    match seen {
        Ok(()) => text.to_owned(),
        Err(wrong) => format!("{text}: {wrong}"),
    }
}
