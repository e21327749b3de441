//! The describe calls of what can keep AWS from deleting a VPC.

use aws_sdk_ec2::types::Filter;
use killick_engine::{CloudError, Rules, Settler};
use killick_stack::snapshot::{Dependent, NetworkInterface};

use super::describe;
use crate::call::{call, pages};
use crate::convert::dependents as convert;
use crate::error::Operation;
use crate::reader::Reader;

describe!(
    /// Network interfaces, those included that services of AWS made.
    network_interfaces: "DescribeNetworkInterfaces", describe_network_interfaces,
    network_interfaces, set_filters, 1000, convert::network_interface => NetworkInterface);
describe!(attached_endpoints: "DescribeVpcEndpoints", describe_vpc_endpoints, vpc_endpoints,
    set_filters, 1000, convert::endpoint => Dependent);
describe!(peering_connections: "DescribeVpcPeeringConnections", describe_vpc_peering_connections,
    vpc_peering_connections, set_filters, 1000, convert::peering_connection => Dependent);
describe!(egress_only_internet_gateways: "DescribeEgressOnlyInternetGateways",
    describe_egress_only_internet_gateways, egress_only_internet_gateways, set_filters, 255,
    convert::egress_only_internet_gateway => Dependent);
describe!(carrier_gateways: "DescribeCarrierGateways", describe_carrier_gateways,
    carrier_gateways, set_filters, 1000, convert::carrier_gateway => Dependent);
describe!(group_associations: "DescribeSecurityGroupVpcAssociations",
    describe_security_group_vpc_associations, security_group_vpc_associations, set_filters, 1000,
    convert::group_association => Dependent);
describe!(all_acls: "DescribeNetworkAcls", describe_network_acls, network_acls, set_filters,
    1000, convert::network_acl => Option<Dependent>);

/// The network ACLs that do not go with their VPC.
pub(crate) async fn custom_acls(
    reader: &Reader,
    settler: &Settler,
    filters: Vec<Filter>,
) -> Result<Vec<Dependent>, CloudError> {
    let all = all_acls(reader, settler, filters).await?;
    Ok(all.into_iter().flatten().collect())
}

/// Virtual private gateways: a call without pages.
pub(crate) async fn vpn_gateways(
    reader: &Reader,
    settler: &Settler,
    filters: Vec<Filter>,
) -> Result<Vec<Dependent>, CloudError> {
    let operation = Operation::ec2("DescribeVpnGateways");
    let filters = Some(filters).filter(|filters| !filters.is_empty());
    let found = call(settler, Rules::READ, operation, async || {
        let request = reader.describe_vpn_gateways();
        request.set_filters(filters.clone()).send().await
    })
    .await?;
    let found = found.vpn_gateways().iter();
    found
        .map(|one| convert::vpn_gateway(one, operation))
        .collect()
}
