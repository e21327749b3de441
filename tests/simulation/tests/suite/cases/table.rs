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

/// What a report says to do about the finding of a case, in pieces that must be there: the words are in this one
/// place. Each command can be pasted as it stands, `spec` included.
pub fn advice(expected: &Expected, spec: &str, id: &str) -> Vec<String> {
    let apply = format!("killick apply {spec}");
    let owned = |pieces: &[&str]| {
        pieces
            .iter()
            .map(|&piece| piece.to_owned())
            .collect::<Vec<_>>()
    };
    match (expected.repair, expected.repair.flag()) {
        (_, Some(flag @ (CHANGE | MOVE))) => vec![
            format!("fixed by: {apply} {flag} (takes "),
            "); without the flag apply refuses".to_owned(),
        ],
        (_, Some(flag @ GRANT)) => vec![
            format!("fixed by: {apply} {flag} (takes "),
            "attaches AWSLambdaVPCAccessExecutionRole to the role; without the flag apply leaves the role alone"
                .to_owned(),
        ],
        (_, Some(flag)) => vec![
            format!("removed by: {apply} {flag} (takes "),
            "); without the flag apply leaves it alone".to_owned(),
        ],
        (Repair::Report, _) if expected.case == "take-address" => vec![
            "killick takes no address away from ".to_owned(),
            "(aws ec2 disassociate-address --association-id eipassoc-".to_owned(),
            format!("then run {apply}"),
        ],
        (Repair::Report, _) => {
            let mut pieces = owned(&["killick does not manage this: revert it at its source (aws "]);
            pieces.extend(owned(reverts(expected.case)));
            pieces.push("--region us-east-1".to_owned());
            pieces.push(format!("or accept it until a date with [[accept]] finding = \"{id}\""));
            pieces
        }
        _ => vec![format!("fixed by: {apply} (takes ")],
    }
}

/// The call that reverts what killick does not manage.
fn reverts(case: &str) -> &'static [&'static str] {
    match case {
        "propagate-routes" => &[
            "ec2 disable-vgw-route-propagation --route-table-id rtb-",
            "--gateway-id vgw-",
        ],
        "share-table" | "edge-table" => {
            &["ec2 disassociate-route-table --association-id rtbassoc-"]
        }
        "swap-main-table" => &[
            "ec2 replace-route-table-association --route-table-id rtb-",
            "?Main]",
        ],
        "main-default-route" => &[
            "ec2 delete-route --route-table-id rtb-",
            "--destination-cidr-block 0.0.0.0/0",
        ],
        "add-nat-gateway" => &["ec2 delete-nat-gateway --nat-gateway-id nat-"],
        "custom-dns" => &[
            "ec2 associate-dhcp-options --vpc-id vpc-",
            "--dhcp-options-id dopt-",
        ],
        "add-s3-endpoint" => &[
            "ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-",
            "--remove-route-table-ids rtb-",
        ],
        "block-public-access" => &[
            "ec2 modify-vpc-block-public-access-options --internet-gateway-block-mode off",
            "ec2 create-vpc-block-public-access-exclusion --vpc-id vpc-",
        ],
        "repoint-alias" => &[
            "lambda update-alias --function-name f0 --name ",
            "lambda publish-version",
        ],
        other => panic!("{other} has no call that reverts it"),
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
const MOVE: &str = "--move-functions";
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
    case("propagate-routes", CRITICAL, Report, TABLE, "propagated."),
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
    case("move-function", CRITICAL, Guarded(MOVE), "function/f0", "subnets").with(2),
    case("allow-function-ipv6", CRITICAL, Automatic, "function/f0", "ipv6"),
    case("repoint-alias", CRITICAL, Report, "function/f0", "aliases."),
    case("detach-role-policy", WARNING, Guarded(GRANT), "function/f0", "role."),
];
