use crate::agenda::Event;
use crate::ec2::Address;
use crate::ec2::bench::{Answer, Bench, all, only};
use crate::settings::Settings;

fn state(bench: &mut Bench, id: &str) -> Answer {
    let answer = bench.ask("DescribeNatGateways", &format!("NatGatewayId.1={id}"));
    answer.map(|body| only(&body, "state"))
}

pub(super) fn err(code: &str) -> Answer {
    Err(code.to_owned())
}

/// An Elastic IP as it is.
pub(super) fn address(bench: &mut Bench, number: usize) -> Option<Address> {
    let id = bench.eip(number);
    bench.place().addresses.get(&id).cloned()
}

pub(super) fn held(bench: &mut Bench, number: usize) -> bool {
    address(bench, number).is_some_and(|address| address.association.is_some())
}

#[test]
fn a_gateway_takes_its_time_and_holds_its_address() {
    let mut bench = Bench::new(Settings::default());
    let id = bench.nat(1, 1);
    let association = address(&mut bench, 1).and_then(|one| one.association);
    assert_eq!(
        association.and_then(|one| one.nat_gateway),
        Some(id.clone())
    );
    bench.pass(84);
    assert_eq!(state(&mut bench, &id), Ok("pending".to_owned()));
    bench.pass(41);
    let body = bench.must("DescribeNatGateways", &format!("NatGatewayId.1={id}"));
    assert_eq!(only(&body, "state"), "available");
    let ip = address(&mut bench, 1).map(|one| one.ip);
    assert_eq!(Some(only(&body, "publicIp")), ip);
    assert_eq!(only(&body, "privateIp"), "10.0.1.4");
    assert_eq!(only(&body, "status"), "succeeded");
    assert_eq!(only(&body, "isPrimary"), "true");
    assert_eq!(only(&body, "availabilityMode"), "zonal");
    let mut interfaces = bench.place().interfaces.all().cloned();
    let interface = interfaces.next().map(|one| (one.kind, one.description));
    let description = format!("Interface for NAT Gateway {id}");
    assert_eq!(interface, Some(("natGateway".to_owned(), description)));
}

#[test]
fn a_deleted_gateway_lingers_and_its_address_cools() {
    let mut bench = Bench::new(Settings::default());
    let id = bench.nat(1, 1);
    bench.pass(125);
    let delete = format!("NatGatewayId={id}");
    bench.must("DeleteNatGateway", &delete);
    bench.pass(36);
    assert_eq!(state(&mut bench, &id), Ok("deleting".to_owned()));
    assert!(held(&mut bench, 1));
    // Second by second, to see the time between gone and free.
    let cools = Event::AddressFree(bench.eip(1));
    let release = format!("AllocationId={}", bench.eip(1));
    let mut cooled = 0;
    for _ in 0..60 {
        bench.pass(1);
        if bench.place().agenda.awaits(&cools) {
            cooled += 1;
            assert!(!held(&mut bench, 1));
            assert_eq!(bench.ask("ReleaseAddress", &release), err("AuthFailure"));
        }
    }
    assert!((1..=8).contains(&cooled), "{cooled}");
    bench.must("ReleaseAddress", &release);
    assert_eq!(state(&mut bench, &id), Ok("deleted".to_owned()));
    assert!(bench.place().interfaces.is_empty());
    // Once more is fine as long as it is listed.
    bench.must("DeleteNatGateway", &delete);
    bench.pass(3600);
    assert_eq!(state(&mut bench, &id), Err("NatGatewayNotFound".to_owned()));
    assert_eq!(
        bench.ask("DeleteNatGateway", &delete),
        err("NatGatewayNotFound")
    );
    let filtered = bench.must("DescribeNatGateways", "");
    assert_eq!(only(&filtered, "natGatewaySet"), "");
}

