//! A NAT gateway is replaced: from the first change on every private subnet has
//! a way out by an address that the partner lets in, at every moment, and the
//! addresses stay the same.

use std::collections::BTreeSet;

use killick_sim::{Call, Kill, Moment, Place};
use killick_simulation::draft::STACK;
use killick_simulation::hand::Hand;
use killick_simulation::invariant::{acted, identities, leaves_by, wrong};
use killick_simulation::line::Base;
use killick_simulation::people::{addresses_of, applied, id_of};
use killick_simulation::{Draft, Nat, Stage, every_kill, live};

/// What became of the NAT gateway of zone a.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Failed,
    WrongSubnet,
    OtherAddress,
    Deleted,
    Deleting,
}

/// A stack with a gateway that must be replaced.
struct Swap {
    case: Case,
    base: Base,
    draft: Draft,
    addresses: BTreeSet<String>,
    privates: Vec<String>,
}

fn draft() -> Draft {
    Draft::new("ac", Nat::PerZone, &[0, 1], None)
}

/// Makes the gateway of zone a again by hand, with the stack's tags.
fn remake(hand: &mut Hand<'_>, subnet: &str, address: &str) -> String {
    let name = format!("{STACK} nat_gateway/us-east-1a");
    let params = [
        ("SubnetId", subnet),
        ("AllocationId", address),
        ("TagSpecification.1.ResourceType", "natgateway"),
        ("TagSpecification.1.Tag.1.Key", "killick:stack"),
        ("TagSpecification.1.Tag.1.Value", STACK),
        ("TagSpecification.1.Tag.2.Key", "killick:key"),
        ("TagSpecification.1.Tag.2.Value", "nat_gateway/us-east-1a"),
        ("TagSpecification.1.Tag.3.Key", "Name"),
        ("TagSpecification.1.Tag.3.Value", &name),
    ];
    hand.id("CreateNatGateway", &params, "natGatewayId")
}

impl Swap {
    fn new(case: Case) -> Self {
        let draft = draft();
        let base = applied(&draft);
        let (base, addresses, privates) = live(async {
            let stage = Stage::from(&base, 1);
            let id = |key: &str| stage.look(|place| id_of(place, STACK, key));
            let addresses = stage.look(|place| addresses_of(place, STACK));
            let privates = ["a", "c"].map(|zone| id(&format!("subnet/private-us-east-1{zone}")));
            let nat = id("nat_gateway/us-east-1a");
            let (address, table) = (
                id("elastic_ip/us-east-1a"),
                id("route_table/private-us-east-1a"),
            );
            stage.hand(|hand| hand.must("DeleteNatGateway", &[("NatGatewayId", &nat)]));
            stage
                .wait(if case == Case::Deleting { 1 } else { 600 })
                .await;
            let new = match case {
                Case::Failed => {
                    let subnet = id("subnet/public-us-east-1a");
                    stage.place(|place| place.nat_failures.push("InternalError".to_owned()));
                    Some(stage.hand(|hand| remake(hand, &subnet, &address)))
                }
                Case::WrongSubnet => {
                    let subnet = id("subnet/public-us-east-1c");
                    Some(stage.hand(|hand| remake(hand, &subnet, &address)))
                }
                Case::OtherAddress => {
                    let subnet = id("subnet/public-us-east-1a");
                    Some(stage.hand(|hand| {
                        let other =
                            hand.id("AllocateAddress", &[("Domain", "vpc")], "allocationId");
                        remake(hand, &subnet, &other)
                    }))
                }
                Case::Deleted | Case::Deleting => None,
            };
            if let Some(new) = new {
                let params = [
                    ("RouteTableId", table.as_str()),
                    ("DestinationCidrBlock", "0.0.0.0/0"),
                    ("NatGatewayId", &new),
                ];
                stage.hand(|hand| hand.must("ReplaceRoute", &params));
                stage.wait(600).await;
            }
            (stage.line.base(), addresses, privates)
        });
        Self {
            case,
            base,
            draft,
            addresses,
            privates: privates.into(),
        }
    }

    fn command(&self, wait: &str) -> String {
        let allow = match self.case {
            Case::OtherAddress => " --change-addresses",
            _ => "",
        };
        format!("apply --yes{allow}{wait}")
    }

