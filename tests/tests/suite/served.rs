//! `killick sandbox serve`, as clients that know nothing of it see it.

use std::collections::BTreeMap;

use killick_tests::{Killick, Sandbox, Server, Spec, probe};

/// Which checks of the probe are known to fail, and why.
const GAPS: &[(&str, &str)] = &[
    (
        "nat_gateways.regional_gateway_belongs_to_the_vpc",
        "regional NAT gateways are refused: in their usual mode they have no fixed addresses, and killick makes none",
    ),
    (
        "parameters.pattern_is_enforced",
        "an AllowedPattern is kept, but no value is matched with it: killick sets none",
    ),
];

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn it_behaves_as_aws_is_documented_to() {
    let sandbox = Sandbox::serve(100);
    let outcomes = probe::outcomes(sandbox.url());
    let failed: BTreeMap<&str, &str> = outcomes
        .iter()
        .filter_map(|(name, wrong)| Some((name.as_str(), wrong.as_deref()?)))
        .collect();
    let known: BTreeMap<&str, &str> = GAPS.iter().copied().collect();
    let new: Vec<_> = failed
        .iter()
        .filter(|(name, _)| !known.contains_key(*name))
        .collect();
    let closed: Vec<_> = known
        .keys()
        .filter(|name| !failed.contains_key(*name))
        .collect();
    assert!(new.is_empty(), "these checks fail: {new:#?}");
    assert!(
        closed.is_empty(),
        "these gaps are none any more: {closed:#?}"
    );
    assert!(outcomes.len() > 300, "only {} checks ran", outcomes.len());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_killick_makes_there_is_there_for_others() {
    // The server lends its boto3 only.
    let (server, sandbox) = (Server::start(), Sandbox::serve(100));
    let aws = server.aws().at(sandbox.url());
    let spec = Spec::two_zones();
    for function in &spec.functions {
        aws.create_function(function);
    }
    let killick = Killick::new(&server, &spec).env("AWS_ENDPOINT_URL", sandbox.url());
    killick.run(&["apply", "--yes"]).code(0);
    aws.topology(&spec).unwrap();
    let drift = killick.run(&["drift"]).code(0);
    assert_eq!(drift.stdout.lines().count(), 1, "{drift}");
    let destroy = ["destroy", "--yes", "--release-addresses"];
    killick.run(&destroy).code(0);
    assert_eq!(aws.stack(&spec.stack).keys(), [""; 0]);
    for function in &spec.functions {
        assert_eq!(aws.vpc_config(function), (vec![], vec![]));
    }
    assert!(server.calls().is_empty(), "the emulator was asked");
}
