//! The describe calls, every page of each.

mod dependents;
mod function;
mod traffic;
mod trail;

use aws_sdk_ec2::types::{Filter, VpcAttributeName};
use killick_engine::{CloudError, Rules, Settler};
use killick_stack::snapshot::{
    Address, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Transfer, Vpc,
};

use crate::call::{call, pages};
use crate::convert;
use crate::error::Operation;
use crate::reader::Reader;

pub(crate) use dependents::{
    attached_endpoints, carrier_gateways, custom_acls, egress_only_internet_gateways,
    group_associations, network_interfaces, peering_connections, vpn_gateways,
};
pub(crate) use function::{
    Folder, aliases, all_functions, all_functions_and_versions, function, tagged_functions,
    versions, written_down,
};
pub(crate) use traffic::{dhcp_options, endpoints, network_acls, prefix_lists, role};
pub(crate) use trail::{Lookup, events};

/// One describe call of EC2: its name, the member that holds the items, and
/// how many fit a page.
macro_rules! describe {
    ($(#[$doc:meta])* $name:ident: $operation:literal, $call:ident, $items:ident, $filter:ident,
     $page:expr, $convert:path => $type:ty) => {
        $(#[$doc])*
        pub(crate) async fn $name(
            reader: &Reader,
            settler: &Settler,
            filters: Vec<Filter>,
        ) -> Result<Vec<$type>, CloudError> {
            let operation = Operation::ec2($operation);
            let filters = Some(filters).filter(|filters| !filters.is_empty());
            let found = pages(settler, operation, async |token| {
                let page = reader
                    .$call()
                    .$filter(filters.clone())
                    .set_next_token(token)
                    .max_results($page)
                    .send()
                    .await?;
                Ok((page.$items().to_vec(), page.next_token().map(str::to_owned)))
            })
            .await?;
            found.iter().map(|item| $convert(item, operation)).collect()
        }
    };
}

pub(crate) use describe;

describe!(vpcs: "DescribeVpcs", describe_vpcs, vpcs, set_filters, 1000, convert::vpc => Vpc);
describe!(internet_gateways: "DescribeInternetGateways", describe_internet_gateways,
    internet_gateways, set_filters, 1000, convert::internet_gateway => InternetGateway);
// This one call spells its parameter in the singular.
describe!(nat_gateways: "DescribeNatGateways", describe_nat_gateways,
    nat_gateways, set_filter, 1000, convert::nat_gateway => NatGateway);
describe!(subnets: "DescribeSubnets", describe_subnets, subnets, set_filters, 1000,
    convert::subnet => Subnet);
describe!(route_tables: "DescribeRouteTables", describe_route_tables, route_tables,
    set_filters, 100, convert::route_table => RouteTable);
describe!(security_groups: "DescribeSecurityGroups", describe_security_groups,
    security_groups, set_filters, 1000, convert::security_group => SecurityGroup);

/// Elastic IPs: the one describe call without pages.
pub(crate) async fn addresses(
    reader: &Reader,
    settler: &Settler,
    filters: Vec<Filter>,
) -> Result<Vec<Address>, CloudError> {
    let operation = Operation::ec2("DescribeAddresses");
    let filters = Some(filters).filter(|filters| !filters.is_empty());
    let found = call(settler, Rules::READ, operation, async || {
        let request = reader.describe_addresses();
        request.set_filters(filters.clone()).send().await
    })
    .await?;
    Ok(found
        .addresses()
        .iter()
        .filter_map(convert::address)
        .collect())
}

/// One DNS attribute of a VPC; the call answers one at a time.
pub(crate) async fn vpc_attribute(
    reader: &Reader,
    settler: &Settler,
    vpc: &str,
    attribute: VpcAttributeName,
) -> Result<Option<bool>, CloudError> {
    let operation = Operation::ec2("DescribeVpcAttribute");
    let answer = call(settler, Rules::READ, operation, async || {
        let request = reader.describe_vpc_attribute().vpc_id(vpc);
        request.attribute(attribute.clone()).send().await
    })
    .await?;
    let value = match attribute {
        VpcAttributeName::EnableDnsSupport => answer.enable_dns_support(),
        _ => answer.enable_dns_hostnames(),
    };
    Ok(value.and_then(|value| value.value()))
}

/// The account that the credentials belong to.
///
/// # Errors
/// The failed call.
pub async fn account(reader: &Reader, settler: &Settler) -> Result<String, CloudError> {
    let operation = Operation::sts("GetCallerIdentity");
    let answer = call(settler, Rules::READ, operation, async || {
        reader.get_caller_identity().send().await
    })
    .await?;
    match answer.account() {
        Some(account) if !account.is_empty() => Ok(account.to_owned()),
        _ => Err(operation.nonsense("Account")),
    }
}

/// The Elastic IPs that are on their way to another account.
pub(crate) async fn address_transfers(
    reader: &Reader,
    settler: &Settler,
) -> Result<Vec<Transfer>, CloudError> {
    let operation = Operation::ec2("DescribeAddressTransfers");
    let found = pages(settler, operation, async |token| {
        let request = reader.describe_address_transfers();
        let request = request.set_next_token(token).max_results(1000);
        let page = request.send().await?;
        let token = page.next_token().map(str::to_owned);
        Ok((page.address_transfers().to_vec(), token))
    })
    .await?;
    Ok(found.iter().filter_map(convert::transfer).collect())
}
