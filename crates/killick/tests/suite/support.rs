//! Worlds to plan for: the shipped spec and saved snapshots, varied in words.

use killick::Error;
use killick::assess::{DriftReport, Source, Wanted, World};
use killick::report::{error_text, json, text};
use killick_core::Policy;
use killick_stack::Snapshot;
use serde::Serialize;

const SPEC: &str = include_str!("../../../../specs/lambda-fixed-ip.toml");
const EMPTY: &str = include_str!("worlds/empty.json");
const TWO_ZONES: &str = include_str!("worlds/two-zones.json");

pub(crate) const A: &str = "ap-northeast-1a";
pub(crate) const C: &str = "ap-northeast-1c";

/// A spec and what is there.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) spec: String,
    pub(crate) snapshot: Snapshot,
}

impl Case {
    /// The article's set-up, nothing of it there.
    pub(crate) fn fresh() -> Self {
        Self {
            spec: SPEC.to_owned(),
            snapshot: serde_json::from_str(EMPTY).unwrap(),
        }
    }

    /// The article's set-up, all of it there.
    pub(crate) fn deployed() -> Self {
        Self {
            snapshot: serde_json::from_str(TWO_ZONES).unwrap(),
            ..Self::fresh()
        }
    }

    /// All of it there but the NAT gateway of the first zone.
    pub(crate) fn nat_deleted() -> Self {
        Self::deployed().but(|world| {
            world.nat_gateways[0].state = "deleted".into();
            world.route_tables[2].routes[1].state = "blackhole".into();
            world.addresses[0].association = None;
        })
    }

    /// With something else in the snapshot.
    pub(crate) fn but(mut self, change: impl FnOnce(&mut Snapshot)) -> Self {
        change(&mut self.snapshot);
        self
    }

    /// With something else in the spec.
    pub(crate) fn spec(mut self, from: &str, to: &str) -> Self {
        assert!(self.spec.contains(from), "the spec has no {from:?}");
        self.spec = self.spec.replacen(from, to, 1);
        self
    }

    /// With one NAT gateway in the spec.
    pub(crate) fn single(self) -> Self {
        self.spec("[tags]", "[egress]\nnat = \"single\"\n\n[tags]")
    }

    /// With the second zone taken out of the spec.
    pub(crate) fn one_zone(self) -> Self {
        let (_, rest) = self.spec.rsplit_once("[[zone]]").unwrap();
        let zone = rest.split("\n\n").next().unwrap();
        let zone = format!("[[zone]]{zone}\n\n");
        self.spec(&zone, "")
    }

    /// Without the NAT gateway of the second zone, as one NAT gateway for all
    /// leaves it; its address is kept.
    pub(crate) fn single_there(self) -> Self {
        self.but(|world| {
            let one = world.nat_gateways.first().unwrap().id.clone();
            world.nat_gateways.truncate(1);
            let table = world.route_tables.last_mut().unwrap();
            table.routes.last_mut().unwrap().target = one;
            let address = world.addresses.last_mut().unwrap();
            address.association = None;
            address.network_interface = None;
        })
    }

    /// All of it somebody else's: the spec names it by its ids, and promises the
    /// addresses that the zones leave by.
    pub(crate) fn external(self) -> Self {
        let mut case = self.but(|world| {
            world.vpcs.iter_mut().for_each(|one| one.tags.clear());
            let gateways = world.internet_gateways.iter_mut();
            gateways.for_each(|one| one.tags.clear());
            world.subnets.iter_mut().for_each(|one| one.tags.clear());
            world.addresses.iter_mut().for_each(|one| one.tags.clear());
            world
                .nat_gateways
                .iter_mut()
                .for_each(|one| one.tags.clear());
            world
                .route_tables
                .iter_mut()
                .for_each(|one| one.tags.clear());
            world
                .security_groups
                .iter_mut()
                .for_each(|one| one.tags.clear());
            world.records.clear();
        });
        let world = &case.snapshot;
        let vpc = &world.subnets.first().unwrap().vpc;
        let group = &world.security_groups.iter().find(|one| one.vpc == *vpc);
        let group = &group.unwrap().id;
        let mut spec = format!(
            "stack = \"partner-egress\"\nregion = \"ap-northeast-1\"\n\n[network]\nvpc = \"{vpc}\"\n\n"
        );
        for (zone, address) in [A, C].iter().zip(&world.addresses) {
            let mut inside = world.subnets.iter().filter(|one| one.zone == *zone);
            let (public, private) = (inside.next().unwrap(), inside.next().unwrap());
            spec += &format!(
                "[[zone]]\nname = \"{zone}\"\npublic = \"{}\"\nprivate = \"{}\"\naddress = \"{}\"\n\n",
                public.id, private.id, address.id
            );
        }
        let addresses: Vec<String> = world
            .addresses
            .iter()
            .map(|one| format!("\"{}\"", one.ip))
            .collect();
        spec += &format!(
            "[egress]\naddresses = [{}]\nsecurity_groups = [\"{group}\"]\n\n[[function]]\nname = \"billing-sync\"\n",
            addresses.join(", ")
        );
        case.spec = spec;
        case
    }

