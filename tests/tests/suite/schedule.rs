//! Files for other schedulers, judged by those who know their formats.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use killick_tests::binary::{Progress, binary};
use killick_tests::{Site, Spec, tool};

const ROLE: &str = "arn:aws:iam::123456789012:role/drift";
const IMAGE: &str = "registry.example/killick:1.0";

/// The files that `schedule` writes, by name, in a folder of the site.
fn files(site: &Site, args: &[&str]) -> Vec<PathBuf> {
    let folder = site.killick.dir().join("out");
    std::fs::remove_dir_all(&folder).ok();
    site.killick
        .run(&[&["schedule"], args, &["--dir", "out"]].concat())
        .code(0);
    let written = std::fs::read_dir(folder).unwrap();
    let mut written: Vec<_> = written.map(|entry| entry.unwrap().path()).collect();
    written.sort();
    assert_eq!(site.server.calls().len(), 0, "a file needs nothing of AWS");
    written
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

const WORKFLOWS: [&[&str]; 3] = [
    &["github", "--role", ROLE],
    &[
        "github",
        "--role",
        ROLE,
        "--every",
        "1d",
        "--fail-on",
        "critical",
    ],
    &[
        "github",
        "--role",
        ROLE,
        "--install",
        "cargo install --locked killick",
    ],
];

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn github_takes_the_workflow() {
    let site = Site::new(Spec::two_zones());
    let judge = tool::of_python("check-jsonschema");
    let schema = ["--builtin-schema", "vendor.github-workflows"].map(OsStr::new);
    for workflow in WORKFLOWS {
        let written = files(&site, workflow);
        assert_eq!(written.len(), 1, "{written:?}");
        tool::approves(&judge, &[&schema[..], &[written[0].as_os_str()]].concat());
        // The judge knows a bad one.
        let broken = text(&written[0]).replacen("runs-on:", "runs-in:", 1);
        std::fs::write(&written[0], broken).unwrap();
        let judged = tool::verdict(&judge, &[&schema[..], &[written[0].as_os_str()]].concat());
        assert!(!judged.0, "{}", judged.1);
    }
}

#[test]
#[cfg_attr(any(no_python, no_actionlint), ignore = "needs Python and actionlint")]
fn actionlint_takes_the_workflow() {
    let site = Site::new(Spec::two_zones());
    let actionlint = tool::of_machine("actionlint").expect("actionlint");
    for workflow in WORKFLOWS {
        let written = files(&site, workflow);
        tool::approves(&actionlint, &[written[0].as_os_str()]);
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn kubernetes_takes_the_objects() {
    let site = Site::new(Spec::two_zones());
    let judge = tool::of_python("kubernetes-validate");
    for more in [
        &["--image", IMAGE][..],
        &[
            "--image",
            IMAGE,
            "--role",
            ROLE,
            "--every",
            "2h",
            "--fail-on",
            "warning",
        ],
    ] {
        let written = files(&site, &[&["kubernetes"], more].concat());
        let mut args = vec![OsStr::new("--strict")];
        args.extend(written.iter().map(|path| path.as_os_str()));
        tool::approves(&judge, &args);
        let all: String = written.iter().map(|path| text(path)).collect();
        assert!(all.contains("kind: CronJob"), "{all}");
        assert!(all.contains(IMAGE), "{all}");
        // The spec goes along, as it is.
        for line in site.spec.to_toml().lines().filter(|line| !line.is_empty()) {
            assert!(all.contains(line), "{line:?} is missing in\n{all}");
        }
        let broken = text(&written[0]).replacen("jobTemplate:", "jobPattern:", 1);
        std::fs::write(&written[0], broken).unwrap();
        assert!(
            !tool::verdict(&judge, &args).0,
            "the judge takes everything"
        );
    }
}

/// Its services have a /tmp of their own, so that nothing of theirs may lie there.
fn outside_tmp() -> tempfile::TempDir {
    let places = [env!("CARGO_TARGET_TMPDIR"), "/dev/shm", "/var/lib"];
    let mut good = places.iter().filter(|place| !place.starts_with("/tmp/"));
    let made = good.find_map(|place| tempfile::tempdir_in(place).ok());
    made.expect("a folder that is not below /tmp")
}

#[test]
#[cfg_attr(
    any(no_python, no_systemd),
    ignore = "needs Python and systemd-analyze"
)]
fn systemd_takes_the_units() {
    let site = Site::new(Spec::two_zones());
    let judge = tool::of_machine("systemd-analyze").expect("systemd-analyze");
    let place = outside_tmp();
    let spec = place.path().join("partner.toml");
    std::fs::write(&spec, site.spec.to_toml()).unwrap();
    let spec = spec.to_str().unwrap();
    for every in ["5m", "15m", "2h", "1d"] {
        let args = ["systemd", spec, "--every", every, "--program", "/bin/true"];
        let written = files(&site, &args);
        let names: Vec<_> = written
            .iter()
            .map(|path| path.extension().unwrap())
            .collect();
        assert_eq!(names, ["service", "timer"]);
        let units: Vec<&OsStr> = written.iter().map(|path| path.as_os_str()).collect();
        let said = tool::approves(&judge, &[&[OsStr::new("verify")], &units[..]].concat());
        let about = |line: &&str| line.contains("killick-");
        let said: Vec<_> = said.lines().filter(about).collect();
        assert!(said.is_empty(), "{every}: {said:?}");
        // Where it says when, systemd must see a next time.
        let timer = text(&written[1]);
        let when = timer
            .lines()
            .find_map(|line| line.strip_prefix("OnCalendar="));
        let args = ["calendar", when.unwrap()].map(OsStr::new);
        tool::approves(&judge, &args);
    }
    // Below /tmp it would not find its files.
    let output = site
        .killick
        .run(&["schedule", "systemd", "--program", "/tmp/killick"]);
    assert_eq!(output.status, Some(1), "{output}");
}

/// The line of a crontab runs as it stands: its log has the report and the exit code.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_cron_line_runs() {
    let site = Site::deployed(Spec::two_zones());
    let program = binary(Progress::Hidden).to_str().unwrap();
    for (hurt, code) in [(false, 0), (true, 2)] {
        if hurt {
            site.aws.set_vpc_config("billing-sync", &[], &[]);
        }
        let output = site
            .killick
            .run(&["schedule", "cron", "--program", program])
            .code(0);
        let jobs: Vec<&str> = output
            .stdout
            .lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_digit() || first == '*'))
            .collect();
        assert_eq!(jobs.len(), 1, "{output}");
        let mut fields = jobs[0].splitn(7, ' ');
        let when: Vec<&str> = fields.by_ref().take(5).collect();
        let known = |c: char| c.is_ascii_digit() || "*/,-".contains(c);
        assert!(
            when.iter().all(|field| field.chars().all(known)),
            "{when:?}"
        );
        assert_eq!(fields.next(), Some("nobody"), "{output}");
        let command = fields.next().unwrap().replace("\\%", "%");
        let log = logged(&site, &command);
        assert!(
            log.contains(&format!("exit code {code}")),
            "{log}\n{command}"
        );
        assert!(log.contains("partner-egress"), "{log}");
    }
}

