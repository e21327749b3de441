//! Pinned addresses: going back to them takes no flag, and what does not end
//! with them is no success.

use std::collections::BTreeSet;

use killick_sim::{Call, Kill, Moment, Place};
use killick_simulation::draft::STACK;
use killick_simulation::hand::Hand;
use killick_simulation::invariant::{acted, identities, leaves_by};
use killick_simulation::line::Base;
use killick_simulation::people::{addresses_of, applied, id_of};
use killick_simulation::{Draft, Nat, Stage, every_kill, live};
use serde_json::Value;

/// A stack of two zones whose addresses are pinned.
fn pinned() -> (Base, Draft) {
    let mut draft = Draft::new("ac", Nat::PerZone, &[0, 1], None);
    let base = applied(&draft);
    let addresses = live(async {
        let stage = Stage::from(&base, 1);
        stage.look(|place| addresses_of(place, STACK))
    });
    draft.pinned = addresses.into_iter().collect();
    (base, draft)
}

/// Ways to make functions leave by another address, or by none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hands {
    /// One of the forty changes.
    Tamper(&'static str),
    /// The gateway of zone a again, with our tags, on another address.
    OurTags,
    /// The same, and our own address as a further one of it.
    OursAsFurther,
    /// The gateways of both zones, each on the address of the other.
    Swapped,
}

const HANDS: [Hands; 9] = [
    Hands::Tamper("remake-nat-gateway"),
    Hands::Tamper("route-to-foreign-nat"),
    Hands::Tamper("delete-nat-gateways"),
    Hands::Tamper("move-function"),
    Hands::Tamper("detach-function"),
    Hands::Tamper("disassociate-table"),
    Hands::OurTags,
    Hands::OursAsFurther,
    Hands::Swapped,
];

fn nat(hand: &mut Hand<'_>, subnet: &str, address: &str, zone: &str) -> String {
    let name = format!("{STACK} nat_gateway/{zone}");
    let key = format!("nat_gateway/{zone}");
    let params = [
        ("SubnetId", subnet),
        ("AllocationId", address),
        ("TagSpecification.1.ResourceType", "natgateway"),
        ("TagSpecification.1.Tag.1.Key", "killick:stack"),
        ("TagSpecification.1.Tag.1.Value", STACK),
        ("TagSpecification.1.Tag.2.Key", "killick:key"),
        ("TagSpecification.1.Tag.2.Value", &key),
        ("TagSpecification.1.Tag.3.Key", "Name"),
        ("TagSpecification.1.Tag.3.Value", &name),
    ];
    hand.id("CreateNatGateway", &params, "natGatewayId")
}

/// Makes the gateway of a zone again on that address, and leads the zone to it.
fn remake(stage: &Stage, zone: &str, address: &str) -> String {
    let id = |key: &str| stage.look(|place| id_of(place, STACK, &format!("{key}-{zone}")));
    let (subnet, table) = (id("subnet/public"), id("route_table/private"));
    stage.hand(|hand| {
        let new = nat(hand, &subnet, address, zone);
        let params = [
            ("RouteTableId", table.as_str()),
            ("DestinationCidrBlock", "0.0.0.0/0"),
            ("NatGatewayId", &new),
        ];
        hand.must("ReplaceRoute", &params);
        new
    })
}

impl Hands {
    async fn act(self, stage: &Stage) {
        let id = |key: &str| stage.look(|place| id_of(place, STACK, key));
        let delete = |nat: &str| {
            let params = [("NatGatewayId", nat)];
            stage.hand(|hand| hand.must("DeleteNatGateway", &params));
        };
        let (a, c) = ("us-east-1a", "us-east-1c");
        match self {
            Self::Tamper(case) => {
                stage.tamper(case);
            }
            Self::OurTags | Self::OursAsFurther => {
                let own = id("elastic_ip/us-east-1a");
                delete(&id("nat_gateway/us-east-1a"));
                stage.wait(600).await;
                let other = stage
                    .hand(|hand| hand.id("AllocateAddress", &[("Domain", "vpc")], "allocationId"));
                let new = remake(stage, a, &other);
                stage.wait(600).await;
                if self == Self::OursAsFurther {
                    let params = [("NatGatewayId", new.as_str()), ("AllocationId.1", &own)];
                    stage.hand(|hand| hand.must("AssociateNatGatewayAddress", &params));
                }
            }
            Self::Swapped => {
                let addresses = [id("elastic_ip/us-east-1a"), id("elastic_ip/us-east-1c")];
                delete(&id("nat_gateway/us-east-1a"));
                delete(&id("nat_gateway/us-east-1c"));
                stage.wait(600).await;
                remake(stage, a, &addresses[1]);
                remake(stage, c, &addresses[0]);
            }
        }
        stage.wait(600).await;
    }
}

