//! Random worlds: a stack as it should be, changed at random in all that
//! decides by which addresses functions leave.

use killick_finding::Part;
use killick_spec::Spec;
use killick_stack::snapshot::{
    AclAssociation, AclEntry, Association, Function, NatAddress, NatGateway, NetworkAcl, Route,
    Transfer, Version,
};
use killick_stack::{Snapshot, Tags, Unreadable};
use proptest::prelude::*;

use crate::support::{A, C, TWO_ZONES, deployed, route, spec};

/// A spec, and what is there.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) text: String,
    pub(crate) snapshot: Snapshot,
}

impl World {
    pub(crate) fn spec(&self) -> Spec {
        spec(&self.text)
    }
}

const PINNED: &str = "[egress]\naddresses = [\"203.0.113.1\", \"203.0.113.2\"]\n\n[[function]]";
const SINGLE: &str = "[egress]\nnat = \"single\"\n\n[[function]]";
const SINGLE_PINNED: &str = "[egress]\nnat = \"single\"\n\
     addresses = [\"203.0.113.1\", \"203.0.113.2\"]\n\n[[function]]";

fn last(zone: &str) -> &str {
    &zone[zone.len() - 1..]
}

fn public(zone: &str) -> String {
    format!("subnet-00{}", last(zone))
}

pub(crate) fn private(zone: &str) -> String {
    format!("subnet-01{}", last(zone))
}

fn address(zone: &str) -> String {
    format!("eipalloc-0{}", last(zone))
}

/// The deployed two-zone stack under ids that a spec can name.
pub(crate) fn two_zones() -> Snapshot {
    let mut text = serde_json::to_string(&deployed(&spec(TWO_ZONES))).unwrap();
    for zone in [A, C] {
        // Keys have the name of the zone too, and no quotes before it.
        for (long, short) in [
            (format!("\"subnet-public-{zone}\""), public(zone)),
            (format!("\"subnet-private-{zone}\""), private(zone)),
            (format!("\"eipalloc-{zone}\""), address(zone)),
        ] {
            text = text.replace(&long, &format!("\"{short}\""));
        }
    }
    serde_json::from_str(&text).unwrap()
}

/// The two-zone stack in a VPC of somebody else, addresses included.
pub(crate) fn external() -> String {
    let zone = |zone: &str| {
        let (public, private, address) = (public(zone), private(zone), address(zone));
        format!(
            "[[zone]]\nname = \"{zone}\"\npublic = \"{public}\"\nprivate = \"{private}\"\n\
             address = \"{address}\"\n\n"
        )
    };
    format!(
        "stack = \"partner-egress\"\nregion = \"ap-northeast-1\"\n\n[network]\nvpc = \"vpc-1\"\n\n{}{}\
         [egress]\nsecurity_groups = [\"sg-1\"]\n\
         addresses = [\"203.0.113.1\", \"203.0.113.2\"]\n\n[[function]]\nname = \"billing-sync\"\n",
        zone(A),
        zone(C)
    )
}

/// Takes the tags off everything: it is somebody else's.
pub(crate) fn foreign(snapshot: &mut Snapshot) {
    snapshot.vpcs.iter_mut().for_each(|one| one.tags.clear());
    let gateways = snapshot.internet_gateways.iter_mut();
    gateways.for_each(|one| one.tags.clear());
    snapshot.subnets.iter_mut().for_each(|one| one.tags.clear());
    let addresses = snapshot.addresses.iter_mut();
    addresses.for_each(|one| one.tags.clear());
    let gateways = snapshot.nat_gateways.iter_mut();
    gateways.for_each(|one| one.tags.clear());
    let tables = snapshot.route_tables.iter_mut();
    tables.for_each(|one| one.tags.clear());
    let groups = snapshot.security_groups.iter_mut();
    groups.for_each(|one| one.tags.clear());
    snapshot.records.clear();
}

