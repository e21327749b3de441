//! Rules for the names of regions and availability zones.

use crate::error::{SpecError, quote};
use crate::raw::At;

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
pub(super) fn is_region(name: &str) -> bool {
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
