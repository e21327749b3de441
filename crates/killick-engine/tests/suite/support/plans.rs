//! Plans, made the way the program makes them.

use std::collections::BTreeMap;

use killick_core::{
    Attrs, Catalogue, Desired, Field, Graph, Health, Key, Lifecycle, Observed, OnChange,
    PhysicalId, Plan, Policy, Schema, Value,
};
use proptest::prelude::*;

const FIELDS: &[Field] = &[
    Field::new("needs", OnChange::Update),
    Field::new("size", OnChange::Update),
    Field::new("pin", OnChange::Replace),
];

const SCHEMAS: &[Schema] = &[Schema {
    kind: "node",
    lifecycle: Lifecycle::Owned,
    fields: FIELDS,
}];

/// One resource: what it needs, and the values of two fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    needs: Vec<String>,
    size: u8,
    pin: u8,
}

type Nodes = BTreeMap<String, Node>;

fn attrs(node: &Node) -> Attrs {
    let key = |name: &String| Value::Ref(Key::new("node", name.clone()));
    Attrs::from([
        ("needs", node.needs.iter().map(key).collect()),
        ("size", node.size.to_string().into()),
        ("pin", node.pin.to_string().into()),
    ])
}

fn plan(desired: &Nodes, observed: &Nodes) -> Option<Plan> {
    let desired = desired.iter().map(|(name, node)| Desired {
        key: Key::new("node", name.clone()),
        attrs: attrs(node),
    });
    let observed = observed.iter().map(|(name, node)| Observed {
        key: Key::new("node", name.clone()),
        id: PhysicalId::new(format!("id-{name}")),
        health: Health::Ready,
        attrs: attrs(node),
    });
    let (desired, observed) = (
        desired.collect::<Graph<_>>(),
        observed.collect::<Graph<_>>(),
    );
    Plan::new(Catalogue(SCHEMAS), &desired, &observed, Policy::default()).ok()
}

/// A plan that creates nodes, each with what it needs: `("b", &["a"])`.
pub(crate) fn creates(nodes: &[(&str, &[&str])]) -> Plan {
    let node = |needs: &[&str]| Node {
        needs: needs.iter().map(|&name| name.to_owned()).collect(),
        ..Node::default()
    };
    let desired = nodes
        .iter()
        .map(|(name, needs)| ((*name).to_owned(), node(needs)))
        .collect();
    plan(&desired, &Nodes::new()).unwrap()
}

/// Two diamonds, a branch, and one that stands alone.
pub(crate) fn nine() -> Plan {
    creates(&[
        ("a", &[]),
        ("b", &["a"]),
        ("c", &["a"]),
        ("d", &["b", "c"]),
        ("e", &["d"]),
        ("f", &["d"]),
        ("g", &["e", "f"]),
        ("h", &["c"]),
        ("i", &[]),
    ])
}

fn nodes() -> impl Strategy<Value = Nodes> {
    let node = (any::<bool>(), any::<u16>(), 0..2_u8, 0..4_u8);
    prop::collection::vec(node, 1..10).prop_map(|drawn| {
        let mut nodes = Nodes::new();
        for (place, (there, needs, size, pin)) in drawn.into_iter().enumerate() {
            let earlier = (0..place).filter(|other| needs & (1 << other) != 0);
            let needs = earlier
                .map(|other| format!("n{other}"))
                .filter(|name| nodes.contains_key(name))
                .collect();
            if there {
                let pin = pin / 3;
                nodes.insert(format!("n{place}"), Node { needs, size, pin });
            }
        }
        nodes
    })
}

/// Any plan: creates, updates, releases, deletes.
pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    (nodes(), nodes()).prop_filter_map("no order", |(desired, observed)| plan(&desired, &observed))
}
