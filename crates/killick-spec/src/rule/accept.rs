//! Rules for what is accepted.

use crate::date::{Date, YEARS};
use crate::error::{SpecError, quote};
use crate::raw::At;

const DIGITS: usize = 6;

fn proper(id: &str) -> bool {
    let allowed = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    id.strip_prefix("d-")
        .is_some_and(|rest| rest.len() == DIGITS && rest.chars().all(allowed))
}

pub(crate) fn finding(at: &At<'_>) -> Result<String, SpecError> {
    let id = at.value;
    if proper(id) {
        return Ok(id.to_owned());
    }
    let message = format!("{} is not the id of a finding", quote(id));
    let error = SpecError::new(&at.span, message).label("not `d-…`");
    let bare = id.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let lower = bare.to_ascii_lowercase();
    let whole = format!("d-{lower}");
    let better = [lower, whole].into_iter().find(|better| proper(better));
    Err(match better {
        Some(better) => error.hint(format!("write \"{better}\"")),
        None => error.hint(format!(
            "`killick drift` prints the id with each finding: `d-` and {DIGITS} of 0-9 and a-f"
        )),
    })
}

pub(crate) fn until(at: &At<'_>) -> Result<Date, SpecError> {
    let wrong = |what: &str, label: &str, hint: String| {
        let message = format!("{} {what}", quote(at.value));
        Err(SpecError::new(&at.span, message).label(label).hint(hint))
    };
    let Some((year, month, day)) = parts(at.value) else {
        let hint = "write year, month and day: \"2026-12-31\"".to_owned();
        return wrong("is not a date", "not a date", hint);
    };
    if let Some(date) = Date::new(year, month, day) {
        return Ok(date);
    }
    let label = "no such day";
    if !YEARS.contains(&year) {
        let (first, last) = (YEARS.start(), YEARS.end());
        let hint = format!("give a year from {first} to {last}");
        return wrong("is out of range", "this year", hint);
    }
    match Date::last_of(year, month) {
        Some(last) if day > 0 => {
            let hint = format!("the last day of that month is \"{last}\"");
            wrong("does not exist", label, hint)
        }
        Some(_) => wrong("does not exist", label, "days count from 01".to_owned()),
        None => wrong("does not exist", label, "months are 01 to 12".to_owned()),
    }
}

/// The numbers of `YYYY-MM-DD`.
fn parts(text: &str) -> Option<(u16, u8, u8)> {
    let mut parts = text.split('-');
    let mut next = |length| {
        let part = parts.next().unwrap_or_default();
        let proper = part.len() == length && part.chars().all(|c| c.is_ascii_digit());
        proper.then_some(part)
    };
    let numbers = (
        next(4)?.parse().ok()?,
        next(2)?.parse().ok()?,
        next(2)?.parse().ok()?,
    );
    parts.next().is_none().then_some(numbers)
}

pub(crate) fn reason(at: &At<'_>) -> Result<String, SpecError> {
    let wrong = |message: String, hint: &str| {
        Err(SpecError::new(&at.span, message).label("reason").hint(hint))
    };
    if at.value.chars().any(char::is_control) {
        let message = format!("the reason {} holds a control character", quote(at.value));
        wrong(
            message,
            "write it on one line, with printable characters only",
        )
    } else if at.value.trim().is_empty() {
        wrong("the reason is empty".to_owned(), "say why this is let be")
    } else {
        Ok(at.value.to_owned())
    }
}