#[test]
fn what_goes_wrong_shows_later() {
    let mut bench = Bench::new(Settings::default());
    bench.nat(1, 1);
    let taken = bench.nat(2, 1);
    let unknown = bench.nat(2, 9);
    bench.place().nat_failures.push("InternalError".to_owned());
    let struck = bench.nat(2, 2);
    assert!(bench.place().nat_failures.is_empty());
    // Whatever else is wrong, nobody loses an address by it.
    bench.place().nat_failures.push("InternalError".to_owned());
    let robber = bench.nat(3, 1);
    let igw = bench.igw.clone();
    let mut gateways = bench.place().internet_gateways.remove(&igw, 0);
    let stranded = bench.nat(2, 3);
    for (id, code) in [
        (&taken, "Resource.AlreadyAssociated"),
        (&unknown, "InvalidAllocationID.NotFound"),
        (&struck, "InternalError"),
        (&stranded, "Gateway.NotAttached"),
        (&robber, "InternalError"),
    ] {
        let ids = format!("NatGatewayId.1={id}");
        let early = bench.must("DescribeNatGateways", &ids);
        assert_eq!(
            (only(&early, "state"), only(&early, "failureCode")),
            ("pending".to_owned(), String::new())
        );
        let mut later = bench.world.clone();
        later.advance(bench.now + 60_000);
        let place = later.place("123456789012", "ap-northeast-1");
        let gateway = place.nat_gateways.get(id);
        assert_eq!(
            gateway
                .and_then(|one| one.failure.clone())
                .map(|(code, _)| code),
            Some(code.to_owned())
        );
        assert_eq!(gateway.map(|one| one.state.name()), Some("failed"));
    }
    if let Some(way_out) = gateways.take() {
        bench.place().internet_gateways.insert(&igw, way_out, 0);
    }
    bench.pass(60);
    let body = bench.must(
        "DescribeNatGateways",
        "Filter.1.Name=state&Filter.1.Value.1=failed",
    );
    assert_eq!(all(&body, "failureMessage").len(), 5);
    // Only the one that works holds an address and an interface.
    let place = bench.place();
    let held = place
        .addresses
        .all()
        .filter(|one| one.association.is_some());
    assert_eq!((held.count(), place.interfaces.len()), (1, 1));
    // The failed ones are in nobody's way, and leave after an hour.
    bench.must("DeleteNatGateway", &format!("NatGatewayId={struck}"));
    let again = bench.nat(2, 2);
    bench.pass(3600);
    assert_eq!(state(&mut bench, &again), Ok("available".to_owned()));
    assert_eq!(bench.place().nat_gateways.len(), 2);
}

#[test]
fn a_full_subnet_is_refused_or_fails() {
    let mut bench = Bench::new(Settings {
        throttle: false,
        ..Settings::default()
    });
    bench.add_subnet("10.0.9.0/28", 'd');
    let private = format!("SubnetId={}&ConnectivityType=private", bench.subnet(4));
    let more = format!("{private}&SecondaryPrivateIpAddressCount=7");
    bench.must("CreateNatGateway", &more);
    for _ in 0..3 {
        bench.must("CreateNatGateway", &private);
    }
    // Eleven addresses, and they are gone.
    match bench.ask("CreateNatGateway", &private) {
        Err(code) => assert_eq!(code, "InsufficientFreeAddressesInSubnet"),
        Ok(body) => {
            let id = only(&body, "natGatewayId");
            bench.pass(60);
            assert_eq!(state(&mut bench, &id), Ok("failed".to_owned()));
        }
    }
}

#[test]
fn parameters_are_checked_at_once() {
    let mut bench = Bench::new(Settings {
        throttle: false,
        ..Settings::default()
    });
    let (near, address) = (bench.subnet(1), bench.eip(1));
    for (parameters, code) in [
        (
            format!("VpcId={}&AvailabilityMode=regional", bench.vpc),
            "UnsupportedOperation",
        ),
        (format!("SubnetId={near}"), "MissingParameter"),
        (format!("AllocationId={address}"), "MissingParameter"),
        (
            format!("SubnetId={near}&AllocationId=eip-1"),
            "InvalidElasticIpID.Malformed",
        ),
        (
            format!("SubnetId=net-1&AllocationId={address}"),
            "InvalidSubnetID.Malformed",
        ),
        (
            format!("SubnetId={}&AllocationId={address}", bench.subnet(8)),
            "InvalidSubnetID.NotFound",
        ),
        (
            format!("SubnetId={near}&ConnectivityType=private&AllocationId={address}"),
            "InvalidParameterCombination",
        ),
        (
            format!("SubnetId={near}&AllocationId={address}&PrivateIpAddress=10.0.1.9"),
            "UnknownParameter",
        ),
        (
            format!("SubnetId={near}&AllocationId={address}&DryRun=true"),
            "DryRunOperation",
        ),
        (
            format!("SubnetId={near}&AllocationId={address}&TagSpecification.1.ResourceType=vpc"),
            "InvalidParameterValue",
        ),
    ] {
        assert_eq!(
            bench.ask("CreateNatGateway", &parameters),
            err(code),
            "{parameters}"
        );
    }
    assert!(bench.place().nat_gateways.is_empty());
    let ids = "NatGatewayId.1=nat-x";
    assert_eq!(
        bench.ask("DescribeNatGateways", ids),
        err("NatGatewayMalformed")
    );
}

