//! Rules for what tells functions from others.

use super::region::is_region;
use crate::error::{SpecError, quote};
use crate::raw::At;
use crate::shape::any_of;

/// `[B:lambda]` FunctionName.
pub(crate) const FUNCTION_LENGTH: usize = 64;
/// One character less than a name: else it is one.
pub(crate) const PREFIX_LENGTH: usize = FUNCTION_LENGTH - 1;
const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

fn proper(name: &str, length: usize) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=length).contains(&name.len()) && name.chars().all(allowed)
}

pub(crate) fn function(at: &At<'_>) -> Result<String, SpecError> {
    let name = at.value;
    if proper(name, FUNCTION_LENGTH) {
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
    let whole = Parts::of(name).map(|parts| parts.unqualified());
    Err(match bare {
        Some(bare) if proper(bare, FUNCTION_LENGTH) => {
            let hint = format!("give the name only, without ARN, version or alias: \"{bare}\"");
            error.hint(match whole {
                Some(arn) => format!("{hint}; or write arn = \"{arn}\""),
                None => hint,
            })
        }
        _ => error.hint(format!(
            "use 1 to {FUNCTION_LENGTH} letters, digits, `-` and `_`"
        )),
    })
}

pub(crate) fn prefix(at: &At<'_>) -> Result<String, SpecError> {
    let prefix = at.value;
    if proper(prefix, PREFIX_LENGTH) {
        return Ok(prefix.to_owned());
    }
    let message = format!("{} is not the beginning of function names", quote(prefix));
    let error = SpecError::new(&at.span, message).label("not a prefix");
    Err(match prefix.strip_suffix('*') {
        Some(bare) if proper(bare, PREFIX_LENGTH) => {
            error.hint(format!("write it without the `*`: \"{bare}\""))
        }
        _ => error.hint(format!(
            "use 1 to {PREFIX_LENGTH} letters, digits, `-` and `_`"
        )),
    })
}

/// What the ARN of a function says; its region is the spec's.
pub(crate) struct Arn<'d> {
    pub(crate) name: &'d str,
    pub(crate) account: &'d str,
}

/// An ARN of a function with every part well-formed.
struct Parts<'d> {
    partition: &'d str,
    region: &'d str,
    account: &'d str,
    name: &'d str,
    qualifier: Option<&'d str>,
}

impl<'d> Parts<'d> {
    fn of(arn: &'d str) -> Option<Self> {
        let parts: Vec<_> = arn.split(':').collect();
        let (partition, region, account, name, qualifier) = match *parts.as_slice() {
            [
                "arn",
                partition,
                "lambda",
                region,
                account,
                "function",
                name,
            ] => (partition, region, account, name, None),
            [
                "arn",
                partition,
                "lambda",
                region,
                account,
                "function",
                name,
                qualifier,
            ] => (partition, region, account, name, Some(qualifier)),
            _ => return None,
        };
        let digits = account.len() == 12 && account.chars().all(|c| c.is_ascii_digit());
        let known = PARTITIONS.contains(&partition) && is_region(region) && digits;
        (known && proper(name, FUNCTION_LENGTH)).then_some(Self {
            partition,
            region,
            account,
            name,
            qualifier,
        })
    }

    fn unqualified(&self) -> String {
        let Self {
            partition,
            region,
            account,
            name,
            ..
        } = self;
        format!("arn:{partition}:lambda:{region}:{account}:function:{name}")
    }
}

/// The ARN of a function; `region` is the file's, where that is valid.
pub(crate) fn arn<'d>(at: &At<'d>, region: Option<&At<'_>>) -> Result<Arn<'d>, SpecError> {
    let Some(parts) = Parts::of(at.value) else {
        let message = format!("{} is not the ARN of a function", quote(at.value));
        let error = SpecError::new(&at.span, message).label("not a function's ARN");
        return Err(if proper(at.value, FUNCTION_LENGTH) {
            error.hint(format!("write name = \"{}\"", at.value))
        } else {
            error.hint(format!(
                "write arn:<partition>:lambda:<region>:<account>:function:<name>, the partition \
                 being {}",
                any_of(&PARTITIONS.map(str::to_owned))
            ))
        });
    };
    if parts.qualifier.is_some() {
        let message = format!("{} names a version or an alias", quote(at.value));
        return Err(SpecError::new(&at.span, message)
            .label("version or alias at the end")
            .hint(format!(
                "a VPC configuration is the whole function's: write \"{}\"",
                parts.unqualified()
            )));
    }
    let (name, account) = (parts.name, parts.account);
    match region {
        Some(region) if region.value != parts.region => {
            let message = format!(
                "function {} is in region {}, not in {}",
                quote(name),
                quote(parts.region),
                quote(region.value)
            );
            Err(SpecError::new(&at.span, message)
                .label(format!("in {}", parts.region))
                .hint("a stack serves one region; give this function a spec of its own")
                .related(&region.span, "the region is set here"))
        }
        _ => Ok(Arn { name, account }),
    }
}
