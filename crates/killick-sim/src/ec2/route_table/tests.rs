use super::active;
use crate::ec2::bench::{Answer, Bench, all, only};
use crate::settings::Settings;

pub(super) fn err(code: &str) -> Answer {
    Err(code.to_owned())
}

pub(super) fn table(bench: &mut Bench) -> String {
    let parameters = format!("VpcId={}", bench.vpc);
    only(&bench.must("CreateRouteTable", &parameters), "routeTableId")
}

pub(super) fn described(bench: &mut Bench, id: &str) -> String {
    bench.must("DescribeRouteTables", &format!("RouteTableId.1={id}"))
}

pub(super) fn filtered(bench: &mut Bench, name: &str, value: &str) -> String {
    let parameters = format!("Filter.1.Name={name}&Filter.1.Value.1={value}");
    let body = bench.must("DescribeRouteTables", &parameters);
    let mut ids = all(&body, "routeTableId");
    ids.dedup();
    ids.join(" ")
}

pub(super) fn main_table(bench: &mut Bench) -> (String, String) {
    let body = bench.must(
        "DescribeRouteTables",
        "Filter.1.Name=association.main&Filter.1.Value.1=true",
    );
    (
        only(&body, "routeTableId"),
        only(&body, "routeTableAssociationId"),
    )
}

#[test]
fn a_vpc_is_born_with_a_main_table() {
    let mut bench = Bench::new(Settings::default());
    let (id, association) = main_table(&mut bench);
    let body = described(&mut bench, &id);
    assert_eq!(only(&body, "destinationCidrBlock"), "10.0.0.0/16");
    assert_eq!(only(&body, "gatewayId"), "local");
    assert_eq!(only(&body, "origin"), "CreateRouteTable");
    assert_eq!(all(&body, "subnetId"), Vec::<String>::new());
    assert_eq!(
        bench.ask(
            "DisassociateRouteTable",
            &format!("AssociationId={association}")
        ),
        err("InvalidParameterValue")
    );
    assert_eq!(
        bench.ask("DeleteRouteTable", &format!("RouteTableId={id}")),
        err("DependencyViolation")
    );
    // Further blocks bring further local routes.
    let other = table(&mut bench);
    let block = format!("VpcId={}&CidrBlock=10.1.0.0/16", bench.vpc);
    bench.must("AssociateVpcCidrBlock", &block);
    let block = format!("VpcId={}&AmazonProvidedIpv6CidrBlock=true", bench.vpc);
    bench.must("AssociateVpcCidrBlock", &block);
    for id in [&id, &other] {
        let body = described(&mut bench, id);
        assert_eq!(all(&body, "gatewayId"), ["local"; 3]);
        assert_eq!(all(&body, "destinationIpv6CidrBlock").len(), 1);
    }
}

#[test]
fn routes_are_made_moved_and_taken_away() {
    let mut bench = Bench::new(Settings::default());
    let id = table(&mut bench);
    let nat = bench.nat(1, 1);
    let default = format!("RouteTableId={id}&DestinationCidrBlock=0.0.0.0/0");
    let to_nat = format!("{default}&NatGatewayId={nat}");
    assert_eq!(
        bench.ask("ReplaceRoute", &to_nat),
        err("InvalidParameterValue")
    );
    bench.must("CreateRoute", &to_nat);
    assert_eq!(bench.ask("CreateRoute", &to_nat), err("RouteAlreadyExists"));
    assert_eq!(filtered(&mut bench, "route.nat-gateway-id", &nat), id);
    bench.must(
        "ReplaceRoute",
        &format!("{default}&GatewayId={}", bench.igw),
    );
    let body = described(&mut bench, &id);
    assert_eq!(all(&body, "gatewayId"), ["local", bench.igw.as_str()]);
    assert_eq!(all(&body, "natGatewayId"), Vec::<String>::new());
    // Networks are brought to one form.
    let odd = format!(
        "RouteTableId={id}&DestinationCidrBlock=100.68.0.18/18&TransitGatewayId=tgw-00000001"
    );
    bench.must("CreateRoute", &odd);
    let found = filtered(&mut bench, "route.destination-cidr-block", "100.68.0.0/18");
    assert_eq!(found, id);
    bench.must(
        "DeleteRoute",
        &format!("RouteTableId={id}&DestinationCidrBlock=100.68.0.0/18"),
    );
    bench.must("DeleteRoute", &default);
    assert_eq!(
        bench.ask("DeleteRoute", &default),
        err("InvalidRoute.NotFound")
    );
    let unknown = "RouteTableId=rtb-00000001&DestinationCidrBlock=0.0.0.0/0";
    assert_eq!(
        bench.ask("DeleteRoute", unknown),
        err("InvalidRoute.NotFound")
    );
    let local = format!("RouteTableId={id}&DestinationCidrBlock=10.0.0.0/16");
    assert_eq!(
        bench.ask("DeleteRoute", &local),
        err("InvalidParameterValue")
    );
    let local = format!("{local}&GatewayId={}", bench.igw);
    assert_eq!(bench.ask("CreateRoute", &local), err("RouteAlreadyExists"));
    assert_eq!(
        bench.ask("ReplaceRoute", &local),
        err("InvalidParameterValue")
    );
}

