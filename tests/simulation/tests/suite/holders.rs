//! A destroy that cannot end is refused before it writes anything, with the
//! name of everything that keeps AWS from deleting the stack.

use killick_sim::{Fault, Place, Rule};
use killick_simulation::draft::{ACCOUNT, REGION, STACK};
use killick_simulation::hand::Hand;
use killick_simulation::invariant::locked;
use killick_simulation::people::{applied, id_of};
use killick_simulation::{Draft, Nat, Stage, live};
use serde_json::{Value, json};

const A: &str = "us-east-1a";

fn draft() -> Draft {
    Draft::new("ac", Nat::PerZone, &[0, 1], None)
}

/// The ids of what a stack has.
struct Ids {
    vpc: String,
    private: String,
    public: String,
    group: String,
}

impl Ids {
    fn of(stage: &Stage) -> Self {
        stage.look(|place| {
            let id = |key: &str| id_of(place, STACK, key);
            Self {
                vpc: id("vpc/main"),
                private: id(&format!("subnet/private-{A}")),
                public: id(&format!("subnet/public-{A}")),
                group: id("security_group/functions"),
            }
        })
    }
}

/// A destroy of a stack in which somebody put something: it is refused, names
/// that and what it holds, and changes nothing. Once that is gone it ends.
fn held(
    put: impl Fn(&mut Hand<'_>, &Ids) -> String,
    says: &[&str],
    remove: impl Fn(&mut Hand<'_>, &str, &Ids),
) {
    let (base, spec) = (applied(&draft()), draft().toml());
    live(async {
        let mut stage = Stage::from(&base, 11);
        let ids = Ids::of(&stage);
        let id = stage.hand(|hand| put(hand, &ids));
        stage.wait(60).await;
        let before = stage.look(functions);
        let ran = stage.run("destroy --yes", &spec).await.ends(4);
        assert_eq!(ran.wrote(), [""; 0], "{}", ran.stderr);
        for text in [id.as_str(), "nothing was written"].iter().chain(says) {
            assert!(ran.stderr.contains(text), "{text}: {}", ran.stderr);
        }
        assert_eq!(stage.look(functions), before);
        stage.look(|place| assert_eq!(locked(place, STACK), None));
        stage.run("prove", &spec).await.ends(0);

        let ran = stage.run("destroy --yes --json", &spec).await.ends(4);
        let events: Vec<Value> = ran
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("an event"))
            .collect();
        let of = |name: &str| events.iter().find(|event| event["event"] == name);
        let holders = of("held").expect("what holds it")["holders"].clone();
        let named = |one: &Value| one["id"].as_str().is_some_and(|text| text == id);
        assert!(
            holders.as_array().expect("a list").iter().any(named),
            "{holders}"
        );
        assert_eq!(of("summary").expect("an end")["result"], "refused");

        stage.hand(|hand| remove(hand, &id, &ids));
        stage.wait(60).await;
        stage.run("destroy --yes", &spec).await.ends(0);
    });
}

fn functions(place: &Place) -> Value {
    let functions = place.functions.all();
    let configs = functions.map(|one| json!([one.name, one.latest.vpc_config]));
    json!(configs.collect::<Vec<_>>())
}

fn drop(action: &'static str, param: &'static str) -> impl Fn(&mut Hand<'_>, &str, &Ids) {
    move |hand, id, _| {
        hand.must(action, &[(param, id)]);
    }
}

fn group(hand: &mut Hand<'_>, ids: &Ids) -> String {
    let params = [
        ("GroupName", "theirs"),
        ("GroupDescription", "theirs"),
        ("VpcId", ids.vpc.as_str()),
    ];
    hand.id("CreateSecurityGroup", &params, "groupId")
}

fn interface(hand: &mut Hand<'_>, subnet: &str, group: &str) -> String {
    let params = [("SubnetId", subnet), ("SecurityGroupId.1", group)];
    hand.id("CreateNetworkInterface", &params, "networkInterfaceId")
}

/// A security service makes it by itself, with a group of its own.
#[test]
fn an_interface_endpoint() {
    let put = |hand: &mut Hand<'_>, ids: &Ids| {
        let group = group(hand, ids);
        let service = format!("com.amazonaws.{REGION}.kms");
        let params = [
            ("VpcId", ids.vpc.as_str()),
            ("VpcEndpointType", "Interface"),
            ("ServiceName", &service),
            ("SubnetId.1", &ids.private),
            ("SecurityGroupId.1", &group),
        ];
        hand.id("CreateVpcEndpoint", &params, "vpcEndpointId")
    };
    let says = [
        "interface endpoint for com.amazonaws.us-east-1.kms",
        "subnet/private-us-east-1a",
        "vpc/main",
        "delete-vpc-endpoints",
        "security group sg-",
    ];
    held(put, &says, |hand, id, _| {
        hand.must("DeleteVpcEndpoints", &[("VpcEndpointId.1", id)]);
        let theirs = hand.sim.world.place(ACCOUNT, REGION);
        let theirs = theirs
            .security_groups
            .all()
            .find(|one| one.name == "theirs");
        let theirs = theirs.expect("a group").id.clone();
        // The endpoint's interface goes with it, and is gone in a moment.
        hand.sim.world.advance(hand.now + 60_000);
        hand.must("DeleteSecurityGroup", &[("GroupId", &theirs)]);
    });
}

