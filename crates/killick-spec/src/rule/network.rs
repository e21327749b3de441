//! Rules for networks, addresses and the ids of somebody else's resources.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use crate::error::{SpecError, quote};
use crate::raw::At;

/// Allowed prefix lengths of a VPC and of a subnet (`[B:ec2]` CreateVpc,
/// CreateSubnet).
const SIZES: std::ops::RangeInclusive<u8> = 16..=28;

/// Ids of one type of resource.
pub(crate) struct Kind {
    prefix: &'static str,
    title: &'static str,
}

const fn kind(prefix: &'static str, title: &'static str) -> Kind {
    Kind { prefix, title }
}

pub(crate) const VPC: Kind = kind("vpc-", "a VPC");
pub(crate) const SUBNET: Kind = kind("subnet-", "a subnet");
pub(crate) const ELASTIC_IP: Kind = kind("eipalloc-", "an Elastic IP");
pub(crate) const GROUP: Kind = kind("sg-", "a security group");
const KINDS: [&Kind; 4] = [&VPC, &SUBNET, &ELASTIC_IP, &GROUP];

impl Kind {
    /// AWS has 8 or 17 hexadecimal digits; emulators have others.
    fn proper(&self, id: &str) -> bool {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        id.strip_prefix(self.prefix)
            .is_some_and(|rest| (1..=32).contains(&rest.len()) && rest.chars().all(allowed))
    }
}

/// Whether `value` is meant as an id, be it of the wrong type.
pub(crate) fn is_id(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    KINDS.iter().any(|kind| lower.starts_with(kind.prefix))
}

pub(crate) fn id(at: &At<'_>, kind: &Kind) -> Result<String, SpecError> {
    let id = at.value;
    if kind.proper(id) {
        return Ok(id.to_owned());
    }
    let Kind { prefix, title } = kind;
    let message = format!("{} is not the id of {title}", quote(id));
    let error = SpecError::new(&at.span, message).label(format!("not `{prefix}…`"));
    let lower = id.trim().to_ascii_lowercase();
    let other = KINDS.iter().find(|other| lower.starts_with(other.prefix));
    let example = format!("\"{prefix}0123456789abcdef0\"");
    let address = kind.prefix == ELASTIC_IP.prefix && id.parse::<IpAddr>().is_ok();
    Err(if kind.proper(&lower) {
        error.hint(format!("write \"{lower}\""))
    } else if let Some(other) = other.filter(|other| other.prefix != kind.prefix) {
        error.hint(format!(
            "this looks like {}; the id of {title} begins with `{prefix}`, such as {example}",
            other.title
        ))
    } else if address {
        error.hint(format!(
            "give the allocation id of that address, such as {example}; what was promised to \
             partners goes into `addresses` in [egress]"
        ))
    } else if kind.prefix == VPC.prefix && id.contains('/') {
        error.hint("for a network of killick's own, write `cidr` in the place of `vpc`")
    } else {
        error.hint(format!(
            "write `{prefix}` and the digits that AWS shows, such as {example}"
        ))
    })
}

/// An address that an Elastic IP can have.
pub(crate) fn address(at: &At<'_>) -> Result<Ipv4Addr, SpecError> {
    const PUBLIC: &str = "give the public address that partners let in";
    let shown = quote(at.value);
    let wrong = |what: &str, label: &str, hint: String| {
        let message = format!("{shown} {what}");
        Err(SpecError::new(&at.span, message).label(label).hint(hint))
    };
    let Ok(address) = at.value.parse::<Ipv4Addr>() else {
        let v6 = at.value.parse::<IpAddr>().is_ok() || at.value.parse::<Ipv6Net>().is_ok();
        if v6 {
            let hint = "give an IPv4 address; a NAT gateway fixes no IPv6 address";
            return wrong("is an IPv6 address", "only IPv4 here", hint.to_owned());
        }
        if let Ok(net) = at.value.parse::<Ipv4Net>() {
            let hint = if net.prefix_len() == 32 {
                format!("write \"{}\"", net.addr())
            } else {
                "give each address of it that was promised, without prefix length".to_owned()
            };
            return wrong("is a network", "not a single address", hint);
        }
        let hint = if ELASTIC_IP.proper(at.value) {
            "give the address itself; an allocation id goes into `address` in [[zone]]"
        } else {
            "write four numbers with dots, such as \"203.0.113.7\""
        };
        return wrong("is not an IPv4 address", "not an address", hint.to_owned());
    };
    let what = if address.is_unspecified() {
        "is the unspecified address"
    } else if address.is_private() {
        "is a private address"
    } else if address.is_loopback() {
        "is a loopback address"
    } else if address.is_link_local() {
        "is a link-local address"
    } else if address.is_multicast() {
        "is a multicast address"
    } else if address.is_broadcast() {
        "is the broadcast address"
    } else {
        return Ok(address);
    };
    wrong(what, "never an Elastic IP", PUBLIC.to_owned())
}

/// The network that a CIDR means, if it may be used in further checks.
/// `example` is a good value for this place.
pub(crate) fn cidr(at: &At<'_>, example: &str, errors: &mut Vec<SpecError>) -> Option<Ipv4Net> {
    let shown = quote(at.value);
    let new = |message: String| SpecError::new(&at.span, message);
    let Ok(given) = at.value.parse::<Ipv4Net>() else {
        let bare = at.value.parse::<IpAddr>();
        errors.push(if at.value.parse::<Ipv6Net>().is_ok() || matches!(bare, Ok(IpAddr::V6(_))) {
            new(format!("{shown} is an IPv6 network"))
                .label("only IPv4 here")
                .hint(format!(
                    "give an IPv4 network such as \"{example}\"; a NAT gateway fixes no IPv6 address"
                ))
        } else if bare.is_ok() {
            new(format!("{shown} has no prefix length"))
                .label("an address, not a network")
                .hint(format!("give a network such as \"{example}\""))
        } else {
            let error = new(format!("{shown} is not an IPv4 network")).label("not a CIDR");
            if VPC.proper(at.value) {
                error.hint(format!("write vpc = \"{}\" in the place of `cidr`", at.value))
            } else {
                error.hint(format!("write address and prefix length, such as \"{example}\""))
            }
        });
        return None;
    };
    let net = given.trunc();
    if given != net {
        errors.push(
            new(format!("{shown} has host bits set"))
                .label("not the network's first address")
                .hint(format!("write \"{net}\"")),
        );
    } else if net.to_string() != at.value {
        errors.push(
            new(format!("{shown} is not in the usual form"))
                .label("unusual form")
                .hint(format!("write \"{net}\"")),
        );
    }
    if SIZES.contains(&net.prefix_len()) {
        return Some(net);
    }
    let size = if net.prefix_len() > *SIZES.end() {
        "small"
    } else {
        "large"
    };
    let (from, to) = (SIZES.start(), SIZES.end());
    errors.push(
        new(format!("{shown} is too {size}"))
            .label(format!("/{}", net.prefix_len()))
            .hint(format!(
                "AWS allows /{from} to /{to}, for example \"{example}\""
            )),
    );
    None
}
