//! Entries of network ACLs.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{LISTING, NetworkAcl};
use crate::ec2::{Call, cidr};
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::Params;

/// An entry of a network ACL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AclEntry {
    /// Entries count in the order of their numbers.
    pub number: u32,
    /// Which way.
    pub egress: bool,
    /// Whether it lets in or out.
    pub allow: bool,
    /// The protocol's number, or -1 for all.
    pub protocol: String,
    /// IPv4 or IPv6.
    pub cidr: String,
    /// The ports, for TCP and UDP.
    pub ports: Option<(u16, u16)>,
    /// Type and code, for ICMP.
    pub icmp: Option<(i32, i32)>,
}

/// Entries of one ACL, direction and IP version.
const QUOTA: usize = 20;

impl AclEntry {
    /// An entry for all traffic.
    pub(super) fn all(number: u32, egress: bool, allow: bool, cidr: &str) -> Self {
        Self {
            number,
            egress,
            allow,
            protocol: "-1".to_owned(),
            cidr: cidr.to_owned(),
            ports: None,
            icmp: None,
        }
    }

    fn action(&self) -> &'static str {
        if self.allow { "allow" } else { "deny" }
    }

    fn is_ipv6(&self) -> bool {
        self.cidr.contains(':')
    }

    /// Whether both take the same place.
    fn meets(&self, other: &Self) -> bool {
        (self.number, self.egress) == (other.number, other.egress)
    }

    pub(super) fn show(&self) -> Value {
        let (ipv4, ipv6) = match self.is_ipv6() {
            false => (Some(&self.cidr), None),
            true => (None, Some(&self.cidr)),
        };
        json!({
            "ruleNumber": self.number,
            "protocol": self.protocol,
            "ruleAction": self.action(),
            "egress": self.egress,
            "cidrBlock": ipv4,
            "ipv6CidrBlock": ipv6,
            "portRange": self.ports.map(|(from, to)| json!({"from": from, "to": to})),
            "icmpTypeCode": self.icmp.map(|(kind, code)| json!({"type": kind, "code": code})),
        })
    }
}

/// The entries in their order, with those at the end that deny all.
pub(super) fn all(place: &Place, acl: &NetworkAcl) -> Vec<AclEntry> {
    let vpc = place.vpcs.get(&acl.vpc);
    let ipv6 = vpc.is_some_and(|vpc| !vpc.ipv6.is_empty());
    let mut entries = acl.entries.clone();
    for egress in [true, false] {
        entries.push(AclEntry::all(32_767, egress, false, "0.0.0.0/0"));
        if ipv6 {
            entries.push(AclEntry::all(32_768, egress, false, "::/0"));
        }
    }
    entries.sort_by_key(|entry| (!entry.egress, entry.number));
    entries
}

/// The protocols that have a name here.
const NAMES: [(&str, &str); 4] = [("tcp", "6"), ("udp", "17"), ("icmp", "1"), ("icmpv6", "58")];

pub(super) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (id, entry) = read(&mut call.params)?;
    call.checked()?;
    let acl = LISTING.need(call, &id)?;
    if acl.entries.iter().any(|known| known.meets(&entry)) {
        let number = entry.number;
        let message = format!("The network acl entry identified by {number} already exists.");
        return Err(Failure::new("NetworkAclEntryAlreadyExists", message));
    }
    room(acl.entries.iter().chain([&entry]), &entry)?;
    let seen = call.seen();
    if let Some(acl) = call.place.network_acls.change(&id, seen) {
        acl.entries.push(entry);
    }
    Ok(json!({"return": true}))
}

fn room<'a>(entries: impl Iterator<Item = &'a AclEntry>, new: &AclEntry) -> Result<(), Failure> {
    let kind = |entry: &AclEntry| (entry.egress, entry.is_ipv6());
    if entries.filter(|entry| kind(entry) == kind(new)).count() > QUOTA {
        let message = "The maximum number of network ACL entries has been reached.";
        return Err(Failure::new("NetworkAclEntryLimitExceeded", message));
    }
    Ok(())
}

pub(super) fn replace(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (id, entry) = read(&mut call.params)?;
    call.checked()?;
    let acl = LISTING.need(call, &id)?;
    held(acl, entry.number, entry.egress)?;
    let others = acl.entries.iter().filter(|known| !known.meets(&entry));
    room(others.chain([&entry]), &entry)?;
    let seen = call.seen();
    if let Some(acl) = call.place.network_acls.change(&id, seen) {
        acl.entries.retain(|known| !known.meets(&entry));
        acl.entries.push(entry);
    }
    Ok(json!({"return": true}))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.need("NetworkAclId")?;
    let (number, egress) = (number(&mut call.params)?, egress(&mut call.params)?);
    call.checked()?;
    held(LISTING.need(call, &id)?, number, egress)?;
    let seen = call.seen();
    if let Some(acl) = call.place.network_acls.change(&id, seen) {
        acl.entries
            .retain(|entry| (entry.number, entry.egress) != (number, egress));
    }
    Ok(json!({"return": true}))
}

