//! What is not compared, and why. Every entry is needed: one without which nothing is different fails
//! the test. "lacks" and "has" speak of moto.
//!
//! Some questions are not asked at all, because moto accepts what AWS refuses, and the account is
//! another one afterwards: to delete the main route table or the `local` route, to make a group in an
//! unknown VPC, a rule without a source, a tag that begins with `aws:`, and what needs another NAT
//! gateway or a function to stand in the way (fact sheet section 14). Nor is moto asked for the default
//! security group, whose rules it lacks, for CIDRs that are none or have host bits, which it takes as
//! they are, and for a route to an unknown gateway, for which its code is another.

use serde_json::{Value, json};

/// Members that are other ones each time; only that they are there is compared.
pub(crate) const VOLATILE: &[&str] = &[
    "Arn",
    "CreateTime",
    "LastModified",
    "LastModifiedDate",
    "LastModifiedUser",
    "Location",
    "MacAddress",
    "PrivateIp",
    "RequesterId",
    "UserId",
];

/// Members that are left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exception {
    /// The operation, or `*`.
    operation: &'static str,
    /// The last parts of the path.
    path: &'static str,
    /// Only where they are empty.
    empty: bool,
    #[allow(dead_code, reason = "for whoever reads the table, or a message")]
    why: &'static str,
}

impl Exception {
    pub(crate) fn fits(&self, operation: &str, path: &[&str], value: &Value) -> bool {
        let mut wanted = self.path.rsplit('/');
        let mut found = path.iter().rev();
        let ends = wanted.all(|part| found.next() == Some(&part));
        let asked = self.operation == "*" || self.operation == operation;
        ends && asked && (!self.empty || is_empty(value))
    }
}

fn is_empty(value: &Value) -> bool {
    *value == json!("") || *value == json!([]) || *value == json!({})
}

const fn but(operation: &'static str, path: &'static str, why: &'static str) -> Exception {
    Exception {
        operation,
        path,
        empty: false,
        why,
    }
}

const fn empty(operation: &'static str, path: &'static str) -> Exception {
    Exception {
        operation,
        path,
        empty: true,
        why: "has it empty; AWS leaves it out",
    }
}

const AT_ONCE: &str = "has everything at once, and no states on the way";
const LISTED: &str = "has it; AWS leaves states out of lists";
const LACKS: &str = "lacks it";

pub(crate) const TABLE: &[Exception] = &[
    // VPCs, subnets, zones.
    but("*", "BlockPublicAccessStates", LACKS),
    but("*", "DhcpOptionsId", "has no DHCP options of the region"),
    empty("describe_vpcs", "Ipv6CidrBlockAssociationSet"),
    but("create_vpc", "Vpc/State", AT_ONCE),
    but("create_subnet", "Subnet/State", AT_ONCE),
    but("*", "EnableDns64", LACKS),
    but("*", "MapCustomerOwnedIpOnLaunch", LACKS),
    but("describe_availability_zones", "GroupName", LACKS),
    but("describe_availability_zones", "NetworkBorderGroup", LACKS),
    but("describe_availability_zones", "OptInStatus", LACKS),
    // Addresses and network interfaces.
    but("allocate_address", "NetworkBorderGroup", LACKS),
    but("allocate_address", "PublicIpv4Pool", LACKS),
    but("describe_addresses", "NetworkBorderGroup", LACKS),
    but("describe_addresses", "PublicIpv4Pool", LACKS),
    empty("describe_addresses", "InstanceId"),
    empty("describe_addresses", "NetworkInterfaceId"),
    but("*", "ClientToken", LACKS),
    but("*", "NetworkInterface/AvailabilityZoneId", LACKS),
    but("*", "NetworkInterfaces/AvailabilityZoneId", LACKS),
    but("*", "Operator", LACKS),
    empty("create_network_interface", "NetworkInterface/Association"),
    but(
        "*",
        "Association/PublicDnsName",
        "makes one of another address, asked for or not",
    ),
    but("*", "PrivateIpAddresses/Association", LACKS),
    // NAT gateways.
    but("*", "AvailabilityMode", LACKS),
    but("*", "ConnectivityType", "lacks it for public ones"),
    but("*", "IsPrimary", LACKS),
    but("*", "NatGatewayAddresses/Status", LACKS),
    but("create_nat_gateway", "NatGateway/State", AT_ONCE),
    but("describe_nat_gateways", "DeleteTime", LACKS),
    // Route tables and security groups.
    but("*", "PropagatingVgws", LACKS),
    but("create_security_group", "Tags", LACKS),
    but("delete_security_group", "Return", LACKS),
    but("delete_security_group", "GroupId", LACKS),
    but("*", "GroupOwnerId", LACKS),
    but("*", "SecurityGroupRuleArn", LACKS),
    but("*", "RevokedSecurityGroupRules", LACKS),
    but("*", "UnknownIpPermissions", LACKS),
    // Functions.
    but("create_function", "State", AT_ONCE),
    but("create_function", "StateReason", AT_ONCE),
    but("create_function", "StateReasonCode", AT_ONCE),
    but("update_function_configuration", "LastUpdateStatus", AT_ONCE),
    but(
        "update_function_configuration",
        "LastUpdateStatusReason",
        AT_ONCE,
    ),
    but(
        "update_function_configuration",
        "LastUpdateStatusReasonCode",
        AT_ONCE,
    ),
    but("list_functions", "State", LISTED),
    but("list_functions", "LastUpdateStatus", LISTED),
    but("list_versions_by_function", "State", LISTED),
    but("list_versions_by_function", "LastUpdateStatus", LISTED),
    empty("*", "Layers"),
    but("*", "LoggingConfig", LACKS),
    but("*", "RevisionId", LACKS),
    but("*", "VpcConfig/VpcId", "has the same one for all functions"),
    but("*", "Ipv6AllowedForDualStack", LACKS),
    but(
        "create_alias",
        "Error",
        "has ConflictException, which Lambda's model does not know",
    ),
    // Parameters.
    but("get_parameter", "Selector", LACKS),
    but("*", "Policies", LACKS),
    but("describe_parameters", "ARN", LACKS),
];