    /// Looks at the ways out at every call.
    fn judge(&self, stage: &Stage) {
        let (privates, allowed) = (self.privates.clone(), self.addresses.clone());
        // What works is never taken away; what does not is put right first.
        let mut begun = self.case == Case::WrongSubnet;
        stage
            .line
            .judged(move |place: &Place, call: Option<&Call>| {
                begun |= call.is_some_and(|call| call.action == "ReplaceRoute" && acted(call));
                let lost = privates.iter().find_map(|subnet| {
                    let by = leaves_by(place, subnet);
                    let fine = by.as_ref().is_some_and(|ip| allowed.contains(ip));
                    (!fine).then(|| format!("{subnet} leaves by {by:?}"))
                });
                lost.filter(|_| begun)
            });
    }

    fn proven(&self, stage: &Stage) {
        assert_eq!(stage.broken(), [""; 0], "{:?}", self.case);
        stage.look(|place| {
            assert_eq!(addresses_of(place, STACK), self.addresses);
            assert_eq!(wrong(place, &self.draft), [""; 0], "{:?}", self.case);
            let ids = identities(place, STACK);
            for zone in ["us-east-1a", "us-east-1c"] {
                assert_eq!(ids[&format!("nat_gateway/{zone}")].len(), 1, "{zone}");
            }
        });
    }

    /// One apply puts it right.
    fn at_once(&self) {
        live(async {
            let mut stage = Stage::from(&self.base, 1);
            if self.case == Case::OtherAddress {
                let ran = stage.run("apply --yes", &self.draft.toml()).await.ends(4);
                assert!(ran.stderr.contains("--change-addresses"), "{}", ran.stderr);
                assert_eq!(ran.wrote(), [""; 0]);
            }
            self.judge(&stage);
            let command = self.command("");
            let ran = stage.run(&command, &self.draft.toml()).await.ends(0);
            let at = |act: &dyn Fn(&Call) -> bool| {
                let mut calls = ran.calls.iter().filter(|call| call.writes() && act(call));
                calls.next().expect("a change").at
            };
            let first = at(&|call| call.service != "ssm");
            let stand_in = at(&|call| call.action == "ReplaceRoute");
            assert!(stand_in < first + 5000, "{} ms late", stand_in - first);
            let routes = ran.wrote();
            let routes = routes.iter().filter(|action| **action == "ReplaceRoute");
            assert_eq!(routes.count(), 2, "{:?}", self.case);
            self.proven(&stage);
        });
    }

    /// So does one that goes on where another was killed.
    fn killed(&self, moment: Moment) {
        let calls = every_kill(&self.base, moment, async |stage: &mut Stage, kill: Kill| {
            self.judge(stage);
            let spec = self.draft.toml();
            let (_, died) = stage.killed(kill, &self.command(""), &spec).await;
            let command = self.command(" --lock-timeout 10m");
            stage.run(&command, &spec).await.ends(0);
            self.proven(stage);
            died
        });
        assert!(calls > 30, "only {calls} calls were killed");
    }
}

#[test]
fn every_case_at_once() {
    let cases = [
        Case::Failed,
        Case::WrongSubnet,
        Case::OtherAddress,
        Case::Deleted,
        Case::Deleting,
    ];
    cases.into_iter().for_each(|case| Swap::new(case).at_once());
}

#[test]
fn killed_while_one_that_failed_is_replaced() {
    let swap = Swap::new(Case::Failed);
    swap.killed(Moment::Before);
    swap.killed(Moment::After);
}

#[test]
fn killed_while_one_in_the_wrong_subnet_is_replaced() {
    let swap = Swap::new(Case::WrongSubnet);
    swap.killed(Moment::Before);
    swap.killed(Moment::After);
}

#[test]
fn killed_while_one_with_another_address_is_replaced() {
    let swap = Swap::new(Case::OtherAddress);
    swap.killed(Moment::Before);
    swap.killed(Moment::After);
}

#[test]
fn killed_while_one_that_was_deleted_is_replaced() {
    let swap = Swap::new(Case::Deleted);
    swap.killed(Moment::Before);
    swap.killed(Moment::After);
}
