//! Plan, drift, prove, ips and graph answer from one assessment: on random
//! worlds none contradicts another about who leaves by what.

use std::collections::BTreeSet;

use killick_core::Key;
use killick_finding::Flag;
use killick_path::{Judgement, Path, Verdict};
use killick_spec::Spec;
use killick_stack::{
    Assessment, Fault, Finding, Findings, Identity, Moment, Origin, Remedy, Severity, Snapshot,
    StackView, Standing, State, findings,
};
use proptest::prelude::*;

use crate::support::{A, C, desired, text};
use crate::worlds::{World, private, world};

/// A world, as every command sees it.
struct Look {
    assessment: Assessment,
    findings: Vec<Finding>,
    faults: Vec<Fault>,
    identity: Identity,
}

/// None where two resources claim to be the same one: every command refuses.
fn look(world: &World) -> Option<Look> {
    let spec = world.spec();
    let identity = Identity::of(&spec, &world.snapshot).ok()?;
    let seen = StackView {
        snapshot: &world.snapshot,
        identity: &identity,
    };
    let desired = desired(&spec, &seen);
    let assessment = Assessment::of(&spec, &seen, &desired);
    let observed = seen.observed(&desired, &assessment);
    let Findings { all, faults } = findings(&spec, &seen, &desired, &observed, &assessment);
    Some(Look {
        assessment,
        findings: all,
        faults,
        identity,
    })
}

impl Look {
    /// The addresses by which the tables let a zone leave, if it is known.
    fn zone(&self, zone: &str) -> BTreeSet<String> {
        let subnet = private(zone);
        match self.identity.key(&subnet) {
            Some(_) => addresses(&self.assessment.from(&subnet)),
            None => BTreeSet::new(),
        }
    }

    /// What `drift` claims of zones: the words that follow `functions in …`.
    fn claims(&self) -> Vec<(&Finding, Vec<String>, String)> {
        let mut all = Vec::new();
        for finding in &self.findings {
            for part in finding.effect.split("; ") {
                let Some((_, rest)) = part.split_once("functions in ") else {
                    continue;
                };
                // What would be if they followed another table is no claim.
                let ends = [" have no way out", " leave by "];
                let end = ends.iter().filter_map(|end| rest.find(end)).min();
                let Some((zones, claim)) = end.map(|end| rest.split_at(end)) else {
                    continue;
                };
                if zones.contains(',') || part.contains("traffic of") {
                    continue;
                }
                let zones = zones.split(" and ").map(str::to_owned).collect();
                all.push((finding, zones, claim.to_owned()));
            }
        }
        all
    }
}

fn addresses(verdict: &Verdict) -> BTreeSet<String> {
    match verdict {
        Verdict::Leaves { addresses } | Verdict::Outside { addresses, .. } => {
            addresses.iter().map(ToString::to_string).collect()
        }
        _ => BTreeSet::new(),
    }
}

fn main_verdict(path: &Path) -> &Verdict {
    &path.main().unwrap().verdict
}

/// `plan` and `drift` name the addresses that `prove` finds.
fn plan_and_prove(look: &Look) {
    let (leaving, proofs) = (look.assessment.leaving(), look.assessment.proofs());
    assert_eq!(look.assessment.outbound().now, leaving.addresses);
    let paths = || proofs.iter().flat_map(|proof| &proof.paths);
    let proven: BTreeSet<String> = paths()
        .flat_map(|path| &path.classes)
        .flat_map(|class| addresses(&class.verdict))
        .collect();
    let named: BTreeSet<String> = leaving.addresses.iter().cloned().collect();
    assert_eq!(named.len(), leaving.addresses.len());
    assert!(named.is_superset(&proven), "{named:?} {proven:?}");
    let unknown = |path: &Path| matches!(main_verdict(path), Verdict::Unknown { .. });
    if proofs.is_empty() {
        let zones = [A, C].iter().flat_map(|zone| look.zone(zone)).collect();
        assert!(named.is_subset(&zones), "{named:?} {zones:?}");
    } else if !paths().any(unknown) {
        assert_eq!(named, proven);
    }
    let outside = proofs
        .iter()
        .filter(|proof| proof.paths.iter().any(|path| path.subnet.is_none()));
    let outside: BTreeSet<String> = outside.map(|proof| proof.runner.clone()).collect();
    assert_eq!(leaving.picked, outside);
    // What is in no list is said in words.
    let more = !outside.is_empty() || !leaving.unnamed.is_empty();
    let more = more || (named.is_empty() && leaving.unknown);
    assert_eq!(leaving.words().len() > named.len(), more);
}

