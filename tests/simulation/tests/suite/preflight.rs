//! What would stop a plan half-way is told before the first write, all at once.

use killick_sim::{Settings, Verdict};
use killick_simulation::draft::{ACCOUNT, REGION, STACK};
use killick_simulation::invariant::{locked, parameters};
use killick_simulation::people::{Landlord, brisk};
use killick_simulation::{Draft, Nat, Stage, live};
use serde_json::Value;

const VPC_ACCESS: &str = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";

/// The whole world as text, without the moments at which limits were counted.
fn world(stage: &Stage) -> Value {
    stage.look(|place| {
        let mut whole = serde_json::to_value(place).expect("plain data");
        for counted in ["buckets", "dice", "parameters", "agenda", "linger"] {
            whole[counted] = Value::Null;
        }
        whole
    })
}

/// An apply is refused, says all of that, and has written nothing but its lock.
async fn refused(stage: &mut Stage, spec: &str, says: &[&str]) {
    stage.wait(60).await;
    let before = world(stage);
    let ran = stage.run("apply --yes", spec).await.ends(4);
    for text in says {
        assert!(ran.stderr.contains(text), "{text}: {}", ran.stderr);
    }
    if says.len() > 1 {
        let number = format!("{} things stand in the way", says.len());
        assert!(ran.stderr.contains(&number), "{number}: {}", ran.stderr);
    }
    assert!(ran.stderr.contains("nothing was written"), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("error:").count(), 1, "{}", ran.stderr);
    assert_eq!(ran.wrote(), [""; 0]);
    let (after, parts) = (world(stage), before.as_object().expect("an account"));
    let changed = parts
        .iter()
        .filter(|(part, was)| after[part.as_str()] != **was);
    assert_eq!(changed.collect::<Vec<_>>(), []);
    let others = stage.look(|place| {
        let all = parameters(place).into_keys();
        all.filter(|name| !name.ends_with("/lock"))
            .collect::<Vec<_>>()
    });
    assert_eq!(others, [""; 0]);
    stage.look(|place| assert_eq!(locked(place, STACK), None));
    // The plan foretells the same.
    let plan = stage.run("plan", spec).await.ends(0);
    let told = plan.stdout.matches("apply would refuse").count()
        + plan.stderr.matches("apply would refuse").count();
    assert_eq!(told, says.len(), "{}{}", plan.stdout, plan.stderr);
    assert!(plan.calls.iter().all(|call| !call.writes()));
    let failed = |call: &&killick_sim::Call| matches!(call.verdict, Verdict::Answered(500..));
    assert_eq!(plan.calls.iter().find(failed), None);
}

fn draft() -> Draft {
    Draft::new("ac", Nat::PerZone, &[0, 1], None)
}

/// An account where two VPCs and two addresses are in use.
fn full(settings: Settings) -> (Stage, Landlord) {
    let stage = Stage::new(Settings {
        address_quota: 12,
        vpc_quota: 12,
        nat_quota: 12,
        ..settings.clone()
    });
    stage.deploy(&["f0", "f1"]);
    let landlord = stage.hand(Landlord::builds);
    stage.line.with(|sim, _| sim.world.settings = settings);
    (stage, landlord)
}

fn alone(settings: Settings, says: &[&str]) {
    live(async {
        let (mut stage, _) = full(settings);
        refused(&mut stage, &draft().toml(), says).await;
    });
}

#[test]
fn too_few_addresses() {
    let settings = Settings {
        address_quota: 3,
        ..brisk()
    };
    alone(settings, &["not enough Elastic IPs"]);
}

#[test]
fn too_few_vpcs() {
    let settings = Settings {
        vpc_quota: 1,
        ..brisk()
    };
    alone(
        settings,
        &["not enough VPCs", "not enough internet gateways"],
    );
}

#[test]
fn too_few_nat_gateways() {
    let settings = Settings {
        nat_quota: 0,
        ..brisk()
    };
    alone(
        settings,
        &["0 are in us-east-1a, 1 more", "0 are in us-east-1c, 1 more"],
    );
}

