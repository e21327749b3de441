//! The real kinds and the real topology, in a few words.

use std::collections::BTreeSet;

use killick_core::{
    Attrs, Catalogue, Desired, Field, Graph, Health, Key, Lifecycle, Observed, OnChange,
    PhysicalId, Plan, PlanError, Policy, Schema, StepIndex, Value,
};
use proptest::prelude::*;

use crate::tamper::World;

const TAGS: Field = Field::new("tags", OnChange::Update).declared();

const fn owned(kind: &'static str, fields: &'static [Field]) -> Schema {
    Schema {
        kind,
        lifecycle: Lifecycle::Owned,
        fields,
    }
}

/// The kinds that killick knows.
pub(crate) const CATALOGUE: Catalogue = Catalogue(&[
    owned(
        "vpc",
        &[
            Field::new("cidr", OnChange::Refuse),
            Field::new("dns", OnChange::Update),
            TAGS,
        ],
    ),
    owned(
        "internet_gateway",
        &[Field::new("vpc", OnChange::Update), TAGS],
    ),
    owned(
        "subnet",
        &[
            Field::new("vpc", OnChange::Refuse),
            Field::new("cidr", OnChange::Refuse).exclusive(),
            Field::new("zone", OnChange::Refuse),
            Field::new("map_public_ip", OnChange::Update),
            TAGS,
        ],
    ),
    Schema {
        kind: "elastic_ip",
        lifecycle: Lifecycle::Kept,
        fields: &[TAGS],
    },
    owned(
        "nat_gateway",
        &[
            Field::new("subnet", OnChange::Replace),
            Field::new("address", OnChange::Replace).exclusive(),
            TAGS,
        ],
    ),
    owned(
        "route_table",
        &[
            Field::new("vpc", OnChange::Refuse),
            Field::new("routes", OnChange::Update).closed().stand_in(),
            Field::new("associations", OnChange::Update)
                .closed()
                .serves(),
            TAGS,
        ],
    ),
    owned(
        "security_group",
        &[
            Field::new("vpc", OnChange::Refuse),
            Field::new("egress", OnChange::Update).closed(),
            Field::new("ingress", OnChange::Update).closed(),
            TAGS,
        ],
    ),
    Schema {
        kind: "function",
        lifecycle: Lifecycle::Borrowed,
        fields: &[
            Field::new("subnets", OnChange::Update),
            Field::new("security_groups", OnChange::Update),
        ],
    },
]);

/// The route that carries everything out.
pub(crate) const OUT: &str = "0.0.0.0/0";

/// `nat_gateway/a` as a key.
pub(crate) fn key(path: &str) -> Key {
    let (kind, name) = path.split_once('/').unwrap();
    Key::new(CATALOGUE.get(kind).unwrap().kind, name)
}

/// `nat_gateway/a` as a reference.
pub(crate) fn to(path: impl AsRef<str>) -> Value {
    Value::Ref(key(path.as_ref()))
}

/// Something of somebody else's.
pub(crate) fn foreign(id: &str) -> Value {
    Value::Foreign(PhysicalId::new(id))
}

pub(crate) fn set<const N: usize>(items: [Value; N]) -> Value {
    items.into_iter().collect()
}

