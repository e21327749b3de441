//! A bad line to the services of the account.

use killick_sim::{Fault, Outcome, Rule, Settings, Sim, World};

use crate::support::{BEGINNING, KEY, signed};

/// What a service answers to an action under a fault, and whether the action
/// counts as a change.
fn struck(service: &str, action: &str, fault: Fault) -> (u16, String, bool) {
    let mut sim = Sim::new(World::new(7, Settings::default()), 7);
    sim.faults.add(Rule::always(action, fault));
    let prefix = match service {
        "servicequotas" => "ServiceQuotasV20190624",
        _ => "ResourceGroupsTaggingAPI_20170126",
    };
    let (target, body) = (format!("{prefix}.{action}"), format!("Action={action}"));
    let scope = (KEY, "us-east-1", service);
    let request = signed(scope, ("POST", "/"), &target, body);
    let outcome = sim.serve(BEGINNING, &request);
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
