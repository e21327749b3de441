//! Ways out that end elsewhere though nothing that is compared differs: what
//! somebody lends to the stack can be in the way.

use std::collections::BTreeMap;

use killick_core::{Key, Value};
use killick_finding::{
    Aspect, Change, Draft, FieldPath, Finding, Reason, Repair, Revert, Severity,
};
use killick_path::{Judgement, Path, Proof, Verdict};

use crate::assessment::Assessment;
use crate::resource::{Function, RouteTable as TableType, Subnet as SubnetType};
use crate::view::StackView;

/// Functions whose `$LATEST` has ways that are refuted and that no other finding
/// explains: one finding for each, which names all of them.
pub(super) fn unexplained(
    stack: &str,
    seen: &StackView<'_>,
    assessment: &Assessment,
    all: &mut Vec<Finding>,
) {
    // Versions are told with the aliases that lead to them.
    let proofs = assessment.proofs().iter();
    for proof in proofs.filter(|proof| proof.version.is_none()) {
        let mut fates: BTreeMap<(Severity, String), Vec<String>> = BTreeMap::new();
        for path in &proof.paths {
            let refuted = path.judgement == Judgement::Refuted;
            let Some(fate) = astray(path).filter(|_| refuted) else {
                continue;
            };
            if !explained(seen, proof, path, all) {
                let subnet = path.subnet.as_deref().unwrap_or_default();
                fates.entry(fate).or_default().push(seen.name(subnet));
            }
        }
        let Some((severity, _)) = fates.keys().next().cloned() else {
            continue;
        };
        let told: Vec<String> = fates
            .into_iter()
            .map(|((_, told), places)| format!("from {}: {told}", places.join(" and ")))
            .collect();
        let told = told.join("; ");
        let draft = Draft {
            what: Change::Changed,
            live: Value::Text(told.clone()),
            desired: Value::from("leaves by the fixed addresses"),
            severity,
            effect: format!("{} {told}", proof.runner),
            repair: Repair::Report(Reason::Unmanaged(Revert::EgressPath)),
        };
        let key = Function::key(proof.runner.as_str());
        all.push(draft.at(stack, &key, Some(FieldPath::Beyond(Aspect::EgressPath))));
    }
}

/// The first class of destinations that does not leave by the set.
fn astray(path: &Path) -> Option<(Severity, String)> {
    let bad =
        |verdict: &Verdict| !matches!(verdict, Verdict::Leaves { .. } | Verdict::Unknown { .. });
    let class = path.classes.iter().find(|class| bad(&class.verdict))?;
    // A service that is reached by an endpoint is reached.
    let severity = match &class.verdict {
        Verdict::Elsewhere { target, .. } if target.starts_with("vpce-") => Severity::Warning,
        _ => Severity::Critical,
    };
    let told = match path.classes.len() {
        1 => class.verdict.sentence(),
        _ => class.to_string(),
    };
    Some((severity, told))
}

/// Whether something that can be on the way, or the function itself, has a
/// finding that matters.
fn explained(seen: &StackView<'_>, proof: &Proof, path: &Path, all: &[Finding]) -> bool {
    let function = Function::key(proof.runner.as_str());
    let subnet = path.subnet.as_deref().and_then(|id| seen.identity.key(id));
    let zone = subnet.and_then(|key| key.name.strip_prefix("private-"));
    let related = |key: &Key| match key.kind {
        SubnetType::KIND | TableType::KIND => {
            let of = key.name.split_once('-').map(|(_, of)| of);
            key.name == "public" || zone.is_none() || of == zone
        }
        Function::KIND => *key == function,
        // Another zone's gateway may be the egress of this one.
        _ => true,
    };
    // What is on its way is told as that.
    let settling = |one: &Finding| one.field == Some(FieldPath::State);
    let matters = |one: &Finding| one.severity != Severity::Info || settling(one);
    all.iter().any(|one| matters(one) && related(&one.key))
}