/// After 0 of `apply`: every egress path is proven, nothing is critical, and
/// the addresses are the pinned ones.
async fn holds(stage: &mut Stage, draft: &Draft, name: &str) {
    let spec = draft.toml();
    stage.run("prove", &spec).await.ends(0);
    let drift = stage.drift(&spec).await;
    let mut findings = drift.findings.iter();
    let critical = findings.find(|one| one.severity == "critical");
    assert_eq!(critical, None, "{name}");
    let ips = stage.run("ips --json", &spec).await.ends(0);
    let ips: Value = serde_json::from_str(&ips.stdout).expect("JSON");
    for one in ips["addresses"].as_array().expect("addresses") {
        assert_eq!(one["state"], "in-use", "{name}: {ips}");
        let marks = (&one["pinned"], &one["in_use"]);
        assert_eq!(marks, (&Value::Bool(true), &Value::Bool(true)), "{name}");
    }
    assert_eq!(ips["others"], Value::Null, "{name}: {ips}");
    let wanted: BTreeSet<String> = draft.pinned.iter().cloned().collect();
    stage.look(|place| assert_eq!(addresses_of(place, STACK), wanted, "{name}"));
}

#[test]
fn going_back_to_what_is_pinned_takes_no_flag() {
    let (base, draft) = pinned();
    let spec = draft.toml();
    for hands in HANDS {
        let name = format!("{hands:?}");
        live(async {
            let mut stage = Stage::from(&base, 1);
            hands.act(&stage).await;
            let plan = stage.run("plan --json", &spec).await.ends(0);
            let plan: Value = serde_json::from_str(&plan.stdout).expect("JSON");
            assert_eq!(plan["addresses"]["changes"], false, "{name}: {plan}");
            // A function that is in a VPC of somebody else may be one that was made
            // anew under its name: the flag for that is asked for, and no other.
            let elsewhere = hands == Hands::Tamper("move-function");
            let refusals = plan["refusals"].as_array().map_or(0, Vec::len);
            assert_eq!(refusals, usize::from(elsewhere), "{name}: {plan}");
            let apply = match elsewhere {
                true => "apply --yes --move-functions",
                false => "apply --yes",
            };
            let ran = stage.run(apply, &spec).await.ends(0);
            assert!(ran.stdout.contains("as declared"), "{name}: {}", ran.stdout);
            stage.wait(60).await;
            holds(&mut stage, &draft, &name).await;
        });
    }
}

#[test]
fn it_says_what_leaves_by_another_address_meanwhile() {
    let (base, draft) = pinned();
    live(async {
        let mut stage = Stage::from(&base, 1);
        Hands::Tamper("remake-nat-gateway").act(&stage).await;
        let ips = stage.run("ips --json", &draft.toml()).await.ends(3);
        let ips: Value = serde_json::from_str(&ips.stdout).expect("JSON");
        let other = &ips["others"][0];
        assert_eq!(
            (&other["pinned"], &other["in_use"]),
            (&false.into(), &true.into())
        );
        let ip = other["ip"].as_str().expect("an address");
        let plan = stage.run("plan", &draft.toml()).await.ends(0);
        for word in ["BACK TO THE PINNED ADDRESSES", ip, "are cut"] {
            assert!(plan.stdout.contains(word), "{word}: {}", plan.stdout);
        }
        // Nothing is pinned: what is in use by now may be known to partners.
        let unpinned = Draft {
            pinned: Vec::new(),
            ..draft.clone()
        };
        let ran = stage.run("apply --yes", &unpinned.toml()).await.ends(4);
        assert!(ran.stderr.contains(ip), "{}", ran.stderr);
    });
}

/// Killed at every call of the way back, the next run ends it.
fn killed(hands: Hands, moment: Moment) {
    let (base, draft) = pinned();
    let spec = draft.toml();
    let base = live(async {
        let stage = Stage::from(&base, 1);
        hands.act(&stage).await;
        stage.line.base()
    });
    let calls = every_kill(&base, moment, async |stage: &mut Stage, kill: Kill| {
        let privates = ["a", "c"].map(|zone| {
            let key = format!("subnet/private-us-east-1{zone}");
            stage.look(|place| id_of(place, STACK, &key))
        });
        let allowed = draft.pinned.clone();
        // From the first route on, every subnet leaves by a pinned address.
        let mut begun = false;
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
        let (_, died) = stage.killed(kill, "apply --yes", &spec).await;
        let again = "apply --yes --lock-timeout 10m";
        stage.run(again, &spec).await.ends(0);
        assert_eq!(stage.broken(), [""; 0], "{hands:?} {kill:?}");
        stage.look(|place| {
            let held: BTreeSet<String> = draft.pinned.iter().cloned().collect();
            assert_eq!(addresses_of(place, STACK), held, "{hands:?} {kill:?}");
            let ids = identities(place, STACK);
            for zone in ["us-east-1a", "us-east-1c"] {
                let gateways = &ids[&format!("nat_gateway/{zone}")];
                assert_eq!(gateways.len(), 1, "{zone} {kill:?}");
            }
        });
        died
    });
    assert!(calls > 25, "only {calls} calls were killed");
}

