//! A stack in what somebody else lends: it is used, never changed, and left as it was.

use std::collections::BTreeSet;

use killick_tests::{Aws, Brought, Killick, Server, World, writes};
use serde_json::{Value, json};

const APPLY: [&str; 2] = ["apply", "--yes"];

struct Lent {
    server: Server,
    aws: Aws,
    brought: Brought,
    killick: Killick,
}

impl Lent {
    fn new() -> Self {
        let server = Server::start();
        let aws = server.aws();
        aws.create_function("billing-sync");
        let brought = aws.create_brought(20);
        let killick = Killick::with_text(&server, &brought.to_toml(&["billing-sync"]));
        Self {
            server,
            aws,
            brought,
            killick,
        }
    }

    fn text(&self) -> String {
        self.brought.to_toml(&["billing-sync"])
    }

    /// The table that a subnet follows; none for the main one of its VPC.
    fn table(&self, subnet: &str) -> Option<String> {
        let world = self.aws.world();
        let has = |table: &Value| {
            let associations = table["Associations"].as_array().unwrap();
            associations.iter().any(|one| one["SubnetId"] == subnet)
        };
        let mut tables = world.of("route_table").iter();
        tables
            .find(|(_, table)| has(table))
            .map(|(id, _)| id.clone())
    }
}

