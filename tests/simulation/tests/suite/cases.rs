//! The forty changes of somebody else: each is found, and put right exactly as
//! far as that is killick's business.

mod accepted;
mod acls;
mod fresh;
mod pairs;
mod reading;
mod table;
mod who;

use killick_sim::tamper::CASES;
use killick_simulation::line::Base;
use killick_simulation::people::applied;
use killick_simulation::report::Report;
use killick_simulation::{Draft, Nat, Stage, live};

use table::{EXPECTED, Expected, Repair, advice};

/// Two zones, two functions; the addresses are promised as soon as they are
/// there.
fn base(promised: bool, functions: &[u8]) -> (Base, String) {
    let mut draft = Draft::new("ac", Nat::PerZone, functions, None);
    let base = applied(&draft);
    if promised {
        live(async {
            let stage = Stage::from(&base, 1);
            draft.pinned = stage
                .look(|place| killick_simulation::people::addresses_of(place, "partner-egress"))
                .into_iter()
                .collect();
        });
    }
    (base, draft.toml())
}

/// Does what must be done before a case, and the case.
async fn happen(stage: &mut Stage, spec: &str, expected: &Expected) {
    for first in expected.before {
        stage.tamper(first);
        stage.wait(600).await;
    }
    if expected.case == "repoint-alias" {
        return publish_old(stage, spec).await;
    }
    stage.tamper(expected.case);
    // Until an update of a function has ended, nobody knows where it runs.
    let update = if expected.key.starts_with("function/") {
        600
    } else {
        0
    };
    stage.wait(expected.wait.max(update)).await;
}

/// A version from before the function was attached.
async fn publish_old(stage: &mut Stage, spec: &str) {
    stage.tamper("detach-function");
    stage.wait(60).await;
    stage.tamper("repoint-alias");
    // The alias leads to the old version, which apply does not change.
    stage.run("apply --yes", spec).await.ends(3);
    stage.wait(60).await;
}

/// Who sees 0 from `apply` may tell the partner: nothing critical differs, all
/// is proven, and the addresses are the pinned ones.
async fn zero_means_proven(stage: &mut Stage, spec: &str, code: Option<u8>, case: &str) {
    let after = stage.drift(spec).await;
    let critical = after.findings.iter().any(|one| one.severity == "critical");
    let proven = stage.run("prove", spec).await.code == Some(0);
    let told = format!("{case}: {code:?} {:#?}", after.findings);
    match code {
        Some(0) => assert!(proven && !critical, "{told}"),
        Some(3) => assert!(!proven || critical, "{told}"),
        code => assert_eq!(code, Some(4), "{told}"),
    }
}

fn matching<'r>(report: &'r Report, expected: &Expected) -> Vec<&'r str> {
    let findings = report.findings.iter().filter(|one| {
        one.key == expected.key
            && one.field.starts_with(expected.field)
            && one.severity == expected.severity
            && one.repair == expected.repair.word()
    });
    findings.map(|one| one.id.as_str()).collect()
}

#[track_caller]
fn found(report: &Report, expected: &Expected) -> String {
    let ids = matching(report, expected);
    let case = expected.case;
    assert!(!ids.is_empty(), "{case}: {:#?}", report.findings);
    assert_eq!(report.code, 2, "{case}");
    ids[0].to_owned()
}

/// The report says what to do, to people and in JSON, and names the flag that it takes.
async fn advised(stage: &mut Stage, spec: &str, expected: &Expected, report: &Report, id: &str) {
    let case = expected.case;
    let mut findings = report.document["findings"]
        .as_array()
        .expect("findings")
        .iter();
    let finding = findings.find(|one| one["id"] == id).expect("the finding");
    let undo = masked(finding["undo"].as_str().expect("advice"));
    let shown = masked(&stage.run("drift", spec).await.ends(2).stdout);
    for piece in advice(expected, "SPEC", id) {
        assert!(undo.contains(&piece), "{case}: {piece} is not in {undo}");
        assert!(shown.contains(&piece), "{case}: {piece} is not in {shown}");
    }
    assert!(
        shown.contains(&format!("{undo} ({id})")),
        "{case}: {undo} is not in {shown}"
    );
}