#[test]
fn killed_before_every_call_of_the_way_back() {
    killed(Hands::Tamper("remake-nat-gateway"), Moment::Before);
}

#[test]
fn killed_after_every_call_of_the_way_back() {
    killed(Hands::Tamper("remake-nat-gateway"), Moment::After);
}

#[test]
fn a_broken_pin_is_never_a_success() {
    let (base, draft) = pinned();
    let another = Draft {
        pinned: vec!["192.0.2.1".to_owned(), "192.0.2.2".to_owned()],
        ..draft.clone()
    };
    let part = Draft {
        pinned: draft.pinned[..1].to_vec(),
        ..draft.clone()
    };
    let single = Draft {
        nat: Nat::Single('a'),
        ..draft.clone()
    };
    for (draft, code) in [
        (&another, "addresses-change"),
        (&part, "addresses-change"),
        (&single, "addresses-change"),
    ] {
        let spec = draft.toml();
        live(async {
            let mut stage = Stage::from(&base, 1);
            let plan = stage.run("plan --json", &spec).await;
            let plan: Value = serde_json::from_str(&plan.stdout).expect("JSON");
            let refusal = &plan["refusals"][0];
            assert_eq!(refusal["code"], code, "{plan}");
            assert_eq!(refusal["flag"], "--change-addresses");
            for one in ["message", "hint"] {
                assert!(refusal[one].is_string(), "{plan}");
            }
            assert!(!refusal["resources"].as_array().expect("ids").is_empty());
            stage.run("apply --yes", &spec).await.ends(4);
            // The flag allows the change, and makes no other promise.
            for _ in 0..2 {
                let command = "apply --yes --change-addresses";
                let ran = stage.run(command, &spec).await.ends(3);
                let all = format!("{}{}", ran.stdout, ran.stderr);
                assert!(!all.contains("as declared"), "{all}");
                assert!(!all.contains("for the partner's firewall"), "{all}");
                for word in ["not those that partners were told", "`addresses`"] {
                    assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
                }
                stage.wait(60).await;
            }
            let plan = stage.run("plan", &spec).await.ends(3);
            assert!(!plan.stdout.contains("as declared"), "{}", plan.stdout);
            stage.run("ips", &spec).await.ends(3);
            let ips = stage.run("ips --json", &spec).await.ends(3);
            let ips: Value = serde_json::from_str(&ips.stdout).expect("JSON");
            assert!(!ips["broken"].as_array().expect("some").is_empty());
            let drift = stage.drift(&spec).await;
            assert_eq!(drift.code, 2);
            let told = |field: &str| {
                drift
                    .findings
                    .iter()
                    .any(|one| one.field.starts_with(field))
            };
            assert!(told("promised") || told("unused"), "{:?}", drift.findings);
            let prove = stage.run("prove", &spec).await;
            assert_ne!(prove.code, Some(0));
        });
    }
}

#[test]
fn the_pins_of_another_stack_stay_broken_after_the_flag() {
    let (base, draft) = pinned();
    let spec = draft
        .toml()
        .replace(STACK, "another")
        .replace("10.0.", "10.9.");
    live(async {
        let mut stage = Stage::from(&base, 1);
        stage.run("apply --yes", &spec).await.ends(4);
        let command = "apply --yes --change-addresses --move-functions";
        let ran = stage.run(command, &spec).await.ends(3);
        assert!(!ran.stdout.contains("as declared"), "{}", ran.stdout);
        for ip in &draft.pinned {
            let told = format!("{ip} is pinned and belongs to the stack {STACK}");
            assert!(ran.stderr.contains(&told), "{told}: {}", ran.stderr);
        }
        let plan = stage.run("plan", &spec).await.ends(3);
        assert!(
            plan.stdout.contains("NOT THE PINNED ONES"),
            "{}",
            plan.stdout
        );
        stage.run("ips", &spec).await.ends(3);
    });
}

#[test]
fn an_address_on_offer_is_no_success_until_the_offer_ends() {
    let (base, draft) = pinned();
    let spec = draft.toml();
    live(async {
        let mut stage = Stage::from(&base, 1);
        stage.tamper("transfer-address");
        stage.wait(60).await;
        stage.run("prove", &spec).await.ends(3);
        assert_eq!(stage.drift(&spec).await.code, 2);
        stage.run("apply --yes --prune", &spec).await.ends(0);
        holds(&mut stage, &draft, "an offer").await;
    });
}
