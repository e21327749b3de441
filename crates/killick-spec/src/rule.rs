//! Rules for a single value. What concerns several values is in `check`.

use std::net::IpAddr;

use ipnet::{Ipv4Net, Ipv6Net};

use crate::error::{SpecError, nearest, quote};
use crate::parse::At;

/// Our own limit; the name goes into tags and into a security group's name,
/// which has room for 255 (`[B:ec2]` CreateSecurityGroup).
pub(crate) const STACK_LENGTH: usize = 64;
/// `[B:lambda]` FunctionName.
pub(crate) const FUNCTION_LENGTH: usize = 64;
/// `[B:ec2]` Tag.
pub(crate) const TAG_KEY_LENGTH: usize = 127;
/// `[B:ec2]` Tag.
pub(crate) const TAG_VALUE_LENGTH: usize = 256;
/// Allowed prefix lengths of a VPC and of a subnet (`[B:ec2]` CreateVpc,
/// CreateSubnet).
const SIZES: std::ops::RangeInclusive<u8> = 16..=28;

pub(crate) fn stack(at: &At<'_>) -> Result<String, SpecError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let proper = |name: &str| {
        let length = 1..=STACK_LENGTH;
        length.contains(&name.len()) && name.chars().all(allowed) && !name.starts_with('-')
    };
    let name = at.value;
    if name.starts_with("sg-") {
        // The security group is named <stack>-functions ([B:ec2]
        // CreateSecurityGroup refuses the prefix).
        let message = format!("stack name {} starts with `sg-`", quote(name));
        return Err(SpecError::new(&at.span, message)
            .label("reserved for security group ids")
            .hint("choose another name; a security group is named after the stack"));
    }
    if proper(name) {
        return Ok(name.to_owned());
    }
    let message = format!("stack name {} is not valid", quote(name));
    let error = SpecError::new(&at.span, message).label("not a stack name");
    let lower = name.to_ascii_lowercase();
    let better = lower.replace(|c| !allowed(c), "-");
    let better = better.trim_matches('-');
    Err(if proper(better) && !better.starts_with("sg-") {
        error.hint(format!(
            "use a-z, 0-9 and `-` only, for example \"{better}\""
        ))
    } else {
        error.hint(format!(
            "use 1 to {STACK_LENGTH} of a-z, 0-9 and `-`, starting with a letter or a digit"
        ))
    })
}

pub(crate) fn region(at: &At<'_>) -> Result<String, SpecError> {
    let name = at.value;
    if is_region(name) {
        return Ok(name.to_owned());
    }
    let message = format!("{} is not a region name", quote(name));
    let error = SpecError::new(&at.span, message).label("not a region");
    let lower = name.trim().to_ascii_lowercase();
    Err(match zone_parts(&lower) {
        Some((region, _)) => error.hint(format!("this is a zone; its region is \"{region}\"")),
        None if is_region(&lower) => error.hint(format!("write \"{lower}\"")),
        None => error.hint("write it as AWS does, for example \"ap-northeast-1\""),
    })
}

/// Shape only: new regions need no new killick.
fn is_region(name: &str) -> bool {
    let letters = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    let parts: Vec<_> = name.split('-').collect();
    match parts.as_slice() {
        [area, middle @ .., number] => {
            (2..=8).contains(&area.len())
                && letters(area)
                && (1..=3).contains(&middle.len())
                && middle.iter().all(|part| letters(part))
                && (1..=2).contains(&number.len())
                && number.chars().all(|c| c.is_ascii_digit())
        }
        _ => false,
    }
}

/// Region and letter of the name of an availability zone.
fn zone_parts(name: &str) -> Option<(&str, char)> {
    let letter = name.chars().last().filter(char::is_ascii_lowercase)?;
    let region = name.strip_suffix(letter)?;
    is_region(region).then_some((region, letter))
}

pub(crate) fn account(at: &At<'_>) -> Result<String, SpecError> {
    let proper = |id: &str| id.len() == 12 && id.chars().all(|c| c.is_ascii_digit());
    if proper(at.value) {
        return Ok(at.value.to_owned());
    }
    let message = format!("{} is not an account id", quote(at.value));
    let error = SpecError::new(&at.span, message).label("not 12 digits");
    let digits = at.value.replace(['-', ' '], "");
    Err(if proper(&digits) {
        error.hint(format!("write it without separators: \"{digits}\""))
    } else {
        error.hint("give all 12 digits, leading zeros included, for example \"123456789012\"")
    })
}

