//! Every file of two jobs, as it is written.

use crate::support::{made, nasty, plain};
use killick_schedule::{Job, Target};

fn all(target: Target, job: &Job) -> String {
    let one = |file: &killick_schedule::File| {
        let (name, mode, text) = (&file.name, file.mode, &file.text);
        format!("# ---- {name} {mode:o}\n{text}")
    };
    made(target, job).iter().map(one).collect()
}

macro_rules! jobs {
    ($($name:ident $target:ident $job:ident)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(all(Target::$target, &$job(Target::$target)));
        }
    )*};
}

jobs! {
    systemd_plain Systemd plain
    systemd_nasty Systemd nasty
    cron_plain Cron plain
    cron_nasty Cron nasty
    github_plain Github plain
    github_nasty Github nasty
    kubernetes_plain Kubernetes plain
    kubernetes_nasty Kubernetes nasty
}

/// Without all that may be left out.
#[test]
fn github_on_a_runner_of_ones_own() {
    let mut job = plain(Target::Github);
    (job.install, job.role) = (None, None);
    insta::assert_snapshot!(all(Target::Github, &job));
}

/// No times of the clock, and a program in a home.
#[test]
fn systemd_counting_from_the_last_run() {
    let mut job = plain(Target::Systemd);
    job.every = crate::support::every("7m");
    job.program = "/home/ops/bin/killick".to_owned();
    insta::assert_snapshot!(all(Target::Systemd, &job));
}
