//! What proves that something without tags is the stack's, and what does not.

use std::collections::BTreeSet;

use killick_core::Key;
use killick_spec::Spec;
use killick_stack::snapshot::Recorded;
use killick_stack::{
    Assessment, Doubt, Identity, ResourceRecord, Snapshot, StackView, Tags, Why, findings,
};

use crate::support::{A, TWO_ZONES, deployed, desired, found, spec, strip, tags, text};

/// The same with one gateway, in zone c: what zone a has of one is not wanted.
fn single() -> Spec {
    let single = "[egress]\nnat = \"single\"\nnat_zone = \"ap-northeast-1c\"\n";
    spec(&format!("{TWO_ZONES}\n{single}").replacen("[egress]\nnat = \"per-zone\"\n", "", 1))
}

/// The same without zone a.
fn without_a() -> Spec {
    let text = TWO_ZONES;
    let begin = text.find("[[zone]]").expect("a zone");
    let end = begin + 8 + text[begin + 8..].find("[[zone]]").expect("another");
    spec(&format!("{}{}", &text[..begin], &text[end..]))
}

fn ids(snapshot: &Snapshot) -> BTreeSet<String> {
    let spec = spec(TWO_ZONES);
    let identity = Identity::of(&spec, snapshot).unwrap();
    let made = identity.iter().filter(|(key, _)| key.kind != "function");
    made.map(|(_, id)| id.to_owned()).collect()
}

/// Writes down what there is, as `apply` does.
fn record(snapshot: &mut Snapshot) {
    let spec = spec(TWO_ZONES);
    let identity = Identity::of(&spec, snapshot).unwrap();
    let record = ResourceRecord::of(&identity);
    snapshot.recorded = record
        .resources
        .into_iter()
        .map(|(key, id)| Recorded {
            stack: spec.stack.clone(),
            key,
            id,
        })
        .collect();
}

fn doubts(snapshot: &Snapshot) -> Vec<Doubt> {
    let identity = Identity::of(&spec(TWO_ZONES), snapshot).unwrap();
    identity.doubts().to_vec()
}

#[test]
fn a_tagged_vpc_does_not_make_what_is_in_it_the_stacks() {
    let mut snapshot = deployed(&spec(TWO_ZONES));
    snapshot.records.clear();
    let all = ids(&snapshot);
    for id in all.iter().filter(|id| *id != "vpc-1") {
        strip(&mut snapshot, id);
    }
    assert_eq!(ids(&snapshot), BTreeSet::from(["vpc-1".to_owned()]));
    // All that would have been taken over is named.
    let named: BTreeSet<String> = doubts(&snapshot).into_iter().map(|one| one.id).collect();
    let expected = all.into_iter().filter(|id| id != "vpc-1").collect();
    let missing: Vec<_> = BTreeSet::difference(&expected, &named).collect();
    // An address hangs on its gateway only.
    assert!(
        missing.iter().all(|id| id.starts_with("eipalloc-")),
        "{missing:?}"
    );
}

#[test]
fn what_is_written_down_is_known_without_any_tags() {
    let mut snapshot = deployed(&spec(TWO_ZONES));
    record(&mut snapshot);
    let all = ids(&snapshot);
    for id in &all {
        strip(&mut snapshot, id);
    }
    assert_eq!(ids(&snapshot), all);
    assert_eq!(doubts(&snapshot), []);
    // An id that is written down and does not exist means nothing.
    snapshot.nat_gateways[0].state = "deleted".to_owned();
    let identity = Identity::of(&spec(TWO_ZONES), &snapshot).unwrap();
    assert_eq!(identity.id(&Key::new("nat_gateway", A)), None);
}

#[test]
fn what_another_stack_wrote_down_proves_nothing() {
    let mut snapshot = deployed(&spec(TWO_ZONES));
    record(&mut snapshot);
    for id in &ids(&snapshot) {
        strip(&mut snapshot, id);
    }
    for one in &mut snapshot.recorded {
        one.stack = "another".to_owned();
    }
    assert_eq!(ids(&snapshot), BTreeSet::new());
}