/// The name of a zone; `region` is the file's, where that is valid.
pub(crate) fn zone(at: &At<'_>, region: Option<&At<'_>>) -> Result<String, SpecError> {
    let name = at.value;
    let example = region.map_or("ap-northeast-1", |region| region.value);
    let example = format!("\"{example}a\"");
    if let Some((of, _)) = zone_parts(name) {
        return match region {
            Some(region) if region.value != of => {
                let message = format!(
                    "zone {} is not in region {}",
                    quote(name),
                    quote(region.value)
                );
                Err(SpecError::new(&at.span, message)
                    .label(format!("in {of}"))
                    .hint(format!(
                        "use a zone such as {example}, or set region = \"{of}\""
                    ))
                    .related(&region.span, "the region is set here"))
            }
            _ => Ok(name.to_owned()),
        };
    }
    // us-west-2-lax-1a or us-east-1-wl1-bos-wlz-1, but not us-east-1-a.
    let in_region = |(dash, _): (usize, &str)| {
        let (region, rest) = name.split_at(dash);
        is_region(region) && rest.matches('-').count() > 1
    };
    if name.match_indices('-').any(in_region) {
        let message = format!("{} is a local or wavelength zone", quote(name));
        return Err(SpecError::new(&at.span, message)
            .label("not an availability zone")
            .hint(format!("use an availability zone such as {example}")));
    }
    let message = format!("{} is not the name of an availability zone", quote(name));
    let error = SpecError::new(&at.span, message).label("not a zone");
    let lower = name.trim().to_ascii_lowercase();
    Err(if is_region(name) {
        error.hint(format!(
            "add the letter of the zone, for example \"{name}a\""
        ))
    } else if zone_parts(&lower).is_some() {
        error.hint(format!("write \"{lower}\""))
    } else if name.contains("-az") {
        error.hint(format!(
            "this looks like a zone id; give the name, such as {example}"
        ))
    } else {
        error.hint(format!(
            "write the region and one letter, such as {example}"
        ))
    })
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
            new(format!("{shown} is not an IPv4 network"))
                .label("not a CIDR")
                .hint(format!("write address and prefix length, such as \"{example}\""))
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

pub(crate) fn nat_mode<'d>(at: &At<'d>) -> Result<&'d str, SpecError> {
    const MODES: [&str; 2] = ["per-zone", "single"];
    if MODES.contains(&at.value) {
        return Ok(at.value);
    }
    let message = format!("{} is not a way to place NAT gateways", quote(at.value));
    let error = SpecError::new(&at.span, message).label("unknown value");
    Err(match nearest(at.value, MODES) {
        Some(near) => error.hint(format!("did you mean \"{near}\"?")),
        None => error.hint("use \"per-zone\" or \"single\""),
    })
}

pub(crate) fn function(at: &At<'_>) -> Result<String, SpecError> {
    let proper = |name: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        (1..=FUNCTION_LENGTH).contains(&name.len()) && name.chars().all(allowed)
    };
    let name = at.value;
    if proper(name) {
        return Ok(name.to_owned());
    }
    let message = format!("{} is not a function name", quote(name));
    let error = SpecError::new(&at.span, message).label("not a function name");
    // arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>], or the
    // same cut short from the left ([B:lambda] FunctionName).
    let parts: Vec<_> = name.split(':').collect();
    let after = parts.iter().position(|part| *part == "function");
    let bare = match after {
        Some(place) => parts.get(place + 1),
        None if parts.len() == 2 => parts.first(),
        None => None,
    };
    Err(match bare {
        Some(bare) if proper(bare) => error.hint(format!(
            "give the name only, without ARN, version or alias: \"{bare}\""
        )),
        _ => error.hint(format!(
            "use 1 to {FUNCTION_LENGTH} letters, digits, `-` and `_`"
        )),
    })
}

pub(crate) fn tag_key(at: &At<'_>) -> Result<String, SpecError> {
    let key = at.value;
    let lower = key.to_lowercase();
    let wrong = |what: &str, hint: &str| {
        let message = format!("tag key {} {what}", quote(key));
        Err(SpecError::new(&at.span, message)
            .label("tag key")
            .hint(hint))
    };
    if lower.starts_with("aws:") {
        wrong(
            "has the prefix `aws:`",
            "rename it; AWS keeps that prefix for itself",
        )
    } else if lower.starts_with("killick:") {
        wrong(
            "has the prefix `killick:`",
            "rename it; killick recognises what it owns by these tags",
        )
    } else if key == "Name" {
        wrong(
            "is taken",
            "remove it; killick writes a Name on all that it creates",
        )
    } else if key.is_empty() {
        wrong("is empty", "give the tag a name")
    } else if key.chars().count() > TAG_KEY_LENGTH {
        wrong(
            "is too long",
            &format!("use at most {TAG_KEY_LENGTH} characters"),
        )
    } else if key.contains(['*', '?']) {
        // In a filter they would match other tags.
        wrong("holds a wildcard", "rename it without `*` and `?`")
    } else if key.chars().any(char::is_control) {
        wrong("holds a control character", "use printable characters only")
    } else {
        Ok(key.to_owned())
    }
}

pub(crate) fn tag_value(at: &At<'_>) -> Result<String, SpecError> {
    let wrong = |what: &str, hint: &str| {
        let message = format!("tag value {} {what}", quote(at.value));
        Err(SpecError::new(&at.span, message)
            .label("tag value")
            .hint(hint))
    };
    if at.value.chars().count() > TAG_VALUE_LENGTH {
        wrong(
            "is too long",
            &format!("use at most {TAG_VALUE_LENGTH} characters"),
        )
    } else if at.value.chars().any(char::is_control) {
        wrong("holds a control character", "use printable characters only")
    } else {
        Ok(at.value.to_owned())
    }
}