#[test]
fn a_network_interface_in_a_private_subnet() {
    let put = |hand: &mut Hand<'_>, ids: &Ids| interface(hand, &ids.private, &ids.group);
    let says = [
        "security_group/functions, subnet/private-us-east-1a, vpc/main",
        "delete-network-interface",
    ];
    held(
        put,
        &says,
        drop("DeleteNetworkInterface", "NetworkInterfaceId"),
    );
}

/// An internet gateway stays attached while a public address is mapped.
#[test]
fn a_public_address() {
    let put = |hand: &mut Hand<'_>, ids: &Ids| {
        let eni = interface(hand, &ids.public, &ids.group);
        let address = hand.id("AllocateAddress", &[("Domain", "vpc")], "allocationId");
        let params = [
            ("AllocationId", address.as_str()),
            ("NetworkInterfaceId", &eni),
        ];
        hand.must("AssociateAddress", &params);
        eni
    };
    held(
        put,
        &["internet_gateway/main"],
        drop("DeleteNetworkInterface", "NetworkInterfaceId"),
    );
}

#[test]
fn a_foreign_security_group() {
    let says = ["security group", "(theirs)", "holds vpc/main"];
    held(group, &says, drop("DeleteSecurityGroup", "GroupId"));
}

/// The default group of the VPC names ours in a rule.
#[test]
fn a_rule_that_names_our_group() {
    fn default(hand: &mut Hand<'_>, ids: &Ids) -> String {
        let place = hand.sim.world.place(ACCOUNT, REGION);
        let mut groups = place.security_groups.all();
        let found = groups.find(|one| one.vpc == ids.vpc && one.name == "default");
        found.expect("the default group").id.clone()
    }
    fn rule<'a>(id: &'a str, ids: &'a Ids) -> [(&'static str, &'a str); 5] {
        [
            ("GroupId", id),
            ("IpPermissions.1.IpProtocol", "tcp"),
            ("IpPermissions.1.FromPort", "443"),
            ("IpPermissions.1.ToPort", "443"),
            ("IpPermissions.1.Groups.1.GroupId", &ids.group),
        ]
    }
    let put = |hand: &mut Hand<'_>, ids: &Ids| {
        let id = default(hand, ids);
        hand.must("AuthorizeSecurityGroupIngress", &rule(&id, ids));
        id
    };
    let says = ["holds security_group/functions", "revoke its rules"];
    held(put, &says, |hand, id, ids| {
        hand.must("RevokeSecurityGroupIngress", &rule(id, ids));
    });
}

#[test]
fn a_network_acl() {
    let put = |hand: &mut Hand<'_>, ids: &Ids| {
        hand.id("CreateNetworkAcl", &[("VpcId", &ids.vpc)], "networkAclId")
    };
    held(
        put,
        &["network ACL", "vpc/main"],
        drop("DeleteNetworkAcl", "NetworkAclId"),
    );
}

#[test]
fn a_foreign_route_table() {
    let put = |hand: &mut Hand<'_>, ids: &Ids| {
        hand.id("CreateRouteTable", &[("VpcId", &ids.vpc)], "routeTableId")
    };
    held(
        put,
        &["route table", "vpc/main"],
        drop("DeleteRouteTable", "RouteTableId"),
    );
}

#[test]
fn a_peering_connection() {
    let put = |hand: &mut Hand<'_>, ids: &Ids| {
        let other = hand.id("CreateVpc", &[("CidrBlock", "10.9.0.0/16")], "vpcId");
        let params = [("VpcId", other.as_str()), ("PeerVpcId", &ids.vpc)];
        let create = "CreateVpcPeeringConnection";
        let id = hand.id(create, &params, "vpcPeeringConnectionId");
        let named = [("VpcPeeringConnectionId", id.as_str())];
        hand.must("AcceptVpcPeeringConnection", &named);
        id
    };
    held(
        put,
        &["VPC peering connection", "vpc/main"],
        drop("DeleteVpcPeeringConnection", "VpcPeeringConnectionId"),
    );
}