#[test]
fn tags_that_were_copied_to_another_vpc_make_nothing_the_stacks() {
    let spec = spec(TWO_ZONES);
    let all = ids(&deployed(&spec));
    for kind in ["subnet", "nat", "rtb", "sg", "igw"] {
        let mut snapshot = deployed(&spec);
        // The same tags where nothing of the stack is, under a key of its own.
        let text = serde_json::to_string(&snapshot).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        for list in value.as_object_mut().unwrap().values_mut() {
            let Some(list) = list.as_array_mut() else {
                continue;
            };
            let first = list.iter().find(|one| {
                let id = one["id"].as_str().unwrap_or_default();
                id.starts_with(&format!("{kind}-")) && one["tags"]["killick:key"].is_string()
            });
            let Some(mut copy) = first.cloned() else {
                continue;
            };
            copy["id"] = format!("{kind}-foreign").into();
            copy["vpc"] = "vpc-foreign".into();
            let key = copy["tags"]["killick:key"].as_str().unwrap();
            let key = key.split('/').next().unwrap().to_owned();
            copy["tags"]["killick:key"] = format!("{key}/old").into();
            list.push(copy);
        }
        snapshot = serde_json::from_value(value).unwrap();
        assert_eq!(ids(&snapshot), all, "{kind}");
        let doubts = doubts(&snapshot);
        assert_eq!(doubts.len(), 1, "{kind}");
        assert_eq!(doubts[0].id, format!("{kind}-foreign"));
        let vpc = "vpc-foreign".to_owned();
        assert_eq!(doubts[0].why, Why::Elsewhere { vpc });
    }
}

#[test]
fn tags_of_a_vpc_that_were_moved_to_another_one_are_ambiguous_where_the_first_is_written_down() {
    let mut snapshot = deployed(&spec(TWO_ZONES));
    record(&mut snapshot);
    let mut forged = snapshot.vpcs[0].clone();
    forged.id = "vpc-2".to_owned();
    snapshot.vpcs.push(forged);
    snapshot.vpcs[0].tags.clear();
    let ambiguous = Identity::of(&spec(TWO_ZONES), &snapshot).unwrap_err();
    assert_eq!(ambiguous[0].ids, ["vpc-1", "vpc-2"]);
    assert_eq!(ambiguous[0].recorded.as_deref(), Some("vpc-1"));
}

#[test]
fn one_tagged_subnet_does_not_make_a_vpc_the_stacks() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    snapshot.records.clear();
    for id in ids(&snapshot) {
        strip(&mut snapshot, &id);
    }
    snapshot.subnets[0].tags = tags(&spec, &format!("subnet/public-{A}"));
    assert_eq!(
        ids(&snapshot),
        BTreeSet::from([format!("subnet-public-{A}")])
    );
    // And nothing is made beside it.
    let doubts = doubts(&snapshot);
    assert!(doubts.iter().any(|one| one.id == "vpc-1"), "{doubts:?}");
}

#[test]
fn a_part_of_the_tags_is_enough_at_its_place() {
    for (left, value) in [
        ("killick:stack", "partner-egress"),
        ("killick:key", "internet_gateway/main"),
        ("Name", "partner-egress internet_gateway/main"),
    ] {
        let mut snapshot = deployed(&spec(TWO_ZONES));
        // Nothing leads to it.
        snapshot.route_tables.clear();
        let gateway = &mut snapshot.internet_gateways[0];
        gateway.tags = Tags::from([(left.to_owned(), value.to_owned())]);
        assert!(ids(&snapshot).contains("igw-1"), "{left}");
        snapshot.internet_gateways[0].tags.clear();
        assert!(!ids(&snapshot).contains("igw-1"));
        assert_eq!(doubts(&snapshot)[0].id, "igw-1");
    }
}

#[test]
fn a_gateway_that_the_spec_no_longer_wants_stays_the_stacks() {
    let mut snapshot = deployed(&spec(TWO_ZONES));
    strip(&mut snapshot, &format!("nat-{A}"));
    let single = single();
    let identity = Identity::of(&single, &snapshot).unwrap();
    let key = Key::new("nat_gateway", A);
    assert_eq!(identity.id(&key), Some(format!("nat-{A}").as_str()));
    // Its address as well, and both at once while the zone still leaves by it.
    strip(&mut snapshot, &format!("eipalloc-{A}"));
    let identity = Identity::of(&single, &snapshot).unwrap();
    assert!(identity.key(&format!("nat-{A}")).is_some());
    assert!(identity.key(&format!("eipalloc-{A}")).is_some());
}

