//! A stack on what others lend to it: their VPC, subnets, addresses and group.
//! It is never tagged or changed, and as it was when the stack has gone.
//! Random lives come last.

use killick_sim::{Fault, Kill, Moment, Place, Rule, VpcConfig};
use killick_simulation::invariant::{identities, leaves_by, locked, records};
use killick_simulation::line::Base;
use killick_simulation::people::{Landlord, brisk, estate, id_of, lost};
use killick_simulation::scenario::Chance;
use killick_simulation::{Stage, every_kill, live};
use serde_json::Value;

const STACK: &str = "tenant";

/// A tenant with two functions, and what it was lent.
struct Tenancy {
    base: Base,
    landlord: Landlord,
    spec: String,
    /// With places, and without.
    before: [Value; 2],
}

impl Tenancy {
    fn new() -> Self {
        live(async {
            let stage = Stage::new(brisk());
            let landlord = stage.hand(Landlord::builds);
            stage.deploy(&["f0", "f1"]);
            stage.wait(60).await;
            let spec = landlord.tenant(STACK, &["f0", "f1"]);
            let before = [true, false].map(|places| stage.look(|place| estate(place, places)));
            let base = stage.line.base();
            Self {
                base,
                landlord,
                spec,
                before,
            }
        })
    }

    fn judge(&self, stage: &Stage) {
        let before = self.before[1].clone();
        stage.line.judged(move |place, call| {
            call.filter(|call| call.writes())?;
            lost(&before, &estate(place, false)).into_iter().next()
        });
    }

    /// The functions leave by the lent addresses, and nothing lent is tagged.
    fn stands(&self, stage: &Stage) {
        assert_eq!(stage.broken(), [""; 0]);
        stage.look(|place| {
            let ids = identities(place, STACK);
            let keys: Vec<&str> = ids.keys().map(String::as_str).collect();
            let own = [
                "nat_gateway/us-east-1a",
                "nat_gateway/us-east-1c",
                "route_table/private-us-east-1a",
                "route_table/private-us-east-1c",
            ];
            assert_eq!(keys, own);
            assert!(ids.values().all(|ids| ids.len() == 1), "{ids:?}");
            for (subnet, address) in self.landlord.private.iter().zip(&self.landlord.addresses) {
                let ip = place
                    .addresses
                    .get(address)
                    .map(|address| address.ip.clone());
                assert_eq!(leaves_by(place, subnet), ip);
            }
            for name in ["f0", "f1"] {
                let config = place
                    .functions
                    .get(name)
                    .and_then(|function| function.effective());
                let config = config.expect("attached");
                let mut subnets = config.subnets.clone();
                let mut wanted = self.landlord.private.clone();
                subnets.sort();
                wanted.sort();
                assert_eq!(subnets, wanted);
                assert_eq!(
                    config.security_groups,
                    std::slice::from_ref(&self.landlord.group)
                );
            }
            assert_eq!(locked(place, STACK), None);
        });
    }

    fn gone(&self, stage: &Stage) {
        assert_eq!(stage.broken(), [""; 0]);
        stage.look(|place| {
            assert_eq!(lost(&self.before[0], &estate(place, true)), [""; 0]);
            assert!(identities(place, STACK).is_empty());
            assert!(records(place, STACK).is_empty());
            assert_eq!(locked(place, STACK), None);
            let inside = |config: &VpcConfig| !config.subnets.is_empty();
            let attached = |name| {
                let function = place.functions.get(name).expect("a function");
                function.latest.vpc_config.as_ref().is_some_and(inside)
            };
            assert!(!attached("f0") && !attached("f1"));
        });
    }
}

fn nat_of(place: &Place, zone: char) -> String {
    id_of(place, STACK, &format!("nat_gateway/us-east-1{zone}"))
}

#[test]
fn from_its_begin_to_its_end() {
    let tenancy = Tenancy::new();
    live(async {
        let mut stage = Stage::from(&tenancy.base, 1);
        tenancy.judge(&stage);
        let spec = &tenancy.spec;
        let ran = stage.run("plan", spec).await.ends(0);
        assert!(ran.stdout.contains("destroy gives it"), "{}", ran.stdout);
        stage.run("apply --yes", spec).await.ends(0);
        tenancy.stands(&stage);
        stage.run("drift", spec).await.ends(0);
        stage.run("plan --detailed-exitcode", spec).await.ends(0);
        // Somebody leads a lent subnet back to where it was.
        let (subnet, vpc) = (&tenancy.landlord.private[1], &tenancy.landlord.vpc);
        let entry = stage.look(|place| {
            let mut tables = place.route_tables.all().filter(|table| table.vpc == *vpc);
            tables.find_map(|table| {
                let mut entries = table.associations.iter();
                let entry = entries.find(|entry| entry.member.as_ref() == Some(subnet))?;
                Some(entry.id.clone())
            })
        });
        let entry = entry.expect("an association");
        stage.hand(|hand| hand.must("DisassociateRouteTable", &[("AssociationId", &entry)]));
        stage.run("drift", spec).await.ends(2);
        stage.run("apply --yes", spec).await.ends(0);
        tenancy.stands(&stage);
        // A gateway is lost: it comes back on the lent address.
        let nat = stage.look(|place| nat_of(place, 'a'));
        stage.hand(|hand| hand.must("DeleteNatGateway", &[("NatGatewayId", &nat)]));
        stage.wait(300).await;
        stage.run("drift", spec).await.ends(2);
        stage.run("apply --yes", spec).await.ends(0);
        tenancy.stands(&stage);
        stage.run("destroy --yes", spec).await.ends(0);
        tenancy.gone(&stage);
        stage.run("apply --yes", spec).await.ends(0);
        tenancy.stands(&stage);
        stage
            .run("destroy --yes --release-addresses", spec)
            .await
            .ends(0);
        tenancy.gone(&stage);
    });
}

