//! What changed between two looks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use killick_finding::Severity;
use killick_watch::{
    Accepted, Finding, Held, Known, Look, TransitionKind, Unread, replay, transitions,
};
use proptest::prelude::*;
use support::world::hidden;
use support::{finding, look, unread};

fn one(id: u64) -> Finding {
    finding(id, Severity::Critical, "no way out")
}

fn open(findings: &[Finding]) -> Known {
    transitions(&Known::new(), &look(findings.to_vec())).0
}

fn words(known: &Known, look: &Look) -> Vec<(&'static str, String)> {
    let (_, all) = transitions(known, look);
    all.iter()
        .map(|one| (one.change.word(), one.finding.id.clone()))
        .collect()
}

#[test]
fn a_set_that_stays_tells_nothing() {
    let known = open(&[one(1), one(2)]);
    let (after, all) = transitions(&known, &look(vec![one(2), one(1)]));
    assert_eq!((after, all), (known, Vec::new()));
}

#[test]
fn a_change_tells_what_was_before() {
    let known = open(&[one(1)]);
    let milder = finding(1, Severity::Info, "costs more");
    let (after, all) = transitions(&known, &look(vec![milder.clone()]));
    let TransitionKind::Changed { before } = &all[0].change else {
        panic!("{all:?}");
    };
    assert_eq!(
        (before.severity, before.effect.as_str()),
        (Severity::Critical, "no way out")
    );
    assert_eq!(after["d-000001"].finding, milder);
}

#[test]
fn what_a_finding_rests_on_is_not_news() {
    let known = open(&[one(1)]);
    let mut same = one(1);
    same.needs.insert("internet_gateway".to_owned());
    let (after, all) = transitions(&known, &look(vec![same.clone()]));
    assert_eq!(all, Vec::new());
    assert_eq!(after["d-000001"].finding.needs, same.needs);
}

#[test]
fn the_worst_comes_first_and_what_ended_last() {
    let known = open(&[one(1)]);
    let now = look(vec![
        finding(2, Severity::Info, ""),
        finding(3, Severity::Critical, ""),
        one(4),
    ]);
    let words: Vec<_> = words(&known, &now)
        .into_iter()
        .map(|(word, id)| format!("{word} {id}"))
        .collect();
    assert_eq!(
        words,
        [
            "opened d-000003",
            "opened d-000004",
            "opened d-000002",
            "resolved d-000001"
        ]
    );
}

#[test]
fn what_is_hidden_stays_open_and_unseen() {
    // nat_gateway/1 routes.0.0.0.0/0
    let known = open(&[one(1)]);
    for (unreadable, stays) in [
        (unread("nat_gateway", None), true),
        (unread("nat_gateway", Some("routes")), true),
        (unread("nat_gateway", Some("routes.0.0.0.0/0")), true),
        (unread("nat_gateway", Some("route")), false),
        (unread("nat_gateway", Some("subnets")), false),
        (unread("elastic_ip", None), false),
        (unread("elastic_ip", Some("routes")), false),
        (unread("nat", None), false),
    ] {
        let mut now = look(Vec::new());
        now.at += 60;
        now.unreadable.push(unreadable.clone());
        let (after, all) = transitions(&known, &now);
        assert_eq!(after.contains_key("d-000001"), stays, "{unreadable:?}");
        assert_eq!(all.is_empty(), stays, "{unreadable:?}");
        if !stays {
            continue;
        }
        assert_eq!(after["d-000001"].unseen_since, Some(now.at));
        now.at += 60;
        let (later, _) = transitions(&after, &now);
        assert_eq!(
            later["d-000001"].unseen_since,
            Some(now.at - 60),
            "since the first time"
        );
        let (seen, all) = transitions(&later, &look(vec![one(1)]));
        assert_eq!((seen["d-000001"].unseen_since, all.len()), (None, 0));
        assert_eq!(
            words(&later, &look(Vec::new())),
            [("resolved", "d-000001".to_owned())]
        );
    }
}

#[test]
fn a_finding_that_rests_on_something_unreadable_is_hidden_too() {
    let known = open(&[one(5)]);
    let mut now = look(Vec::new());
    now.unreadable.push(unread("vpc", None));
    assert_eq!(words(&known, &now), []);
    now.unreadable = vec![unread("vpc", Some("dns"))];
    assert_eq!(words(&known, &now).len(), 1);
}

#[test]
fn a_finding_that_was_accepted_ends_as_accepted() {
    let known = open(&[one(1)]);
    let mut now = look(Vec::new());
    now.unreadable.push(unread("nat_gateway", None));
    now.accepted.push(Accepted {
        id: "d-000001".to_owned(),
        reason: None,
        until: None,
    });
    let (after, all) = transitions(&known, &now);
    assert_eq!(all[0].change, TransitionKind::Resolved { accepted: true });
    assert_eq!(after, Known::new());
}

fn a_look() -> impl Strategy<Value = Look> {
    let findings = prop::collection::vec((0..12_u64, 0..3_usize, 0..2_u8), 0..8);
    let kinds = prop::sample::select(vec!["route_table", "nat_gateway", "function", "vpc"]);
    let fields = prop::sample::select(vec![None, Some("routes"), Some("subnets")]);
    let unreadable = prop::collection::vec((kinds, fields), 0..3);
    let accepted = prop::collection::vec(0..12_u64, 0..3);
    (findings, unreadable, accepted, 0..1000_u64).prop_map(|(findings, blind, accepted, at)| {
        let findings = findings.into_iter().map(|(id, severity, effect)| {
            finding(id, Severity::ALL[severity], &format!("effect {effect}"))
        });
        let mut seen = look(findings.collect());
        seen.at = at;
        seen.unreadable = blind
            .into_iter()
            .map(|(kind, field)| unread(kind, field))
            .collect();
        seen.accepted = accepted
            .into_iter()
            .map(|id| Accepted {
                id: one(id).id,
                reason: None,
                until: None,
            })
            .collect();
        seen
    })
}

proptest! {
    #[test]
    fn the_transitions_are_the_set(looks in prop::collection::vec(a_look(), 0..30)) {
        let mut known = Known::new();
        let mut replayed: BTreeMap<String, Finding> = BTreeMap::new();
        for look in &looks {
            let before: BTreeSet<String> = known.keys().cloned().collect();
            let (after, all) = transitions(&known, look);
            let mut told = BTreeSet::new();
            for transition in &all {
                let id = &transition.finding.id;
                prop_assert!(told.insert(id.clone()), "one finding, two transitions");
                let there = before.contains(id);
                prop_assert_eq!(there, transition.change != TransitionKind::Opened);
                prop_assert_eq!(transition.at, look.at);
                replay(&mut replayed, transition);
            }
            let set: BTreeMap<String, Finding> =
                after.iter().map(|(id, held)| (id.clone(), held.finding.clone())).collect();
            prop_assert_eq!(&replayed, &set);
            for finding in &look.findings {
                prop_assert!(after.contains_key(&finding.id));
            }
            for (id, Held { finding, unseen_since, .. }) in &after {
                let shown = look.findings.iter().any(|one| one.id == *id);
                prop_assert_eq!(shown, unseen_since.is_none());
                prop_assert!(shown || blind(finding, &look.unreadable));
            }
            let (again, none) = transitions(&after, look);
            prop_assert_eq!((again, none), (after.clone(), Vec::new()));
            known = after;
        }
    }
}

fn blind(finding: &Finding, unreadable: &[Unread]) -> bool {
    hidden(finding, unreadable)
}
