use super::table_of;
use crate::ec2::bench::{Bench, only};
use crate::ec2::route_table::tests::{err, filtered, main_table, table};
use crate::settings::Settings;

#[test]
fn a_subnet_follows_one_table() {
    let mut bench = Bench::new(Settings::default());
    let (main, _) = main_table(&mut bench);
    let (one, two) = (table(&mut bench), table(&mut bench));
    let near = bench.subnet(1);
    let of = |bench: &mut Bench| table_of(bench.place(), &near).map(|table| table.id.clone());
    assert_eq!(of(&mut bench), Some(main.clone()));
    let to_one = format!("RouteTableId={one}&SubnetId={}", bench.subnet(1));
    let body = bench.must("AssociateRouteTable", &to_one);
    let first = only(&body, "associationId");
    assert_eq!(only(&body, "state"), "associated");
    // Again is no news; another table is a conflict.
    assert_eq!(
        only(&bench.must("AssociateRouteTable", &to_one), "associationId"),
        first
    );
    let to_two = format!("RouteTableId={two}&SubnetId={}", bench.subnet(1));
    assert_eq!(
        bench.ask("AssociateRouteTable", &to_two),
        err("Resource.AlreadyAssociated")
    );
    assert_eq!(of(&mut bench), Some(one.clone()));
    assert_eq!(filtered(&mut bench, "association.subnet-id", &near), one);
    let delete = format!("RouteTableId={one}");
    assert_eq!(
        bench.ask("DeleteRouteTable", &delete),
        err("DependencyViolation")
    );
    let replace = format!("AssociationId={first}&RouteTableId={two}");
    let second = only(
        &bench.must("ReplaceRouteTableAssociation", &replace),
        "newAssociationId",
    );
    assert_ne!(first, second);
    assert_eq!(of(&mut bench), Some(two));
    assert_eq!(
        bench.ask("ReplaceRouteTableAssociation", &replace),
        err("InvalidAssociationID.NotFound")
    );
    bench.must("DeleteRouteTable", &delete);
    assert_eq!(
        bench.ask("DeleteRouteTable", &delete),
        err("InvalidRouteTableID.NotFound")
    );
    bench.must("DisassociateRouteTable", &format!("AssociationId={second}"));
    assert_eq!(of(&mut bench), Some(main));
}

#[test]
fn the_main_table_can_be_another() {
    let mut bench = Bench::new(Settings::default());
    let (old, association) = main_table(&mut bench);
    let new = table(&mut bench);
    let replace = format!("AssociationId={association}&RouteTableId={new}");
    bench.must("ReplaceRouteTableAssociation", &replace);
    assert_eq!(main_table(&mut bench).0, new);
    bench.must("DeleteRouteTable", &format!("RouteTableId={old}"));
    let near = bench.subnet(1);
    assert!(table_of(bench.place(), &near).is_some_and(|table| table.id == new));
}

#[test]
fn gateways_follow_tables_too() {
    let mut bench = Bench::new(Settings::default());
    let id = table(&mut bench);
    let igw = bench.igw.clone();
    let edge = format!("RouteTableId={id}&GatewayId={igw}");
    bench.must("AssociateRouteTable", &edge);
    assert_eq!(filtered(&mut bench, "association.gateway-id", &igw), id);
    let other = only(&bench.must("CreateVpc", "CidrBlock=10.9.0.0/16"), "vpcId");
    let foreign = only(
        &bench.must("CreateRouteTable", &format!("VpcId={other}")),
        "routeTableId",
    );
    for member in [
        format!("SubnetId={}", bench.subnet(1)),
        format!("GatewayId={}", bench.igw),
    ] {
        let parameters = format!("RouteTableId={foreign}&{member}");
        assert_eq!(
            bench.ask("AssociateRouteTable", &parameters),
            err("InvalidParameterValue")
        );
    }
}
