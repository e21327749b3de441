//! A bad line to the services of the account.

use killick_sim::{Fault, Outcome, Request, Rule, Settings, Sim, World};

/// What a service answers to an action under a fault, and whether the action
/// counts as a change.
fn struck(service: &str, action: &str, fault: Fault) -> (u16, String, bool) {
    let mut sim = Sim::new(World::new(7, Settings::default()), 7);
    sim.faults.add(Rule::always(action, fault));
    let scope = format!("AKIA/20260101/us-east-1/{service}/aws4_request");
    let prefix = match service {
        "servicequotas" => "ServiceQuotasV20190624",
        _ => "ResourceGroupsTaggingAPI_20170126",
    };
    let request = Request {
        method: "POST".to_owned(),
        uri: "/".to_owned(),
        headers: vec![
            ("authorization".to_owned(), format!("Credential={scope}")),
            ("x-amz-target".to_owned(), format!("{prefix}.{action}")),
        ],
        body: format!("Action={action}").into_bytes(),
    };
    let outcome = sim.serve(1_767_225_600_000, &request);
    let Outcome::Answer(_, response) = outcome else {
        panic!("{outcome:?}");
    };
    let body = String::from_utf8(response.body).expect("text");
    (response.status, body, sim.calls[0].writes())
}

#[test]
fn each_service_has_its_own_words() {
    for (service, action, fault, status, code) in [
        (
            "iam",
            "GetRole",
            Fault::Throttle,
            400,
            "<Code>Throttling</Code>",
        ),
        (
            "iam",
            "GetRole",
            Fault::Deny,
            403,
            "<Code>AccessDenied</Code>",
        ),
        (
            "servicequotas",
            "GetServiceQuota",
            Fault::Throttle,
            400,
            "TooManyRequestsException",
        ),
        (
            "servicequotas",
            "GetServiceQuota",
            Fault::Deny,
            403,
            "AccessDeniedException",
        ),
        (
            "tagging",
            "GetResources",
            Fault::Throttle,
            400,
            "ThrottledException",
        ),
    ] {
        let (found, body, writes) = struck(service, action, fault);
        assert_eq!((found, writes), (status, false), "{service}");
        assert!(body.contains(code), "{body}");
    }
}

#[test]
fn to_simulate_is_no_change() {
    let writes = |action| struck("iam", action, Fault::Throttle).2;
    assert!(!writes("SimulatePrincipalPolicy") && !writes("ListRoles"));
    assert!(writes("AttachRolePolicy"));
}
