//! The forty changes of docs on drift, made with another client: each is found with its effect, and put right
//! exactly as far as that is killick's business.

mod around;
mod functions;
mod gateways;
mod judge;
mod routes;

use killick_tests::{Aws, Site, Spec, Stack};
use serde_json::json;

pub(crate) const A: &str = "ap-northeast-1a";
pub(crate) const TABLE: &str = "route_table/private-ap-northeast-1a";
pub(crate) const ANYWHERE: &str = "0.0.0.0/0";

/// What may be done about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repair {
    /// `apply` puts it right.
    Automatic,
    /// Only under this flag.
    Guarded(&'static str),
    /// It is reported and left alone, whatever flag is given.
    Report,
    /// It is not worth a word.
    Nothing,
    /// Nothing is written before a person has decided.
    Refuse,
    /// It would be put right under a flag, if AWS could.
    Lost,
}

/// A change behind killick's back, and what must be made of it.
pub(crate) struct Case {
    name: &'static str,
    /// What somebody does, and what must have been before.
    hand: fn(&Site),
    /// What AWS answers from then on, after which it ends again.
    faults: Option<fn() -> serde_json::Value>,
    key: &'static str,
    /// How the field begins; empty for a resource as a whole.
    field: &'static str,
    severity: &'static str,
    repair: Repair,
    /// How many findings there are in all.
    findings: usize,
    /// How many of them stay when it is put right.
    left: usize,
}

pub(crate) fn case(
    name: &'static str,
    (severity, repair): (&'static str, Repair),
    key: &'static str,
    field: &'static str,
    hand: fn(&Site),
) -> Case {
    Case {
        name,
        hand,
        faults: None,
        key,
        field,
        severity,
        repair,
        findings: 1,
        left: 0,
    }
}

impl Case {
    fn with(mut self, findings: usize) -> Self {
        self.findings = findings;
        self
    }

    fn leaving(mut self, left: usize) -> Self {
        self.left = left;
        self
    }

    fn while_aws(mut self, faults: fn() -> serde_json::Value) -> Self {
        self.faults = Some(faults);
        self
    }
}

pub(crate) const CRITICAL: &str = "critical";
pub(crate) const WARNING: &str = "warning";
pub(crate) const INFO: &str = "info";
pub(crate) const PRUNE: Repair = Repair::Guarded("--prune");

/// Both clients of a site, as the hands need them.
pub(crate) fn hands(site: &Site) -> (&Aws, Stack) {
    (&site.aws, site.stack())
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn routes_and_tables() {
    judge::all(routes::cases());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn gateways_and_addresses() {
    judge::all(gateways::cases());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_surrounds_the_network() {
    judge::all(around::cases());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn functions_and_their_group() {
    judge::all(functions::cases());
}

/// Two changes at once are two findings, and neither hides the other.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn two_changes_are_two_findings() {
    let site = Site::deployed(Spec::two_zones());
    let (aws, stack) = hands(&site);
    aws.deny_replies(stack.id("vpc/main"));
    aws.withhold_interfaces();
    let drift = site.drift(2).unwrap();
    let findings = drift["findings"].as_array().unwrap();
    let keys: Vec<&str> = findings
        .iter()
        .filter_map(|one| one["key"].as_str())
        .collect();
    assert_eq!(keys, ["vpc/main", "function/billing-sync"], "{drift:#}");
}

/// Nothing follows it, so it says nothing about the main table.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn an_unused_table_is_nothing() {
    let site = Site::deployed(Spec::two_zones());
    let args = json!({"VpcId": site.stack().id("vpc/main")});
    site.aws.ec2("create_route_table", args);
    let drift = site.drift(0).unwrap();
    assert_eq!(drift["findings"], json!([]));
}
