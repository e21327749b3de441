//! What could not be read.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! parts {
    ($($(#[$doc:meta])* $Part:ident = $kind:literal, $field:expr, $hides:ident;)*) => {
        /// A part of an account that a look asks for, and that may be refused: then
        /// what it has is unknown, not absent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(into = "Words", try_from = "Words")]
        pub enum Part {
            $($(#[$doc])* $Part,)*
        }

        impl Part {
            /// All of them.
            pub const ALL: [Self; [$(stringify!($Part)),*].len()] = [$(Self::$Part),*];

            const fn words(self) -> (&'static str, Option<&'static str>) {
                match self {
                    $(Self::$Part => ($kind, $field),)*
                }
            }

            const fn hides(self) -> Hides {
                match self {
                    $(Self::$Part => Hides::$hides,)*
                }
            }
        }
    };
}

/// What is unknown without a part, besides the part itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hides {
    /// There may be functions or versions whose egress paths nobody followed.
    Functions,
    /// No outbound address is known.
    Addresses,
    /// All else is known as before.
    Nothing,
}

// Each part with the kind that is unknown without it, the field where only that
// field is unknown, and what else is unknown then.
parts! {
    /// `DescribeVpcs`
    Vpcs = "vpc", None, Nothing;
    /// `DescribeVpcAttribute` of `enableDnsSupport`
    DnsSupport = "vpc", Some("dns_support"), Nothing;
    /// `DescribeVpcAttribute` of `enableDnsHostnames`
    DnsHostnames = "vpc", Some("dns_hostnames"), Nothing;
    /// `DescribeDhcpOptions`
    DhcpOptions = "vpc", Some("dhcp_options"), Nothing;
    /// `DescribeVpcEndpoints`
    Endpoints = "vpc", Some("endpoints"), Nothing;
    /// `DescribeNetworkInterfaces` and the other calls that show what keeps AWS
    /// from deleting a VPC: only `destroy` makes them.
    Dependents = "vpc", Some("dependents"), Nothing;
    /// `DescribePrefixLists`
    PrefixLists = "vpc", Some("prefix_lists"), Nothing;
    /// `DescribeInternetGateways`
    InternetGateways = "internet_gateway", None, Addresses;
    /// `DescribeSubnets`
    Subnets = "subnet", None, Addresses;
    /// `DescribeNetworkAcls`: shows both the ACL of a subnet and the rules of the
    /// default ACL of a VPC.
    NetworkAcls = "subnet", Some("network_acl"), Nothing;
    /// `DescribeAddresses`
    Addresses = "elastic_ip", None, Addresses;
    /// `DescribeAddressTransfers`
    Transfers = "elastic_ip", Some("transfer"), Nothing;
    /// `DescribeNatGateways`
    NatGateways = "nat_gateway", None, Addresses;
    /// `DescribeRouteTables`
    RouteTables = "route_table", None, Addresses;
    /// `DescribeSecurityGroups`
    SecurityGroups = "security_group", None, Nothing;
    /// `GetFunctionConfiguration`
    Functions = "function", None, Functions;
    /// `ListFunctions`: those that the spec does not name.
    OtherFunctions = "function", Some("others"), Functions;
    /// `GetResources`: those that a tag selects.
    TaggedFunctions = "function", Some("tags"), Functions;
    /// `GetParametersByPath`: what functions had before.
    Records = "function", Some("formerly"), Functions;
    /// `ListVersionsByFunction` and `ListAliases`
    Versions = "function", Some("versions"), Functions;
    /// `SimulatePrincipalPolicy`
    Roles = "function", Some("role"), Nothing;
    /// `LookupEvents`
    Trail = "cloudtrail", Some("who"), Nothing;
}

impl Part {
    /// The kind of resource that is unknown: `nat_gateway`.
    pub const fn kind(self) -> &'static str {
        self.words().0
    }

    /// The one field that is unknown; none for the kind as a whole.
    pub const fn field(self) -> Option<&'static str> {
        self.words().1
    }

    /// Whether a kind of resource as a whole is unknown without it.
    pub const fn is_whole(self) -> bool {
        self.field().is_none()
    }

    /// Whether there may be functions or versions whose egress paths nobody
    /// followed.
    pub const fn hides_functions(self) -> bool {
        matches!(self.hides(), Hides::Functions)
    }

    /// Whether no outbound address is known without it.
    pub const fn hides_addresses(self) -> bool {
        matches!(self.hides(), Hides::Addresses)
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
