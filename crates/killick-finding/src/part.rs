//! What could not be read.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A part of an account that a look asks for, and that may be refused: then
/// what it has is unknown, not absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "Words", try_from = "Words")]
pub enum Part {
    /// `DescribeVpcs`
    Vpcs,
    /// `DescribeVpcAttribute` of `enableDnsSupport`
    DnsSupport,
    /// `DescribeVpcAttribute` of `enableDnsHostnames`
    DnsHostnames,
    /// `DescribeDhcpOptions`
    DhcpOptions,
    /// `DescribeVpcEndpoints`
    Endpoints,
    /// `DescribePrefixLists`
    PrefixLists,
    /// `DescribeInternetGateways`
    InternetGateways,
    /// `DescribeSubnets`
    Subnets,
    /// `DescribeNetworkAcls`: tells both which one a subnet follows and what
    /// the default one of a VPC has.
    NetworkAcls,
    /// `DescribeAddresses`
    Addresses,
    /// `DescribeAddressTransfers`
    Transfers,
    /// `DescribeNatGateways`
    NatGateways,
    /// `DescribeRouteTables`
    RouteTables,
    /// `DescribeSecurityGroups`
    SecurityGroups,
    /// `GetFunctionConfiguration`
    Functions,
    /// `ListFunctions`: those that the spec does not name.
    OtherFunctions,
    /// `GetResources`: those that a tag selects.
    TaggedFunctions,
    /// `GetParametersByPath`: what functions had before.
    Records,
    /// `ListVersionsByFunction` and `ListAliases`
    Versions,
    /// `SimulatePrincipalPolicy`
    Roles,
    /// `LookupEvents`
    Trail,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Vpcs,
        Self::DnsSupport,
        Self::DnsHostnames,
        Self::DhcpOptions,
        Self::Endpoints,
        Self::PrefixLists,
        Self::InternetGateways,
        Self::Subnets,
        Self::NetworkAcls,
        Self::Addresses,
        Self::Transfers,
        Self::NatGateways,
        Self::RouteTables,
        Self::SecurityGroups,
        Self::Functions,
        Self::OtherFunctions,
        Self::TaggedFunctions,
        Self::Records,
        Self::Versions,
        Self::Roles,
        Self::Trail,
    ];

    /// The kind of resource that is unknown: `nat_gateway`.
    pub const fn kind(self) -> &'static str {
        self.words().0
    }

    /// The one field that is unknown; none for the kind as a whole.
    pub const fn field(self) -> Option<&'static str> {
        self.words().1
    }

    const fn words(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Vpcs => ("vpc", None),
            Self::DnsSupport => ("vpc", Some("dns_support")),
            Self::DnsHostnames => ("vpc", Some("dns_hostnames")),
            Self::DhcpOptions => ("vpc", Some("dhcp_options")),
            Self::Endpoints => ("vpc", Some("endpoints")),
            Self::PrefixLists => ("vpc", Some("prefix_lists")),
            Self::InternetGateways => ("internet_gateway", None),
            Self::Subnets => ("subnet", None),
            Self::NetworkAcls => ("subnet", Some("network_acl")),
            Self::Addresses => ("elastic_ip", None),
            Self::Transfers => ("elastic_ip", Some("transfer")),
            Self::NatGateways => ("nat_gateway", None),
            Self::RouteTables => ("route_table", None),
            Self::SecurityGroups => ("security_group", None),
            Self::Functions => ("function", None),
            Self::OtherFunctions => ("function", Some("others")),
            Self::TaggedFunctions => ("function", Some("tags")),
            Self::Records => ("function", Some("formerly")),
            Self::Versions => ("function", Some("versions")),
            Self::Roles => ("function", Some("role")),
            Self::Trail => ("cloudtrail", Some("who")),
        }
    }

    /// Whether a kind of resource as a whole is unknown without it.
    pub const fn is_whole(self) -> bool {
        self.field().is_none()
    }

    /// Whether there may be functions or versions whose egress paths nobody
    /// followed.
    pub const fn hides_functions(self) -> bool {
        matches!(
            self,
            Self::Functions
                | Self::OtherFunctions
                | Self::TaggedFunctions
                | Self::Records
                | Self::Versions
        )
    }

    /// Whether no outbound address is known without it.
    pub const fn hides_addresses(self) -> bool {
        matches!(
            self,
            Self::Addresses
                | Self::InternetGateways
                | Self::NatGateways
                | Self::RouteTables
                | Self::Subnets
        )
    }
}

impl Ord for Part {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.words().cmp(&other.words())
    }
}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// `nat_gateway`, or `vpc.dns_support` where only that is unknown.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.words() {
            (kind, Some(field)) => write!(f, "{kind}.{field}"),
            (kind, None) => f.write_str(kind),
        }
    }
}

/// As it is saved.
#[derive(Serialize, Deserialize)]
struct Words {
    kind: String,
    field: Option<String>,
}

impl From<Part> for Words {
    fn from(part: Part) -> Self {
        Self {
            kind: part.kind().to_owned(),
            field: part.field().map(str::to_owned),
        }
    }
}

impl TryFrom<Words> for Part {
    type Error = String;

    fn try_from(words: Words) -> Result<Self, String> {
        let hit = |part: &Self| part.kind() == words.kind && part.field() == words.field.as_deref();
        let unknown = || format!("no part of an account: {}", words.kind);
        Self::ALL.into_iter().find(hit).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_found_again_by_its_words() {
        for part in Part::ALL {
            assert_eq!(Part::try_from(Words::from(part)), Ok(part));
        }
    }
}
