//! What `drift --json` says.

use serde_json::Value;

use crate::stage::Stage;

/// One finding, as far as tests look at it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Stable between runs.
    pub id: String,
    /// The resource.
    pub key: String,
    /// The field, empty for a resource as a whole.
    pub field: String,
    /// `critical`, `warning`, `info`.
    pub severity: String,
    /// `automatic`, `guarded`, `report`.
    pub repair: String,
    /// What it means.
    pub effect: String,
}

/// A drift report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The exit code.
    pub code: u8,
    /// The findings, the worst first.
    pub findings: Vec<Finding>,
    /// `kind.field` of what could not be read.
    pub unreadable: Vec<String>,
    /// The whole document.
    pub document: Value,
    /// The calls that it took.
    pub calls: Vec<String>,
}

impl Stage {
    /// Asks for drift.
    pub async fn drift(&mut self, spec: &str) -> Report {
        let ran = self.run("drift --json", spec).await;
        let code = ran.code.expect("an end");
        let document: Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let findings = document["findings"].as_array().expect("findings").iter();
        let findings = findings.map(|finding| Finding {
            id: text(&finding["id"]),
            key: text(&finding["key"]),
            field: text(&finding["field"]),
            severity: text(&finding["severity"]),
            repair: text(&finding["repair"]),
            effect: text(&finding["effect"]),
        });
        let unreadable = document["coverage"]["unreadable"].as_array();
        let unreadable = unreadable.into_iter().flatten();
        Report {
            code,
            findings: findings.collect(),
            unreadable: unreadable.map(|one| text(&one["what"])).collect(),
            calls: ran.calls.iter().map(|call| call.action.clone()).collect(),
            document,
        }
    }

    /// Somebody does one of the forty things.
    #[track_caller]
    pub fn tamper(&self, case: &str) -> String {
        let done = self.try_tamper(case);
        done.unwrap_or_else(|error| panic!("{case}: {error}"))
    }

    /// The same; why it cannot be done, if it cannot.
    ///
    /// # Errors
    /// The world has not what it takes, or AWS refuses.
    pub fn try_tamper(&self, case: &str) -> Result<String, String> {
        use killick_sim::tamper::{Case, tamper};

        use crate::draft::{ACCOUNT, REGION, STACK};
        let case = Case::named(case).expect("a case");
        self.line
            .with(|sim, now| tamper(&mut sim.world, now, ACCOUNT, REGION, STACK, case))
    }
}
