//! A create whose answer is lost after AWS has acted makes exactly one thing.

use killick_sim::{Fault, Rule, Settings};
use killick_simulation::{Draft, Move, Nat, Scenario, play};

fn one_thing_in_the_end(action: &str) {
    for times in 1..=3 {
        let rule = Rule {
            times: Some(times),
            ..Rule::always(action, Fault::CutAfter)
        };
        let scenario = Scenario {
            seed: times,
            settings: Settings::default(),
            draft: Draft::new("ac", Nat::PerZone, &[0], None),
            moves: vec![Move::Faulty(rule), Move::Apply(false)],
        };
        let report = play(&scenario);
        assert!(report.faults > 0, "{action} was never called");
        let (story, broken) = (report.story.join("\n"), report.broken.join("\n"));
        assert!(
            report.broken.is_empty(),
            "{story}\n{broken}\n\n{}",
            scenario.source()
        );
    }
}

#[test]
fn allocate_address() {
    one_thing_in_the_end("AllocateAddress");
}

#[test]
fn create_vpc() {
    one_thing_in_the_end("CreateVpc");
}

#[test]
fn create_subnet() {
    one_thing_in_the_end("CreateSubnet");
}

#[test]
fn create_internet_gateway() {
    one_thing_in_the_end("CreateInternetGateway");
}

#[test]
fn create_security_group() {
    one_thing_in_the_end("CreateSecurityGroup");
}

#[test]
fn create_nat_gateway_and_route_table() {
    one_thing_in_the_end("CreateNatGateway");
    one_thing_in_the_end("CreateRouteTable");
}
