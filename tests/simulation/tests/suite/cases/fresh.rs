//! What was just made as the spec says has no finding, whatever the moment.

use killick_simulation::people::{Landlord, brisk};
use killick_simulation::{Stage, live};

/// Every spec that comes with killick and makes its own network.
const SPECS: [&str; 4] = [
    include_str!("../../../../../specs/lambda-fixed-ip.toml"),
    include_str!("../../../../../specs/single-nat.toml"),
    include_str!("../../../../../specs/three-zones.toml"),
    include_str!("../../../../../specs/examples/accepted.toml"),
];

/// The spec in the region of the simulation.
fn here(spec: &str) -> String {
    let regions = ["ap-northeast-1", "eu-central-1", "eu-west-1", "us-west-2"];
    let here = |text: String, region: &&str| text.replace(*region, "us-east-1");
    regions.iter().fold(spec.to_owned(), here)
}

async fn quiet(stage: &mut Stage, spec: &str, moment: &str) {
    let report = stage.drift(spec).await;
    assert_eq!(report.code, 0, "{moment}: {:#?}", report.findings);
    stage.run("prove", spec).await.ends(0);
}

#[test]
fn a_fresh_apply_of_every_spec_has_no_finding() {
    for spec in SPECS.map(here) {
        live(async {
            let mut stage = Stage::new(brisk());
            let parsed: Vec<String> = spec
                .lines()
                .scan(false, |inside, line| {
                    if line.starts_with('[') {
                        *inside = line == "[[function]]";
                    }
                    Some((*inside, line.to_owned()))
                })
                .filter(|(inside, line)| *inside && line.starts_with("name"))
                .filter_map(|(_, line)| Some(line.split('"').nth(1)?.to_owned()))
                .collect();
            let names: Vec<&str> = parsed.iter().map(String::as_str).collect();
            stage.deploy(&names);
            stage.run("apply --yes", &spec).await.ends(0);
            for minutes in [0, 1, 30, 120] {
                stage.wait(60 * minutes).await;
                quiet(&mut stage, &spec, &format!("{minutes} minutes later")).await;
            }
        });
    }
}

#[test]
fn gateways_that_are_gone_are_no_finding() {
    let (base, spec) = super::base(false, &[0]);
    live(async {
        let mut stage = Stage::from(&base, 1);
        // The tombstone of a replaced gateway is listed for an hour.
        stage.tamper("delete-nat-gateway");
        stage.wait(600).await;
        stage.run("apply --yes", &spec).await.ends(0);
        for _ in 0..8 {
            quiet(&mut stage, &spec, "beside a tombstone").await;
            stage.wait(600).await;
        }
        // One of somebody else's in a VPC of its own never comes up.
        stage.place(|place| place.nat_failures.push("InternalError".to_owned()));
        let landlord = stage.hand(Landlord::builds);
        stage.hand(|hand| landlord.lets_out(hand));
        for _ in 0..5 {
            quiet(&mut stage, &spec, "beside a failed one").await;
            stage.wait(20).await;
        }
    });
}

#[test]
fn a_brought_network_is_its_owners_business() {
    live(async {
        let mut stage = Stage::new(brisk());
        let landlord = stage.hand(Landlord::builds);
        stage.hand(|hand| landlord.lets_out(hand));
        stage.deploy(&["f0"]);
        let spec = landlord.tenant("tenant", &["f0"]);
        stage
            .run("apply --yes --change-addresses", &spec)
            .await
            .ends(0);
        stage.wait(60).await;
        quiet(&mut stage, &spec, "after the first apply").await;
    });
}

#[test]
fn what_its_owner_puts_in_the_way_is_told_of_the_function() {
    live(async {
        let mut stage = Stage::new(brisk());
        let landlord = stage.hand(Landlord::builds);
        stage.deploy(&["f0"]);
        let spec = landlord.tenant("tenant", &["f0"]);
        stage.run("apply --yes", &spec).await.ends(0);
        stage.wait(60).await;
        let everything = [
            ("GroupId", landlord.group.as_str()),
            ("IpPermissions.1.IpProtocol", "-1"),
            ("IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"),
        ];
        stage.hand(|hand| hand.must("RevokeSecurityGroupEgress", &everything));
        let report = stage.drift(&spec).await;
        let told: Vec<(&str, &str, &str)> = report
            .findings
            .iter()
            .map(|one| (one.key.as_str(), one.severity.as_str(), one.repair.as_str()))
            .collect();
        // One for both zones, and nothing that apply could do about it.
        assert_eq!(told, [("function/f0", "critical", "report")]);
        let effect = &report.findings[0].effect;
        for word in [
            "private-us-east-1a and",
            "private-us-east-1c",
            &landlord.group,
        ] {
            assert!(effect.contains(word), "{effect}");
        }
        // There is no step for it, and so no proof.
        let ran = stage
            .run("apply --yes --prune --grant", &spec)
            .await
            .ends(3);
        assert_eq!(ran.wrote(), [""; 0]);
        assert!(ran.stderr.contains(&landlord.group), "{}", ran.stderr);
        stage.run("prove", &spec).await.ends(2);
    });
}

/// No field of an external VPC is declared, and still nothing leaves without names.
#[test]
fn an_external_network_without_names_is_told_of_the_function() {
    live(async {
        let mut stage = Stage::new(brisk());
        let landlord = stage.hand(Landlord::builds);
        stage.deploy(&["f0"]);
        let spec = landlord.tenant("tenant", &["f0"]);
        stage.run("apply --yes", &spec).await.ends(0);
        stage.wait(60).await;
        let off = [
            ("VpcId", landlord.vpc.as_str()),
            ("EnableDnsSupport.Value", "false"),
        ];
        stage.hand(|hand| hand.must("ModifyVpcAttribute", &off));
        let report = stage.drift(&spec).await;
        assert_eq!(report.code, 2);
        let told = report.findings.iter();
        let told: Vec<(&str, &str)> = told
            .map(|one| (one.field.as_str(), one.severity.as_str()))
            .collect();
        let field = format!("way.names-in-{}", landlord.vpc);
        assert_eq!(told, [(field.as_str(), "critical")]);
        let ran = stage.run("apply --yes", &spec).await.ends(3);
        assert!(!ran.stdout.contains("as declared"), "{}", ran.stdout);
        assert!(ran.stderr.contains("DNS support"), "{}", ran.stderr);
    });
}
