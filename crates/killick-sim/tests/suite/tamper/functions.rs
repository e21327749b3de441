//! Functions and their networks.

use killick_sim::{Function, VpcConfig};

use super::stage::FUNCTION;
use super::{A, C, Stage};

fn function(stage: &mut Stage) -> Function {
    stage.place().functions.get(FUNCTION).unwrap().clone()
}

fn network(stage: &mut Stage) -> VpcConfig {
    let latest = function(stage).latest;
    latest.vpc_config.unwrap_or_default()
}

#[test]
fn taken_out_of_the_vpc() {
    let mut stage = Stage::standing();
    stage.done("detach-function");
    assert!(network(&mut stage).subnets.is_empty());
    let why = stage.tamper("detach-function").unwrap_err();
    assert!(why.starts_with("no function"), "{why}");
    stage.wait();
    assert_eq!(function(&mut stage).effective(), None);
}

#[test]
fn with_another_network() {
    let mut stage = Stage::standing();
    let (group, other) = (stage.group_id(), stage.subnet_id(&format!("private-{C}")));
    stage.done("drop-function-subnet");
    let before = network(&mut stage);
    assert_eq!(before.subnets, [other]);
    assert_eq!(before.security_groups, [group]);
    let groups = stage.place().security_groups.len();
    let why = stage.tamper("swap-function-group").unwrap_err();
    assert!(why.ends_with("is in progress"), "{why}");
    assert_eq!(stage.place().security_groups.len(), groups);
    stage.wait();
    assert!(stage.tamper("drop-function-subnet").is_err());

    stage.done("swap-function-group");
    let after = network(&mut stage);
    assert_eq!(after.subnets, before.subnets);
    assert_ne!(after.security_groups, before.security_groups);
    let groups = &stage.place().security_groups;
    let foreign = groups.get(&after.security_groups[0]).unwrap();
    assert!(foreign.rules.is_empty());
}

#[test]
fn moved_to_another_vpc() {
    let mut stage = Stage::standing();
    let ours = network(&mut stage);
    stage.done("move-function");
    let theirs = network(&mut stage);
    assert_ne!(ours.vpc, theirs.vpc);
    let subnet = stage.place().subnets.get(&theirs.subnets[0]).unwrap();
    assert_eq!(
        (subnet.zone.as_str(), subnet.vpc.as_str()),
        (A, theirs.vpc.as_str())
    );
    stage.wait();
    let effective = function(&mut stage).effective().cloned();
    assert_eq!(effective, Some(theirs));
}

#[test]
fn with_ipv6() {
    let mut stage = Stage::standing();
    let before = network(&mut stage);
    stage.done("allow-function-ipv6");
    let after = network(&mut stage);
    assert!(!before.ipv6 && after.ipv6);
    assert_eq!(before.subnets, after.subnets);
    let place = stage.place();
    let mut subnets = after.subnets.iter().filter_map(|id| place.subnets.get(id));
    assert!(subnets.all(|subnet| subnet.ipv6.len() == 1));
    assert!(stage.tamper("allow-function-ipv6").is_err());
}

#[test]
fn behind_an_old_version() {
    let mut stage = Stage::with_old_version();
    let done = stage.done("repoint-alias");
    assert!(done.contains("version 1, in no VPC"), "{done}");
    let function = function(&mut stage);
    assert_eq!(function.aliases["live"].version, "1");
    assert_eq!(function.version("live").unwrap().effective(), None);
    assert!(function.effective().is_some());
    assert!(stage.tamper("repoint-alias").is_err());
}

#[test]
fn behind_a_version_that_is_yet_to_be_published() {
    let mut stage = Stage::standing();
    let why = stage.tamper("repoint-alias").unwrap_err();
    assert!(why.contains("detach-function"), "{why}");
    stage.done("detach-function");
    assert!(stage.tamper("repoint-alias").is_err());
    stage.wait();
    let done = stage.done("repoint-alias");
    assert!(done.contains("published version 1"), "{done}");
    stage.attach();
    let function = function(&mut stage);
    assert!(function.effective().is_some());
    assert_eq!(function.version("live").unwrap().effective(), None);
}

#[test]
fn without_what_the_role_needs() {
    let mut stage = Stage::standing();
    let before = network(&mut stage);
    let done = stage.done("detach-role-policy");
    assert!(done.contains("sandbox, the role of billing-sync"), "{done}");
    // What is attached stays so, and nothing else can be attached.
    assert_eq!(network(&mut stage), before);
    let why = stage.tamper("drop-function-subnet").unwrap_err();
    assert!(why.contains("CreateNetworkInterface"), "{why}");
    let why = stage.tamper("detach-role-policy").unwrap_err();
    assert!(why.contains("NoSuchEntity"), "{why}");
    stage.done("detach-function");
    stage.wait();
    let why = stage.tamper("detach-role-policy").unwrap_err();
    assert!(why.starts_with("no function"), "{why}");
}
