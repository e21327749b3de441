//! What a difference of a function means.

use std::collections::BTreeSet;

use killick_core::{FieldDiff, Key, Value};
use killick_path::{HopKind, Judgement as Proven, Verdict};

use super::{Judge, Judgement, is_empty};
use crate::resource::{Function, role_name};
use killick_finding::Severity::{Critical, Info, Warning};

impl Judge<'_> {
    pub(super) fn function(&self, key: &Key, diff: &FieldDiff) -> Judgement {
        let name = &key.name;
        if diff.name == "role" {
            return (Warning, self.role(name));
        }
        if diff.name == "formerly" {
            return match diff.desired.is_absent() {
                true => (
                    Info,
                    format!("what {name} had before is written down for nothing"),
                ),
                false => (
                    Info,
                    format!("what {name} had before is not written down yet"),
                ),
            };
        }
        if !self.seen.identity.wants(key) {
            let effect = "is no longer in the spec and still leaves by this stack's addresses";
            return (Warning, format!("{name} {effect}"));
        }
        let (severity, effect) = match diff.name {
            "security_groups" if !is_empty(&diff.live) => self.groups(name, diff),
            "subnets" => self.left_behind(key, function(key, diff), diff),
            _ => function(key, diff),
        };
        match self
            .seen
            .record(name)
            .filter(|_| diff.live.refs().is_empty())
        {
            Some(record) if diff.name == "subnets" && record.resets > 0 => {
                let times = match record.resets {
                    1 => "once".to_owned(),
                    times => format!("{times} times"),
                };
                (
                    severity,
                    format!(
                        "{effect}; it was put back {times} before: another tool keeps \
                         changing its VPC config, so put the subnets and the group into that \
                         tool's configuration"
                    ),
                )
            }
            _ => (severity, effect),
        }
    }

    /// What becomes of packets in subnets that the spec no longer gives a
    /// function.
    fn left_behind(&self, key: &Key, (severity, effect): Judgement, diff: &FieldDiff) -> Judgement {
        let wanted = diff.desired.refs();
        let left = |id: &Option<String>| {
            let key = id.as_deref().and_then(|id| self.seen.identity.key(id));
            key.is_some_and(|key| !wanted.contains(&key))
        };
        let proof = self.assessment.latest(&key.name);
        let paths = proof.iter().flat_map(|proof| &proof.paths);
        let refuted = paths.filter(|path| path.judgement == Proven::Refuted && left(&path.subnet));
        let fates: BTreeSet<String> = refuted
            .flat_map(|path| path.classes.iter().map(move |class| (path, class)))
            .filter(|(_, class)| class.judgement() == Proven::Refuted)
            .map(|(path, class)| {
                let subnet = self.seen.name(path.subnet.as_deref().unwrap_or_default());
                format!("from {subnet} it {}", class.verdict.sentence())
            })
            .collect();
        match severity == Warning && !fates.is_empty() {
            true => {
                let fates = Vec::from_iter(fates).join("; ");
                (Critical, format!("{effect}: {fates}"))
            }
            false => (severity, effect),
        }
    }

    /// What other groups than the declared ones do to what a function sends.
    fn groups(&self, name: &str, diff: &FieldDiff) -> Judgement {
        let proof = self.assessment.latest(name);
        let mut classes = proof
            .iter()
            .flat_map(|proof| &proof.paths)
            .flat_map(|path| &path.classes);
        let stopped = classes.find_map(|class| match &class.verdict {
            Verdict::NoWayOut {
                hop: HopKind::SecurityGroup,
                reason,
                ..
            } => Some(reason),
            _ => None,
        });
        let proven = proof.is_some_and(|proof| proof.judgement() == Proven::Proven);
        let decide = format!("other groups decide what {name} may send: {}", diff.live);
        match stopped {
            Some(reason) => (Critical, format!("{name} has no way out: {reason}")),
            // They let it through today.
            None if proven => (Warning, decide),
            None => (Critical, decide),
        }
    }

    /// What it means that the execution role of a function lacks a right.
    fn role(&self, function: &str) -> String {
        let all = || self.seen.snapshot.functions.iter();
        let role = all().find(|one| one.name == function);
        let role = role.and_then(|one| one.role.as_deref());
        let sharing = all().filter(|one| {
            one.role.as_deref() == role && self.seen.identity.wants(&Function::key(&one.name))
        });
        let names: Vec<&str> = sharing.map(|one| one.name.as_str()).collect();
        let mut roles = self.seen.snapshot.traffic.roles.iter();
        let denied = roles.find(|one| Some(one.arn.as_str()) == role);
        let denied = denied.map_or_else(String::new, |one| one.denied.join(", "));
        let name = role.map_or("", role_name);
        format!(
            "the role {name} of {} may not call {denied}: Lambda cannot make or remove its network \
             interfaces, so the next change of subnets or groups hangs",
            names.join(" and ")
        )
    }
}

fn function(key: &Key, diff: &FieldDiff) -> Judgement {
    let name = &key.name;
    let foreign = |value: &Value| match value {
        Value::Set(items) => items.iter().any(|item| matches!(item, Value::Foreign(_))),
        _ => false,
    };
    match diff.name {
        "subnets" if is_empty(&diff.live) => (
            Critical,
            format!("{name} leaves by addresses that AWS picks, which are not in the set"),
        ),
        "subnets" if foreign(&diff.live) => (
            Critical,
            format!("{name} leaves through a network that is not this stack's"),
        ),
        "subnets" => match (&diff.live, &diff.desired) {
            (Value::Set(live), Value::Set(wanted)) if live.is_superset(wanted) => (
                Warning,
                format!("{name} runs in subnets that the spec no longer gives it"),
            ),
            _ => (Warning, format!("{name} does not run in every zone")),
        },
        "security_groups" if is_empty(&diff.live) => {
            (Critical, format!("{name} has no security group"))
        }
        "security_groups" => (
            Critical,
            format!("other groups decide what {name} may send: {}", diff.live),
        ),
        _ => (
            Critical,
            format!("{name} may leave by IPv6, where no address is fixed"),
        ),
    }
}
