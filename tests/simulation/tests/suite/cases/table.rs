//! What each case must be reported as.

/// What may be done about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// `apply` puts it right.
    Automatic,
    /// Only under this flag.
    Guarded(&'static str),
    /// It is reported and left alone.
    Report,
    /// It is not worth a word.
    Nothing,
    /// Nothing is written before a person has decided.
    Refuse,
    /// It would be put right under a flag, if AWS could.
    Lost,
}

impl Repair {
    /// As a report says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Guarded(_) | Self::Lost => "guarded",
            _ => "report",
        }
    }

    /// The flag of `apply` that allows the repair.
    pub fn flag(self) -> Option<&'static str> {
        match self {
            Self::Guarded(flag) => Some(flag),
            Self::Lost => Some(CHANGE),
            _ => None,
        }
    }
}

/// What a report says to do about a finding with this repair and id: the words are in this one place.
pub fn advice(repair: Repair, id: &str) -> String {
    match (repair, repair.flag()) {
        (_, Some(CHANGE)) => {
            format!("killick apply {CHANGE} puts it right; without it apply refuses")
        }
        (_, Some(GRANT)) => format!(
            "killick apply {GRANT} attaches AWSLambdaVPCAccessExecutionRole to the role; killick \
             apply leaves it alone"
        ),
        (_, Some(flag)) => {
            format!("killick apply {flag} removes it; killick apply leaves it alone")
        }
        (Repair::Report, _) => format!(
            "not killick's to change: undo it where it was done, or accept it for a time with \
             [[accept]] finding = \"{id}\""
        ),
        _ => "killick apply puts it right".to_owned(),
    }
}

/// A case, and what must be reported.
pub struct Expected {
    /// The case.
    pub case: &'static str,
    /// What must have been done before.
    pub before: &'static [&'static str],
    /// How long it takes until it is there, in seconds.
    pub wait: u64,
    /// Whether the addresses are promised to partners.
    pub promised: bool,
    /// The resource.
    pub key: &'static str,
    /// How the field begins; empty for a resource as a whole.
    pub field: &'static str,
    /// How bad it is.
    pub severity: &'static str,
    /// What may be done about it.
    pub repair: Repair,
    /// How many findings there are in all.
    pub findings: usize,
    /// How many of them stay when it is put right.
    pub left: usize,
}

const fn case(
    case: &'static str,
    severity: &'static str,
    repair: Repair,
    key: &'static str,
    field: &'static str,
) -> Expected {
    Expected {
        case,
        before: &[],
        wait: 30,
        promised: false,
        key,
        field,
        severity,
        repair,
        findings: 1,
        left: 0,
    }
}

impl Expected {
    const fn after(mut self, before: &'static [&'static str]) -> Self {
        self.before = before;
        self
    }

    const fn waiting(mut self, seconds: u64) -> Self {
        self.wait = seconds;
        self
    }

    const fn promised(mut self) -> Self {
        self.promised = true;
        self
    }

    const fn leaving(mut self, left: usize) -> Self {
        self.left = left;
        self
    }

    const fn with(mut self, findings: usize) -> Self {
        self.findings = findings;
        self
    }
}

use Repair::{Automatic, Guarded, Lost, Nothing, Refuse, Report};

const CHANGE: &str = "--change-addresses";
const GRANT: &str = "--grant";
const PRUNE: Repair = Guarded("--prune");
const TABLE: &str = "route_table/private-us-east-1a";
const CRITICAL: &str = "critical";
const WARNING: &str = "warning";
const INFO: &str = "info";

