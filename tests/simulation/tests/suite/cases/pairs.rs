//! Two changes at once are two findings.

use killick_simulation::{Stage, live};

use super::table::{EXPECTED, Expected, Repair};
use super::{base, matching};

/// Chance, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Cases that need nothing before them and are told at once.
fn plain() -> Vec<&'static Expected> {
    let plain = EXPECTED.iter().filter(|one| {
        let told = !matches!(one.repair, Repair::Nothing | Repair::Refuse | Repair::Lost);
        told && one.before.is_empty() && one.wait <= 60 && one.case != "repoint-alias"
    });
    plain.collect()
}

/// Whether one change hides the other: they are about the same thing.
fn same(one: &Expected, other: &Expected) -> bool {
    let at = |one: &Expected| (one.key, one.field.split('.').next().unwrap_or_default());
    let moved = |one: &Expected| {
        matches!(
            one.case,
            "detach-function" | "move-function" | "drop-function-subnet"
        )
    };
    let function = |one: &Expected| one.key == "function/f0" && one.field != "role.";
    at(one) == at(other) || (moved(one) && function(other)) || (moved(other) && function(one))
}

#[test]
fn pairs_at_random_are_both_found() {
    let (base, spec) = base(true, &[0, 1]);
    let (cases, mut dice, mut tried) = (plain(), Dice(3), 0);
    while tried < 120 {
        let one = cases[dice.below(cases.len())];
        let other = cases[dice.below(cases.len())];
        if same(one, other) {
            continue;
        }
        live(async {
            let mut stage = Stage::from(&base, 1);
            // The second may have no object any more.
            stage.tamper(one.case);
            if stage.try_tamper(other.case).is_err() {
                return;
            }
            tried += 1;
            stage.wait(60).await;
            let report = stage.drift(&spec).await;
            for expected in [one, other] {
                // It may be worse together with the other, never less.
                let worse = Expected {
                    severity: "critical",
                    ..*expected
                };
                let found = matching(&report, expected).len() + matching(&report, &worse).len();
                let (a, b) = (one.case, other.case);
                assert!(
                    found > 0,
                    "{} of {a} and {b}: {:#?}",
                    expected.case,
                    report.findings
                );
            }
            let mut ids: Vec<&str> = report.findings.iter().map(|one| one.id.as_str()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), report.findings.len(), "{:#?}", report.findings);
        });
    }
}
