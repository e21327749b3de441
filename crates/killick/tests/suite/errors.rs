//! Every error, as it is printed.

use std::fmt::Write;

use crate::support::{A, Case, beside, plain, shot, told};
use clap::CommandFactory;
use killick::Error;
use killick::args::Args;
use killick::assess::{DriftReport, Saved, Source, Wanted};
use killick::cloud::{self, Reached};
use killick::report::{json, text};
use killick_aws::{NO_ANSWER, NO_CONNECTION, NO_CREDENTIALS, UNREADABLE_ANSWER};
use killick_core::{PlanError, Policy};
use killick_engine::{Class, CloudError, Outcome};
use killick_stack::holders;

#[test]
fn help() {
    let mut all = Args::command().term_width(100);
    shot("help", &all.render_long_help().to_string());
    for command in all.clone().get_subcommands() {
        let name = command.get_name().to_owned();
        let mut root = all.clone();
        root.build();
        let command = root.find_subcommand_mut(&name).unwrap();
        let mut help = command.render_long_help().to_string();
        for below in command.get_subcommands_mut() {
            let _ = write!(help, "\n---\n{}", below.render_long_help());
        }
        shot(&format!("help_{name}"), &help);
    }
}

#[test]
fn guards() {
    let wrong = Case::deployed().spec("# account = \"123456789012\"", "account = \"210987654321\"");
    shot("error_wrong_account", &wrong.refusal());
    let region = Error::wrong_region("ap-northeast-1", "us-east-1");
    shot("error_wrong_region", &told(&region));
    let twice = Case::deployed().but(|world| {
        let mut second = world.vpcs[1].clone();
        second.id = "vpc-0d0c0000000000002".into();
        world.vpcs.push(second);
    });
    shot("error_ambiguous", &twice.refusal());
    let stranger = Case::deployed().but(|world| {
        let mut stranger = world.functions[0].clone();
        stranger.name = "stranger".into();
        world.functions.push(stranger);
    });
    let found = holders(&stranger.world().seen(), &|_| true);
    shot("error_held", &told(&Error::held(&found)));
    shot("error_interrupted", &told(&Error::interrupted()));
    shot("error_declined", &told(&Error::declined()));
}

#[test]
fn plans_that_cannot_be() {
    let rebuilt = Case::deployed()
        .spec("cidr = \"10.0.0.0/16\"", "cidr = \"10.0.0.0/17\"")
        .spec("\"10.0.1.0/24\"", "\"10.0.9.0/24\"");
    shot("error_refused", &rebuilt.refusal());
    let absent = Case::deployed().but(|world| world.functions.clear());
    shot("error_absent", &absent.refusal());
    let two = "[[function]]\nname = \"mailer\"\n\n[tags]";
    shot("error_absent_two", &absent.spec("[tags]", two).refusal());
    let cycle = PlanError::Cycle(vec!["update a/b".into(), "delete c/d".into()]);
    let spec = Case::fresh().world().spec;
    shot("error_cycle", &told(&Error::plan(&cycle, &spec)));
}

fn failed(operation: &'static str, code: &str, message: &str, class: Class) -> CloudError {
    CloudError {
        service: match operation {
            "GetCallerIdentity" => "sts",
            _ => "ec2",
        },
        operation,
        code: code.to_owned(),
        message: message.to_owned(),
        request_id: (class != Class::Unreached)
            .then(|| "3f9a1c00-0000-4000-8000-000000000001".to_owned()),
        class,
    }
}

#[test]
fn failed_calls() {
    let blob = "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/ci \
                is not authorized. Encoded authorization failure message: 0aBcD";
    let errors = [
        failed(
            "DescribeNatGateways",
            "UnauthorizedOperation",
            blob,
            Class::Denied,
        ),
        failed(
            "GetCallerIdentity",
            "ExpiredToken",
            "The security token has expired",
            Class::Fatal,
        ),
        failed(
            "GetCallerIdentity",
            "InvalidClientTokenId",
            "The token is invalid.",
            Class::Fatal,
        ),
        failed(
            "DescribeVpcs",
            "AuthFailure",
            "AWS was not able to validate the credentials",
            Class::Fatal,
        ),
        failed(
            "DescribeVpcs",
            "SignatureDoesNotMatch",
            "The signature does not match",
            Class::Fatal,
        ),
        failed(
            "DescribeVpcs",
            "RequestLimitExceeded",
            "Request limit exceeded.",
            Class::Throttled,
        ),
        failed(
            "DescribeVpcs",
            "InternalError",
            "An internal error has occurred",
            Class::Unknown,
        ),
        failed(
            "DescribeAddresses",
            "AddressInUse",
            "203.0.113.7 (eipalloc-0d0c0000000000013) is on i-1; killick does not take it",
            Class::Fatal,
        ),
        failed(
            "DescribeVpcs",
            NO_CONNECTION,
            "Connection refused",
            Class::Unreached,
        ),
        failed(
            "DescribeVpcs",
            NO_ANSWER,
            "the request timed out",
            Class::Unknown,
        ),
        failed(
            "DescribeVpcs",
            UNREADABLE_ANSWER,
            "the answer has no VPCs",
            Class::Unknown,
        ),
        failed(
            "GetCallerIdentity",
            NO_CREDENTIALS,
            "no credentials found in chain. Attempted: x",
            Class::Fatal,
        ),
        failed(
            "GetCallerIdentity",
            NO_CREDENTIALS,
            "the SSO session has\nexpired",
            Class::Fatal,
        ),
    ];
    let mut all = String::new();
    for error in &errors {
        let _ = writeln!(all, "{}", told(&Error::cloud(error, &Reached::default())));
    }
    let reached = Reached {
        endpoint: Some("http://127.0.0.1:5000".into()),
        profile: Some("partner".into()),
    };
    for error in &errors[7..] {
        let _ = writeln!(all, "{}", told(&Error::cloud(error, &reached)));
    }
    let _ = writeln!(all, "{}", told(&Error::endpoint("not a url")));
    shot("error_calls", &all);
    let write = failed(
        "CreateNatGateway",
        "UnauthorizedOperation",
        "no",
        Class::Denied,
    );
    assert!(cloud::hint(&write, &reached).contains("ec2:CreateNatGateway"));
}

