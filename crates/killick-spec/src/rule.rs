//! Rules for a single value. What concerns several values is in `check`.

mod accept;
mod function;
mod network;
mod tag;

use crate::error::{SpecError, nearest, quote};
use crate::parse::At;

pub(crate) use accept::{finding, reason, until};
pub(crate) use function::{FUNCTION_LENGTH, PREFIX_LENGTH, arn, function, prefix};
pub(crate) use network::{ELASTIC_IP, GROUP, SUBNET, VPC, address, cidr, id, is_id};
pub(crate) use tag::{
    SELECT_KEY_LENGTH, TAG_KEY_LENGTH, TAG_VALUE_LENGTH, select_key, tag_key, tag_value,
};

/// Our own limit; the name goes into tags and into a security group's name,
/// which has room for 255 (`[B:ec2]` CreateSecurityGroup).
pub(crate) const STACK_LENGTH: usize = 64;
/// Our own limit; longer than any zone's name.
pub(crate) const LABEL_LENGTH: usize = 32;

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

/// What a zone may be called besides the name of its availability zone.
pub(crate) fn label(at: &At<'_>) -> Result<String, SpecError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let name = at.value;
    let length = 1..=LABEL_LENGTH;
    if length.contains(&name.len()) && name.chars().all(allowed) && !name.starts_with('-') {
        return Ok(name.to_owned());
    }
    let message = format!("{} is not a name for a zone", quote(name));
    Err(SpecError::new(&at.span, message)
        .label("not a zone's name")
        .hint(format!(
            "use 1 to {LABEL_LENGTH} of a-z, 0-9 and `-`, starting with a letter or a digit"
        )))
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