#[test]
fn five_gateways_to_a_zone() {
    let mut bench = Bench::new(Settings {
        throttle: false,
        ..Settings::default()
    });
    let [one, two, far] = [1, 2, 3].map(|number| {
        let subnet = bench.subnet(number);
        format!("SubnetId={subnet}&ConnectivityType=private")
    });
    let mut last = String::new();
    for subnet in [&one, &two, &one, &two, &one] {
        last = only(&bench.must("CreateNatGateway", subnet), "natGatewayId");
    }
    assert_eq!(
        bench.ask("CreateNatGateway", &two),
        err("NatGatewayLimitExceeded")
    );
    bench.must("CreateNatGateway", &far);
    bench.must("DeleteNatGateway", &format!("NatGatewayId={last}"));
    assert_eq!(
        bench.ask("CreateNatGateway", &two),
        err("NatGatewayLimitExceeded")
    );
    bench.pass(79);
    bench.must("CreateNatGateway", &two);
}

#[test]
fn a_token_makes_one_gateway() {
    let mut bench = Bench::new(Settings::default());
    let parameters = format!(
        "SubnetId={}&AllocationId={}&ClientToken=t",
        bench.subnet(1),
        bench.eip(1)
    );
    let first = bench.must("CreateNatGateway", &parameters);
    let second = bench.must("CreateNatGateway", &parameters);
    assert_eq!(only(&first, "natGatewayId"), only(&second, "natGatewayId"));
    assert_eq!(only(&second, "clientToken"), "t");
    let other = format!(
        "SubnetId={}&AllocationId={}&ClientToken=t",
        bench.subnet(2),
        bench.eip(1)
    );
    assert_eq!(
        bench.ask("CreateNatGateway", &other),
        err("IdempotentParameterMismatch")
    );
}

#[test]
fn the_late_see_neither_subnet_nor_gateway() {
    let mut bench = Bench::new(Settings {
        lag: 60_000,
        ..Settings::default()
    });
    let later = bench.now + 30_000;
    let subnet = bench.subnet(1);
    let subnets = &mut bench.place().subnets;
    if let Some(near) = subnets.get(&subnet).cloned() {
        subnets.insert(&subnet, near, later);
    }
    let parameters = format!("SubnetId={}&AllocationId={}", bench.subnet(1), bench.eip(1));
    assert_eq!(
        bench.ask("CreateNatGateway", &parameters),
        err("InvalidSubnet")
    );
    bench.pass(60);
    let id = bench.nat(1, 1);
    assert_eq!(state(&mut bench, &id), err("NatGatewayNotFound"));
    bench.pass(60);
    assert_eq!(state(&mut bench, &id), Ok("pending".to_owned()));
}

#[test]
fn a_zone_takes_as_many_as_the_settings_say() {
    let mut bench = Bench::new(Settings {
        nat_quota: 1,
        throttle: false,
        ..Settings::default()
    });
    let subnet = bench.subnet(1);
    let make = format!("SubnetId={subnet}&ConnectivityType=private");
    let id = only(&bench.must("CreateNatGateway", &make), "natGatewayId");
    let full = err("NatGatewayLimitExceeded");
    assert_eq!(bench.ask("CreateNatGateway", &make), full);
    bench.pass(200);
    assert_eq!(bench.ask("CreateNatGateway", &make), full);
    bench.must("DeleteNatGateway", &format!("NatGatewayId={id}"));
    assert_eq!(bench.ask("CreateNatGateway", &make), full);
    bench.pass(200);
    bench.must("CreateNatGateway", &make);
}

#[test]
fn tags_are_a_way_to_find_it() {
    let mut bench = Bench::new(Settings::default());
    let tag = "TagSpecification.1.ResourceType=natgateway&TagSpecification.1.Tag.1.Key=stack&TagSpecification.1.Tag.1.Value=egress";
    let parameters = format!(
        "SubnetId={}&AllocationId={}&{tag}",
        bench.subnet(1),
        bench.eip(1)
    );
    let id = only(&bench.must("CreateNatGateway", &parameters), "natGatewayId");
    bench.nat(2, 2);
    let filter = "Filter.1.Name=tag:stack&Filter.1.Value.1=eg*";
    assert_eq!(
        all(&bench.must("DescribeNatGateways", filter), "natGatewayId"),
        [id]
    );
    let filter = "Filter.1.Name=colour&Filter.1.Value.1=red";
    assert_eq!(
        bench.ask("DescribeNatGateways", filter),
        err("InvalidParameterValue")
    );
}