#[test]
fn a_route_has_one_target_that_is_there() {
    let mut bench = Bench::new(Settings::default());
    let id = table(&mut bench);
    let default = format!("RouteTableId={id}&DestinationCidrBlock=0.0.0.0/0");
    let ipv6 = format!("RouteTableId={id}&DestinationIpv6CidrBlock=2001:db8::1/32");
    for (parameters, code) in [
        (default.clone(), "MissingParameter"),
        (
            format!(
                "{default}&GatewayId={}&TransitGatewayId=tgw-00000001",
                bench.igw
            ),
            "InvalidParameterCombination",
        ),
        (
            format!("{default}&NatGatewayId=nat-00000001"),
            "InvalidNatGatewayID.NotFound",
        ),
        (
            format!("{default}&NatGatewayId=nat-1"),
            "NatGatewayMalformed",
        ),
        (
            format!("{default}&GatewayId=igw-00000009"),
            "InvalidGatewayID.NotFound",
        ),
        (
            format!("{default}&GatewayId=local"),
            "InvalidGatewayID.NotFound",
        ),
        (
            format!("{default}&NetworkInterfaceId=eni-00000001"),
            "InvalidNetworkInterfaceID.NotFound",
        ),
        (
            format!("{default}&VpcEndpointId=vpce-00000001"),
            "InvalidVpcEndpointId.NotFound",
        ),
        (
            format!("{ipv6}&EgressOnlyInternetGatewayId=eigw-00000001"),
            "InvalidEgressOnlyInternetGatewayId.NotFound",
        ),
        (
            format!("{default}&InstanceId=i-00000001"),
            "InvalidInstanceID.NotFound",
        ),
        (
            format!(
                "RouteTableId={id}&DestinationCidrBlock=all&GatewayId={}",
                bench.igw
            ),
            "InvalidParameterValue",
        ),
        (
            format!(
                "RouteTableId=rtb-00000001&DestinationCidrBlock=0.0.0.0/0&GatewayId={}",
                bench.igw
            ),
            "InvalidRouteTableID.NotFound",
        ),
    ] {
        assert_eq!(
            bench.ask("CreateRoute", &parameters),
            err(code),
            "{parameters}"
        );
    }
    let igw = bench.igw.clone();
    if let Some(gateway) = bench.place().internet_gateways.get_mut(&igw) {
        gateway.vpc = None;
    }
    let detached = format!("{default}&GatewayId={}", bench.igw);
    assert_eq!(
        bench.ask("CreateRoute", &detached),
        err("InvalidParameterValue")
    );
}

#[test]
fn routes_to_what_is_gone_are_blackholes() {
    let mut bench = Bench::new(Settings::default());
    let id = table(&mut bench);
    let nat = bench.nat(1, 1);
    let route =
        |to: &str, target: &str| format!("RouteTableId={id}&DestinationCidrBlock={to}&{target}");
    bench.must(
        "CreateRoute",
        &route("0.0.0.0/0", &format!("NatGatewayId={nat}")),
    );
    bench.must(
        "CreateRoute",
        &route("203.0.113.0/24", &format!("GatewayId={}", bench.igw)),
    );
    bench.must(
        "CreateRoute",
        &route("192.0.2.0/24", "VpcPeeringConnectionId=pcx-00000001"),
    );
    let states = |bench: &mut Bench| {
        all(&described(bench, &id), "state")
            .into_iter()
            .filter(|state| state != "associated")
            .collect::<Vec<_>>()
    };
    assert_eq!(states(&mut bench), ["active"; 4]);
    bench.must("DeleteNatGateway", &format!("NatGatewayId={nat}"));
    assert_eq!(
        states(&mut bench),
        ["active", "blackhole", "active", "active"]
    );
    let igw = bench.igw.clone();
    if let Some(gateway) = bench.place().internet_gateways.get_mut(&igw) {
        gateway.vpc = None;
    }
    assert_eq!(
        states(&mut bench),
        ["active", "blackhole", "blackhole", "active"]
    );
    bench.pass(4000);
    assert_eq!(
        states(&mut bench),
        ["active", "blackhole", "blackhole", "active"]
    );
    assert_eq!(filtered(&mut bench, "route.state", "blackhole"), id);
    let place = bench.place();
    let table = place.route_tables.get(&id);
    let live = table.map(|table| {
        table
            .routes
            .iter()
            .filter(|route| active(place, table, route))
            .count()
    });
    assert_eq!(live, Some(2));
}

