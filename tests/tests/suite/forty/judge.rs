//! One case from the change to its repair.

use std::panic::{AssertUnwindSafe, catch_unwind};

use killick_tests::{Site, Spec};
use serde_json::{Value, json};

use super::{Case, Repair};

const EVERY: [&str; 5] = [
    "--yes",
    "--prune",
    "--grant",
    "--change-addresses",
    "--move-functions",
];

/// Judges the cases one after the other on one stack, which is made anew where something of a case stays.
pub(crate) fn all(cases: Vec<Case>) {
    let site = Site::deployed(Spec::two_zones());
    let mut failures = Vec::new();
    for case in cases {
        // The hands panic where the emulator refuses.
        let judged = catch_unwind(AssertUnwindSafe(|| one(&site, &case)));
        let judged = judged.unwrap_or_else(|_| Err("it could not be done".to_owned()));
        site.server.clear_faults();
        site.killick.respec(&site.spec);
        if let Err(failure) = &judged {
            failures.push(format!("=== {}\n{failure}", case.name));
        }
        if judged.is_err() || site.drift(0).is_err() {
            site.restart();
            site.apply();
        }
    }
    let count = failures.len();
    assert!(count == 0, "{count} failed\n{}", failures.join("\n\n"));
}

fn one(site: &Site, case: &Case) -> Result<(), String> {
    let addresses = site.stack().addresses().clone();
    (case.hand)(site);
    if let Some(faults) = case.faults {
        site.server.faults(&faults());
    }
    match case.repair {
        Repair::Nothing => nothing(site),
        Repair::Refuse => refuse(site, case),
        Repair::Automatic => {
            found(site, case)?;
            site.killick.run(&["apply", "--yes"]).check(0)?;
            expect(site.stack().addresses(), addresses, "the addresses")?;
            put_right(site, case)
        }
        Repair::Guarded(flag) => {
            let id = found(site, case)?;
            let writes = writes(site, &["--yes"], &[0, 3, 4])?;
            expect(
                &writes,
                Vec::new(),
                "what `apply --yes` wrote without the flag",
            )?;
            still_there(site, &id)?;
            site.killick.run(&["apply", "--yes", flag]).check(0)?;
            put_right(site, case)
        }
        Repair::Report => {
            let id = found(site, case)?;
            let before = site.aws.world();
            for flags in [&EVERY[..1], &EVERY] {
                let writes = writes(site, flags, &[0, 3, 4])?;
                expect(
                    &writes,
                    Vec::new(),
                    &format!("what apply {flags:?} changed"),
                )?;
            }
            if before != site.aws.world() {
                return Err("the world is not what it was".to_owned());
            }
            still_there(site, &id)
        }
        Repair::Lost => {
            let id = found(site, case)?;
            let args = ["apply", "--yes", "--change-addresses"];
            let output = site.killick.run(&args).check(3)?;
            if !output.stderr.contains("is not given back") {
                return Err(format!("it does not say that it is lost\n{output}"));
            }
            still_there(site, &id)
        }
    }
}

/// Found as it should be; gives the id.
fn found(site: &Site, case: &Case) -> Result<String, String> {
    let drift = site.drift(2)?;
    let findings = drift["findings"].as_array().cloned().unwrap_or_default();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let word = match case.repair {
        Repair::Automatic => "automatic",
        Repair::Guarded(_) | Repair::Lost => "guarded",
        _ => "report",
    };
    let fits = |one: &&Value| {
        let field = text(one, "field");
        text(one, "key") == case.key
            && field.starts_with(case.field)
            && (!case.field.is_empty() || field.is_empty())
            && text(one, "severity") == case.severity
            && text(one, "repair") == word
            && !text(one, "effect").is_empty()
            && !text(one, "undo").is_empty()
    };
    let Some(one) = findings.iter().find(fits) else {
        let wanted = (case.key, case.field, case.severity, word);
        return Err(format!("{wanted:?} was expected in {drift:#}"));
    };
    if let Repair::Guarded(flag) = case.repair
        && !text(one, "undo").contains(flag)
    {
        return Err(format!("{flag} is not named: {one:#}"));
    }
    let expected = format!("how many findings there are: {drift:#}");
    expect(&findings.len(), case.findings, &expected)?;
    Ok(text(one, "id"))
}

fn nothing(site: &Site) -> Result<(), String> {
    let drift = site.drift(0)?;
    expect(&drift["findings"], json!([]), "the findings")
}

/// Neither a report nor a write: first somebody must say which of the two is meant.
fn refuse(site: &Site, case: &Case) -> Result<(), String> {
    let drift = site.killick.run(&["drift", "--json"]).check(4)?;
    if !drift.stderr.contains(case.key) {
        return Err(format!("{} is not named\n{drift}", case.key));
    }
    let writes = writes(site, &EVERY, &[4])?;
    expect(&writes, Vec::new(), "what was written")
}

/// Applies with these flags, which must end with one of the codes; gives the writing calls.
fn writes(site: &Site, flags: &[&str], codes: &[i32]) -> Result<Vec<String>, String> {
    site.server.reset_calls();
    let output = site.killick.run(&[&["apply"], flags].concat());
    match output.status {
        Some(code) if codes.contains(&code) => {
            let writes = site.writes();
            zero_means_proven(site, code).map_err(|why| format!("{why}\n{output}"))?;
            Ok(writes)
        }
        _ => Err(format!("one of {codes:?} was expected\n{output}")),
    }
}

/// Whoever sees 0 from `apply` may tell the partner, and nobody who sees 3 may.
fn zero_means_proven(site: &Site, code: i32) -> Result<(), String> {
    let drift = site.killick.run(&["drift", "--json"]);
    let critical = drift.stdout.contains("\"severity\": \"critical\"");
    let proven = site.killick.run(&["prove"]).status == Some(0);
    match (code, proven && !critical) {
        (0, true) | (3, false) | (4, _) => Ok(()),
        (code, sound) => Err(format!(
            "apply ended with {code}, and that all is sound is {sound}"
        )),
    }
}

fn put_right(site: &Site, case: &Case) -> Result<(), String> {
    let left = if case.left == 0 { 0 } else { 2 };
    let drift = site.drift(left)?;
    let findings = drift["findings"].as_array().map_or(0, Vec::len);
    let what = format!("how many findings are left: {drift:#}");
    expect(&findings, case.left, &what)?;
    site.aws.topology(&site.spec)
}

/// The finding with this id is there still.
fn still_there(site: &Site, id: &str) -> Result<(), String> {
    let drift = site.drift(2)?;
    let findings = drift["findings"].as_array().cloned().unwrap_or_default();
    match findings.iter().any(|one| one["id"] == id) {
        true => Ok(()),
        false => Err(format!("{id} is gone: {drift:#}")),
    }
}

fn expect<T: PartialEq + std::fmt::Debug>(found: &T, wanted: T, what: &str) -> Result<(), String> {
    match *found == wanted {
        true => Ok(()),
        false => Err(format!("{what}: {found:?}, not {wanted:?}")),
    }
}