#[test]
fn a_virtual_private_gateway() {
    let put = |hand: &mut Hand<'_>, ids: &Ids| {
        let id = hand.id("CreateVpnGateway", &[("Type", "ipsec.1")], "vpnGatewayId");
        let params = [("VpnGatewayId", id.as_str()), ("VpcId", &ids.vpc)];
        hand.must("AttachVpnGateway", &params);
        id
    };
    held(
        put,
        &["virtual private gateway", "detach-vpn-gateway"],
        |hand, id, ids| {
            let params = [("VpnGatewayId", id), ("VpcId", &ids.vpc)];
            hand.must("DetachVpnGateway", &params);
        },
    );
}

#[test]
fn a_carrier_gateway() {
    let put = |hand: &mut Hand<'_>, ids: &Ids| {
        let params = [("VpcId", ids.vpc.as_str())];
        hand.id("CreateCarrierGateway", &params, "carrierGatewayId")
    };
    held(
        put,
        &["carrier gateway", "vpc/main"],
        drop("DeleteCarrierGateway", "CarrierGatewayId"),
    );
}

#[test]
fn an_egress_only_internet_gateway() {
    let put = |hand: &mut Hand<'_>, ids: &Ids| {
        let create = "CreateEgressOnlyInternetGateway";
        let params = [("VpcId", ids.vpc.as_str())];
        hand.id(create, &params, "egressOnlyInternetGatewayId")
    };
    held(
        put,
        &["egress-only internet gateway", "vpc/main"],
        drop(
            "DeleteEgressOnlyInternetGateway",
            "EgressOnlyInternetGatewayId",
        ),
    );
}

/// The group of the functions is shared with another VPC.
#[test]
fn a_shared_group() {
    fn with(hand: &mut Hand<'_>, group: &str) -> [(&'static str, String); 2] {
        let place = hand.sim.world.place(ACCOUNT, REGION);
        let mut vpcs = place.vpcs.all();
        let other = vpcs.find(|vpc| vpc.cidrs.iter().any(|one| one.cidr == "10.9.0.0/16"));
        let other = other.expect("another VPC").id.clone();
        [("GroupId", group.to_owned()), ("VpcId", other)]
    }
    let call = |hand: &mut Hand<'_>, action: &str, group: &str| {
        let [group, vpc] = with(hand, group);
        hand.must(action, &[(group.0, &group.1), (vpc.0, &vpc.1)]);
    };
    let put = |hand: &mut Hand<'_>, ids: &Ids| {
        hand.must("CreateVpc", &[("CidrBlock", "10.9.0.0/16")]);
        call(hand, "AssociateSecurityGroupVpc", &ids.group);
        ids.group.clone()
    };
    let says = ["holds security_group/functions", "disassociate"];
    held(put, &says, |hand, id, _| {
        call(hand, "DisassociateSecurityGroupVpc", id);
    });
}

/// Lambda keeps the interfaces of a published version for as long as there is
/// the version.
#[test]
fn a_published_version() {
    let put = |hand: &mut Hand<'_>, _: &Ids| {
        hand.lambda("POST", "f0", "versions", &json!({}));
        "f0:1".to_owned()
    };
    let says = ["published version", "delete-function", "--qualifier 1"];
    held(put, &says, |hand, _, _| {
        hand.delete_function("f0:1");
    });
}

/// What goes by itself holds nothing: the interfaces of our own functions, and
/// those that Lambda has not taken back yet.
#[test]
fn what_goes_by_itself() {
    let (base, spec) = (applied(&draft()), draft().toml());
    live(async {
        let mut stage = Stage::from(&base, 12);
        stage.hand(|hand| hand.connect("f0", &[], &[]));
        stage.wait(5).await;
        let ran = stage.run("destroy --yes", &spec).await.ends(0);
        assert!(ran.stdout.contains("made by killick"), "{}", ran.stdout);
        assert!(ran.stdout.contains("created 20"), "{}", ran.stdout);
    });
}

/// What could not be read is said, and holds nothing up.
#[test]
fn what_cannot_be_read() {
    let (base, spec) = (applied(&draft()), draft().toml());
    live(async {
        let mut stage = Stage::from(&base, 13);
        let denied = [
            "DescribeCarrierGateways",
            "DescribeNetworkAcls",
            "DescribeNetworkInterfaces",
            "DescribeVpcPeeringConnections",
        ];
        stage.line.with(|sim, _| {
            for action in denied {
                sim.faults.add(Rule::once(action, Fault::Deny));
            }
        });
        let ran = stage.run("destroy --yes", &spec).await.ends(0);
        for action in denied {
            let note = format!("ec2:{action} failed");
            assert!(ran.stderr.contains(&note), "{note}: {}", ran.stderr);
        }
    });
}