#[test]
fn whatever_is_left_of_a_zone_stays_the_stacks() {
    let without = without_a();
    for id in [
        "subnet-public-",
        "subnet-private-",
        "eipalloc-",
        "nat-",
        "rtb-private-",
    ] {
        let id = format!("{id}{A}");
        let mut snapshot = deployed(&spec(TWO_ZONES));
        strip(&mut snapshot, &id);
        let identity = Identity::of(&without, &snapshot).unwrap();
        assert!(identity.key(&id).is_some(), "{id}");
        assert_eq!(identity.doubts(), [], "{id}");
    }
    // With the record nothing must be left around it.
    let mut snapshot = deployed(&spec(TWO_ZONES));
    record(&mut snapshot);
    let of_a: Vec<String> = ids(&snapshot)
        .into_iter()
        .filter(|id| id.ends_with(A))
        .collect();
    of_a.iter().for_each(|id| strip(&mut snapshot, id));
    let identity = Identity::of(&without, &snapshot).unwrap();
    assert!(of_a.iter().all(|id| identity.key(id).is_some()));
}

#[test]
fn a_gateway_of_somebody_else_in_a_public_subnet_is_not_the_stacks() {
    let mut snapshot = deployed(&spec(TWO_ZONES));
    let mut nat = snapshot.nat_gateways[0].clone();
    nat.id = "nat-foreign".to_owned();
    nat.tags.clear();
    nat.addresses[0].allocation = Some("eipalloc-foreign".to_owned());
    snapshot.nat_gateways.push(nat);
    assert!(!ids(&snapshot).contains("nat-foreign"));
    assert_eq!(doubts(&snapshot), []);
    // Not even where the stack's own has lost its tags, and its address.
    strip(&mut snapshot, &format!("nat-{A}"));
    strip(&mut snapshot, &format!("eipalloc-{A}"));
    assert!(!ids(&snapshot).contains("nat-foreign"));
}

#[test]
fn a_name_of_somebodys_own_is_kept() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    let nat = &mut snapshot.nat_gateways[0];
    nat.tags = Tags::from([
        ("Name".to_owned(), "prod".to_owned()),
        ("owner".to_owned(), "ops".to_owned()),
    ]);
    let fields: Vec<String> = found(&spec, &snapshot).iter().map(text).collect();
    assert!(
        fields.iter().any(|field| field == "tags.killick:key"),
        "{fields:?}"
    );
    assert!(
        fields.iter().all(|field| field != "tags.Name"),
        "{fields:?}"
    );
    // One that killick gave is put back.
    snapshot.nat_gateways[0].tags = Tags::new();
    let fields: Vec<String> = found(&spec, &snapshot).iter().map(text).collect();
    assert!(
        fields.iter().any(|field| field == "tags.Name"),
        "{fields:?}"
    );
}

#[test]
fn a_network_without_tags_that_is_like_the_stacks_is_named() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    snapshot.records.clear();
    for id in ids(&snapshot) {
        strip(&mut snapshot, &id);
    }
    let look = |snapshot: &Snapshot| {
        let identity = Identity::of(&spec, snapshot).unwrap();
        let seen = StackView {
            snapshot,
            identity: &identity,
        };
        let desired = desired(&spec, &seen);
        let assessment = Assessment::of(&spec, &seen, &desired);
        let observed = seen.observed(&desired, &assessment);
        let all = findings(&spec, &seen, &desired, &observed, &assessment).all;
        (assessment.alike().to_vec(), all)
    };
    let (alike, all) = look(&snapshot);
    assert_eq!(alike.len(), 1);
    assert_eq!(alike[0].cidr.as_deref(), Some("10.0.0.0/16"));
    assert_eq!(alike[0].subnets.len(), 4);
    let by = vec!["203.0.113.1".to_owned(), "203.0.113.2".to_owned()];
    assert_eq!(alike[0].functions, [("billing-sync".to_owned(), by)]);
    let flag = all.iter().find_map(|one| one.repair.flag()).unwrap();
    assert_eq!(flag.text(), "--second-network");
    // A network that is the spec's by its CIDR alone is not like it.
    let mut bare = snapshot.clone();
    bare.subnets.clear();
    assert_eq!(look(&bare).0, []);
    // What another stack has is known for what it is.
    snapshot.vpcs[0].tags = tags(&spec, "vpc/main");
    snapshot.vpcs[0]
        .tags
        .insert("killick:stack".to_owned(), "another".to_owned());
    assert_eq!(look(&snapshot).0, []);
}
