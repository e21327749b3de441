//! What lost its tags is healed where it is surely the stack's, what only looks
//! like it is left alone, and nothing is made beside it.

use std::collections::BTreeSet;

use killick_sim::{Call, Kill, Moment, NatState, Place};
use killick_simulation::draft::STACK;
use killick_simulation::hand::Hand;
use killick_simulation::invariant::{identities, wrong};
use killick_simulation::line::Base;
use killick_simulation::people::{Landlord, applied, brisk, estate, id_of, lost};
use killick_simulation::{Draft, Nat, Stage, every_kill, live};
use serde_json::json;

const CHANGE: &str = "apply --yes --change-addresses --lock-timeout 10m";
const IDENTITY: [&str; 3] = ["killick:stack", "killick:key", "Name"];

fn draft() -> Draft {
    Draft::new("ac", Nat::PerZone, &[0], Some(1))
}

fn ids(place: &Place) -> BTreeSet<String> {
    identities(place, STACK).into_values().flatten().collect()
}

fn untag(hand: &mut Hand<'_>, id: &str) {
    let keys = (1..).zip(IDENTITY);
    let keys: Vec<(String, &str)> = keys
        .map(|(at, key)| (format!("Tag.{at}.Key"), key))
        .collect();
    let mut params = vec![("ResourceId.1", id)];
    params.extend(keys.iter().map(|(name, key)| (name.as_str(), *key)));
    hand.must("DeleteTags", &params);
}

fn tag(hand: &mut Hand<'_>, id: &str, key: &str) {
    let params = [
        ("ResourceId.1", id),
        ("Tag.1.Key", "killick:stack"),
        ("Tag.1.Value", STACK),
        ("Tag.2.Key", "killick:key"),
        ("Tag.2.Value", key),
    ];
    hand.must("CreateTags", &params);
}

/// Somebody deletes what the stack wrote down.
fn forget(hand: &mut Hand<'_>) {
    let name = format!("/killick/{STACK}/function/.resources");
    hand.ssm("DeleteParameter", &json!({"Name": name}));
}

fn live_gateways(place: &Place, vpc: &str) -> Vec<String> {
    let nats = place.nat_gateways.all().filter(|nat| nat.vpc == vpc);
    let nats = nats.filter(|nat| matches!(nat.state, NatState::Pending | NatState::Available));
    nats.map(|nat| nat.id.clone()).collect()
}

/// Whether a call only tags, or writes down.
fn harmless(call: &Call) -> bool {
    let free = ["CreateTags", "PutParameter", "DeleteParameter"];
    !call.writes() || free.contains(&call.action.as_str())
}

fn all_stripped(moment: Moment) {
    let base = applied(&draft());
    let before = base.look(ids);
    let calls = every_kill(&base, moment, async |stage: &mut Stage, kill: Kill| {
        stage.hand(|hand| before.iter().for_each(|id| untag(hand, id)));
        stage.wait(10).await;
        stage.line.judged(|_, call| {
            let call = call.filter(|call| !harmless(call))?;
            Some(format!("tags are put back, and {} is called", call.action))
        });
        let (_, died) = stage.killed(kill, "apply --yes", &draft().toml()).await;
        stage
            .run("apply --yes --lock-timeout 10m", &draft().toml())
            .await
            .ends(0);
        assert_eq!(stage.broken(), [""; 0]);
        stage.look(|place| {
            assert_eq!(ids(place), before);
            assert_eq!(wrong(place, &draft()), [""; 0]);
        });
        died
    });
    assert!(calls > 30, "only {calls} calls were killed");
}

#[test]
fn all_tags_are_put_back_killed_before_every_call() {
    all_stripped(Moment::Before);
}

#[test]
fn all_tags_are_put_back_killed_after_every_call() {
    all_stripped(Moment::After);
}

/// A stack with its one gateway in zone a, which is to move to zone c.
fn moving() -> (Base, Draft) {
    let before = Draft::new("ac", Nat::Single('a'), &[0], None);
    let after = Draft {
        nat: Nat::Single('c'),
        ..before.clone()
    };
    (applied(&before), after)
}

