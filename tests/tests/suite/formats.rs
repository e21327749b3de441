//! Reports and pictures in the formats of others: each is read by a program that knows the format.

mod page;
mod pictures;

use std::ffi::OsStr;
use std::path::PathBuf;

use killick_tests::{Site, Spec, tool};
use serde_json::{Value, json};

pub(crate) const NAT: &str = "nat_gateway/ap-northeast-1a";

/// Reads an XML file; gives tag, attributes and text of every element.
const ELEMENTS: &str = "import json, sys, xml.etree.ElementTree as tree; \
    print(json.dumps([[e.tag, e.attrib, e.text] for e in tree.parse(sys.argv[1]).iter()]))";

/// One of each severity: (site, the findings).
pub(crate) fn hurt() -> (Site, Vec<Value>) {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    let nat = json!({"NatGatewayId": stack.id(NAT)});
    site.aws.ec2("delete_nat_gateway", nat);
    site.aws.withhold_interfaces();
    site.aws
        .create_nat(stack.id("subnet/public-ap-northeast-1c"));
    let drift = site.drift(2).unwrap();
    let findings = drift["findings"].as_array().unwrap().clone();
    assert_eq!(findings.len(), 3, "{drift:#}");
    (site, findings)
}

pub(crate) fn report(site: &Site, format: &str, code: i32) -> String {
    site.killick
        .run(&["drift", "--format", format])
        .code(code)
        .stdout
}

/// Writes it where programs can read it.
pub(crate) fn saved(site: &Site, name: &str, text: &str) -> PathBuf {
    site.killick.write(name, text);
    site.killick.dir().join(name)
}

pub(crate) fn elements(site: &Site, text: &str) -> Vec<(String, Value, String)> {
    let file = saved(site, "file.xml", text);
    let args = [OsStr::new("-c"), OsStr::new(ELEMENTS), file.as_os_str()];
    let said = tool::approves(&tool::of_python("python"), &args);
    let all: Vec<Value> = serde_json::from_str(&said).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.iter()
        .map(|one| (text(&one[0]), one[1].clone(), text(&one[2])))
        .collect()
}

pub(crate) fn text<'v>(finding: &'v Value, name: &str) -> &'v str {
    finding[name].as_str().unwrap()
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn junit_has_a_failure_for_each_finding() {
    let (site, findings) = hurt();
    let all = elements(&site, &report(&site, "junit", 2));
    let of = |tag: &str| all.iter().filter(|one| one.0 == tag).collect::<Vec<_>>();
    let failures = of("failure");
    assert_eq!(failures.len(), findings.len());
    for (failure, finding) in failures.iter().zip(&findings) {
        assert_eq!(failure.1["type"], finding["severity"]);
        assert!(failure.2.contains(text(finding, "effect")), "{failure:?}");
    }
    let cases = of("testcase");
    for finding in &findings {
        let named = |one: &&&(String, Value, String)| {
            one.1["name"].to_string().contains(text(finding, "id"))
        };
        assert_eq!(cases.iter().filter(named).count(), 1, "{cases:?}");
    }
    let suite = &of("testsuite")[0].1;
    assert_eq!(
        (&suite["failures"], &suite["errors"]),
        (&json!("3"), &json!("0"))
    );

    // What could not be read is an error, and what is in sync one test that passes.
    site.server
        .faults(&json!([{"kind": "deny", "action": "DescribeDhcpOptions"}]));
    let all = elements(&site, &report(&site, "junit", 3));
    assert_eq!(all.iter().filter(|one| one.0 == "error").count(), 1);
    site.server.clear_faults();
    let fresh = Site::deployed(Spec::two_zones());
    let all = elements(&fresh, &report(&fresh, "junit", 0));
    let count = |tag: &str| all.iter().filter(|one| one.0 == tag).count();
    assert_eq!(
        (count("testcase"), count("failure"), count("error")),
        (1, 0, 0)
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn sarif_as_code_scanning_reads_it() {
    let (site, findings) = hurt();
    let sarif: Value = serde_json::from_str(&report(&site, "sarif", 2)).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert!(text(&sarif, "$schema").contains("sarif-2.1.0"));
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(&findings) {
        let level = match text(finding, "severity") {
            "critical" => "error",
            "warning" => "warning",
            _ => "note",
        };
        assert_eq!(result["level"], level, "{result:#}");
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[rule]["id"], result["ruleId"], "{result:#}");
        assert!(text(&result["message"], "text").contains(text(finding, "effect")));
        let prints = result["partialFingerprints"].as_object().unwrap();
        assert!(
            prints.values().any(|print| *print == finding["id"]),
            "{result:#}"
        );
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(
            place["artifactLocation"]["uri"], "killick.toml",
            "{result:#}"
        );
        assert!(place["region"]["startLine"].as_u64().unwrap() > 0);
    }
    let again: Value = serde_json::from_str(&report(&site, "sarif", 2)).unwrap();
    assert_eq!(again["runs"][0]["results"], run["results"], "it is stable");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn markdown_is_a_table_that_nothing_breaks() {
    let (site, findings) = hurt();
    let page = report(&site, "markdown", 2);
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with('|')).collect();
    for finding in &findings {
        let mut rows = rows.iter().filter(|row| row.contains(text(finding, "id")));
        let row = rows.next().unwrap_or_else(|| panic!("{finding:#}\n{page}"));
        assert_eq!(rows.next(), None, "{page}");
        let bare = row.replace("\\|", "");
        assert_eq!(bare.matches('|').count(), 7, "six cells: {row}");
        assert!(row.contains(text(finding, "key")), "{row}");
    }
}
