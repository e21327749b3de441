//! Rules of network ACLs are judged one by one: what is in the way is told and
//! can be taken out, and what is not stays.

use killick_simulation::{Stage, live};

use super::base;

/// Adds a rule to the default ACL of the stack's VPC.
fn rule(stage: &Stage, number: &str, ingress: bool, ports: Option<(&str, &str)>, cidr: &str) {
    let vpc =
        stage.look(|place| killick_simulation::people::id_of(place, "partner-egress", "vpc/main"));
    let acl = stage.look(|place| {
        let mut acls = place.network_acls.all();
        let acl = acls
            .find(|acl| acl.default && acl.vpc == vpc)
            .expect("the default ACL");
        acl.id.clone()
    });
    let egress = if ingress { "false" } else { "true" };
    let mut params = vec![
        ("NetworkAclId", acl.as_str()),
        ("RuleNumber", number),
        ("Egress", egress),
        ("RuleAction", "deny"),
        ("CidrBlock", cidr),
    ];
    match ports {
        Some((first, last)) => params.extend([
            ("Protocol", "6"),
            ("PortRange.From", first),
            ("PortRange.To", last),
        ]),
        None => params.push(("Protocol", "-1")),
    }
    stage.hand(|hand| hand.must("CreateNetworkAclEntry", &params));
}

#[test]
fn only_what_is_in_the_way_is_told_and_taken_out() {
    let (base, spec) = base(false, &[0]);
    live(async {
        let mut stage = Stage::from(&base, 1);
        // Nobody is kept from anything by these.
        rule(&stage, "10", true, Some(("22", "22")), "0.0.0.0/0");
        rule(&stage, "11", false, None, "10.99.0.0/16");
        assert_eq!(stage.drift(&spec).await.code, 0);
        // Some networks, some replies, and everything.
        rule(&stage, "20", false, None, "198.51.100.0/24");
        rule(&stage, "30", true, Some(("3389", "3389")), "0.0.0.0/0");
        rule(&stage, "50", true, Some(("1024", "65535")), "0.0.0.0/0");
        let report = stage.drift(&spec).await;
        let told: Vec<(&str, &str)> = report
            .findings
            .iter()
            .map(|one| (one.field.as_str(), one.severity.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("network_acl.ingress 50", "critical"),
                ("network_acl.egress 20", "warning"),
                ("network_acl.ingress 30", "warning"),
            ]
        );
        let effect = |number: usize| report.findings[number].effect.as_str();
        assert!(effect(0).contains("have no way out"), "{}", effect(0));
        assert!(
            effect(1).contains("no way to 198.51.100.0/24"),
            "{}",
            effect(1)
        );
        assert!(effect(2).contains("lose some replies"), "{}", effect(2));
        stage.run("apply --yes --prune", &spec).await.ends(0);
        assert_eq!(stage.drift(&spec).await.code, 0);
        let left = stage.look(|place| {
            let acls = place.network_acls.all().filter(|acl| acl.default);
            acls.map(|acl| acl.entries.len()).max()
        });
        // Two that came with it, and the two that hindered nobody.
        assert_eq!(left, Some(4));
    });
}
