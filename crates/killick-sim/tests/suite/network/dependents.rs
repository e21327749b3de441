//! What is attached to a VPC keeps it, and a group that is shared stays.

use super::Aws;

#[test]
fn whatever_is_attached_keeps_a_vpc() {
    let mut aws = Aws::new();
    let (vpc, other) = (aws.vpc(), aws.vpc());
    let delete = format!("DeleteVpc VpcId={vpc}");

    let create = format!("CreateVpcPeeringConnection VpcId={vpc} PeerVpcId={other}");
    let peering = aws.get(&create, "vpcPeeringConnectionId");
    let named = format!("VpcPeeringConnectionId={peering}");
    aws.ok(&format!("AcceptVpcPeeringConnection {named}"));
    let again = aws.code(&format!("AcceptVpcPeeringConnection {named}"));
    assert_eq!(again, "InvalidStateTransition");
    assert_eq!(aws.code(&delete), "DependencyViolation");
    let filter = format!("Filter.1.Name=accepter-vpc-info.vpc-id Filter.1.Value.1={other}");
    let describe = format!("DescribeVpcPeeringConnections {filter}");
    let found = aws.list(&describe, "vpcPeeringConnectionId");
    assert_eq!(found, [peering.as_str()]);
    aws.ok(&format!("DeleteVpcPeeringConnection {named}"));
    assert!(aws.ok(&describe).contains("deleted"));

    let vpn = aws.get("CreateVpnGateway Type=ipsec.1", "vpnGatewayId");
    let attach = format!("VpnGatewayId={vpn} VpcId={vpc}");
    aws.ok(&format!("AttachVpnGateway {attach}"));
    assert_eq!(aws.code(&delete), "DependencyViolation");
    let filter = format!("Filter.1.Name=attachment.vpc-id Filter.1.Value.1={vpc}");
    let found = aws.list(&format!("DescribeVpnGateways {filter}"), "vpnGatewayId");
    assert_eq!(found, [vpn.as_str()]);
    let drop = format!("DeleteVpnGateway VpnGatewayId={vpn}");
    assert_eq!(aws.code(&drop), "IncorrectState");
    aws.ok(&format!("DetachVpnGateway {attach}"));
    aws.ok(&drop);

    let create = format!("CreateCarrierGateway VpcId={vpc}");
    let carrier = aws.get(&create, "carrierGatewayId");
    assert_eq!(aws.code(&delete), "DependencyViolation");
    aws.ok(&format!("DeleteCarrierGateway CarrierGatewayId={carrier}"));
    aws.ok(&delete);
}

#[test]
fn a_group_of_two_vpcs_stays() {
    let mut aws = Aws::new();
    let (vpc, other) = (aws.vpc(), aws.vpc());
    let create = format!("CreateSecurityGroup GroupName=g GroupDescription=g VpcId={vpc}");
    let group = aws.get(&create, "groupId");
    let own = format!("AssociateSecurityGroupVpc GroupId={group} VpcId={vpc}");
    assert_eq!(aws.code(&own), "InvalidParameterValue");
    aws.ok(&format!(
        "AssociateSecurityGroupVpc GroupId={group} VpcId={other}"
    ));
    let delete = format!("DeleteSecurityGroup GroupId={group}");
    assert_eq!(aws.code(&delete), "DependencyViolation");
    let describe = "DescribeSecurityGroupVpcAssociations";
    assert_eq!(aws.list(describe, "vpcId"), [other.as_str()]);
    aws.ok(&format!(
        "DisassociateSecurityGroupVpc GroupId={group} VpcId={other}"
    ));
    aws.ok(&delete);
}