/// One change; the numbers pick what it is done to.
#[derive(Clone, Debug)]
enum Change {
    Route(usize, usize, usize, bool),
    NoRoute(usize, usize),
    Follow(usize, usize),
    Main(usize),
    GoneTable(usize),
    NatState(usize, usize),
    NatAddress(usize, usize),
    GoneNat(usize),
    ForeignNat(usize, usize, bool),
    NatSubnet(usize, usize),
    InternetGateway(Option<usize>),
    GoneAddress(usize),
    Offer(usize),
    Taken(usize),
    AnothersAddress(usize),
    GoneSubnet(usize),
    Strip(usize, usize),
    NoVpc(usize),
    In(usize, usize),
    NoGroup(usize),
    Another,
    NoFunction,
    Frozen(bool),
    DenyAll(usize),
    AclsRead,
    Blocked,
    Unread(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let pick = || 0..12_usize;
    prop_oneof![
        4 => (pick(), pick(), pick(), any::<bool>()).prop_map(|(a, b, c, d)| Change::Route(a, b, c, d)),
        1 => (pick(), pick()).prop_map(|(a, b)| Change::NoRoute(a, b)),
        3 => (pick(), pick()).prop_map(|(a, b)| Change::Follow(a, b)),
        1 => pick().prop_map(Change::Main),
        1 => pick().prop_map(Change::GoneTable),
        2 => (pick(), pick()).prop_map(|(a, b)| Change::NatState(a, b)),
        1 => (pick(), pick()).prop_map(|(a, b)| Change::NatAddress(a, b)),
        1 => pick().prop_map(Change::GoneNat),
        3 => (pick(), pick(), any::<bool>()).prop_map(|(a, b, c)| Change::ForeignNat(a, b, c)),
        1 => (pick(), pick()).prop_map(|(a, b)| Change::NatSubnet(a, b)),
        1 => proptest::option::of(pick()).prop_map(Change::InternetGateway),
        1 => pick().prop_map(Change::GoneAddress),
        1 => pick().prop_map(Change::Offer),
        1 => pick().prop_map(Change::Taken),
        1 => pick().prop_map(Change::AnothersAddress),
        1 => pick().prop_map(Change::GoneSubnet),
        1 => (pick(), pick()).prop_map(|(a, b)| Change::Strip(a, b)),
        1 => pick().prop_map(Change::NoVpc),
        2 => (pick(), pick()).prop_map(|(a, b)| Change::In(a, b)),
        1 => pick().prop_map(Change::NoGroup),
        1 => Just(Change::Another),
        1 => Just(Change::NoFunction),
        1 => any::<bool>().prop_map(Change::Frozen),
        1 => pick().prop_map(Change::DenyAll),
        2 => Just(Change::AclsRead),
        1 => Just(Change::Blocked),
        1 => pick().prop_map(Change::Unread),
    ]
}

fn at<T>(items: &mut [T], number: usize) -> Option<&mut T> {
    let count = items.len().max(1);
    items.get_mut(number % count)
}

fn open(snapshot: &mut Snapshot) -> &mut Vec<NetworkAcl> {
    let subnets = snapshot.subnets.iter();
    let associations = subnets.map(|subnet| AclAssociation {
        id: format!("aclassoc-{}", subnet.id),
        subnet: subnet.id.clone(),
    });
    let all = || {
        [true, false].map(|egress| AclEntry {
            egress,
            number: 100,
            allow: true,
            protocol: "-1".to_owned(),
            ports: None,
            cidr: "0.0.0.0/0".to_owned(),
        })
    };
    let default = NetworkAcl {
        id: "acl-1".to_owned(),
        vpc: "vpc-1".to_owned(),
        default: true,
        associations: associations.collect(),
        entries: all().into(),
    };
    let acls = &mut snapshot.traffic.network_acls;
    acls.get_or_insert_with(|| vec![default])
}

fn target(snapshot: &Snapshot, number: usize) -> String {
    let gateways = snapshot.nat_gateways.iter().map(|nat| nat.id.clone());
    let mut all: Vec<String> = gateways.collect();
    all.extend(["igw-1", "tgw-1", "nat-none", "eni-1"].map(str::to_owned));
    all[number % all.len()].clone()
}

const DESTINATIONS: [&str; 6] = [
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "203.0.113.0/24",
];

impl Change {
    fn apply(&self, on: &mut Snapshot) {
        match *self {
            Self::Route(table, to, by, active) => {
                let target = target(on, by);
                let Some(table) = at(&mut on.route_tables, table) else {
                    return;
                };
                let to = DESTINATIONS[to % DESTINATIONS.len()];
                table.routes.retain(|route| route.destination != to);
                let mut new = route(to, &target, "CreateRoute");
                if !active {
                    "blackhole".clone_into(&mut new.state);
                }
                table.routes.push(new);
            }
            Self::NoRoute(table, number) => {
                let Some(table) = at(&mut on.route_tables, table) else {
                    return;
                };
                let made = |route: &Route| route.origin == "CreateRoute";
                let made = table.routes.iter().filter(|route| made(route)).count();
                if made > 0 {
                    table.routes.remove(1 + number % made);
                }
            }
            Self::Follow(subnet, table) => {
                let Some(subnet) = at(&mut on.subnets, subnet) else {
                    return;
                };
                let subnet = subnet.id.clone();
                for one in &mut on.route_tables {
                    one.associations.retain(|entry| entry.member != subnet);
                }
                let entry = Association {
                    id: format!("rtbassoc-{subnet}"),
                    member: subnet,
                };
                // The main one is followed without being named.
                let count = on.route_tables.len() + 1;
                if let Some(table) = on.route_tables.get_mut(table % count) {
                    table.associations.push(entry);
                }
            }
            Self::Main(table) => {
                on.route_tables.iter_mut().for_each(|one| one.main = false);
                if let Some(table) = at(&mut on.route_tables, table) {
                    table.main = true;
                }
            }
            Self::GoneTable(number) => {
                let number = number % on.route_tables.len().max(1);
                if on.route_tables.get(number).is_some_and(|one| !one.main) {
                    on.route_tables.remove(number);
                }
            }
            Self::NatState(nat, state) => {
                let states = ["available", "pending", "failed", "deleting", "deleted"];
                if let Some(nat) = at(&mut on.nat_gateways, nat) {
                    states[state % states.len()].clone_into(&mut nat.state);
                }
            }
            Self::NatAddress(nat, kind) => {
                let Some(nat) = at(&mut on.nat_gateways, nat) else {
                    return;
                };
                let one = NatAddress {
                    allocation: None,
                    ip: Some("198.51.100.9".to_owned()),
                    interface: None,
                    private: None,
                    association: None,
                    status: String::new(),
                };
                match kind % 4 {
                    0 => nat.addresses.push(one),
                    1 => nat.addresses = vec![one],
                    2 => nat.addresses.clear(),
                    _ => "private".clone_into(&mut nat.connectivity),
                }
            }
            Self::GoneNat(nat) => {
                if !on.nat_gateways.is_empty() {
                    on.nat_gateways.remove(nat % on.nat_gateways.len());
                }
            }
            Self::ForeignNat(like, table, own) => {
                let number = on.nat_gateways.len();
                let Some(nat) = at(&mut on.nat_gateways, like) else {
                    return;
                };
                let mut new = nat.clone();
                new.id = format!("nat-foreign-{number}");
                new.tags = Tags::new();
                "available".clone_into(&mut new.state);
                if own {
                    "deleted".clone_into(&mut nat.state);
                } else {
                    for address in &mut new.addresses {
                        address.allocation = None;
                        address.ip = Some("198.51.100.7".to_owned());
                    }
                }
                if let Some(table) = at(&mut on.route_tables, table) {
                    table
                        .routes
                        .retain(|route| route.destination != "0.0.0.0/0");
                    table
                        .routes
                        .push(route("0.0.0.0/0", &new.id, "CreateRoute"));
                }
                on.nat_gateways.push(new);
            }
            Self::NatSubnet(nat, subnet) => {
                let Some(subnet) = at(&mut on.subnets, subnet) else {
                    return;
                };
                let subnet = subnet.id.clone();
                if let Some(nat) = at(&mut on.nat_gateways, nat) {
                    nat.subnet = Some(subnet).filter(|_| nat.id.len() % 2 == 0);
                }
            }
            Self::InternetGateway(to) => {
                for gateway in &mut on.internet_gateways {
                    gateway.vpc = to.map(|number| format!("vpc-{}", number % 2 + 1));
                }
            }
            Self::GoneAddress(number) => {
                if !on.addresses.is_empty() {
                    on.addresses.remove(number % on.addresses.len());
                }
            }
            Self::Offer(number) => {
                if let Some(address) = at(&mut on.addresses, number) {
                    on.transfers.push(Transfer {
                        allocation: address.id.clone(),
                        account: "210987654321".to_owned(),
                        status: "pending".to_owned(),
                    });
                }
            }
            Self::Taken(number) => {
                if let Some(address) = at(&mut on.addresses, number) {
                    let id = address.id.clone();
                    address.association = Some("eipassoc-i".to_owned());
                    address.instance = Some("i-1".to_owned());
                    let carries = |nat: &&mut NatGateway| nat.allocation() == Some(&id);
                    let gateways = on.nat_gateways.iter_mut().filter(carries);
                    gateways.for_each(|nat| "deleted".clone_into(&mut nat.state));
                }
            }
            Self::AnothersAddress(number) => {
                if let Some(address) = at(&mut on.addresses, number) {
                    let stack = "another-stack".to_owned();
                    address.tags.insert("killick:stack".to_owned(), stack);
                }
            }
            Self::GoneSubnet(number) => {
                if !on.subnets.is_empty() {
                    on.subnets.remove(number % on.subnets.len());
                }
            }
            Self::Strip(kind, number) => match kind % 4 {
                0 => at(&mut on.nat_gateways, number)
                    .into_iter()
                    .for_each(|one| one.tags.clear()),
                1 => at(&mut on.addresses, number)
                    .into_iter()
                    .for_each(|one| one.tags.clear()),
                2 => at(&mut on.route_tables, number)
                    .into_iter()
                    .for_each(|one| one.tags.clear()),
                _ => foreign(on),
            },
            Self::NoVpc(number) => {
                if let Some(function) = at(&mut on.functions, number) {
                    function.vpc = None;
                    function.subnets.clear();
                    function.security_groups.clear();
                }
            }
            Self::In(number, subnet) => {
                let Some(subnet) = at(&mut on.subnets, subnet) else {
                    return;
                };
                let (vpc, subnet) = (subnet.vpc.clone(), subnet.id.clone());
                if let Some(function) = at(&mut on.functions, number) {
                    function.vpc = Some(vpc);
                    function.subnets = vec![subnet];
                }
            }
            Self::NoGroup(number) => {
                if let Some(function) = at(&mut on.functions, number) {
                    function.security_groups.clear();
                }
            }
            Self::Another => {
                if let Some(function) = on.functions.first() {
                    let name = format!("another-{}", on.functions.len());
                    on.functions.push(Function {
                        name,
                        ..function.clone()
                    });
                }
            }
            Self::NoFunction => on.functions.clear(),
            Self::Frozen(inside) => {
                let Some(function) = on.functions.first() else {
                    return;
                };
                on.versions.push(Version {
                    function: function.name.clone(),
                    version: "3".to_owned(),
                    aliases: vec!["live".to_owned()],
                    vpc: function.vpc.clone().filter(|_| inside),
                    subnets: function
                        .subnets
                        .iter()
                        .filter(|_| inside)
                        .cloned()
                        .collect(),
                    security_groups: function.security_groups.clone(),
                    ipv6: false,
                });
            }
            Self::DenyAll(subnet) => {
                let Some(subnet) = at(&mut on.subnets, subnet) else {
                    return;
                };
                let (vpc, subnet) = (subnet.vpc.clone(), subnet.id.clone());
                let acls = open(on);
                for acl in acls.iter_mut() {
                    acl.associations.retain(|one| one.subnet != subnet);
                }
                acls.push(NetworkAcl {
                    id: format!("acl-of-{subnet}"),
                    vpc,
                    default: false,
                    associations: vec![AclAssociation {
                        id: format!("aclassoc-{subnet}"),
                        subnet,
                    }],
                    entries: Vec::new(),
                });
            }
            Self::AclsRead => {
                open(on);
            }
            Self::Blocked => {
                for vpc in &mut on.vpcs {
                    vpc.block_public_access = Some("block-bidirectional".to_owned());
                }
            }
            Self::Unread(number) => {
                let parts = [
                    Part::Vpcs,
                    Part::Addresses,
                    Part::NatGateways,
                    Part::RouteTables,
                    Part::InternetGateways,
                ];
                on.unreadable.push(Unreadable {
                    part: parts[number % parts.len()],
                    permission: "ec2:Describe".to_owned(),
                    code: "UnauthorizedOperation".to_owned(),
                    message: String::new(),
                    request_id: None,
                });
            }
        }
    }
}

/// How a world begins: the spec, and whether all of it is somebody else's.
fn begin(kind: usize) -> World {
    let text = match kind % 6 {
        0 | 1 => TWO_ZONES.to_owned(),
        2 => TWO_ZONES.replace("[[function]]", PINNED),
        3 => TWO_ZONES.replace("[[function]]", SINGLE),
        4 => TWO_ZONES.replace("[[function]]", SINGLE_PINNED),
        _ => external(),
    };
    let mut snapshot = two_zones();
    if kind % 6 == 5 {
        foreign(&mut snapshot);
    }
    World { text, snapshot }
}

pub(crate) fn world() -> impl Strategy<Value = World> {
    let changes = proptest::collection::vec(change(), 0..6);
    (0..6_usize, changes).prop_map(|(kind, changes)| {
        let mut world = begin(kind);
        for change in changes {
            change.apply(&mut world.snapshot);
        }
        world
    })
}
