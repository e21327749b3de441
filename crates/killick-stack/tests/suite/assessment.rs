//! What once two models answered, each in its own way.

use killick_core::Change;
use killick_path::Judgement;
use killick_stack::snapshot::NatGateway;
use killick_stack::{Assessment, Finding, Identity, Repair, Severity, Snapshot, StackView};

use crate::support::{A, C, TWO_ZONES, desired, found, route, spec, tags, text as field_of};
use crate::worlds::{external, foreign, two_zones};

const ONE: &str = "203.0.113.1";
const TWO: &str = "203.0.113.2";

fn assessed(text: &str, snapshot: &Snapshot) -> (Assessment, Vec<Finding>) {
    let spec = spec(text);
    let identity = Identity::of(&spec, snapshot).unwrap();
    let seen = StackView {
        snapshot,
        identity: &identity,
    };
    let assessment = Assessment::of(&spec, &seen, &desired(&spec, &seen));
    (assessment, found(&spec, snapshot))
}

fn of<'a>(findings: &'a [Finding], key: &str) -> &'a Finding {
    findings
        .iter()
        .find(|one| one.key.to_string() == key)
        .unwrap()
}

/// A gateway of somebody else in the place of the first one, on the same
/// address or on another.
fn swap(snapshot: &mut Snapshot) -> &mut NatGateway {
    let mut nat = snapshot.nat_gateways[0].clone();
    "deleted".clone_into(&mut snapshot.nat_gateways[0].state);
    "nat-2".clone_into(&mut nat.id);
    // In its own place it would be taken for the one that is gone.
    nat.subnet = Some("subnet-00c".to_owned());
    nat.tags.clear();
    let mut tables = snapshot.route_tables.iter_mut();
    let table = tables.find(|table| table.id.ends_with(A)).unwrap();
    table.routes[1] = route("0.0.0.0/0", "nat-2", "CreateRoute");
    snapshot.nat_gateways.push(nat);
    snapshot.nat_gateways.last_mut().unwrap()
}

#[test]
fn an_external_network_that_leaves_by_the_pinned_addresses_is_not_critical() {
    let mut snapshot = two_zones();
    foreign(&mut snapshot);
    let entry = |egress: bool| {
        serde_json::json!({
            "egress": egress, "number": 100, "allow": true, "protocol": "-1", "ports": null,
            "cidr": "0.0.0.0/0"
        })
    };
    let acls = serde_json::json!([{
        "id": "acl-1", "vpc": "vpc-1", "default": true, "associations": [],
        "entries": [entry(true), entry(false)]
    }]);
    snapshot.traffic.network_acls = serde_json::from_value(acls).unwrap();
    snapshot.vpcs[0].block_public_access = Some("off".to_owned());
    let (assessment, findings) = assessed(&external(), &snapshot);
    let proofs = assessment.proofs();
    assert!(
        proofs
            .iter()
            .all(|one| one.judgement() == Judgement::Proven)
    );
    assert_eq!(assessment.leaving().words(), [ONE, TWO]);
    assert_eq!(assessment.outbound().now, [ONE, TWO]);
    let held: Vec<_> = assessment
        .held()
        .iter()
        .map(|one| (one.state, one.taken_by()))
        .collect();
    let by = |zone: &str| format!("nat-{zone}");
    assert_eq!(
        held,
        [("in-use", Some(by(A).as_str())), ("in-use", Some(&by(C)))]
    );
    // Nothing of it is killick's to put right, and nothing is wrong.
    assert!(
        findings
            .iter()
            .all(|one| one.severity != Severity::Critical),
        "{findings:#?}"
    );
    let whole: Vec<&Finding> = findings.iter().filter(|one| one.field.is_none()).collect();
    assert_eq!(whole.len(), 1, "{whole:#?}");
    assert_eq!(whole[0].what, Change::Missing);
    assert!(matches!(whole[0].repair, Repair::Report(_)));
    assert!(
        whole[0]
            .effect
            .contains("functions leave by 203.0.113.1 or 203.0.113.2")
    );
    let promised = of(&findings, &format!("elastic_ip/{A}"));
    assert!(
        promised
            .effect
            .starts_with("functions leave by 203.0.113.1"),
        "{promised:?}"
    );
}

#[test]
fn public_subnets_on_a_main_table_that_leads_out_are_no_outage() {
    let mut snapshot = two_zones();
    snapshot
        .route_tables
        .retain(|table| table.id != "rtb-public");
    let mut tables = snapshot.route_tables.iter_mut();
    let main = tables.find(|table| table.main).unwrap();
    main.routes.push(route("0.0.0.0/0", "igw-1", "CreateRoute"));
    let (assessment, findings) = assessed(TWO_ZONES, &snapshot);
    assert_eq!(assessment.leaving().words(), [ONE, TWO]);
    let table = of(&findings, "route_table/public");
    assert_eq!(
        (table.severity, table.repair.clone()),
        (Severity::Warning, Repair::Automatic)
    );
    assert!(!table.effect.contains("no way out"), "{table:?}");
    assert!(
        table
            .effect
            .contains(&format!("functions in {A} leave by {ONE}")),
        "{table:?}"
    );
    // Without that route nothing leaves.
    let mut tables = snapshot.route_tables.iter_mut();
    tables.find(|table| table.main).unwrap().routes.pop();
    let (assessment, findings) = assessed(TWO_ZONES, &snapshot);
    assert!(assessment.leaving().words().is_empty());
    let table = of(&findings, "route_table/public");
    assert_eq!(table.severity, Severity::Critical);
    assert_eq!(table.effect, "all functions have no way out");
}