    /// With the function out of its VPC, as a deploy tool leaves it.
    pub(crate) fn detached(self) -> Self {
        self.but(|world| {
            let function = world.functions.first_mut().unwrap();
            function.vpc = None;
            function.subnets.clear();
            function.security_groups.clear();
        })
    }

    pub(crate) fn try_world(&self, wanted: Wanted) -> Result<World, Error> {
        let source = Source {
            name: "killick.toml".to_owned(),
            text: self.spec.clone(),
        };
        World::of(source.spec()?, self.snapshot.clone(), wanted)
    }

    pub(crate) fn world(&self) -> World {
        self.try_world(Wanted::Spec).unwrap()
    }

    pub(crate) fn plan(&self, prune: bool, verbose: bool) -> String {
        let world = self.world();
        let policy = Policy {
            prune,
            grant: false,
            release_kept: false,
        };
        let report = DriftReport::of(&world, 0);
        let beside = text::Beside {
            policy,
            verbose,
            ..beside(&world, &report)
        };
        plain(&text::plan(&world, &world.plan(policy).unwrap(), beside))
    }

    pub(crate) fn plan_json(&self) -> String {
        let world = self.world();
        let plan = world.plan(Policy::default()).unwrap();
        pretty(&json::plan(
            &world,
            &plan,
            &world.digest(Policy::default()).unwrap(),
            beside(&world, &DriftReport::of(&world, 0)),
        ))
    }

    pub(crate) fn drift(&self) -> String {
        let world = self.world();
        plain(&text::drift(
            &world,
            &DriftReport::of(&world, 0),
            world.caller("killick", "lambda-fixed-ip.toml"),
        ))
    }

    pub(crate) fn drift_json(&self) -> String {
        let world = self.world();
        pretty(&json::drift(
            &world,
            &DriftReport::of(&world, 0),
            world.caller("killick", "lambda-fixed-ip.toml"),
        ))
    }

    pub(crate) fn destroy(&self, release_kept: bool) -> String {
        let world = self.try_world(Wanted::Nothing).unwrap();
        let policy = Policy {
            prune: true,
            grant: false,
            release_kept,
        };
        let plan = world.plan(policy).unwrap();
        plain(&match plan.is_empty() {
            true => text::nothing_to_destroy(&world),
            false => text::destroy(&world, &plan, false),
        })
    }

    /// The error that keeps a plan from being made, as it is printed, with the
    /// exit code before it.
    pub(crate) fn refusal(&self) -> String {
        let world = self.try_world(Wanted::Spec);
        told(
            &world
                .and_then(|world| world.plan(Policy::default()))
                .unwrap_err(),
        )
    }
}

/// An error as it is printed, with the exit code before it.
pub(crate) fn told(error: &Error) -> String {
    format!("exit {}\n{}", error.exit.code(), plain(&error_text(error)))
}

pub(crate) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

pub(crate) fn pretty(document: &impl Serialize) -> String {
    serde_json::to_string_pretty(document).unwrap()
}

/// Takes snapshots without the digest, which changes with every field that is
/// ever declared.
pub(crate) fn shot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter("[0-9a-f]{64}", "[digest]");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// What is said of a plan besides the plan, without any permission.
pub(crate) fn beside<'a>(world: &'a World, report: &'a DriftReport) -> text::Beside<'a> {
    text::Beside {
        report,
        policy: Policy::default(),
        caller: world.caller("killick", "lambda-fixed-ip.toml"),
        verbose: false,
    }
}
