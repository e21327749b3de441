//! Somebody changes something by hand: `drift` must name it, `apply` must repair it, and the addresses must not
//! move. What is one of the forty changes is judged there (`forty.rs`), and here only with one NAT gateway, and
//! together with others.

mod attributes;
mod functions;
mod gateways;
mod routes;
mod tags;

use killick_tests::{Aws, Server, Site, Spec, Stack, finding};

type Tamper = Box<dyn Fn(&Aws, &Stack)>;

/// One change behind killick's back, and what `drift` must make of it.
struct Case {
    name: String,
    /// The key of a finding that must be there.
    key: String,
    /// How the field of that finding begins; empty for a resource that is missing as a whole.
    field: &'static str,
    /// Whether it is one of the forty, which are judged alone there.
    forty: bool,
    tamper: Tamper,
}

impl Case {
    fn of_the_forty(mut self) -> Self {
        self.forty = true;
        self
    }
}

fn case(
    name: &str,
    key: &str,
    field: &'static str,
    tamper: impl Fn(&Aws, &Stack) + 'static,
) -> Case {
    Case {
        name: name.to_owned(),
        key: key.to_owned(),
        field,
        forty: false,
        tamper: Box::new(tamper),
    }
}

/// Runs the cases that are none of the forty, on the stack that those are judged on.
fn others(mut cases: Vec<Case>) {
    cases.retain(|case| !case.forty);
    run(Spec::two_zones(), cases);
}

/// Runs the cases one after the other on one stack; after a failed one it starts over.
fn run(spec: Spec, cases: Vec<Case>) {
    let site = Site::deployed(spec);
    let mut failures = Vec::new();
    for case in cases {
        if let Err(failure) = attempt(&site, &case) {
            failures.push(format!("=== {}\n{failure}", case.name));
            site.restart();
            site.apply();
        }
    }
    assert!(
        failures.is_empty(),
        "{} failed\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

fn attempt(site: &Site, case: &Case) -> Result<(), String> {
    let before = site.stack();
    (case.tamper)(&site.aws, &before);

    let drift = site.drift(2)?;
    let shown = || serde_json::to_string_pretty(&drift).unwrap_or_default();
    let Some(found) = finding(&drift, &case.key, case.field) else {
        return Err(format!(
            "no finding on {} {:?} in {}",
            case.key,
            case.field,
            shown()
        ));
    };
    if case.field.is_empty() && found["what"] != "missing" {
        return Err(format!("{} is gone, but: {found:#}", case.key));
    }

    let apply = site.killick.run(&["apply", "--yes"]).check(0)?;
    let after = site.stack();
    if after.addresses() != before.addresses() {
        return Err(format!(
            "addresses: {:?}, not {:?}",
            after.addresses(),
            before.addresses()
        ));
    }
    site.aws
        .topology(&site.spec)
        .map_err(|wrong| format!("after the repair:\n{wrong}\n{apply}"))?;
    site.in_sync()
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn routes_and_associations() {
    others(routes::cases());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn gateways_and_whole_resources() {
    others(gateways::cases());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn attributes_and_rules() {
    others(attributes::cases());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn stripped_tags() {
    others(tags::cases());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn vpc_configs() {
    others(functions::cases());
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_single_nat_gateway() {
    let mut cases = gateways::cases();
    cases.retain(|case| !case.name.contains("two NAT"));
    run(Spec::single_nat(), cases);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn everything_at_once() {
    let site = Site::deployed(Spec::two_zones());
    let before = site.stack();
    let cases = [routes::several(), attributes::cases(), functions::emptied()]
        .into_iter()
        .flatten();
    let cases: Vec<Case> = cases.collect();
    for case in &cases {
        (case.tamper)(&site.aws, &before);
    }
    let drift = site.drift(2).unwrap();
    for case in &cases {
        assert!(
            finding(&drift, &case.key, case.field).is_some(),
            "{}: {drift:#}",
            case.name
        );
    }
    let again = site.drift(2).unwrap();
    assert_eq!(
        drift["findings"], again["findings"],
        "findings are stable between runs"
    );
    site.apply();
    assert_eq!(site.stack(), before);
    site.in_sync().unwrap();
}

/// Without killick: the changes work on the emulator, and the check that follows a repair would see them.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn every_change_is_one_that_the_topology_check_sees() {
    let spec = Spec::two_zones();
    let server = Server::start();
    let aws = server.aws();
    for spec in [&Spec::single_nat(), &Spec::three_zones(), &spec] {
        aws.build(spec);
        aws.topology(spec).unwrap();
        server.reset();
    }
    // One of the three ways to strip each kind of resource is enough here.
    let tags = tags::cases().into_iter().step_by(3).collect();
    let cases = [
        routes::cases(),
        gateways::cases(),
        attributes::cases(),
        functions::cases(),
        tags,
    ];
    for case in cases.into_iter().flatten() {
        aws.build(&spec);
        (case.tamper)(&aws, &aws.stack(&spec.stack));
        assert!(aws.topology(&spec).is_err(), "{} goes unseen", case.name);
        server.reset();
    }
}