/// The old gateway is deleted though it lost its tags before, and its address
/// is kept.
fn moved(moment: Moment, written: bool) {
    let (base, after) = moving();
    let nat = base.look(|place| id_of(place, STACK, "nat_gateway/us-east-1a"));
    let address = base.look(|place| id_of(place, STACK, "elastic_ip/us-east-1a"));
    let calls = every_kill(&base, moment, async |stage: &mut Stage, kill: Kill| {
        stage.hand(|hand| {
            untag(hand, &nat);
            if !written {
                forget(hand);
            }
        });
        stage.wait(10).await;
        let (_, died) = stage.killed(kill, CHANGE, &after.toml()).await;
        stage.run(CHANGE, &after.toml()).await.ends(0);
        stage.wait(120).await;
        assert_eq!(stage.broken(), [""; 0]);
        stage.look(|place| {
            assert_eq!(wrong(place, &after), [""; 0]);
            let vpc = id_of(place, STACK, "vpc/main");
            let own = id_of(place, STACK, "nat_gateway/us-east-1c");
            assert_eq!(live_gateways(place, &vpc), [own]);
            assert!(place.addresses.has(&address));
        });
        died
    });
    assert!(calls > 40, "only {calls} calls were killed");
}

#[test]
fn an_unwanted_gateway_without_tags_goes_killed_before_every_call() {
    moved(Moment::Before, false);
}

#[test]
fn an_unwanted_gateway_without_tags_goes_killed_after_every_call() {
    moved(Moment::After, true);
}

/// A network of somebody else with the CIDRs of the spec.
fn twin(hand: &mut Hand<'_>) -> Landlord {
    let vpc = hand.id("CreateVpc", &[("CidrBlock", "10.0.0.0/16")], "vpcId");
    let gateway = hand.id("CreateInternetGateway", &[], "internetGatewayId");
    let door = [("InternetGatewayId", gateway.as_str()), ("VpcId", &vpc)];
    hand.must("AttachInternetGateway", &door);
    let mut subnet = |cidr: &str| {
        let params = [
            ("VpcId", vpc.as_str()),
            ("CidrBlock", cidr),
            ("AvailabilityZone", "us-east-1a"),
        ];
        hand.id("CreateSubnet", &params, "subnetId")
    };
    let (public, private) = (subnet("10.0.0.0/24"), subnet("10.0.1.0/24"));
    let mut table = |target: (&str, &str), follower: &str| {
        let table = hand.id("CreateRouteTable", &[("VpcId", &vpc)], "routeTableId");
        let route = [
            ("RouteTableId", table.as_str()),
            ("DestinationCidrBlock", "0.0.0.0/0"),
            target,
        ];
        hand.must("CreateRoute", &route);
        let follows = [("RouteTableId", table.as_str()), ("SubnetId", follower)];
        hand.must("AssociateRouteTable", &follows);
    };
    table(("GatewayId", &gateway), &public);
    let address = hand.id("AllocateAddress", &[("Domain", "vpc")], "allocationId");
    let params = [("SubnetId", public.as_str()), ("AllocationId", &address)];
    let nat = hand.id("CreateNatGateway", &params, "natGatewayId");
    let table = hand.id("CreateRouteTable", &[("VpcId", &vpc)], "routeTableId");
    let route = [
        ("RouteTableId", table.as_str()),
        ("DestinationCidrBlock", "0.0.0.0/0"),
        ("NatGatewayId", &nat),
    ];
    hand.must("CreateRoute", &route);
    let follows = [("RouteTableId", table.as_str()), ("SubnetId", &private)];
    hand.must("AssociateRouteTable", &follows);
    let group = [
        ("GroupName", "partner-egress-functions"),
        ("GroupDescription", "theirs"),
        ("VpcId", vpc.as_str()),
    ];
    let group = hand.id("CreateSecurityGroup", &group, "groupId");
    Landlord {
        vpc,
        public: vec![public],
        private: vec![private],
        addresses: vec![address],
        group,
    }
}