#[test]
fn a_zone_that_does_not_exist() {
    live(async {
        let (mut stage, _) = full(brisk());
        let spec = Draft::new("az", Nat::PerZone, &[0], None).toml();
        let spec = spec
            .replace("10.0.50.0", "10.0.2.0")
            .replace("10.0.51.0", "10.0.3.0");
        refused(&mut stage, &spec, &["us-east-1z does not exist"]).await;
    });
}

#[test]
fn block_public_access() {
    live(async {
        let (mut stage, _) = full(brisk());
        stage.place(|place| place.block_public_access = "block-bidirectional".to_owned());
        let says = ["VPC Block Public Access blocks both directions"];
        refused(&mut stage, &draft().toml(), &says).await;
    });
}

fn bar(stage: &Stage) {
    stage.hand(|hand| {
        let params = [("RoleName", "sandbox"), ("PolicyArn", VPC_ACCESS)];
        let answer = hand.iam("DetachRolePolicy", &params);
        assert!(!answer.contains("<Error>"), "{answer}");
    });
}

#[test]
fn a_role_without_permissions() {
    live(async {
        let (mut stage, _) = full(brisk());
        bar(&stage);
        let says = ["the role of f0 may not call", "the role of f1 may not call"];
        refused(&mut stage, &draft().toml(), &says).await;
        // The command of the hint can be pasted: it names the spec.
        let ran = stage.run("apply --yes", &draft().toml()).await.ends(4);
        let pasted = ran.stderr.contains(".toml --grant attaches");
        assert!(pasted, "{}", ran.stderr);
    });
}

/// A spec that has subnets made in somebody's VPC.
fn in_vpc(landlord: &Landlord, public: &str, private: &str) -> String {
    format!(
        "stack = \"{STACK}\"\nregion = \"{REGION}\"\naccount = \"{ACCOUNT}\"\n\n\
         [network]\nvpc = \"{}\"\n\n[[zone]]\nname = \"us-east-1a\"\npublic = \"{public}\"\n\
         private = \"{private}\"\n\n[[function]]\nname = \"f0\"\n",
        landlord.vpc
    )
}

#[test]
fn a_network_that_is_taken() {
    live(async {
        let (mut stage, landlord) = full(brisk());
        let spec = in_vpc(&landlord, "10.7.0.0/25", "10.8.0.0/24");
        let says = ["overlaps", "does not hold"];
        refused(&mut stage, &spec, &says).await;
    });
}

/// A subnet of a landlord without a free address.
fn filled(stage: &Stage, landlord: &Landlord) -> String {
    stage.hand(|hand| {
        let zone = format!("{REGION}a");
        let params = [
            ("VpcId", landlord.vpc.as_str()),
            ("CidrBlock", "10.7.100.0/28"),
            ("AvailabilityZone", &zone),
        ];
        let subnet = hand.id("CreateSubnet", &params, "subnetId");
        for _ in 0..11 {
            hand.must("CreateNetworkInterface", &[("SubnetId", &subnet)]);
        }
        subnet
    })
}

#[test]
fn a_full_subnet() {
    live(async {
        let (mut stage, landlord) = full(brisk());
        let subnet = filled(&stage, &landlord);
        let spec = in_vpc(&landlord, "10.7.50.0/24", &subnet);
        refused(&mut stage, &spec, &["has no free address for functions"]).await;
    });
}

#[test]
fn all_at_once() {
    live(async {
        let settings = Settings {
            address_quota: 2,
            nat_quota: 0,
            ..brisk()
        };
        let (mut stage, landlord) = full(settings);
        let subnet = filled(&stage, &landlord);
        bar(&stage);
        stage.place(|place| place.block_public_access = "block-bidirectional".to_owned());
        let spec = in_vpc(&landlord, "10.7.0.0/25", &subnet);
        let says = [
            "not enough Elastic IPs",
            "not enough NAT gateways in a zone",
            "VPC Block Public Access blocks both directions",
            "the role of f0 may not call",
            "overlaps",
            "has no free address for functions",
        ];
        refused(&mut stage, &spec, &says).await;
    });
}
