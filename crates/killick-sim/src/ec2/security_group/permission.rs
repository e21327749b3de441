//! Rules as requests describe them.

use super::{GroupRule, Peer, plain};
use crate::ec2::cidr;
use crate::failure::Failure;
use crate::tags::Tags;
use crate::wire::Params;

/// The rules of `IpPermissions`, or of the short form that only ingress has.
/// They have no id yet.
///
/// # Errors
/// What is missing, no protocol, port or CIDR, or both forms at once.
pub(super) fn read(params: &mut Params, egress: bool) -> Result<Vec<GroupRule>, Failure> {
    let mut rules = Vec::new();
    for mut one in params.structs("IpPermissions") {
        let traffic = traffic(&mut one)?;
        let peers = [
            peers(&mut one, "IpRanges", "CidrIp", &[], ipv4)?,
            peers(&mut one, "Ipv6Ranges", "CidrIpv6", &[], ipv6)?,
            peers(&mut one, "PrefixListIds", "PrefixListId", &[], |id| {
                Ok(Peer::List(id.to_owned()))
            })?,
            peers(&mut one, "Groups", "GroupId", SHOWN, |id| {
                Ok(Peer::Group(id.to_owned()))
            })?,
        ];
        one.finish()?;
        if peers.iter().all(Vec::is_empty) {
            let message =
                "Missing source specification: include source security group or CIDR information";
            return Err(Failure::new("MissingParameter", message));
        }
        let peers = peers.into_iter().flatten();
        rules.extend(peers.map(|(peer, text)| rule(egress, &traffic, peer, text)));
    }
    let short = ["CidrIp", "IpProtocol", "FromPort", "ToPort"];
    if !egress && short.iter().any(|name| params.has(name)) {
        if !rules.is_empty() {
            let message =
                "The parameter ipPermissions may not be used in combination with ipProtocol";
            return Err(Failure::combination(message));
        }
        let traffic = traffic(params)?;
        let peer = ipv4(&params.need("CidrIp")?)?;
        rules.push(rule(egress, &traffic, peer, None));
    }
    Ok(rules)
}

/// The rule that another one is to become. Its direction stays open.
///
/// # Errors
/// As those of [`read`].
pub(super) fn single(mut params: Params) -> Result<GroupRule, Failure> {
    let traffic = traffic(&mut params)?;
    let found = [
        params.text("CidrIpv4").map(|cidr| ipv4(&cidr)),
        params.text("CidrIpv6").map(|cidr| ipv6(&cidr)),
        params.text("PrefixListId").map(|id| Ok(Peer::List(id))),
        params
            .text("ReferencedGroupId")
            .map(|id| Ok(Peer::Group(id))),
    ];
    let text = description(&mut params)?;
    params.finish()?;
    let mut peers = found.into_iter().flatten();
    match (peers.next(), peers.next()) {
        (Some(peer), None) => Ok(rule(false, &traffic, peer?, text)),
        _ => {
            let message = "A security group rule must have exactly one source or destination";
            Err(Failure::combination(message))
        }
    }
}

fn rule(egress: bool, traffic: &Traffic, peer: Peer, description: Option<String>) -> GroupRule {
    let (protocol, ports) = traffic.clone();
    GroupRule {
        id: String::new(),
        egress,
        protocol,
        ports,
        peer,
        description,
        tags: Tags::new(),
    }
}

/// What answers show of a group beside its id: it may come back.
const SHOWN: &[&str] = &[
    "GroupName",
    "PeeringStatus",
    "UserId",
    "VpcId",
    "VpcPeeringConnectionId",
];

fn peers(
    params: &mut Params,
    list: &str,
    member: &str,
    shown: &[&str],
    peer: fn(&str) -> Result<Peer, Failure>,
) -> Result<Vec<(Peer, Option<String>)>, Failure> {
    let read = |mut one: Params| {
        let text = description(&mut one)?;
        for name in shown {
            one.text(name);
        }
        let peer = peer(&one.need(member)?)?;
        one.finish()?;
        Ok((peer, text))
    };
    params.structs(list).into_iter().map(read).collect()
}

