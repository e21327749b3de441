//! Routes that lead elsewhere, and tables that subnets follow instead of ours.

use killick_tests::Site;
use serde_json::json;

use super::{A, ANYWHERE, CRITICAL, Case, INFO, PRUNE, Repair, TABLE, WARNING, case, hands};
use Repair::{Automatic, Report};

const PUBLIC: &str = "route_table/public";
const OTHER: &str = "route_table/private-ap-northeast-1c";
const DEFAULT: &str = "routes.0.0.0.0/0";
const FOLLOWS: &str = "associations.subnet/private-ap-northeast-1a";

pub(crate) fn cases() -> Vec<Case> {
    let (critical, warning) = ((CRITICAL, Automatic), (WARNING, Automatic));
    vec![
        case(
            "a prefix elsewhere",
            (CRITICAL, PRUNE),
            TABLE,
            "routes.203.0.113.0/24",
            |site| {
                shadow(site, &["203.0.113.0/24"]);
            },
        ),
        case(
            "the default route in halves",
            (CRITICAL, PRUNE),
            TABLE,
            "routes.0.0.0.0/1",
            |site| {
                shadow(site, &["0.0.0.0/1", "128.0.0.0/1"]);
            },
        )
        .with(2),
        case(
            "to the internet gateway",
            critical,
            TABLE,
            DEFAULT,
            |site| {
                let igw = site.stack().id("internet_gateway/main").to_owned();
                lead(site, TABLE, "GatewayId", &igw);
            },
        ),
        case("to the other zone", warning, TABLE, DEFAULT, |site| {
            let nat = site.stack().id("nat_gateway/ap-northeast-1c").to_owned();
            lead(site, TABLE, "NatGatewayId", &nat);
        }),
        case(
            "to a stranger's NAT gateway",
            critical,
            TABLE,
            DEFAULT,
            |site| {
                let (aws, stack) = hands(site);
                let (nat, _) = aws.create_nat(stack.id("subnet/public-ap-northeast-1a"));
                lead(site, TABLE, "NatGatewayId", &nat);
            },
        )
        .leaving(1),
        case("to an instance", critical, TABLE, DEFAULT, |site| {
            let (aws, stack) = hands(site);
            let interface = aws.create_interface(stack.id("subnet/public-ap-northeast-1a"));
            lead(site, TABLE, "NetworkInterfaceId", &interface);
        }),
        case("default route deleted", critical, TABLE, DEFAULT, |site| {
            let (aws, stack) = hands(site);
            let route = json!({"RouteTableId": stack.id(TABLE), "DestinationCidrBlock": ANYWHERE});
            aws.ec2("delete_route", route);
        }),
        case(
            "public table elsewhere",
            critical,
            PUBLIC,
            DEFAULT,
            |site| {
                let gateway = transit(site);
                lead(site, PUBLIC, "TransitGatewayId", &gateway);
            },
        ),
        case(
            // For private networks only.
            "propagated routes",
            (WARNING, Report),
            TABLE,
            "propagated.",
            propagate,
        ),
        case(
            "follows the public table",
            critical,
            TABLE,
            FOLLOWS,
            |site| follow(site, PUBLIC),
        ),
        case("follows the other zone", warning, TABLE, FOLLOWS, |site| {
            follow(site, OTHER)
        }),
        case("follows the main table", critical, TABLE, FOLLOWS, |site| {
            let (aws, stack) = hands(site);
            let association = aws.association(stack.id(&format!("subnet/private-{A}")));
            aws.ec2(
                "disassociate_route_table",
                json!({"AssociationId": association}),
            );
        }),
        case(
            "a stranger follows ours",
            (WARNING, Report),
            TABLE,
            "associations.subnet-",
            |site| {
                let (aws, stack) = hands(site);
                let theirs = aws.create_subnet(stack.id("vpc/main"), 0, 'a', 200);
                let args = json!({"RouteTableId": stack.id(TABLE), "SubnetId": theirs});
                aws.ec2("associate_route_table", args);
            },
        ),
        case(
            "another main table",
            (INFO, Report),
            "vpc/main",
            "main_table",
            |site| {
                let (_, association) = main_table(site);
                let args = json!({"AssociationId": association, "RouteTableId": table(site)});
                site.aws.ec2("replace_route_table_association", args);
            },
        ),
        case(
            "main table leads out",
            (INFO, Report),
            "vpc/main",
            "main_table.0.0.0.0/0",
            |site| {
                let (aws, stack) = hands(site);
                let args = json!({
                    "RouteTableId": main_table(site).0, "DestinationCidrBlock": ANYWHERE,
                    "GatewayId": stack.id("internet_gateway/main"),
                });
                aws.ec2("create_route", args);
            },
        ),
        case(
            "edge table",
            (CRITICAL, Report),
            "internet_gateway/main",
            "edge_table",
            edge,
        ),
    ]
}