/// `ips` lists nothing as unused that functions leave by, and the reverse.
fn ips(look: &Look) {
    let leaving = look.assessment.leaving();
    for one in look.assessment.held() {
        match one.state {
            "taken" => assert!(!leaving.by(&one.ip), "{one:?} {leaving:?}"),
            "in-use" if one.holder.is_some() => assert!(leaving.by(&one.ip), "{one:?} {leaving:?}"),
            _ => {}
        }
    }
}

/// `drift` claims of zones and addresses what the tables say.
fn drift(look: &Look) {
    let leaving = look.assessment.leaving();
    for (finding, zones, claim) in look.claims() {
        let acl = finding
            .field
            .as_ref()
            .is_some_and(|field| field.head() == "network_acl");
        for zone in &zones {
            let by = look.zone(zone);
            if claim.starts_with(" have no way out") {
                assert!(acl || by.is_empty(), "{finding:?} {zone}: {by:?}");
            }
            let words = claim.trim_start_matches(" leave by ").split([' ', ',']);
            for ip in words.filter(|word| word.parse::<std::net::Ipv4Addr>().is_ok()) {
                assert!(by.contains(ip), "{finding:?} {zone}: {by:?}");
            }
        }
    }
    let nobody = [
        "no zone has a way out",
        "all functions have no way out",
        "no function has its way out",
    ];
    for finding in &look.findings {
        if nobody.iter().any(|words| finding.effect.contains(words)) {
            assert!(
                look.zone(A).is_empty() && look.zone(C).is_empty(),
                "{finding:?}"
            );
        }
        let field = text(finding);
        if let Some(ip) = field
            .strip_prefix("unused.")
            .or(field.strip_prefix("promised."))
        {
            let unused = [
                "nothing leaves by it",
                "no function of this one leaves by it",
            ];
            let unused = unused.iter().any(|words| finding.effect.contains(words));
            assert!(!(unused && leaving.by(ip)), "{finding:?} {leaving:?}");
            let used = finding.effect.contains("functions leave by");
            assert!(!used || leaving.by(ip), "{finding:?} {leaving:?}");
        }
    }
}

/// Where all is proven, nothing critical says that traffic goes wrong.
fn drift_and_prove(look: &Look) {
    let proofs = look.assessment.proofs();
    let proven = !proofs.is_empty()
        && proofs
            .iter()
            .all(|proof| proof.judgement() == Judgement::Proven);
    let every = [A, C].iter().all(|zone| !look.zone(zone).is_empty());
    let wrong = ["no way out", "addresses that AWS picks", "not by the fixed"];
    for finding in look
        .findings
        .iter()
        .filter(|one| one.severity == Severity::Critical)
    {
        // What would be after another change is no claim.
        let claims = wrong.iter().any(|words| finding.effect.contains(words));
        let hypothetical = finding.effect.contains("once they follow");
        let acl = finding
            .field
            .as_ref()
            .is_some_and(|field| field.head() == "network_acl");
        assert!(
            !(proven && every && claims && !hypothetical && !acl),
            "{finding:?}"
        );
    }
}

/// What `prove` refutes, `drift` reports: a finding about that very cause is as
/// bad as it.
fn refuted_is_reported(look: &Look) {
    let proofs = look.assessment.proofs().iter();
    let refuted = proofs.filter(|proof| proof.judgement() == Judgement::Refuted);
    for proof in refuted {
        let mut faults = look.faults.iter();
        assert!(
            faults.any(|one| one.function == proof.runner),
            "{proof:?} has no fault"
        );
    }
    for fault in &look.faults {
        let reports = look
            .findings
            .iter()
            .filter(|one| fault.findings.contains(&one.id));
        let worst = reports.map(|one| one.severity).min();
        assert!(
            worst.is_some_and(|worst| worst <= fault.severity),
            "{fault:?} {:?}",
            look.findings
        );
    }
}

/// One cause, one finding.
fn one_finding(look: &Look, spec_is_external: bool) {
    if look.assessment.never_applied() {
        let whole = look.findings.iter().filter(|one| one.field.is_none());
        // What is external is not made, and missing for itself.
        let external = |key: &Key| key.kind != "nat_gateway";
        let missing = whole.filter(|one| one.key.kind != "function");
        let missing = missing.filter(|one| !(spec_is_external && external(&one.key)));
        let repairs: Vec<_> = missing.map(|one| (&one.key, &one.repair)).collect();
        assert!(repairs.len() <= 1, "{repairs:?}");
    }
}