fn held(acl: &NetworkAcl, number: u32, egress: bool) -> Result<(), Failure> {
    let mut entries = acl.entries.iter();
    if entries.any(|entry| (entry.number, entry.egress) == (number, egress)) {
        return Ok(());
    }
    let way = if egress { "egress" } else { "ingress" };
    let message = format!(
        "no {way} entry with number {number} in network ACL {}",
        acl.id
    );
    Err(Failure::new("InvalidNetworkAclEntry.NotFound", message))
}

/// The ACL's id and the entry that a request describes.
fn read(params: &mut Params) -> Result<(String, AclEntry), Failure> {
    let id = params.need("NetworkAclId")?;
    let (number, egress) = (number(params)?, egress(params)?);
    let protocol = protocol(&params.need("Protocol")?)?;
    let allow = match params.need("RuleAction")?.as_str() {
        "allow" => true,
        "deny" => false,
        other => {
            let message = format!("Invalid value '{other}' for ruleAction. Valid are allow, deny");
            return Err(Failure::value(message));
        }
    };
    let cidr = match (params.text("CidrBlock"), params.text("Ipv6CidrBlock")) {
        (Some(cidr), None) => cidr::ipv4(&cidr)?,
        (None, Some(cidr)) => cidr::ipv6(&cidr)?,
        (None, None) => return Err(Failure::missing("cidrBlock or ipv6CidrBlock")),
        (Some(_), Some(_)) => {
            let message = "The parameter cidrBlock cannot be used with ipv6CidrBlock";
            return Err(Failure::combination(message));
        }
    };
    let range = (
        params.number("PortRange.From")?,
        params.number("PortRange.To")?,
    );
    let icmp = (params.number("Icmp.Type")?, params.number("Icmp.Code")?);
    let (ports, icmp) = match protocol.as_str() {
        "6" | "17" => (Some(ports(range)?), None),
        "1" | "58" => (None, Some(kind_and_code(icmp)?)),
        _ => (None, None),
    };
    let entry = AclEntry {
        number,
        egress,
        allow,
        protocol,
        cidr,
        ports,
        icmp,
    };
    Ok((id, entry))
}

/// 32767 and above are AWS's own.
fn number(params: &mut Params) -> Result<u32, Failure> {
    let missing = || Failure::missing("ruleNumber");
    let number = params.number("RuleNumber")?.ok_or_else(missing)?;
    let valid = u32::try_from(number).ok();
    let valid = valid.filter(|number| (1..=32_766).contains(number));
    valid.ok_or_else(|| {
        let message = format!("Invalid value '{number}' for ruleNumber. Expecting 1 to 32766");
        Failure::value(message)
    })
}

fn egress(params: &mut Params) -> Result<bool, Failure> {
    let egress = params.flag("Egress")?;
    egress.ok_or_else(|| Failure::missing("egress"))
}

fn protocol(text: &str) -> Result<String, Failure> {
    let text = text.to_ascii_lowercase();
    if let Some((_, number)) = NAMES.iter().find(|(name, _)| *name == text) {
        return Ok((*number).to_owned());
    }
    match text.parse::<i32>() {
        Ok(number @ -1..=255) => Ok(number.to_string()),
        _ => {
            let message = format!("Invalid value '{text}' for IP protocol. Unknown protocol.");
            Err(Failure::value(message))
        }
    }
}

fn ports((from, to): (Option<i64>, Option<i64>)) -> Result<(u16, u16), Failure> {
    let (Some(from), Some(to)) = (from, to) else {
        return Err(Failure::missing("portRange"));
    };
    match (u16::try_from(from), u16::try_from(to)) {
        (Ok(from), Ok(to)) if from <= to => Ok((from, to)),
        _ => {
            let message = format!("Invalid TCP/UDP port range ({from}:{to})");
            Err(Failure::value(message))
        }
    }
}

fn kind_and_code((kind, code): (Option<i64>, Option<i64>)) -> Result<(i32, i32), Failure> {
    let (Some(kind), Some(code)) = (kind, code) else {
        return Err(Failure::missing("icmpTypeCode"));
    };
    let within = |number: i64| {
        i32::try_from(number)
            .ok()
            .filter(|it| (-1..=255).contains(it))
    };
    within(kind).zip(within(code)).ok_or_else(|| {
        let message = format!("Invalid ICMP type and code ({kind}:{code})");
        Failure::value(message)
    })
}
