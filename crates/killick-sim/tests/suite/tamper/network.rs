//! ACLs, attributes, endpoints, IPv6 and security groups.

use super::{A, C, Stage};

#[test]
fn network_acls() {
    let mut stage = Stage::standing();
    let subnet = stage.subnet_id(&format!("private-{A}"));
    stage.done("deny-subnet");
    let mut acls = stage.place().network_acls.all();
    let acl = acls.find(|acl| acl.associations.iter().any(|(_, one)| *one == subnet));
    let acl = acl.unwrap();
    assert!(!acl.default && acl.entries.len() == 2);
    assert!(
        acl.entries
            .iter()
            .all(|entry| !entry.allow && entry.number == 90)
    );
    drop(acls);

    stage.done("deny-replies");
    let mut acls = stage.place().network_acls.all();
    let acl = acls.find(|acl| acl.default).unwrap();
    let entry = acl.entries.iter().find(|entry| entry.number == 50).unwrap();
    assert!(!entry.egress && !entry.allow);
    assert_eq!(entry.ports, Some((1024, 65_535)));
    assert_eq!(acl.associations.len(), 3);
}

#[test]
fn attributes() {
    let mut stage = Stage::standing();
    let subnet = stage.subnet_id(&format!("private-{A}"));
    stage.done("map-public-addresses");
    assert!(stage.place().subnets.get(&subnet).unwrap().map_public_ip);

    let vpc = stage.id_of("vpc/main");
    let before = stage.place().vpcs.get(&vpc).unwrap().clone();
    stage.done("disable-dns");
    stage.done("custom-dns");
    let after = stage.place().vpcs.get(&vpc).unwrap();
    assert!(before.dns_support && !after.dns_support);
    assert_ne!(before.dhcp_options, after.dhcp_options);
    let options = after.dhcp_options.clone();
    let (_, body) = stage.ask("DescribeDhcpOptions", &[("DhcpOptionsId.1", &options)]);
    assert!(body.contains("<value>192.0.2.53</value>"), "{body}");
    assert!(stage.tamper("disable-dns").is_err());
}

#[test]
fn an_endpoint() {
    let mut stage = Stage::standing();
    let tables = [A, C].map(|zone| stage.route_table(&format!("private-{zone}")).id);
    stage.done("add-s3-endpoint");
    let endpoint = stage.place().endpoints.all().next().unwrap().clone();
    assert_eq!(endpoint.service, "com.amazonaws.ap-northeast-1.s3");
    assert!(tables.iter().all(|id| endpoint.route_tables.contains(id)));
    let routes = stage.route_table(&format!("private-{A}")).routes;
    assert!(
        routes
            .iter()
            .any(|route| route.destination.starts_with("pl-"))
    );
    let why = stage.tamper("add-s3-endpoint").unwrap_err();
    assert!(why.contains("RouteAlreadyExists"), "{why}");
}

#[test]
fn a_whole_region() {
    let mut stage = Stage::standing();
    stage.done("block-public-access");
    assert_eq!(stage.place().block_public_access, "block-bidirectional");
    assert!(stage.tamper("block-public-access").is_err());
}

#[test]
fn ipv6() {
    let mut stage = Stage::standing();
    let subnets = [A, C].map(|zone| stage.subnet_id(&format!("private-{zone}")));
    stage.done("add-ipv6");
    stage.done("add-ipv6");
    let place = stage.place();
    let blocks = subnets.map(|id| place.subnets.get(&id).unwrap().ipv6[0].cidr.clone());
    assert_ne!(blocks[0], blocks[1]);
    assert!(blocks.iter().all(|cidr| cidr.ends_with("::/64")));
    for zone in [A, C] {
        let hop = stage.hop(&format!("private-{zone}"), "::/0").unwrap();
        assert!(stage.place().egress_only_gateways.has(&hop));
    }
    assert!(stage.tamper("add-ipv6").is_err());
}

#[test]
fn rules() {
    let mut stage = Stage::standing();
    let group = stage.group_id();
    let count = |stage: &mut Stage, egress| {
        let group = stage.place().security_groups.get(&group).unwrap();
        group
            .rules
            .iter()
            .filter(|rule| rule.egress == egress)
            .count()
    };
    assert_eq!((count(&mut stage, true), count(&mut stage, false)), (1, 0));
    stage.done("add-ingress-rule");
    stage.done("add-egress-rule");
    assert_eq!((count(&mut stage, true), count(&mut stage, false)), (2, 1));
    let why = stage.tamper("add-egress-rule").unwrap_err();
    assert!(why.contains("InvalidPermission.Duplicate"), "{why}");
    let done = stage.done("revoke-egress");
    assert!(done.ends_with(": 2"), "{done}");
    assert_eq!((count(&mut stage, true), count(&mut stage, false)), (0, 1));
    assert!(stage.tamper("revoke-egress").is_err());
}