#[test]
fn two_tags_on_a_vpc_hand_nothing_over() {
    live(async {
        let mut stage = Stage::new(brisk());
        let twin = stage.hand(twin);
        stage.deploy(&["f0"]);
        stage.wait(300).await;
        stage.hand(|hand| tag(hand, &twin.vpc, "vpc/main"));
        stage.wait(10).await;
        let before = stage.look(|place| estate(place, true));
        let spec = draft().toml();
        let every = "apply --yes --prune --change-addresses --move-functions --second-network";
        for command in ["apply --yes", every, "destroy --yes"] {
            let ran = stage.run(command, &spec).await.ends(4);
            assert_eq!(ran.wrote(), [""; 0], "{command}");
            assert!(ran.stderr.contains("nothing proves"), "{}", ran.stderr);
            for id in [&twin.public[0], &twin.private[0], &twin.group] {
                assert!(ran.stderr.contains(id), "{id}: {}", ran.stderr);
            }
        }
        let ran = stage.run("plan", &spec).await.ends(0);
        assert!(
            ran.stderr.contains("apply would refuse: nothing proves"),
            "{}",
            ran.stderr
        );
        let ran = stage.run("drift", &spec).await.ends(2);
        assert!(
            ran.stderr.contains("apply would refuse: nothing proves"),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stdout.contains("killick changes nothing of it"),
            "{}",
            ran.stdout
        );
        let after = stage.look(|place| estate(place, true));
        assert_eq!(lost(&before, &after), [""; 0]);
        // With the tags off it is a network that is like the stack's.
        stage.hand(|hand| untag(hand, &twin.vpc));
        stage.wait(10).await;
        let ran = stage.run("apply --yes", &spec).await.ends(4);
        assert!(ran.stderr.contains("--second-network"), "{}", ran.stderr);
    });
}

#[test]
fn copied_tags_in_a_foreign_vpc_hand_nothing_over() {
    let base = applied(&draft());
    let (all, spec) = (base.look(ids), draft().toml());
    for key in [
        "subnet/public-old",
        "nat_gateway/old",
        "security_group/old",
        "route_table/old",
    ] {
        live(async {
            let mut stage = Stage::from(&base, 1);
            let twin = stage.hand(twin);
            stage.wait(300).await;
            let id = stage.look(|place| match key.split('/').next() {
                Some("subnet") => twin.public[0].clone(),
                Some("nat_gateway") => live_gateways(place, &twin.vpc)[0].clone(),
                Some("security_group") => twin.group.clone(),
                _ => {
                    let mut tables = place.route_tables.all();
                    let table =
                        tables.find(|table| table.vpc == twin.vpc && !table.routes.is_empty());
                    table.expect("a table").id.clone()
                }
            });
            stage.hand(|hand| tag(hand, &id, key));
            stage.wait(10).await;
            for command in ["apply --yes --prune", "destroy --yes"] {
                let ran = stage.run(command, &spec).await;
                // What is in a VPC that nobody has reason to look into is not even
                // seen.
                if ran.code == Some(4) {
                    assert_eq!(ran.wrote(), [""; 0], "{command}");
                    assert!(ran.stderr.contains(&id), "{}", ran.stderr);
                }
                if command.starts_with("apply") {
                    stage.look(|place| assert!(all.is_subset(&ids(place))));
                }
                stage.look(|place| {
                    let whole = serde_json::to_value(place).expect("plain data").to_string();
                    assert!(whole.contains(&id));
                    assert!(place.vpcs.has(&twin.vpc));
                    assert_eq!(live_gateways(place, &twin.vpc).len(), 1, "{key}");
                });
            }
        });
    }
}

