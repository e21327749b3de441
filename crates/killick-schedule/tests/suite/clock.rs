//! When a check runs, by a clock and a reader of their own.

use std::collections::BTreeSet;

use crate::support::{every, plain, text};
use killick_schedule::{Job, Target};

const DAY: u32 = 24 * 60;

/// The values that one field of cron names, of those from 0 to below `whole`.
fn field(field: &str, whole: u32) -> Vec<u32> {
    let (range, step) = field.split_once('/').unwrap_or((field, "1"));
    let step: usize = step.parse().expect(field);
    let (first, last) = match range.split_once('-') {
        Some((first, last)) => (first.parse().expect(field), last.parse().expect(field)),
        None if range == "*" => (0, whole - 1),
        None => (range.parse().expect(field), range.parse().expect(field)),
    };
    assert!(first <= last && last < whole, "{field}");
    (first..=last).step_by(step).collect()
}

/// The minutes of a day.
fn times(cron: &str) -> Vec<u32> {
    let fields: Vec<_> = cron.split(' ').collect();
    let [minute, hour, "*", "*", "*"] = fields.as_slice() else {
        panic!("{cron}");
    };
    let minutes = field(minute, 60);
    let hours = field(hour, 24).into_iter();
    hours
        .flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute))
        .collect()
}

/// The same of what systemd is told.
fn calendar_times(calendar: &str) -> Vec<u32> {
    let time = calendar.strip_prefix("*-*-* ").expect(calendar);
    let time = time.strip_suffix(":00").expect(calendar);
    let (hour, minute) = time.split_once(':').expect(calendar);
    // A step without an end goes to the last value.
    let with_end = |field: &str, last: u32| match field.split_once('/') {
        Some((first, step)) => format!("{first}-{last}/{step}"),
        None => field.to_owned(),
    };
    times(&format!(
        "{} {} * * *",
        with_end(minute, 59),
        with_end(hour, 23)
    ))
}

fn after<'t>(text: &'t str, words: &str) -> &'t str {
    let (_, rest) = text.split_once(words).expect(words);
    rest.lines().next().expect(words)
}

fn job(target: Target, time: &str, stack: &str) -> Job {
    Job {
        every: every(time),
        stack: stack.to_owned(),
        ..plain(target)
    }
}

/// What each scheduler is told.
fn told(target: Target, time: &str, stack: &str) -> Vec<u32> {
    let job = job(target, time, stack);
    match target {
        Target::Systemd => {
            let files = crate::support::made(target, &job);
            let timer = files.iter().find(|file| file.name.ends_with(".timer"));
            calendar_times(after(&timer.unwrap().text, "OnCalendar="))
        }
        Target::Cron => {
            let text = text(target, &job);
            let line = text.lines().find(|line| line.contains(" nobody {"));
            times(line.unwrap().split(" nobody").next().unwrap())
        }
        Target::Github => {
            let text = text(target, &job);
            times(after(&text, "cron: \"").split('"').next().unwrap())
        }
        Target::Kubernetes => {
            let text = text(target, &job);
            times(after(&text, "schedule: \"").split('"').next().unwrap())
        }
    }
}

#[test]
fn all_times_are_as_far_apart_as_asked() {
    let times = [
        "1m", "2m", "3m", "4m", "5m", "6m", "10m", "12m", "15m", "20m", "30m", "1h", "2h", "3h",
        "4h", "6h", "8h", "12h", "1d",
    ];
    for time in times {
        for stack in ["a", "partner-egress", "single-nat", "0-"] {
            let minutes = every(time).as_minutes();
            let wanted = told(Target::Kubernetes, time, stack);
            assert_eq!(
                wanted.len(),
                usize::try_from(DAY / minutes).unwrap(),
                "{time}"
            );
            let next = wanted
                .iter()
                .skip(1)
                .chain([wanted[0] + DAY].iter())
                .copied()
                .collect::<Vec<_>>();
            for (one, next) in wanted.iter().zip(next) {
                assert_eq!(next - one, minutes, "{time} {stack}");
            }
            for target in Target::ALL {
                if target != Target::Github || minutes >= 5 {
                    assert_eq!(told(target, time, stack), wanted, "{target} {time} {stack}");
                }
            }
        }
    }
}

#[test]
fn stacks_are_spread() {
    for (time, least) in [("5m", 5), ("1h", 40), ("1d", 90)] {
        let first = |number: u32| told(Target::Cron, time, &format!("stack-{number}"))[0];
        let firsts: BTreeSet<_> = (0..100).map(first).collect();
        assert!(firsts.len() >= least, "{time}: {firsts:?}");
    }
}

#[test]
fn what_has_no_times_of_the_clock_counts() {
    let job = job(Target::Systemd, "7m", "a");
    let timer = crate::support::made(Target::Systemd, &job).remove(1).text;
    assert_eq!(after(&timer, "OnUnitActiveSec="), "7min");
    assert!(!timer.contains("OnCalendar"));
}
