//! Rules for a single value. What concerns several values is in `check`.

mod accept;
mod function;
mod network;
mod region;
mod tag;

use crate::error::{SpecError, nearest, quote};
use crate::raw::At;

pub(crate) use accept::{finding, reason, until};
pub(crate) use function::{FUNCTION_LENGTH, PREFIX_LENGTH, arn, function, prefix};
pub(crate) use network::{ELASTIC_IP, GROUP, SUBNET, VPC, address, cidr, id, is_id};
pub(crate) use region::{region, zone};
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
