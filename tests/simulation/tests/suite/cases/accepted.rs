//! What the spec accepts is wanted for its own cause, in every command alike,
//! and explains nothing else.

use killick_simulation::{Stage, live};

use super::base;

/// The same spec with one finding accepted.
fn accepting(spec: &str, id: &str) -> String {
    format!("{spec}\n[[accept]]\nfinding = \"{id}\"\nuntil = \"2999-12-31\"\nreason = \"wanted\"\n")
}

#[test]
fn an_accepted_endpoint_is_wanted_and_hides_nothing() {
    let (base, spec) = base(true, &[0]);
    live(async {
        let mut stage = Stage::from(&base, 1);
        stage.tamper("add-s3-endpoint");
        stage.wait(60).await;
        let report = stage.drift(&spec).await;
        assert_eq!(report.findings.len(), 1, "{report:#?}");
        let endpoint = &report.findings[0];
        assert!(endpoint.field.starts_with("endpoints."), "{endpoint:?}");
        // Nobody has accepted it: there is no step for it, and no proof.
        for command in ["plan --detailed-exitcode", "apply --yes"] {
            let ran = stage.run(command, &spec).await.ends(3);
            let told = format!("{}{}", ran.stdout, ran.stderr);
            assert!(told.contains(&endpoint.id), "{command}: {told}");
            assert!(!told.contains("are as declared"), "{command}: {told}");
        }
        let accepted = accepting(&spec, &endpoint.id);
        for command in ["apply --yes", "drift", "plan --detailed-exitcode"] {
            stage.run(command, &accepted).await.ends(0);
        }
        let proven = stage.run("prove", &accepted).await.ends(0);
        assert!(proven.stdout.contains(&endpoint.id), "{}", proven.stdout);
        assert_eq!(stage.run("prove", &spec).await.code, Some(2));

        // Something else on the same path counts.
        stage.tamper("revoke-egress");
        let report = stage.drift(&accepted).await;
        assert_eq!(report.code, 2);
        let keys: Vec<&str> = report.findings.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["security_group/functions"], "{report:#?}");
        assert_eq!(stage.run("prove", &accepted).await.code, Some(2));
        stage.run("apply --yes", &accepted).await.ends(0);
    });
}

#[test]
fn an_accepted_route_does_not_stand_for_another_target() {
    let (base, spec) = base(true, &[0]);
    live(async {
        let mut stage = Stage::from(&base, 1);
        stage.tamper("route-to-instance");
        let report = stage.drift(&spec).await;
        let accepted = accepting(&spec, &report.findings[0].id);
        assert_eq!(stage.drift(&accepted).await.code, 0);
        stage.tamper("route-to-foreign-nat");
        stage.wait(600).await;
        let report = stage.drift(&accepted).await;
        assert_eq!(report.code, 2, "{report:#?}");
        assert_eq!(report.findings[0].severity, "critical");
    });
}