/// One line, with `SPEC` for the spec's file, which is another one at each run.
fn masked(text: &str) -> String {
    let words = text.split_whitespace();
    let words = words.map(|word| match word.split_once(".toml") {
        Some((_, rest)) => format!("SPEC{rest}"),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn has(report: &Report, id: &str) -> bool {
    report.findings.iter().any(|one| one.id == id)
}

/// One case from the change to its repair.
fn one(expected: &Expected) {
    let functions: &[u8] = match expected.case {
        "repoint-alias" => &[0],
        _ => &[0, 1],
    };
    let (base, spec) = base(expected.promised, functions);
    live(async {
        let mut stage = Stage::from(&base, 1);
        happen(&mut stage, &spec, expected).await;
        if expected.repair == Repair::Nothing {
            let report = stage.drift(&spec).await;
            assert_eq!((report.code, report.findings.len()), (0, 0), "{report:#?}");
            return;
        }
        if expected.repair == Repair::Refuse {
            let ran = stage.run("drift --json", &spec).await.ends(4);
            assert!(ran.stderr.contains(expected.key), "{}", ran.stderr);
            let ran = stage.run("apply --yes --prune", &spec).await.ends(4);
            assert_eq!(ran.wrote(), [""; 0]);
            return;
        }
        let report = stage.drift(&spec).await;
        let id = found(&report, expected);
        let only = report.findings.len() == expected.findings;
        assert!(only, "{}: {:#?}", expected.case, report.findings);
        advised(&mut stage, &spec, expected, &report, &id).await;
        match expected.repair {
            Repair::Automatic => {
                let ran = stage.run("apply --yes", &spec).await;
                stage.wait(60).await;
                zero_means_proven(&mut stage, &spec, ran.code, expected.case).await;
                let after = stage.drift(&spec).await;
                let (word, left) = (expected.case, after.findings.len());
                assert!(left == expected.left, "{word}: {:#?}", after.findings);
            }
            Repair::Guarded(flag) => {
                let ran = stage.run("apply --yes", &spec).await;
                let after = stage.drift(&spec).await;
                let word = expected.case;
                assert!(has(&after, &id), "{word} was put right without {flag}");
                zero_means_proven(&mut stage, &spec, ran.code, word).await;
                let command = format!("apply --yes {flag}");
                let ran = stage.run(&command, &spec).await;
                stage.wait(60).await;
                zero_means_proven(&mut stage, &spec, ran.code, word).await;
                let after = stage.drift(&spec).await;
                let left = after.findings.len();
                let told = &ran.stderr;
                assert!(
                    left == expected.left,
                    "{word}: {told} {:#?}",
                    after.findings
                );
            }
            Repair::Lost => {
                let command = "apply --yes --change-addresses";
                let ran = stage.run(command, &spec).await.ends(3);
                assert!(ran.stderr.contains("is not given back"), "{}", ran.stderr);
                assert!(has(&stage.drift(&spec).await, &id), "it is gone");
            }
            Repair::Report => {
                let every = "apply --yes --prune --grant --change-addresses --move-functions";
                for command in ["apply --yes", every] {
                    let ran = stage.run(command, &spec).await;
                    let (word, wrote) = (expected.case, ran.wrote());
                    assert!(wrote.is_empty(), "{word}: {command} made {wrote:?}");
                    zero_means_proven(&mut stage, &spec, ran.code, word).await;
                }
                let after = stage.drift(&spec).await;
                assert!(has(&after, &id), "{}: gone", expected.case);
            }
            Repair::Nothing | Repair::Refuse => unreachable!(),
        }
    });
}

/// What `apply` may do about each row of the forty changes, by number: repair it, repair it under a flag, report it.
const ROWS: [&str; 40] = [
    "G", "G", "A", "A", "A", "A", "R", "A", "A", "R", // 1 to 10
    "R", "R", "A", "A", "R", "G", "G", "GR", "R", "G", // 11 to 20
    "A", "R", "R", "A", "G", "G", "A", "A", "R", "R", // 21 to 30
    "R", "G", "A", "G", "A", "A", "G", "A", "R", "G", // 31 to 40
];

#[test]
fn the_table_is_complete() {
    let names: Vec<&str> = CASES.iter().map(|case| case.name).collect();
    let told: Vec<&str> = EXPECTED.iter().map(|one| one.case).collect();
    assert_eq!(names, told);
    for (case, expected) in CASES.iter().zip(EXPECTED) {
        let repair = match expected.repair {
            Repair::Automatic => 'A',
            Repair::Guarded(_) => 'G',
            Repair::Lost | Repair::Report | Repair::Nothing | Repair::Refuse => 'R',
        };
        let row = ROWS[usize::from(case.number) - 1];
        assert!(row.contains(repair), "{}", case.name);
        if !matches!(expected.repair, Repair::Nothing | Repair::Refuse) {
            assert_eq!(expected.severity, case.severity.word(), "{}", case.name);
        }
    }
}

#[test]
fn each_is_found_and_put_right_as_far_as_it_may_be() {
    let only = std::env::var("CASE").ok();
    for expected in EXPECTED {
        if only.as_ref().is_none_or(|only| only == expected.case) {
            one(expected);
        }
    }
}