fn ipv4(text: &str) -> Result<Peer, Failure> {
    cidr::ipv4(text).map(Peer::Ipv4)
}

fn ipv6(text: &str) -> Result<Peer, Failure> {
    cidr::ipv6(text).map(Peer::Ipv6)
}

/// The description of a rule.
///
/// # Errors
/// It is too long, or has characters that AWS does not allow.
pub(super) fn description(params: &mut Params) -> Result<Option<String>, Failure> {
    let text = params.text("Description");
    if text.as_ref().is_some_and(|text| !plain(text)) {
        let message = "Invalid rule description. Valid descriptions are strings less than 256 \
                       characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*";
        return Err(Failure::value(message));
    }
    Ok(text)
}

/// Protocol and ports.
type Traffic = (String, (i32, i32));

fn traffic(params: &mut Params) -> Result<Traffic, Failure> {
    let protocol = protocol(&params.need("IpProtocol")?)?;
    let (from, to) = (params.number("FromPort")?, params.number("ToPort")?);
    let ports = match protocol.as_str() {
        "tcp" | "udp" => ports(from, to)?,
        "icmp" => match (from, to) {
            (Some(_), Some(_)) => icmp(from, to)?,
            _ => return Err(Failure::value("Must specify both ICMP type and code.")),
        },
        "icmpv6" => icmp(from, to)?,
        // All others have no ports, whatever is asked.
        _ => (-1, -1),
    };
    Ok((protocol, ports))
}

fn protocol(text: &str) -> Result<String, Failure> {
    let text = text.to_ascii_lowercase();
    let number = text.parse::<i32>().ok();
    match (text.as_str(), number) {
        ("tcp", _) | (_, Some(6)) => Ok("tcp".to_owned()),
        ("udp", _) | (_, Some(17)) => Ok("udp".to_owned()),
        ("icmp", _) | (_, Some(1)) => Ok("icmp".to_owned()),
        ("icmpv6", _) | (_, Some(58)) => Ok("icmpv6".to_owned()),
        (_, Some(number @ -1..=255)) => Ok(number.to_string()),
        _ => {
            let message = format!("Invalid value '{text}' for IP protocol. Unknown protocol.");
            Err(Failure::value(message))
        }
    }
}

fn ports(from: Option<i64>, to: Option<i64>) -> Result<(i32, i32), Failure> {
    let (Some(from), Some(to)) = (from, to) else {
        let message =
            "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.";
        return Err(Failure::value(message));
    };
    let (low, high) = (
        within(from, 0, 65_535, "TCP/UDP (from) port")?,
        within(to, 0, 65_535, "TCP/UDP (to) port")?,
    );
    if low > high {
        let message = format!("Invalid TCP/UDP port range ({low}:{high})");
        return Err(Failure::new("InvalidPermission.Malformed", message));
    }
    Ok((low, high))
}

fn icmp(kind: Option<i64>, code: Option<i64>) -> Result<(i32, i32), Failure> {
    let (kind, code) = (
        within(kind.unwrap_or(-1), -1, 255, "ICMP type")?,
        within(code.unwrap_or(-1), -1, 255, "ICMP code")?,
    );
    if kind == -1 && code != -1 {
        let message = "All ICMP types have all ICMP codes: the code must be -1";
        return Err(Failure::new("InvalidPermission.Malformed", message));
    }
    Ok((kind, code))
}

fn within(number: i64, low: i32, high: i32, what: &str) -> Result<i32, Failure> {
    let small = i32::try_from(number).ok();
    small
        .filter(|number| (low..=high).contains(number))
        .ok_or_else(|| Failure::value(format!("{what} ({number}) out of range")))
}
