//! Bad input: one clear message, the right exit code, nothing written, no trace of the program's insides.

use killick_tests::{Killick, Output, Server, Site, Spec, redact};

fn good() -> String {
    Spec::two_zones().to_toml()
}

/// The words that must be there, whatever else is said.
fn check(name: &str, output: &Output, server: &Server, code: i32, words: &[&str]) {
    output
        .refused(server, code)
        .unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
    for word in words {
        assert!(
            output.stderr.contains(word),
            "{name}: {word:?} is missing\n{output}"
        );
    }
    redact::with(|| insta::assert_snapshot!(name, output.stderr));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn unreadable_files() {
    let server = Server::start();
    let killick = Killick::with_text(&server, &good());
    let missing = killick.run(&["plan", "no-such.toml"]);
    check("file_missing", &missing, &server, 1, &["no-such.toml"]);
    std::fs::create_dir(killick.dir().join("folder.toml")).unwrap();
    check(
        "file_is_a_folder",
        &killick.run(&["plan", "folder.toml"]),
        &server,
        1,
        &["folder.toml"],
    );
    killick.write("binary.toml", b"stack = \"\xff\xfe\"");
    check(
        "file_not_utf8",
        &killick.run(&["plan", "binary.toml"]),
        &server,
        1,
        &["binary.toml"],
    );
    std::fs::remove_file(killick.dir().join("killick.toml")).unwrap();
    check(
        "no_spec_at_all",
        &killick.run(&["plan"]),
        &server,
        1,
        &["killick.toml"],
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_function_that_does_not_exist() {
    let server = Server::start();
    let killick = Killick::new(&server, &Spec::two_zones());
    check(
        "no_such_function",
        &killick.run(&["plan"]),
        &server,
        1,
        &["billing-sync"],
    );
    let before = server.aws().world();
    let output = killick.run(&["apply", "--yes"]).code(1);
    assert!(output.stderr.contains("billing-sync"), "{output}");
    assert_eq!(before, server.aws().world());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_wrong_account() {
    let site = Site::new(Spec {
        account: Some("210987654321".into()),
        ..Spec::two_zones()
    });
    let output = site.killick.run(&["plan"]);
    check(
        "wrong_account",
        &output,
        &site.server,
        4,
        &["210987654321", "123456789012"],
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn no_credentials() {
    let server = Server::start();
    let killick = Killick::new(&server, &Spec::two_zones());
    let killick = killick
        .without_env("AWS_ACCESS_KEY_ID")
        .without_env("AWS_SECRET_ACCESS_KEY");
    for command in [&["plan"][..], &["apply", "--yes"], &["drift"]] {
        let output = killick.run(command);
        check("no_credentials", &output, &server, 1, &["credentials"]);
    }
    let output = killick.run(&["plan", "--profile", "nobody"]);
    check("no_such_profile", &output, &server, 1, &["nobody"]);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn nobody_listens_at_the_endpoint() {
    let server = Server::start();
    let killick = Killick::new(&server, &Spec::two_zones());
    let killick = killick.env("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    for command in [&["plan"][..], &["drift"]] {
        let output = killick.run(command);
        check("connection_refused", &output, &server, 1, &["127.0.0.1:1"]);
    }
    let killick = killick.env("AWS_ENDPOINT_URL", "not a url");
    check(
        "endpoint_not_a_url",
        &killick.run(&["plan"]),
        &server,
        1,
        &[],
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn aws_answers_nonsense() {
    let site = Site::new(Spec::two_zones());
    site.server
        .faults(&serde_json::json!([{"kind": "nonsense"}]));
    check(
        "nonsense",
        &site.killick.run(&["plan"]),
        &site.server,
        1,
        &[],
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn denied() {
    let site = Site::new(Spec::two_zones());
    site.server
        .faults(&serde_json::json!([{"kind": "deny", "action": "DescribeVpcs"}]));
    let words = ["DescribeVpcs", "UnauthorizedOperation", "ec2:DescribeVpcs"];
    check(
        "denied",
        &site.killick.run(&["plan"]),
        &site.server,
        1,
        &words,
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn unknown_arguments() {
    let server = Server::start();
    let killick = Killick::new(&server, &Spec::two_zones());
    for args in [
        &["plann"][..],
        &["plan", "--prone"],
        &["plan", "--color", "red"],
        &[],
    ] {
        let output = killick.run(args);
        assert_ne!(output.status, Some(0), "{output}");
        assert_ne!(output.status, Some(101), "{output}");
        assert!(!output.stderr.contains("panicked"), "{output}");
    }
    assert_eq!(server.calls().len(), 0);
}