/// An odd call is followed by another apply, an even one by a destroy.
fn apply_killed(moment: Moment) {
    let tenancy = Tenancy::new();
    let calls = every_kill(
        &tenancy.base,
        moment,
        async |stage: &mut Stage, kill: Kill| {
            tenancy.judge(stage);
            let spec = &tenancy.spec;
            let (_, died) = stage.killed(kill, "apply --yes", spec).await;
            if kill.call % 2 == 1 || !died {
                stage
                    .run("apply --yes --lock-timeout 10m", spec)
                    .await
                    .ends(0);
                tenancy.stands(stage);
            } else {
                stage
                    .run("destroy --yes --lock-timeout 10m", spec)
                    .await
                    .ends(0);
                tenancy.gone(stage);
            }
            died
        },
    );
    assert!(calls > 30, "only {calls} calls were killed");
}

fn destroy_killed(moment: Moment) {
    let mut tenancy = Tenancy::new();
    tenancy.base = live(async {
        let mut stage = Stage::from(&tenancy.base, 1);
        stage.run("apply --yes", &tenancy.spec).await.ends(0);
        stage.line.base()
    });
    let calls = every_kill(
        &tenancy.base,
        moment,
        async |stage: &mut Stage, kill: Kill| {
            tenancy.judge(stage);
            let spec = &tenancy.spec;
            let (_, died) = stage.killed(kill, "destroy --yes", spec).await;
            stage
                .run("destroy --yes --lock-timeout 10m", spec)
                .await
                .ends(0);
            tenancy.gone(stage);
            died
        },
    );
    assert!(calls > 30, "only {calls} calls were killed");
}

#[test]
fn an_apply_killed_before_every_call() {
    apply_killed(Moment::Before);
}

#[test]
fn an_apply_killed_after_every_call() {
    apply_killed(Moment::After);
}

#[test]
fn a_destroy_killed_before_every_call() {
    destroy_killed(Moment::Before);
}

#[test]
fn a_destroy_killed_after_every_call() {
    destroy_killed(Moment::After);
}

/// One life: applies and destroys, some of them killed, with faults in between.
async fn life(tenancy: &Tenancy, seed: u64) {
    let mut chance = Chance::new(seed);
    let mut stage = Stage::from(&tenancy.base, seed * 1000);
    stage.line.with(|sim, _| {
        sim.world.settings.lag = *chance.pick(&[0, 1000, 3000]);
        sim.world.settings.flicker = *chance.pick(&[0, 30, 70]);
        sim.world.settings.page = *chance.pick(&[0, 2, 5]);
    });
    tenancy.judge(&stage);
    let spec = &tenancy.spec;
    for _ in 0..=chance.up_to(4) {
        let verb = *chance.pick(&["apply", "apply", "destroy"]);
        let command = format!("{verb} --yes --lock-timeout 10m");
        match chance.up_to(2) {
            0 => {
                stage.killed(chance.kill(), &command, spec).await;
            }
            1 => {
                let fault = chance.pick(&[Fault::CutAfter, Fault::Throttle, Fault::Status(500)]);
                let action = *chance.pick(&["*", "Create*", "*Route*", "Put*", "Update*"]);
                let rule = Rule {
                    times: Some(1 + u64::from(chance.up_to(3))),
                    ..Rule::always(action, fault.clone())
                };
                stage.line.with(|sim, _| sim.faults.add(rule));
                stage.run(&command, spec).await;
                stage.line.with(|sim, _| sim.faults.clear());
            }
            _ => {
                stage.run(&command, spec).await;
            }
        }
        stage.wait(u64::from(chance.up_to(9)) * 60).await;
    }
    if chance.up_to(1) == 0 {
        stage
            .run("apply --yes --lock-timeout 10m", spec)
            .await
            .ends(0);
        stage.run("drift", spec).await.ends(0);
        tenancy.stands(&stage);
    }
    stage
        .run("destroy --yes --lock-timeout 10m", spec)
        .await
        .ends(0);
    tenancy.gone(&stage);
}

#[test]
fn random_lives() {
    let tenancy = Tenancy::new();
    for seed in 0..24 {
        println!("seed {seed}");
        live(life(&tenancy, seed));
    }
}
