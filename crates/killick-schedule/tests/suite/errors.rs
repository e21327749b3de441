//! What no scheduler can run, and what is said of it.

use crate::support::{every, made, plain, refused};
use killick_finding::Severity;
use killick_schedule::{Error, Every, Job, Target};

const SPEC: &str = "/etc/killick/a.toml";

#[test]
fn times_between_two_checks() {
    for (text, minutes, shown) in [
        ("1m", 1, "1m"),
        ("90m", 90, "90m"),
        ("60m", 60, "1h"),
        ("2h", 120, "2h"),
        ("24h", 1440, "1d"),
        ("007d", 10_080, "7d"),
        ("31d", 44_640, "31d"),
    ] {
        let every = every(text);
        assert_eq!(every.as_minutes(), minutes, "{text}");
        assert_eq!(every.to_string(), shown);
        assert_eq!(Every::minutes(minutes), Some(every));
    }
    for text in [
        "",
        "m",
        "5",
        "0m",
        "-5m",
        "+5m",
        "5 m",
        "5s",
        "5M",
        "1.5h",
        "1h30m",
        "32d",
        "44641m",
        "99999999999m",
        "4294967297h",
        "１m",
        "5m\n",
    ] {
        let error = text.parse::<Every>().expect_err(text);
        assert!(matches!(&error, Error::Every(given) if given == text));
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    assert_eq!(Every::minutes(0), None);
}

#[test]
fn severities() {
    for severity in [Severity::Critical, Severity::Warning, Severity::Info] {
        assert_eq!(severity.word().parse(), Ok(severity));
    }
    assert!("fatal".parse::<Severity>().is_err());
}

#[test]
fn who_can_run_what_how_often() {
    let all = Target::ALL;
    let runs = |text: &str| -> Vec<Target> {
        let job = |target| Job {
            every: every(text),
            ..plain(target)
        };
        let can = |target: &Target| killick_schedule::files(*target, &job(*target)).is_ok();
        all.into_iter().filter(can).collect()
    };
    for text in [
        "5m", "6m", "10m", "12m", "15m", "20m", "30m", "1h", "2h", "3h", "4h", "6h", "8h", "12h",
        "1d",
    ] {
        assert_eq!(runs(text), all, "{text}");
    }
    let but_github = [Target::Systemd, Target::Cron, Target::Kubernetes];
    for text in ["1m", "2m", "3m", "4m"] {
        assert_eq!(runs(text), but_github, "{text}");
    }
    for text in [
        "7m", "45m", "59m", "61m", "90m", "5h", "7h", "9h", "16h", "36h", "2d", "7d",
    ] {
        assert_eq!(runs(text), [Target::Systemd], "{text}");
    }
}

/// Each change makes a plain job impossible; the rest of the text of the error
/// is a snapshot.
#[test]
fn impossible_jobs() {
    type Edit = fn(&mut Job);
    let edits: [(Target, Edit); 33] = [
        (Target::Systemd, |job| job.stack = "../etc".to_owned()),
        (Target::Systemd, |job| job.stack = String::new()),
        (Target::Systemd, |job| job.stack = "-a".to_owned()),
        (Target::Systemd, |job| job.stack = "a".repeat(65)),
        (Target::Cron, |job| job.region = "eu west".to_owned()),
        (Target::Cron, |job| {
            job.spec = "/a\n* * * * * root b".to_owned()
        }),
        (Target::Cron, |job| job.program = "/a\0b".to_owned()),
        (Target::Cron, |job| job.program = "bin/killick".to_owned()),
        (Target::Systemd, |job| job.program = String::new()),
        (Target::Systemd, |job| job.program = "-killick".to_owned()),
        (Target::Systemd, |job| {
            job.program = "/opt/it's/killick".to_owned()
        }),
        (Target::Systemd, |job| job.program = "/usr/bin/".to_owned()),
        (Target::Systemd, |job| job.spec = "killick.toml".to_owned()),
        (Target::Systemd, |job| {
            job.spec = "/tmp/killick.toml".to_owned()
        }),
        (Target::Systemd, |job| {
            job.program = "/var/tmp/killick".to_owned()
        }),
        (Target::Systemd, |job| job.role = plain(Target::Github).role),
        (Target::Cron, |job| job.role = plain(Target::Github).role),
        (Target::Cron, |job| job.image = Some("a".to_owned())),
        (Target::Cron, |job| job.install = Some("a".to_owned())),
        (Target::Cron, |job| job.spec = "/srv/a\\b.toml".to_owned()),
        (Target::Cron, |job| {
            job.spec = format!("/{}", "a".repeat(500))
        }),
        (Target::Cron, |job| job.every = every("7m")),
        (Target::Github, |job| job.every = every("4m")),
        (Target::Github, |job| job.spec = SPEC.to_owned()),
        (Target::Github, |job| job.spec = "a/../../b".to_owned()),
        (Target::Github, |job| job.role = None),
        (Target::Github, |job| job.install = Some(" \n".to_owned())),
        (Target::Github, |job| {
            job.install = Some("a\u{1b}b".to_owned())
        }),
        (Target::Github, |job| job.image = Some("a".to_owned())),
        (Target::Kubernetes, |job| job.image = None),
        (Target::Kubernetes, |job| job.image = Some("a b".to_owned())),
        (Target::Kubernetes, |job| job.install = Some("a".to_owned())),
        (Target::Kubernetes, |job| job.every = every("2d")),
    ];
    let mut told = String::new();
    for (target, edit) in edits {
        let mut job = plain(target);
        edit(&mut job);
        let error = refused(target, &job);
        told += &format!("{error}\n    hint: {}\n", error.hint());
    }
    insta::assert_snapshot!(told);
}

#[test]
fn paths_that_do_not_read_as_they_are() {
    for hidden in ['\u{202e}', '\u{200b}', '\u{feff}', '\u{e0041}'] {
        for target in [Target::Systemd, Target::Cron] {
            let job = Job {
                spec: format!("/etc/killick/a{hidden}.toml"),
                ..plain(target)
            };
            let error = refused(target, &job).to_string();
            assert!(!error.contains(hidden) && error.contains("\\u{"), "{error}");
        }
    }
}

#[test]
fn roles() {
    let job = |role: &str| Job {
        role: Some(role.to_owned()),
        ..plain(Target::Kubernetes)
    };
    for role in [
        "arn:aws:iam::123456789012:role/a",
        "arn:aws-cn:iam::123456789012:role/service/a_b+=,.@-",
        "arn:aws-us-gov:iam::123456789012:role/a",
    ] {
        made(Target::Kubernetes, &job(role));
    }
    for role in [
        "",
        "a",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/a b",
        "arn:aws:iam::123456789012:role/a:b",
        "arn:aws:iam::123456789012:user/a",
        "arn:aws:iam::12345678901:role/a",
        "arn:aws:iam:us-east-1:123456789012:role/a",
        "arn:aws:sts::123456789012:assumed-role/a/b",
        "arn:awsx:iam::123456789012:role/a",
        "arn:aws:iam::123456789012:role/a\n",
    ] {
        let error = refused(Target::Kubernetes, &job(role));
        let what = "the ARN of a role";
        assert!(
            matches!(error, Error::Value { what: w, .. } if w == what),
            "{role}"
        );
    }
}