/// Every command says the same of the pinned addresses.
pub(crate) fn pins_agree(
    spec: &Spec,
    snapshot: &Snapshot,
    assessment: &Assessment,
    findings: &[Finding],
) {
    let (pins, outbound) = (assessment.pins(), assessment.outbound());
    let danger = pins.danger();
    let promised: BTreeSet<String> = spec.addresses.iter().map(ToString::to_string).collect();
    // `plan` and `apply`.
    assert_eq!(outbound.changes, danger.any());
    let then: BTreeSet<&String> = outbound.then.iter().flatten().collect();
    if !promised.is_empty() {
        let before: BTreeSet<String> = danger.before.iter().cloned().collect();
        assert_eq!(before, promised);
        let lost = danger.broken.iter().filter_map(|pin| pin.ip.as_ref());
        let lost: BTreeSet<&String> = lost.collect();
        // Whatever is in use, going to the pinned set takes no flag.
        let restored = promised
            .iter()
            .all(|ip| then.contains(ip) && !lost.contains(ip));
        let others = outbound.then.iter().any(|ip| {
            let ip = ip.as_ref();
            ip.is_none_or(|ip| !promised.contains(ip))
        });
        let restored = restored && !others && danger.moves.is_empty();
        assert!(!(restored && danger.any()), "{danger:?} {outbound:?}");
        // What a plan breaks takes the flag. An offer and a further address are
        // there already, and have one of their own.
        let unread = snapshot.unreadable.iter().any(|one| one.part.is_whole());
        for pin in pins.broken_after() {
            let judged = pin.judge(Moment::After);
            let own = judged.remedy == Remedy::Prune || judged.standing == Standing::Threatened;
            let told = own || danger.any() || unread;
            assert!(told, "{pin:?} {danger:?}");
        }
    }
    // `drift`: what takes the flag, takes it in `apply`; what is broken is found.
    for finding in findings {
        let flag = finding.repair.flag() == Some(Flag::ChangeAddresses);
        assert!(!flag || danger.any(), "{finding:?} {danger:?}");
    }
    let quiet = findings.is_empty() && snapshot.unreadable.is_empty();
    assert!(!quiet || pins.hold(), "{:?}", Vec::from_iter(pins.broken()));
    let of_pins = |finding: &&Finding| {
        let field = text(finding);
        field.starts_with("promised") || field.starts_with("unused")
    };
    let told = findings.iter().find(of_pins);
    assert!(told.is_none() || !pins.hold() || danger.any(), "{told:?}");
    // `ips`.
    for held in assessment.held() {
        let pin = pins.get(&held.ip).expect("what is held is judged");
        assert_eq!(held.pinned, promised.contains(&held.ip));
        assert_eq!(held.lent, pin.origin == Origin::External);
        let state = pin.state(Moment::Before);
        let fits = match held.state {
            "in-use" => matches!(state, State::InUse | State::Offered | State::Taken),
            "idle" => matches!(state, State::Waiting | State::Offered),
            "taken" => state == State::Taken,
            "kept" => state == State::Unused,
            _ => false,
        };
        assert!(fits, "{held:?} {pin:?}");
        let leaves = assessment.leaving().by(&held.ip);
        assert!(!leaves || held.in_use, "{held:?}");
    }
    for ip in &promised {
        assert!(pins.get(ip).is_some_and(killick_stack::Pin::is_pinned));
    }
    // `prove`: who leaves by the pinned set leaves by no stray.
    let proofs = assessment.proofs();
    let proven = |proof: &killick_path::Proof| proof.judgement() == Judgement::Proven;
    if !proofs.is_empty() && proofs.iter().all(proven) {
        let stray = pins.broken().find(|pin| {
            pin.state(Moment::Before) == State::Elsewhere
                && pin.judge(Moment::Before).standing == Standing::Stray
        });
        assert_eq!(stray, None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_two_reports_contradict_each_other(world in world()) {
        if let Some(look) = look(&world) {
            plan_and_prove(&look);
            ips(&look);
            drift(&look);
            drift_and_prove(&look);
            refuted_is_reported(&look);
            pins_agree(&world.spec(), &world.snapshot, &look.assessment, &look.findings);
            one_finding(&look, world.text.contains("vpc-1"));
        }
    }
}