/// The account without what has a new id whenever it is put back.
fn lasting(world: &World) -> Value {
    let mut all = json!({});
    for kind in [
        "vpc",
        "internet_gateway",
        "subnet",
        "elastic_ip",
        "nat_gateway",
        "route_table",
        "security_group",
        "function",
        "parameter",
    ] {
        all[kind] = json!(world.of(kind));
    }
    for table in all["route_table"].as_object_mut().unwrap().values_mut() {
        let associations = table["Associations"].as_array().unwrap();
        let subnets: BTreeSet<String> = associations
            .iter()
            .map(|one| one["SubnetId"].to_string())
            .collect();
        table["Associations"] = json!(subnets);
    }
    // A function that was in a VPC once shows an empty config, and one that never was shows none.
    for function in all["function"].as_object_mut().unwrap().values_mut() {
        if function["VpcConfig"]["SubnetIds"] == json!([]) {
            function["VpcConfig"] = Value::Null;
        }
    }
    all
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_is_lent_is_used_and_given_back_as_it_was() {
    let lent = Lent::new();
    let (aws, brought) = (&lent.aws, &lent.brought);
    let before = aws.world();
    let shown = lent.killick.run(&["plan"]).code(0);
    for subnet in &brought.private {
        assert!(
            shown.stdout.contains(subnet),
            "{subnet} is not shown\n{shown}"
        );
    }
    lent.killick.run(&APPLY).code(0);

    let stack = aws.stack("partner-egress");
    let made = [
        "nat_gateway/ap-northeast-1a",
        "nat_gateway/ap-northeast-1c",
        "route_table/private-ap-northeast-1a",
        "route_table/private-ap-northeast-1c",
    ];
    assert_eq!(stack.keys(), made);
    for (subnet, zone) in brought.private.iter().zip(["a", "c"]) {
        let table = format!("route_table/private-ap-northeast-1{zone}");
        assert_eq!(lent.table(subnet).as_deref(), Some(stack.id(&table)));
    }
    let (mut private, group) = (brought.private.to_vec(), vec![brought.group.clone()]);
    private.sort();
    assert_eq!(aws.vpc_config("billing-sync"), (private, group));
    let world = aws.world();
    for kind in ["vpc", "internet_gateway", "subnet", "security_group"] {
        assert_eq!(world.of(kind), before.of(kind), "{kind}");
    }
    lent.killick.run(&["plan", "--detailed-exitcode"]).code(0);
    let drift = lent.killick.run(&["drift"]).code(0);
    assert_eq!(drift.stdout.lines().count(), 1, "{drift}");
    let ips = lent.killick.run(&["ips"]).code(0);
    let wanted: BTreeSet<String> = brought.addresses.iter().map(|id| aws.ip(id)).collect();
    assert_eq!(
        ips.stdout
            .lines()
            .map(str::to_owned)
            .collect::<BTreeSet<_>>(),
        wanted
    );

    let destroy = ["destroy", "--yes", "--release-addresses"];
    lent.killick.run(&destroy).code(0);
    assert_eq!(lasting(&aws.world()), lasting(&before));
    for call in lent.server.calls().iter().filter(|call| !call.read) {
        let tags = call.action == "CreateTags" || call.action == "DeleteTags";
        let theirs = brought.ids().into_iter().find(|id| {
            let mut values = call.params.as_object().unwrap().values();
            values.any(|value| value == id)
        });
        assert!(!tags || theirs.is_none(), "{call:?}");
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_is_missing_in_between_is_made_and_taken_away_again() {
    let lent = Lent::new();
    let (aws, brought) = (&lent.aws, &lent.brought);
    // Zone c gets subnets and an address of killick's own, in the same VPC.
    let text = lent
        .text()
        .replace(&brought.public[1], "10.20.10.0/24")
        .replace(&brought.private[1], "10.20.11.0/24")
        .replace(&format!("address = \"{}\"\n", brought.addresses[1]), "");
    lent.killick.write("killick.toml", &text);
    let before = aws.world();
    lent.killick.run(&APPLY).code(0);
    let stack = aws.stack("partner-egress");
    for key in ["public-ap-northeast-1c", "private-ap-northeast-1c"] {
        stack.id(&format!("subnet/{key}"));
    }
    stack.id("elastic_ip/ap-northeast-1c");
    lent.killick.run(&["drift"]).code(0);
    lent.killick.run(&["plan", "--detailed-exitcode"]).code(0);
    let destroy = ["destroy", "--yes", "--release-addresses"];
    lent.killick.run(&destroy).code(0);
    assert_eq!(lasting(&aws.world()), lasting(&before));
}

/// Runs `apply`, which must be refused and name all of these.
fn refused(lent: &Lent, name: &str, words: &[&str]) -> Result<(), String> {
    lent.server.reset_calls();
    let before = lent.aws.world();
    let output = lent.killick.run(&APPLY);
    let written = !writes(&lent.server.calls()).is_empty() || before != lent.aws.world();
    let silent = words.iter().find(|word| !output.stderr.contains(**word));
    let errors = output.stderr.matches("error: ").count();
    let hints = output.stderr.contains("hint: ");
    match silent {
        None if output.status == Some(4) && errors == 1 && hints && !written => Ok(()),
        _ => Err(format!(
            "{name}: not named: {silent:?}, errors: {errors}, written: {written}\n{output}"
        )),
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_does_not_fit_is_refused_before_anything_is_written() {
    let lent = Lent::new();
    let (aws, brought, text) = (&lent.aws, &lent.brought, lent.text());
    let abroad = aws.create_brought(30);
    let elsewhere = aws.create_subnet(&brought.vpc, 20, 'd', 20);
    let bare = json!({"CidrBlock": "10.40.0.0/16"});
    let bare = aws.ec2_id("create_vpc", bare, "/Vpc/VpcId");
    // An address on an interface of somebody's machine, and one on another NAT gateway.
    let interface = json!({"SubnetId": abroad.public[1]});
    let at = "/NetworkInterface/NetworkInterfaceId";
    let interface = aws.ec2_id("create_network_interface", interface, at);
    let args = json!({"AllocationId": abroad.addresses[1], "NetworkInterfaceId": interface});
    aws.ec2("associate_address", args);
    let nat = json!({"SubnetId": abroad.public[0], "AllocationId": abroad.addresses[0]});
    let nat = aws.ec2_id("create_nat_gateway", nat, "/NatGateway/NatGatewayId");

    let (public, private) = (&brought.public, &brought.private);
    let one = |from: &str, to: &str| text.replace(from, to);
    let gone = |kind: &str| format!("{kind}-0123456789abcdef0");
    let cases = [
        (
            "a subnet of another VPC",
            one(&private[0], &abroad.private[0]),
            vec![&*abroad.private[0], &brought.vpc],
        ),
        (
            "a subnet of another zone",
            one(&private[0], &elsewhere),
            vec![&elsewhere, "ap-northeast-1d", "ap-northeast-1a"],
        ),
        (
            "a public subnet that leads nowhere",
            one(&public[0], &elsewhere).replace("ap-northeast-1a", "ap-northeast-1d"),
            vec![&elsewhere, "internet gateway"],
        ),
        (
            "a VPC without a way out",
            one(&brought.vpc, &bare),
            vec![&bare, "has no internet gateway"],
        ),
        (
            "a group of another VPC",
            one(&brought.group, &abroad.group),
            vec![&abroad.group, &brought.vpc],
        ),
        (
            "an address in use",
            one(&brought.addresses[0], &abroad.addresses[1]),
            vec![&abroad.addresses[1], &interface],
        ),
        (
            "an address of another NAT gateway",
            one(&brought.addresses[0], &abroad.addresses[0]),
            vec![&abroad.addresses[0], &nat],
        ),
        (
            "several at once",
            one(&private[0], &elsewhere)
                .replace(&brought.addresses[0], &abroad.addresses[0])
                .replace(&brought.group, &abroad.group),
            vec![&elsewhere, &abroad.group, &nat, "3 things"],
        ),
    ];
    let mut wrong = Vec::new();
    for (name, text, words) in &cases {
        lent.killick.write("killick.toml", text);
        wrong.extend(refused(&lent, name, words).err());
    }
    for (kind, id) in [
        ("vpc", &brought.vpc),
        ("subnet", &private[1]),
        ("eipalloc", &brought.addresses[1]),
        ("sg", &brought.group),
    ] {
        lent.killick.write("killick.toml", one(id, &gone(kind)));
        wrong.extend(refused(&lent, kind, &[&gone(kind)]).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    lent.killick.write("killick.toml", &text);
    lent.killick.run(&["plan"]).code(0);
}
