//! The probe: checks of AWS's documented behaviour, in Python, for any endpoint.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::python;

/// Runs every check; gives by its name what is wrong, or nothing.
pub fn outcomes(endpoint: &str) -> BTreeMap<String, Option<String>> {
    let report = tempfile::NamedTempFile::new().expect("a file for the report");
    let status = Command::new(python::interpreter())
        .args(["-B", "-m", "probe", "--endpoint", endpoint, "--json"])
        .arg(report.path())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("PYTHONPATH")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .expect("the probe's Python process");
    let text = std::fs::read_to_string(report.path()).expect("the report");
    let report: Value = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("the probe ended with {status}: {error}"));
    let checks = report["checks"].as_array().expect("a list of checks");
    checks.iter().map(outcome).collect()
}

fn outcome(check: &Value) -> (String, Option<String>) {
    let text = |name: &str| check[name].as_str().unwrap_or_default().to_owned();
    let wrong = (check["ok"] != true).then(|| text("why"));
    (text("name"), wrong)
}
