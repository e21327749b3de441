//! Who did it: each case is put down to the one who did it, once CloudTrail
//! knows.

use killick_sim::tamper::Case;
use killick_simulation::draft::ACCOUNT;
use killick_simulation::{Stage, live};
use serde_json::Value;

use super::table::{EXPECTED, Repair};
use super::{base, happen};

/// Cases whose events name nothing that is left to be seen.
const VAGUE: [&str; 2] = ["disassociate-table", "block-public-access"];

async fn told(stage: &mut Stage, spec: &str) -> Value {
    let ran = stage.run("drift --who --json", spec).await.ends(2);
    serde_json::from_str(&ran.stdout).expect("a document")
}

#[test]
fn each_case_is_put_down_to_who_did_it() {
    for expected in EXPECTED {
        if matches!(expected.repair, Repair::Nothing | Repair::Refuse) {
            continue;
        }
        let (base, spec) = base(
            expected.promised,
            if expected.case == "repoint-alias" {
                &[0]
            } else {
                &[0, 1]
            },
        );
        live(async {
            let mut stage = Stage::from(&base, 1);
            happen(&mut stage, &spec, expected).await;
            stage.wait(400).await;
            let document = told(&mut stage, &spec).await;
            let findings = document["findings"].as_array().expect("findings").iter();
            let mut matching = findings.filter(|one| {
                let field = one["field"].as_str().unwrap_or_default();
                one["key"] == expected.key && field.starts_with(expected.field)
            });
            let finding = matching.next().expect("the finding");
            let by = Case::named(expected.case).expect("a case").by();
            let first = &finding["who"][0];
            assert_eq!(
                first["principal"],
                by.arn(ACCOUNT).as_str(),
                "{}: {finding:#}",
                expected.case
            );
            let vague = VAGUE.contains(&expected.case);
            assert_eq!(first["certain"], !vague, "{}: {finding:#}", expected.case);
        });
    }
}

#[test]
fn before_the_trail_knows_nobody_is_blamed() {
    let (base, spec) = base(false, &[0]);
    live(async {
        let mut stage = Stage::from(&base, 1);
        stage.tamper("delete-default-route");
        let document = told(&mut stage, &spec).await;
        let finding = &document["findings"][0];
        assert_eq!(finding["who"], serde_json::json!([]));
        let why = finding["unattributed"].as_str().expect("why");
        assert!(why.starts_with("not attributable yet"), "{why}");
    });
}

#[test]
fn what_was_put_right_is_not_held_against_anybody() {
    let (base, spec) = base(false, &[0]);
    live(async {
        let mut stage = Stage::from(&base, 1);
        stage.tamper("delete-default-route");
        stage.run("apply --yes", &spec).await.ends(0);
        stage.wait(7200).await;
        // The trail does not know of the second time yet.
        stage.tamper("delete-default-route");
        let document = told(&mut stage, &spec).await;
        assert_eq!(document["findings"][0]["who"], serde_json::json!([]));
    });
}

#[test]
fn a_trail_that_is_closed_costs_the_report_nothing() {
    let (base, spec) = base(false, &[0]);
    live(async {
        use killick_sim::{Fault, Rule};
        let mut stage = Stage::from(&base, 1);
        stage.tamper("delete-default-route");
        let rule = Rule::always("LookupEvents", Fault::Deny);
        stage.line.with(|sim, _| sim.faults.add(rule));
        let ran = stage.run("drift --who --json", &spec).await.ends(3);
        let document: Value = serde_json::from_str(&ran.stdout).expect("a document");
        assert_eq!(document["findings"].as_array().map(Vec::len), Some(1));
        assert_eq!(
            document["coverage"]["unreadable"][0]["what"],
            "cloudtrail.who"
        );
    });
}
