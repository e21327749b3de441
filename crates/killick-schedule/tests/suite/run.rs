//! What the commands in the files do, with a killick that ends as it is told to.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{ODD, evaluated, nasty, plain, text};
use killick_finding::Severity;
use killick_schedule::{Job, Target};
use tempfile::TempDir;
use yaml_rust2::{Yaml, YamlLoader};

/// A folder with a program and a spec in it, of awkward names.
struct Place {
    folder: TempDir,
    program: PathBuf,
    spec: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let odd = folder.path().join(ODD);
        fs::create_dir(&odd).unwrap();
        let (program, spec) = (odd.join("killick"), odd.join("-spec.toml"));
        let place = Self {
            program,
            spec,
            folder,
        };
        fs::write(&place.spec, "").unwrap();
        place.script(
            &place.program,
            "for word; do echo \"<$word>\"; done; exit $CODE",
        );
        place
    }

    fn script(&self, path: &Path, body: &str) {
        fs::write(path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn job(&self, target: Target) -> Job {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        Job {
            program: text(&self.program),
            spec: text(&self.spec),
            ..nasty(target)
        }
    }

    fn said(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap_or_default()
    }
}

/// What cron gives to the shell: `%` without its backslash.
fn cron_command(job: &Job) -> String {
    let text = text(Target::Cron, job);
    let line = text.lines().find(|line| line.contains(" nobody ")).unwrap();
    let (_, command) = line.split_once(" nobody ").unwrap();
    let mut out = String::new();
    for (index, part) in command.split('%').enumerate() {
        if index > 0 {
            assert!(out.ends_with('\\'), "a newline to cron: {command}");
            out.pop();
            out.push('%');
        }
        out += part;
    }
    out
}

fn cron(place: &Place, code: u8) -> String {
    let bin = place.folder.path().join("bin");
    fs::create_dir_all(&bin).unwrap();
    place.script(&bin.join("logger"), "echo \"logger $*\"; cat");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("/bin/sh");
    command
        .arg("-c")
        .arg(cron_command(&place.job(Target::Cron)));
    command.env("PATH", path).env("CODE", code.to_string());
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn cron_logs_the_report_and_the_exit_code() {
    let place = Place::new();
    let spec = place.spec.display();
    let logger = format!("logger -t killick-{}\n", crate::support::odd_stack());
    for code in [0, 2, 3] {
        let wanted =
            format!("{logger}<drift>\n<--fail-on>\n<critical>\n<{spec}>\nexit code {code}\n");
        assert_eq!(cron(&place, code), wanted);
    }
}

#[test]
fn cron_leaves_a_run_alone_that_still_goes_on() {
    let place = Place::new();
    let lock = fs::File::open(&place.spec).unwrap();
    lock.lock().unwrap();
    let said = cron(&place, 0);
    assert!(said.ends_with("\nexit code 75\n"), "{said}");
    assert!(!said.contains("<drift>"), "{said}");
    lock.unlock().unwrap();
    assert!(cron(&place, 0).ends_with("\nexit code 0\n"));
}

/// Runs one step of the workflow as GitHub does.
fn step(place: &Place, workflow: &Yaml, name: &str, code: &str) -> Output {
    let steps = workflow["jobs"]["drift"]["steps"].as_vec().unwrap();
    let mut steps = steps.iter();
    let step = steps.find(|step| step["name"].as_str() == Some(name));
    let script = place.folder.path().join("step.sh");
    fs::write(&script, step.unwrap()["run"].as_str().unwrap()).unwrap();
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail"]);
    command.arg(script).current_dir(place.folder.path());
    for variable in ["KILLICK", "SPEC"] {
        let value = workflow["jobs"]["drift"]["env"][variable].as_str().unwrap();
        command.env(variable, evaluated(value));
    }
    for variable in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
        command.env(variable, place.folder.path().join(variable));
    }
    command.env("CODE", code).output().unwrap()
}

fn workflow(place: &Place) -> Yaml {
    let job = Job {
        spec: format!("{ODD}/-spec.toml"),
        ..place.job(Target::Github)
    };
    let mut all = YamlLoader::load_from_str(&text(Target::Github, &job)).unwrap();
    all.remove(0)
}

#[test]
fn a_workflow_goes_on_where_there_is_a_report() {
    for (code, goes_on) in [
        (0, true),
        (2, true),
        (3, true),
        (1, false),
        (4, false),
        (130, false),
    ] {
        let place = Place::new();
        let workflow = workflow(&place);
        let code = code.to_string();
        let output = step(&place, &workflow, "Look for drift", &code);
        assert_eq!(output.status.success(), goes_on, "{code}");
        assert_eq!(place.said("GITHUB_OUTPUT"), format!("code={code}\n"));
        let report = place.said("killick.sarif");
        let words = "<drift>\n<--format>\n<sarif>\n<--fail-on>\n<critical>\n";
        assert_eq!(report, format!("{words}<{ODD}/-spec.toml>\n"));
        if !goes_on {
            assert_eq!(output.status.code().unwrap().to_string(), code);
        }
    }
}

#[test]
fn a_workflow_fails_as_the_check_did() {
    for code in ["2", "3"] {
        let place = Place::new();
        let workflow = workflow(&place);
        // The summary decides nothing.
        assert!(
            step(&place, &workflow, "Write the summary", code)
                .status
                .success()
        );
        assert!(place.said("GITHUB_STEP_SUMMARY").contains("<markdown>\n"));
        let last = step(&place, &workflow, "Fail on drift", code);
        assert_eq!(last.status.code().unwrap().to_string(), code);
        let said = String::from_utf8(last.stdout).unwrap();
        assert!(said.starts_with("::error::"), "{said}");
        assert_eq!(said.contains("not as declared"), code == "2", "{said}");
    }
}

#[test]
fn the_severity_goes_to_every_scheduler() {
    for target in Target::ALL {
        let mut job = plain(target);
        assert!(!text(target, &job).contains("--fail-on"), "{target}");
        for severity in [Severity::Critical, Severity::Warning, Severity::Info] {
            job.fail_on = Some(severity);
            let text = text(target, &job).replace(['"', ','], "");
            let wanted = format!("--fail-on {}", severity.word());
            assert_eq!(text.matches(&wanted).count(), 1, "{target}");
        }
    }
}

/// The words of a command line of systemd, with what it makes of `%`, `$` and a
/// backslash (systemd.service(5), systemd.syntax(7)); `$` means nothing in the
/// program.
fn systemd_words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let (mut inside, mut begun) = (false, false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let program = words.is_empty();
        match c {
            ' ' if !inside => {
                assert!(begun, "two spaces: {line}");
                words.push(std::mem::take(&mut word));
                begun = false;
                continue;
            }
            '"' => inside = !inside,
            '\'' if !inside => panic!("a quote of the other kind: {line}"),
            '\\' => {
                let next = chars.next().unwrap();
                assert!(next == '"' || next == '\\', "{line}");
                word.push(next);
            }
            '%' => {
                assert_eq!(chars.next(), Some('%'), "a specifier: {line}");
                word.push('%');
            }
            '$' if !program => {
                assert_eq!(chars.next(), Some('$'), "a variable: {line}");
                word.push('$');
            }
            c => word.push(c),
        }
        begun = true;
    }
    assert!(!inside && begun, "{line}");
    words.push(word);
    words
}

#[test]
fn systemd_gets_the_words_of_the_job() {
    let backslash = Job {
        spec: "/a\\n\"b\"'c d'%h$x;#{}\\".to_owned(),
        ..nasty(Target::Systemd)
    };
    for job in [plain(Target::Systemd), nasty(Target::Systemd), backslash] {
        let text = text(Target::Systemd, &job);
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("ExecStart="));
        let mut wanted = vec![job.program.as_str(), "drift"];
        wanted.extend(
            job.fail_on
                .map(|_| ["--fail-on", "critical"])
                .iter()
                .flatten(),
        );
        wanted.push(&job.spec);
        assert_eq!(systemd_words(line.unwrap()), wanted);
    }
}

#[test]
fn systemd_takes_drift_for_a_failure() {
    for job in [plain(Target::Systemd), nasty(Target::Systemd)] {
        let text = text(Target::Systemd, &job);
        let mut settings = text.lines().filter(|line| !line.starts_with('#'));
        assert!(!settings.any(|line| line.starts_with("SuccessExitStatus")));
    }
}