#[test]
fn propagated_routes_give_way_to_static_ones() {
    let mut bench = Bench::new(Settings::default());
    let id = table(&mut bench);
    let propagation = format!("RouteTableId={id}&GatewayId=vgw-00000001");
    bench.must("EnableVgwRoutePropagation", &propagation);
    bench.must("EnableVgwRoutePropagation", &propagation);
    let body = described(&mut bench, &id);
    assert_eq!(
        all(&body, "origin"),
        [
            "CreateRouteTable",
            "EnableVgwRoutePropagation",
            "EnableVgwRoutePropagation"
        ]
    );
    assert_eq!(
        filtered(&mut bench, "route.origin", "EnableVgwRoutePropagation"),
        id
    );
    let same = format!("RouteTableId={id}&DestinationCidrBlock=172.16.0.0/12");
    assert_eq!(
        bench.ask("DeleteRoute", &same),
        err("InvalidParameterValue")
    );
    bench.must("CreateRoute", &format!("{same}&GatewayId={}", bench.igw));
    bench.must("DeleteRoute", &same);
    bench.must("DisableVgwRoutePropagation", &propagation);
    let body = described(&mut bench, &id);
    assert_eq!(all(&body, "origin"), ["CreateRouteTable"]);
    assert_eq!(only(&body, "propagatingVgwSet"), "");
}

#[test]
fn tables_and_routes_are_limited() {
    let mut bench = Bench::new(Settings {
        throttle: false,
        ..Settings::default()
    });
    let mut id = String::new();
    for _ in 1..200 {
        id = table(&mut bench);
    }
    let create = format!("VpcId={}", bench.vpc);
    assert_eq!(
        bench.ask("CreateRouteTable", &create),
        err("RouteTableLimitExceeded")
    );
    let igw = bench.igw.clone();
    let route = |n: u32| {
        let to = format!("198.51.{}.{}/32", n / 256, n % 256);
        format!(
            "RouteTableId={id}&DestinationCidrBlock={to}&GatewayId={}",
            igw
        )
    };
    for n in 1..500 {
        bench.must("CreateRoute", &route(n));
    }
    assert_eq!(
        bench.ask("CreateRoute", &route(500)),
        err("RouteLimitExceeded")
    );
    assert_eq!(
        bench.ask("DescribeRouteTables", "MaxResults=101"),
        err("InvalidParameterValue")
    );
    let page = bench.must("DescribeRouteTables", "MaxResults=100");
    assert_ne!(only(&page, "nextToken"), "");
}

#[test]
fn a_token_makes_one_table() {
    let mut bench = Bench::new(Settings::default());
    let parameters = format!("VpcId={}&ClientToken=t", bench.vpc);
    let first = bench.must("CreateRouteTable", &parameters);
    let second = bench.must("CreateRouteTable", &parameters);
    assert_eq!(only(&first, "routeTableId"), only(&second, "routeTableId"));
    assert_eq!(bench.place().route_tables.len(), 2);
}

#[test]
fn the_late_do_not_see_a_table() {
    let mut bench = Bench::new(Settings {
        lag: 30_000,
        ..Settings::default()
    });
    bench.pass(30);
    let id = table(&mut bench);
    let route = format!(
        "RouteTableId={id}&DestinationCidrBlock=0.0.0.0/0&GatewayId={}",
        bench.igw
    );
    assert_eq!(
        bench.ask("CreateRoute", &route),
        err("InvalidRouteTableID.NotFound")
    );
    bench.pass(30);
    bench.must("CreateRoute", &route);
    assert!(!described(&mut bench, &id).contains("0.0.0.0/0"));
    bench.pass(30);
    assert!(described(&mut bench, &id).contains("0.0.0.0/0"));
}