/// Runs a command as cron does, with a logger that writes a file.
fn logged(site: &Site, command: &str) -> String {
    let bin = site.killick.dir().join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    let (logger, log) = (bin.join("logger"), site.killick.dir().join("log"));
    std::fs::write(&logger, format!("#!/bin/sh\ncat > '{}'\n", log.display())).unwrap();
    std::fs::set_permissions(&logger, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("/bin/sh")
        .args(["-c", command])
        .env_clear()
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("HOME", site.killick.dir())
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "test-secret-never-shown")
        .env("AWS_ENDPOINT_URL", site.server.url())
        .status()
        .unwrap();
    text(&log)
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn no_file_is_overwritten() {
    let site = Site::new(Spec::two_zones());
    let written = files(&site, &["cron", "--program", "/usr/bin/killick"]);
    let before = text(&written[0]);
    let again = [
        "schedule",
        "cron",
        "--every",
        "1h",
        "--program",
        "/usr/bin/killick",
        "--dir",
        "out",
    ];
    let output = site.killick.run(&again).code(1);
    assert!(output.stderr.contains("hint:"), "{output}");
    assert_eq!(text(&written[0]), before);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_a_scheduler_needs_or_cannot_do_is_said() {
    let site = Site::new(Spec::two_zones());
    for (args, word) in [
        (&["kubernetes"][..], "--image"),
        (
            &["cron", "--every", "7m", "--program", "/usr/bin/killick"],
            "7m",
        ),
        (&["cron", "--every", "soon"], "soon"),
        (&["systemd", "missing.toml"], "missing.toml"),
    ] {
        let output = site.killick.run(&[&["schedule"], args].concat()).code(1);
        assert!(output.stderr.contains(word), "{output}");
        assert_eq!(output.stdout, "", "{output}");
    }
}