fn map<const N: usize>(items: [(&str, Value); N]) -> Value {
    items
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// A stack: zones with the CIDR blocks they use, where the NAT gateways are,
/// and one function.
#[derive(Clone, Debug)]
pub(crate) struct Stack {
    zones: Vec<(&'static str, u8)>,
    nat: Option<&'static str>,
    lent: Vec<&'static str>,
}

impl Stack {
    /// One NAT gateway in each of these zones.
    pub(crate) fn zones(zones: &[&'static str]) -> Self {
        let zones = zones
            .iter()
            .zip(0..)
            .map(|(zone, block)| (*zone, 2 * block))
            .collect();
        Self {
            zones,
            nat: None,
            lent: Vec::new(),
        }
    }

    /// One NAT gateway for all zones, in this one.
    pub(crate) fn single(self, zone: &'static str) -> Self {
        Self {
            nat: Some(zone),
            ..self
        }
    }

    /// The same, with all resources of these kinds somebody else's.
    pub(crate) fn lending(self, lent: &[&'static str]) -> Self {
        Self {
            lent: lent.to_vec(),
            ..self
        }
    }

    /// What the topology builds.
    pub(crate) fn desired(&self) -> Graph<Desired> {
        let mut graph = Graph::default();
        let mut add = |path: &str, attrs: Attrs| {
            let mut attrs = attrs;
            if !path.starts_with("function/") {
                attrs.insert("tags", map([("team", "payments".into())]));
            }
            graph.insert(Desired {
                key: key(path),
                attrs,
            });
        };
        let vpc = || ("vpc", to("vpc/main"));
        add(
            "vpc/main",
            Attrs::from([("cidr", "10.0.0.0/16".into()), ("dns", true.into())]),
        );
        add("internet_gateway/main", Attrs::from([vpc()]));
        let rules = map([("all 0.0.0.0/0", Value::Bool(true))]);
        add(
            "security_group/functions",
            Attrs::from([vpc(), ("egress", rules), ("ingress", map([]))]),
        );
        for (zone, block) in &self.zones {
            for (side, block) in [("public", *block), ("private", block + 1)] {
                add(
                    &format!("subnet/{side}-{zone}"),
                    Attrs::from([
                        vpc(),
                        ("cidr", format!("10.0.{block}.0/24").into()),
                        ("zone", (*zone).into()),
                        ("map_public_ip", false.into()),
                    ]),
                );
            }
            if self.nat.is_none_or(|nat| nat == *zone) {
                add(&format!("elastic_ip/{zone}"), Attrs::new());
                add(
                    &format!("nat_gateway/{zone}"),
                    Attrs::from([
                        ("subnet", to(format!("subnet/public-{zone}"))),
                        ("address", to(format!("elastic_ip/{zone}"))),
                    ]),
                );
            }
            let nat = to(format!("nat_gateway/{}", self.nat.unwrap_or(zone)));
            add(
                &format!("route_table/private-{zone}"),
                Attrs::from([
                    vpc(),
                    ("routes", map([(OUT, nat)])),
                    ("associations", set([to(format!("subnet/private-{zone}"))])),
                ]),
            );
        }
        let subnets = |side: &str| -> Value {
            self.zones
                .iter()
                .map(|(zone, _)| to(format!("subnet/{side}-{zone}")))
                .collect()
        };
        add(
            "route_table/public",
            Attrs::from([
                vpc(),
                ("routes", map([(OUT, to("internet_gateway/main"))])),
                ("associations", subnets("public")),
            ]),
        );
        add(
            "function/billing",
            Attrs::from([
                ("subnets", subnets("private")),
                ("security_groups", set([to("security_group/functions")])),
            ]),
        );
        let keys: Vec<Key> = graph.iter().map(|want| want.key.clone()).collect();
        let lent = keys.into_iter().filter(|key| self.lent.contains(&key.kind));
        lent.for_each(|key| graph.lend(key));
        graph
    }

    /// The same, as it is once it was applied.
    pub(crate) fn observed(&self) -> World {
        let desired = self.desired();
        World(desired.iter().map(ready).collect()).beside(&desired)
    }
}

/// Any stack of one to four zones; two of the zone names share their blocks.
pub(crate) fn stacks() -> impl Strategy<Value = Stack> {
    let zones = [("a", 0), ("b", 2), ("c", 4), ("d", 4), ("e", 6)];
    let zones = prop::sample::subsequence(zones.to_vec(), 1..=5).prop_map(|mut zones| {
        zones.dedup_by_key(|(_, block)| *block);
        zones
    });
    (zones, any::<bool>(), any::<prop::sample::Index>()).prop_map(|(zones, single, nth)| {
        let nat = single.then(|| nth.get(&zones).0);
        Stack {
            zones,
            nat,
            lent: Vec::new(),
        }
    })
}

/// Kinds that somebody else may bring: subnets only with their VPC.
pub(crate) fn loans() -> impl Strategy<Value = &'static [&'static str]> {
    const LOANS: [&[&str]; 5] = [
        &[],
        &["vpc"],
        &["vpc", "subnet"],
        &["elastic_ip"],
        &["vpc", "subnet", "elastic_ip"],
    ];
    prop::sample::select(LOANS.to_vec())
}

/// The function alone, not attached to anything.
pub(crate) fn nothing_yet() -> World {
    World(Graph::from_iter([ready(&Desired {
        key: key("function/billing"),
        attrs: Attrs::from([("subnets", set([])), ("security_groups", set([]))]),
    })]))
}

/// A resource as it should be.
pub(crate) fn ready(want: &Desired) -> Observed {
    Observed {
        key: want.key.clone(),
        id: PhysicalId::new(format!("{}-0", want.key.name)),
        health: Health::Ready,
        attrs: want.attrs.clone(),
    }
}

/// The plan without any permission.
pub(crate) fn plan(desired: &Graph<Desired>, world: &World) -> Result<Plan, PlanError> {
    Plan::new(CATALOGUE, desired, &world.0, Policy::default())
}

/// One line a step, as it would be run: its id, what it changes but for what
/// a create sets, and why.
pub(crate) fn text(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for (_, step) in plan.steps() {
        let mut line = step.id();
        for change in step.changes.iter().filter(|_| step.id.is_some()) {
            let value = |value: &Value| value.to_string().replace('\n', " + ");
            line += &format!(
                "; {}: {} -> {}",
                change.path(),
                value(&change.live),
                value(&change.desired)
            );
        }
        lines.push(line);
    }
    lines
}

/// The ids of the steps, in order.
pub(crate) fn ids(plan: &Plan) -> Vec<String> {
    plan.steps().map(|(_, step)| step.id()).collect()
}

/// Whether the second step waits for the first one; both must be there.
pub(crate) fn waits(plan: &Plan, first: &str, then: &str) -> bool {
    let find = |id: &str| {
        let found = plan.steps().find(|(_, step)| step.id() == id);
        found
            .unwrap_or_else(|| panic!("no step {id} in {:?}", ids(plan)))
            .0
    };
    let (first, mut open) = (find(first), vec![find(then)]);
    let mut seen: BTreeSet<StepIndex> = BTreeSet::new();
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(plan.after(next));
        }
    }
    seen.contains(&first)
}
