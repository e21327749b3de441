//! How each declared field is reported. A new field makes the snapshot fail: its
//! effect, the effort of its repair and its CloudTrail events are read before the
//! snapshot is accepted.

use std::fmt::Write;

use killick_core::{Field, Graph, Key, Observed, OnChange, Value};
use killick_finding::{FieldPath, Finding};
use killick_stack::{
    Assessment, CATALOGUE, Caller, Identity, Snapshot, StackView, Trace, advice, findings,
};

use crate::support::{TWO_ZONES, deployed, desired, spec};

const CALLER: Caller<'_> = Caller {
    stack: "partner-egress",
    program: "killick",
    spec: "killick.toml",
    region: "ap-northeast-1",
    gateways: 2,
};

/// The findings about one field of a deployed stack that has another value.
fn when_changed(seen: &StackView<'_>, key: &Key, field: &Field) -> Vec<Finding> {
    let spec = spec(TWO_ZONES);
    let desired = desired(&spec, seen);
    let assessment = Assessment::of(&spec, seen, &desired);
    let observed = seen.observed(&desired, &assessment);
    let changed = observed.iter().cloned().map(|mut node| {
        if let Some(value) = node.attrs.get_mut(field.name).filter(|_| node.key == *key) {
            *value = other(value);
        }
        node
    });
    let changed: Graph<Observed> = changed.collect();
    let all = findings(&spec, seen, &desired, &changed, &assessment).all;
    let name = Some(field.name);
    let of_field = all.into_iter().filter(|one| {
        let declared = match &one.field {
            Some(FieldPath::Declared { name, .. }) => Some(*name),
            _ => None,
        };
        one.key == *key && declared == name
    });
    of_field.collect()
}

/// Another value of the same shape; of a map whose entries are declared, none.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => Value::Bool(!value),
        Value::Map(entries) if !entries.is_empty() => Value::Map(Default::default()),
        Value::Map(_) => Value::from_iter([("other".to_owned(), Value::from("other"))]),
        Value::Set(_) => Value::from_iter([Value::from("other")]),
        _ => Value::from("other"),
    }
}

/// Effect, advice and CloudTrail events of each declared field.
fn rows(seen: &StackView<'_>) -> String {
    let mut text = String::new();
    for schema in CATALOGUE.0 {
        let mut keys = seen.identity.iter().map(|(key, _)| key);
        let key = keys.find(|key| key.kind == schema.kind).expect("one of it");
        for field in schema.fields {
            let path = format!("{}.{} ({:?})", schema.kind, field.name, field.on_change);
            writeln!(text, "{path}").unwrap();
            let found = when_changed(seen, key, field);
            let Some(one) = found.first() else {
                writeln!(text, "  not reported here").unwrap();
                continue;
            };
            writeln!(text, "  {}: {}", one.severity, one.effect).unwrap();
            writeln!(text, "  {}", advice(one, CALLER).text).unwrap();
            writeln!(text, "  {}", Trace::of(one, seen).names.join(", ")).unwrap();
        }
    }
    text
}

fn with_seen<T>(look: impl FnOnce(&StackView<'_>) -> T) -> T {
    let spec = spec(TWO_ZONES);
    let snapshot: Snapshot = deployed(&spec);
    let identity = Identity::of(&spec, &snapshot).expect("no ambiguity");
    look(&StackView {
        snapshot: &snapshot,
        identity: &identity,
    })
}

#[test]
fn every_declared_field_is_reported_in_its_own_words() {
    insta::assert_snapshot!(with_seen(rows));
}

/// The default effect is meant for fields that only a rebuild changes.
#[test]
fn a_field_that_apply_updates_has_an_effect_of_its_own() {
    with_seen(|seen| {
        for schema in CATALOGUE.0 {
            let updated = schema.fields.iter();
            for field in updated.filter(|field| field.on_change == OnChange::Update) {
                let keys = seen.identity.iter().map(|(key, _)| key);
                for key in keys.filter(|key| key.kind == schema.kind) {
                    for one in when_changed(seen, key, field) {
                        assert!(!one.effect.contains("only a rebuild"), "{one:?}");
                    }
                }
            }
        }
    });
}
