//! The client of everything that only looks: no other call can be made with
//! it, for its clients are private to this file and this file has no other.
//! What is in it is listed once, below, and [`crate::policy()`] is made of that
//! list.

use std::sync::Arc;

use aws_sdk_cloudtrail::operation as cloudtrail;
use aws_sdk_ec2::operation as ec2;
use aws_sdk_iam::operation as iam;
use aws_sdk_lambda::operation as lambda;
use aws_sdk_resourcegroupstagging::operation as tagging;
use aws_sdk_servicequotas::operation as quotas;
use aws_sdk_ssm::operation as ssm;
use aws_sdk_sts::operation as sts;

use crate::clients::Clients;

/// Reads, and cannot write.
#[derive(Clone, Debug)]
pub struct Reader {
    clients: Arc<Clients>,
}

/// What a reading call is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To see a stack's network and addresses: every command.
    Look,
    /// To see its functions too: all but `ips`.
    Functions,
    /// To see what moves its traffic besides: `drift`, `prove`, `watch`.
    Drift,
    /// To say who did it: `drift --who`.
    Who,
    /// To see beforehand what would stand in the way: `plan`, `apply`.
    Preflight,
    /// To see who holds the lock, or what will not go: `apply`, `destroy`,
    /// `unlock`.
    Write,
}

/// A call that this client can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its IAM action, such as `ec2:DescribeVpcs`; none if it needs no
    /// permission.
    pub action: Option<&'static str>,
    /// What it is made for.
    pub purposes: &'static [Purpose],
}

macro_rules! action {
    ("") => {
        None
    };
    ($action:literal) => {
        Some($action)
    };
}

macro_rules! reads {
    ($($service:ident $call:ident::$Builder:ident $($purpose:ident)+, $action:tt)*) => {
        impl Reader {
            $(
                pub(crate) fn $call(&self) -> $service::$call::builders::$Builder {
                    self.clients.$service().$call()
                }
            )*
        }

        /// Every call that a [`Reader`] can make.
        pub const READINGS: &[Reading] = &[
            $(Reading { action: action!($action), purposes: &[$(Purpose::$purpose),+] }),*
        ];
    };
}

#[rustfmt::skip]
reads! {
    sts get_caller_identity::GetCallerIdentityFluentBuilder Look, ""
    ec2 describe_addresses::DescribeAddressesFluentBuilder Look, "ec2:DescribeAddresses"
    ec2 describe_internet_gateways::DescribeInternetGatewaysFluentBuilder Look, "ec2:DescribeInternetGateways"
    ec2 describe_nat_gateways::DescribeNatGatewaysFluentBuilder Look, "ec2:DescribeNatGateways"
    ec2 describe_route_tables::DescribeRouteTablesFluentBuilder Look, "ec2:DescribeRouteTables"
    ec2 describe_security_groups::DescribeSecurityGroupsFluentBuilder Look, "ec2:DescribeSecurityGroups"
    ec2 describe_subnets::DescribeSubnetsFluentBuilder Look, "ec2:DescribeSubnets"
    ec2 describe_vpc_attribute::DescribeVpcAttributeFluentBuilder Look, "ec2:DescribeVpcAttribute"
    ec2 describe_vpcs::DescribeVpcsFluentBuilder Look, "ec2:DescribeVpcs"
    lambda get_function_configuration::GetFunctionConfigurationFluentBuilder Functions, "lambda:GetFunctionConfiguration"
    lambda list_functions::ListFunctionsFluentBuilder Functions, "lambda:ListFunctions"
    ssm get_parameters_by_path::GetParametersByPathFluentBuilder Functions, "ssm:GetParametersByPath"
    tagging get_resources::GetResourcesFluentBuilder Functions, "tag:GetResources"

    ec2 describe_address_transfers::DescribeAddressTransfersFluentBuilder Drift, "ec2:DescribeAddressTransfers"
    ec2 describe_dhcp_options::DescribeDhcpOptionsFluentBuilder Drift, "ec2:DescribeDhcpOptions"
    ec2 describe_prefix_lists::DescribePrefixListsFluentBuilder Drift, "ec2:DescribePrefixLists"
    ec2 describe_network_acls::DescribeNetworkAclsFluentBuilder Drift Write, "ec2:DescribeNetworkAcls"
    ec2 describe_network_interfaces::DescribeNetworkInterfacesFluentBuilder Write, "ec2:DescribeNetworkInterfaces"
    ec2 describe_vpc_endpoints::DescribeVpcEndpointsFluentBuilder Drift Write, "ec2:DescribeVpcEndpoints"
    lambda list_aliases::ListAliasesFluentBuilder Drift, "lambda:ListAliases"
    lambda list_versions_by_function::ListVersionsByFunctionFluentBuilder Drift, "lambda:ListVersionsByFunction"

    cloudtrail lookup_events::LookupEventsFluentBuilder Who, "cloudtrail:LookupEvents"

    ec2 describe_availability_zones::DescribeAvailabilityZonesFluentBuilder Preflight, "ec2:DescribeAvailabilityZones"
    ec2 describe_vpc_block_public_access_exclusions::DescribeVpcBlockPublicAccessExclusionsFluentBuilder Preflight, "ec2:DescribeVpcBlockPublicAccessExclusions"
    ec2 describe_vpc_block_public_access_options::DescribeVpcBlockPublicAccessOptionsFluentBuilder Preflight, "ec2:DescribeVpcBlockPublicAccessOptions"
    iam simulate_principal_policy::SimulatePrincipalPolicyFluentBuilder Drift Preflight, "iam:SimulatePrincipalPolicy"
    quotas get_aws_default_service_quota::GetAWSDefaultServiceQuotaFluentBuilder Preflight, "servicequotas:GetAWSDefaultServiceQuota"
    quotas get_service_quota::GetServiceQuotaFluentBuilder Preflight, "servicequotas:GetServiceQuota"

    ec2 describe_carrier_gateways::DescribeCarrierGatewaysFluentBuilder Write, "ec2:DescribeCarrierGateways"
    ec2 describe_egress_only_internet_gateways::DescribeEgressOnlyInternetGatewaysFluentBuilder Write, "ec2:DescribeEgressOnlyInternetGateways"
    ec2 describe_security_group_vpc_associations::DescribeSecurityGroupVpcAssociationsFluentBuilder Write, "ec2:DescribeSecurityGroupVpcAssociations"
    ec2 describe_vpc_peering_connections::DescribeVpcPeeringConnectionsFluentBuilder Write, "ec2:DescribeVpcPeeringConnections"
    ec2 describe_vpn_gateways::DescribeVpnGatewaysFluentBuilder Write, "ec2:DescribeVpnGateways"
    ssm get_parameter::GetParameterFluentBuilder Write, "ssm:GetParameter"
}

impl Reader {
    pub(crate) fn new(clients: Arc<Clients>) -> Self {
        Self { clients }
    }

    /// The region that it reads.
    pub fn region(&self) -> &str {
        &self.clients.region
    }
}