/// Leads the default route of a table to another target.
fn lead(site: &Site, table: &str, target: &str, id: &str) {
    let (aws, stack) = hands(site);
    let mut args = json!({"RouteTableId": stack.id(table), "DestinationCidrBlock": ANYWHERE});
    args[target] = json!(id);
    aws.ec2("replace_route", args);
}

fn transit(site: &Site) -> String {
    let at = "/TransitGateway/TransitGatewayId";
    site.aws.ec2_id("create_transit_gateway", json!({}), at)
}

/// Routes that are more specific than the default one.
fn shadow(site: &Site, destinations: &[&str]) {
    let (aws, stack) = hands(site);
    let gateway = transit(site);
    for destination in destinations {
        let args = json!({
            "RouteTableId": stack.id(TABLE), "DestinationCidrBlock": destination,
            "TransitGatewayId": gateway,
        });
        aws.ec2("create_route", args);
    }
}

fn propagate(site: &Site) {
    let (aws, stack) = hands(site);
    let at = "/VpnGateway/VpnGatewayId";
    let gateway = aws.ec2_id("create_vpn_gateway", json!({"Type": "ipsec.1"}), at);
    let args = json!({"RouteTableId": stack.id(TABLE), "GatewayId": gateway});
    aws.ec2("enable_vgw_route_propagation", args);
}

fn follow(site: &Site, table: &str) {
    let (aws, stack) = hands(site);
    let association = aws.association(stack.id(&format!("subnet/private-{A}")));
    let args = json!({"AssociationId": association, "RouteTableId": stack.id(table)});
    aws.ec2("replace_route_table_association", args);
}

/// A table of somebody else, with a name: one without would look like the one that came with the VPC.
fn table(site: &Site) -> String {
    let (aws, stack) = hands(site);
    let args = json!({
        "VpcId": stack.id("vpc/main"),
        "TagSpecifications": [{
            "ResourceType": "route-table", "Tags": [{"Key": "Name", "Value": "theirs"}],
        }],
    });
    aws.ec2_id("create_route_table", args, "/RouteTable/RouteTableId")
}

/// The main table of the VPC, and its association.
fn main_table(site: &Site) -> (String, String) {
    let (aws, stack) = hands(site);
    let filters = json!([
        {"Name": "vpc-id", "Values": [stack.id("vpc/main")]},
        {"Name": "association.main", "Values": ["true"]},
    ]);
    let found = aws.ec2("describe_route_tables", json!({"Filters": filters}));
    let at = |path: &str| found.pointer(path).unwrap().as_str().unwrap().to_owned();
    let association = "/RouteTables/0/Associations/0/RouteTableAssociationId";
    (at("/RouteTables/0/RouteTableId"), at(association))
}

/// What comes in for the public subnet goes to an appliance.
fn edge(site: &Site) {
    let (aws, stack) = hands(site);
    let (table, public) = (table(site), stack.id(&format!("subnet/public-{A}")));
    let args = json!({
        "RouteTableId": table, "DestinationCidrBlock": site.spec.cidr(A, "public"),
        "NetworkInterfaceId": aws.create_interface(public),
    });
    aws.ec2("create_route", args);
    let args = json!({"RouteTableId": table, "GatewayId": stack.id("internet_gateway/main")});
    aws.ec2("associate_route_table", args);
}