#[test]
fn specs() {
    let one = Case::fresh().spec("[network]", "[network]\ncolour = \"blue\"");
    shot("error_spec", &one.refusal());
    let many = one
        .spec("\"10.0.1.0/24\"", "\"10.0.1.0/29\"")
        .spec("\"ap-northeast-1c\"", "\"ap-northeast-1a\"");
    shot("error_spec_many", &many.refusal());
    let malformed = Case::fresh().spec("[network]", "[network");
    shot("error_spec_malformed", &malformed.refusal());
    let hostile = Case::fresh().spec("\"partner-egress\"", "\"\\u001b[2J\"");
    let shown = hostile.refusal();
    assert!(!shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn files() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let paths = [
        dir.path().join("no-such.toml"),
        dir.path().to_path_buf(),
        write("binary.toml", b"stack = \"\xff\xfe\""),
        write("large.toml", &vec![b'#'; 2 << 20]),
    ];
    let folder = dir.path().display().to_string();
    let mut all = String::new();
    for path in &paths {
        let _ = writeln!(all, "{}", told(&Source::read(path, "killick").unwrap_err()));
        let _ = writeln!(all, "{}", told(&Saved::read(path, "killick").unwrap_err()));
    }
    shot("error_files", &all.replace(&folder, "[dir]"));
}

#[test]
fn saved_plans() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("saved.plan");
    let case = Case::fresh();
    let world = case.world();
    let source = Source {
        name: "killick.toml".into(),
        text: case.spec.clone(),
    };
    let plan = world.plan(Policy::default()).unwrap();
    let digest = world.digest(Policy::default()).unwrap();
    let report = DriftReport::of(&world, 0);
    let document = json::plan(&world, &plan, &digest, beside(&world, &report));
    let saved = Saved::new(&source, (&world, Policy::default()), &digest, &document);
    saved.write(&path).unwrap();
    saved.write(&path).unwrap();
    let read = Saved::read(&path, "killick").unwrap();
    read.check(&world, "killick").unwrap();
    assert_eq!(read.source(), source);
    assert_eq!(read.source().spec().unwrap(), world.spec);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    let mut all = String::new();
    let stale = Case::deployed().world();
    let _ = writeln!(all, "{}", told(&read.check(&stale, "killick").unwrap_err()));
    let other = case
        .but(|world| world.account = "210987654321".into())
        .world();
    let _ = writeln!(all, "{}", told(&read.check(&other, "killick").unwrap_err()));
    let text = std::fs::read_to_string(&path).unwrap();
    for damaged in [
        "",
        "{}",
        "not a plan",
        &text.replacen("\"format\": 1", "\"format\": 9", 1),
    ] {
        std::fs::write(&path, damaged).unwrap();
        let error = told(&Saved::read(&path, "killick").unwrap_err());
        let _ = writeln!(all, "{error}");
    }
    let nowhere = dir.path().join("no-such-folder").join("p");
    let _ = writeln!(all, "{}", told(&saved.write(&nowhere).unwrap_err()));
    let folder = dir.path().display().to_string();
    shot("error_saved_plans", &all.replace(&folder, "[dir]"));
}

#[test]
fn walks() {
    let world = Case::fresh().world();
    let plan = world.plan(Policy::default()).unwrap();
    let steps: Vec<_> = plan.steps().collect();
    let find = |id: &str| steps.iter().find(|(_, step)| step.id() == id).unwrap().0;
    let nat = find(&format!("create nat_gateway/{A}"));
    let table = find(&format!("create route_table/private-{A}"));
    let denied = failed(
        "CreateNatGateway",
        "UnauthorizedOperation",
        "not authorized",
        Class::Denied,
    );
    let mut outcome = Outcome {
        done: vec![find("create vpc/main")],
        failed: vec![(nat, denied)],
        skipped: vec![table, find("update function/billing-sync")],
        ..Outcome::default()
    };
    let mut all = String::new();
    for error in text::failures(&plan, &outcome, &Reached::default()) {
        let _ = writeln!(all, "{}", told(&error));
    }
    let _ = writeln!(all, "{}", told(&text::unfinished(&plan, &outcome)));
    outcome.failed.clear();
    outcome.skipped.clear();
    outcome.interrupted = true;
    outcome.not_started = vec![nat, table];
    let _ = writeln!(all, "{}", told(&text::unfinished(&plan, &outcome)));
    let left = Case::deployed().but(|world| {
        world.route_tables[2].routes.pop();
    });
    let now = left.world();
    let plan = now.plan(Policy::default()).unwrap();
    let _ = writeln!(
        all,
        "{}",
        told(&text::not_converged(&now, &plan, "killick"))
    );
    shot("error_walks", &all);

    let now = Case::deployed().world();
    let mut all = plain(&text::done(&now, Wanted::Spec, 15, 132.04, "killick"));
    for case in [Case::fresh(), Case::deployed().single_there()] {
        let now = case.try_world(Wanted::Nothing).unwrap();
        all += &plain(&text::done(&now, Wanted::Nothing, 1, 0.2, "killick"));
    }
    shot("walk_done", &all);
}