/// Every case, in the order of the simulation's own list.
#[rustfmt::skip]
pub const EXPECTED: &[Expected] = &[
    case("route-prefix-elsewhere", CRITICAL, PRUNE, TABLE, "routes.203.0.113.0/24"),
    case("shadow-default-route", CRITICAL, PRUNE, TABLE, "routes.0.0.0.0/1").with(2),
    case("route-to-internet-gateway", CRITICAL, Automatic, TABLE, "routes.0.0.0.0/0"),
    case("route-to-other-nat", WARNING, Automatic, TABLE, "routes.0.0.0.0/0"),
    case("route-to-foreign-nat", CRITICAL, Automatic, TABLE, "routes.0.0.0.0/0").leaving(1),
    case("route-to-instance", CRITICAL, Automatic, TABLE, "routes.0.0.0.0/0"),
    case("delete-default-route", CRITICAL, Automatic, TABLE, "routes.0.0.0.0/0"),
    case("propagate-routes", WARNING, Report, TABLE, "propagated."),
    case("swap-table-to-public", CRITICAL, Automatic, TABLE, "associations.subnet/private-us-east-1a"),
    case("swap-table-to-other-zone", WARNING, Automatic, TABLE, "associations.subnet/private-us-east-1a"),
    case("disassociate-table", CRITICAL, Automatic, TABLE, "associations.subnet/private-us-east-1a"),
    case("share-table", WARNING, Report, TABLE, "associations.subnet-"),
    case("swap-main-table", INFO, Report, "vpc/main", "main_table"),
    case("main-default-route", INFO, Report, "vpc/main", "main_table.0.0.0.0/0"),
    case("edge-table", CRITICAL, Report, "internet_gateway/main", "edge_table"),
    case("route-public-elsewhere", CRITICAL, Automatic, "route_table/public", "routes.0.0.0.0/0"),
    case("delete-nat-gateway", CRITICAL, Automatic, "nat_gateway/us-east-1a", "").waiting(600),
    case("delete-nat-gateways", CRITICAL, Automatic, "nat_gateway/us-east-1a", "").waiting(600).with(2),
    case("add-nat-gateway", INFO, Report, "subnet/public-us-east-1a", "nat_gateways.").waiting(300),
    case("remake-nat-gateway", CRITICAL, Guarded(CHANGE), "nat_gateway/us-east-1a", "").waiting(600).leaving(1),
    case("add-nat-address", CRITICAL, PRUNE, "nat_gateway/us-east-1a", "secondary."),
    case("release-address", CRITICAL, Guarded(CHANGE), "elastic_ip/us-east-1a", "promised.")
        .after(&["delete-nat-gateway"]).promised().with(2),
    case("release-address-for-good", CRITICAL, Lost, "elastic_ip/us-east-1a", "promised.")
        .after(&["delete-nat-gateway"]).promised().with(2),
    case("take-address", CRITICAL, Report, "elastic_ip/us-east-1a", "")
        .after(&["delete-nat-gateway"]).promised().with(2),
    case("transfer-address", CRITICAL, PRUNE, "elastic_ip/us-east-1a", "transfer.to"),
    case("strip-tags", WARNING, Automatic, "nat_gateway/us-east-1a", "tags.killick:key"),
    case("add-tags", INFO, Nothing, "", ""),
    case("copy-identity", CRITICAL, Refuse, "vpc/main", ""),
    case("detach-internet-gateway", CRITICAL, Automatic, "internet_gateway/main", "vpc")
        .after(&["delete-nat-gateways"]).with(3),
    case("deny-subnet", CRITICAL, PRUNE, "subnet/private-us-east-1a", "network_acl."),
    case("deny-replies", CRITICAL, PRUNE, "vpc/main", "network_acl.ingress 50"),
    case("map-public-addresses", WARNING, Automatic, "subnet/private-us-east-1a", "map_public_ip"),
    case("disable-dns", CRITICAL, Automatic, "vpc/main", "dns_support"),
    case("custom-dns", WARNING, Report, "vpc/main", "dhcp_options"),
    case("add-s3-endpoint", WARNING, Report, "vpc/main", "endpoints."),
    case("block-public-access", CRITICAL, Report, "vpc/main", "block_public_access"),
    case("add-ipv6", CRITICAL, PRUNE, TABLE, "routes.::/0"),
    case("revoke-egress", CRITICAL, Automatic, "security_group/functions", "egress."),
    case("add-ingress-rule", WARNING, PRUNE, "security_group/functions", "ingress."),
    case("add-egress-rule", WARNING, PRUNE, "security_group/functions", "egress."),
    case("detach-function", CRITICAL, Automatic, "function/f0", "subnets"),
    case("drop-function-subnet", WARNING, Automatic, "function/f0", "subnets"),
    case("swap-function-group", CRITICAL, Automatic, "function/f0", "security_groups"),
    case("move-function", CRITICAL, Automatic, "function/f0", "subnets").with(2),
    case("allow-function-ipv6", CRITICAL, Automatic, "function/f0", "ipv6"),
    case("repoint-alias", CRITICAL, Report, "function/f0", "aliases."),
    case("detach-role-policy", WARNING, Guarded(GRANT), "function/f0", "role."),
];