#[test]
fn a_detached_function_leaves_by_addresses_that_aws_picks() {
    let mut snapshot = two_zones();
    let function = &mut snapshot.functions[0];
    function.vpc = None;
    function.subnets.clear();
    function.security_groups.clear();
    let (assessment, _) = assessed(TWO_ZONES, &snapshot);
    assert_eq!(assessment.leaving().words(), ["addresses that AWS picks"]);
    assert!(assessment.leaving().picked.contains("billing-sync"));
    let outbound = assessment.outbound();
    assert!(outbound.now.is_empty() && !outbound.changes);
    // While there is no function, the private subnets answer.
    snapshot.functions.clear();
    let (assessment, _) = assessed(TWO_ZONES, &snapshot);
    assert_eq!(assessment.outbound().now, [ONE, TWO]);
}

#[test]
fn an_address_of_the_zone_itself_is_not_of_another_zone() {
    let mut snapshot = two_zones();
    swap(&mut snapshot);
    let (assessment, findings) = assessed(TWO_ZONES, &snapshot);
    assert_eq!(assessment.leaving().words(), [ONE, TWO]);
    let gateway = of(&findings, &format!("nat_gateway/{A}"));
    assert!(
        gateway
            .effect
            .contains("leave by 203.0.113.1, their own address")
    );
    assert_eq!(gateway.severity, Severity::Warning);
    assert!(matches!(gateway.repair, Repair::Report(_)));
    assert!(
        findings
            .iter()
            .all(|one| !one.effect.contains("of another zone"))
    );
    assert!(
        findings
            .iter()
            .all(|one| !one.effect.contains("fall with that zone"))
    );
}

#[test]
fn an_address_is_not_unused_and_in_use_at_once() {
    let single = "[egress]\nnat = \"single\"\n\
                  addresses = [\"203.0.113.1\", \"203.0.113.2\"]\n\n[[function]]";
    let text = TWO_ZONES.replace("[[function]]", single);
    let unused = |snapshot: &Snapshot| {
        let (assessment, findings) = assessed(&text, snapshot);
        let field = "unused.203.0.113.2";
        let finding = findings
            .into_iter()
            .find(|one| field_of(one) == field)
            .unwrap();
        (assessment.leaving().by(TWO), finding)
    };
    let mut snapshot = two_zones();
    let (used, before) = unused(&snapshot);
    assert!(
        used && before
            .effect
            .contains("functions leave by 203.0.113.2 today"),
        "{before:?}"
    );
    let mut tables = snapshot.route_tables.iter_mut();
    let table = tables.find(|table| table.id.ends_with(C)).unwrap();
    table.routes[1] = route("0.0.0.0/0", &format!("nat-{A}"), "CreateRoute");
    let (used, after) = unused(&snapshot);
    assert!(
        !used && after.effect.ends_with("nothing leaves by it"),
        "{after:?}"
    );
    assert_eq!(before.id, after.id);
}

#[test]
fn a_stack_that_was_never_applied_is_one_finding() {
    let empty = two_zones();
    let mut snapshot = Snapshot {
        account: empty.account.clone(),
        region: empty.region.clone(),
        ..Snapshot::default()
    };
    // A function that does not exist is its own finding.
    let (_, findings) = assessed(TWO_ZONES, &snapshot);
    let keys: Vec<String> = findings.iter().map(|one| one.key.to_string()).collect();
    assert_eq!(keys, ["function/billing-sync", "vpc/main"]);
    let missing = of(&findings, "vpc/main");
    let (what, field) = (missing.what, &missing.field);
    assert_eq!((what, field), (Change::Missing, &None));
    assert_eq!(
        (missing.severity, missing.repair.clone()),
        (Severity::Critical, Repair::Automatic)
    );
    let mut function = empty.functions[0].clone();
    (function.vpc, function.subnets) = (None, Vec::new());
    function.security_groups = Vec::new();
    snapshot.functions.push(function);
    let (_, findings) = assessed(TWO_ZONES, &snapshot);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].id, missing.id);
    assert!(
        findings[0]
            .effect
            .contains("leave by addresses that AWS picks, not by the fixed")
    );
    // All was destroyed but the addresses.
    snapshot.addresses = empty.addresses.clone();
    for address in &mut snapshot.addresses {
        address.association = None;
        address.network_interface = None;
    }
    let (assessment, findings) = assessed(TWO_ZONES, &snapshot);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].id, missing.id);
    assert!(
        findings[0]
            .effect
            .ends_with("the retained 203.0.113.1 and 203.0.113.2 will be used again")
    );
    assert!(assessment.held().iter().all(|one| one.state == "idle"));
    // One resource that is there tells another story.
    let mut group = empty.security_groups[0].clone();
    group.tags = tags(&spec(TWO_ZONES), "security_group/functions");
    snapshot.security_groups.push(group);
    assert!(assessed(TWO_ZONES, &snapshot).1.len() > 5);
}