#[test]
fn no_second_network_is_made_by_accident() {
    let draft = Draft::new("a", Nat::PerZone, &[0], None);
    live(async {
        let mut stage = Stage::new(brisk());
        let twin = stage.hand(twin);
        stage.deploy(&["f0"]);
        stage.wait(300).await;
        stage.hand(|hand| hand.connect("f0", &[&twin.private[0]], &[&twin.group]));
        stage.wait(120).await;
        let before = stage.look(|place| estate(place, true));
        let ran = stage.run("plan", &draft.toml()).await.ends(0);
        let first = ran.stdout.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("A NETWORK LIKE THIS ONE IS THERE ALREADY"),
            "{}",
            ran.stdout
        );
        let ip = stage.look(|place| {
            let address = place.addresses.get(&twin.addresses[0]);
            address.expect("an address").ip.clone()
        });
        for word in [&twin.vpc, &twin.public[0], &twin.private[0], &ip] {
            assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
        }
        // They leave by somebody's gateways, not by nothing.
        let now = ran
            .stdout
            .lines()
            .find(|line| line.trim_start().starts_with("now "));
        assert!(now.is_some_and(|line| line.contains(&ip)), "{}", ran.stdout);
        let flags = "--change-addresses --move-functions";
        for command in ["apply --yes".to_owned(), format!("apply --yes {flags}")] {
            let ran = stage.run(&command, &draft.toml()).await.ends(4);
            assert_eq!(ran.wrote(), [""; 0]);
            assert!(ran.stderr.contains("--second-network"), "{}", ran.stderr);
        }
        let all = format!("apply --yes {flags} --second-network");
        stage.run(&all, &draft.toml()).await.ends(0);
        stage.look(|place| assert_eq!(wrong(place, &draft), [""; 0]));
        let after = stage.look(|place| estate(place, true));
        assert_eq!(lost(&before, &after), [""; 0]);
        // Asked once: from now on it has a network of its own.
        stage.run("apply --yes", &draft.toml()).await.ends(0);
        stage.run("destroy --yes", &draft.toml()).await.ends(0);
        stage.run("apply --yes", &draft.toml()).await.ends(4);
    });
}

#[test]
fn a_function_made_anew_in_another_vpc_is_not_moved_silently() {
    let base = applied(&draft());
    live(async {
        let mut stage = Stage::from(&base, 1);
        let twin = stage.hand(twin);
        stage.wait(300).await;
        stage.hand(|hand| hand.delete_function("f0"));
        stage.wait(10).await;
        stage.deploy(&["f0"]);
        stage.wait(10).await;
        stage.hand(|hand| hand.connect("f0", &[&twin.private[0]], &[&twin.group]));
        stage.wait(120).await;
        let spec = draft().toml();
        let ran = stage
            .run("apply --yes --change-addresses", &spec)
            .await
            .ends(4);
        assert_eq!(ran.wrote(), [""; 0]);
        assert!(ran.stderr.contains("--move-functions"), "{}", ran.stderr);
        let all = "apply --yes --change-addresses --move-functions";
        stage.run(all, &spec).await.ends(0);
        stage.look(|place| assert_eq!(wrong(place, &draft()), [""; 0]));
        // It goes back to where this one was, not where the last one was.
        stage.run("destroy --yes", &spec).await.ends(0);
        stage.look(|place| {
            let function = place.functions.get("f0").expect("a function");
            let config = function.latest.vpc_config.as_ref().expect("a VPC config");
            assert_eq!(config.subnets, twin.private);
        });
    });
}

#[test]
fn what_is_healed_keeps_a_name_of_somebodys_own() {
    let base = applied(&draft());
    live(async {
        let mut stage = Stage::from(&base, 1);
        let nat = base.look(|place| id_of(place, STACK, "nat_gateway/us-east-1a"));
        stage.hand(|hand| {
            untag(hand, &nat);
            let name = [
                ("ResourceId.1", nat.as_str()),
                ("Tag.1.Key", "Name"),
                ("Tag.1.Value", "prod"),
            ];
            hand.must("CreateTags", &name);
        });
        stage.wait(10).await;
        let spec = draft().toml();
        stage.run("apply --yes", &spec).await.ends(0);
        stage.run("plan --detailed-exitcode", &spec).await.ends(0);
        stage.look(|place| {
            let tags = &place.nat_gateways.get(&nat).expect("a gateway").tags;
            assert_eq!(tags["Name"], "prod");
            assert_eq!(tags["killick:key"], "nat_gateway/us-east-1a");
        });
    });
}
