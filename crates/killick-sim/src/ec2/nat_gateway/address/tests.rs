use crate::ec2::bench::{Bench, all, only};
use crate::ec2::nat_gateway::tests::{address, err, held};
use crate::settings::Settings;

#[test]
fn secondary_addresses_come_and_drain() {
    let mut bench = Bench::new(Settings::default());
    let id = bench.nat(1, 1);
    let ips = [1, 2].map(|number| address(&mut bench, number).map(|one| one.ip));
    let ips: Vec<String> = ips.into_iter().flatten().collect();
    let add = format!("NatGatewayId={id}&AllocationId.1={}", bench.eip(2));
    assert_eq!(
        bench.ask("AssociateNatGatewayAddress", &add),
        err("IncorrectState")
    );
    bench.pass(125);
    let body = bench.must("AssociateNatGatewayAddress", &add);
    assert_eq!(all(&body, "status"), ["associating"]);
    let association = only(&body, "associationId");
    let drop =
        format!("NatGatewayId={id}&AssociationId.1={association}&MaxDrainDurationSeconds=10");
    assert_eq!(
        bench.ask("DisassociateNatGatewayAddress", &drop),
        err("OperationInProgress")
    );
    bench.pass(30);
    let third = format!("NatGatewayId={id}&AllocationId.1={}", bench.eip(3));
    assert_eq!(
        bench.ask("AssociateNatGatewayAddress", &third),
        err("AddressLimitExceeded")
    );
    let body = bench.must("DescribeNatGateways", &format!("NatGatewayId.1={id}"));
    assert_eq!(all(&body, "publicIp"), ips);
    assert_eq!(all(&body, "isPrimary"), ["true", "false"]);
    let primary = only(&body, "associationId");
    let wrong = format!("NatGatewayId={id}&AssociationId.1={primary}");
    assert_eq!(
        bench.ask("DisassociateNatGatewayAddress", &wrong),
        err("InvalidParameterValue")
    );
    bench.must("DisassociateNatGatewayAddress", &drop);
    bench.pass(9);
    assert!(held(&mut bench, 2));
    bench.pass(1);
    assert!(!held(&mut bench, 2));
    let body = bench.must("DescribeNatGateways", &format!("NatGatewayId.1={id}"));
    assert_eq!(all(&body, "publicIp"), ips.get(..1).unwrap_or_default());
}

#[test]
fn an_address_drains_for_350_seconds_unless_it_is_said() {
    let mut bench = Bench::new(Settings::default());
    let id = bench.nat(1, 1);
    bench.pass(125);
    let add = format!("NatGatewayId={id}&AllocationId.1={}", bench.eip(2));
    let association = only(
        &bench.must("AssociateNatGatewayAddress", &add),
        "associationId",
    );
    bench.pass(30);
    let drop = format!("NatGatewayId={id}&AssociationId.1={association}");
    for seconds in ["0", "4001"] {
        let drop = format!("{drop}&MaxDrainDurationSeconds={seconds}");
        assert_eq!(
            bench.ask("DisassociateNatGatewayAddress", &drop),
            err("InvalidParameterValue")
        );
    }
    let body = bench.must("DisassociateNatGatewayAddress", &drop);
    assert_eq!(all(&body, "status"), ["disassociating"]);
    bench.pass(349);
    let shown = bench.must("DescribeNatGateways", &format!("NatGatewayId.1={id}"));
    assert_eq!(all(&shown, "status"), ["succeeded", "disassociating"]);
    let release = format!("AllocationId={}", bench.eip(2));
    assert_eq!(bench.ask("ReleaseAddress", &release), err("AuthFailure"));
    bench.pass(1);
    let shown = bench.must("DescribeNatGateways", &format!("NatGatewayId.1={id}"));
    assert_eq!(all(&shown, "status"), ["succeeded"]);
    bench.must("ReleaseAddress", &release);
}
