//! What is wrong with a spec, as data: whoever prints it chooses the form.

use std::fmt;
use std::ops::Range;

use killick_text::shown;
use serde::Serialize;

/// All errors of one spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpecErrors {
    /// Never empty, in file order.
    pub errors: Vec<SpecError>,
}

impl fmt::Display for SpecErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.errors.len() != 1 {
            write!(f, "{} errors in the spec: ", self.errors.len())?;
        }
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SpecErrors {}

/// One error of a spec. Every span is a range of bytes of the parsed text, lies
/// within it, and starts and ends between characters; it may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpecError {
    /// What is wrong: a lower-case sentence without a full stop.
    pub message: String,
    /// The key, value or table header at fault; `0..0` for what the whole file
    /// lacks.
    pub span: Range<usize>,
    /// A few words to put beside the span.
    pub label: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Other places that explain the error, for example "first defined here".
    pub related: Vec<(Range<usize>, String)>,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SpecError {}

impl SpecError {
    pub(crate) fn new(span: &Range<usize>, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            span: span.clone(),
            label: None,
            hint: None,
            related: Vec::new(),
        }
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn related(mut self, span: &Range<usize>, note: impl Into<String>) -> Self {
        self.related.push((span.clone(), note.into()));
        self
    }
}

/// Line and column of a byte of `text`, both from 1, the column counted in
/// characters. An offset inside a character means that character, one past the
/// end means the end.
#[must_use]
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.split_at(text.floor_char_boundary(offset)).0;
    let line = before.matches('\n').count() + 1;
    let tail = before.rsplit('\n').next().unwrap_or(before);
    (line, tail.chars().count() + 1)
}

/// `text` in backquotes, made safe for a terminal: control characters escaped,
/// the far end of a long text cut.
pub(crate) fn quote(text: &str) -> String {
    const SHOWN: usize = 80;
    let head: String = text.chars().take(SHOWN).collect();
    let mut quoted = format!("`{}", shown(&head));
    if text.chars().nth(SHOWN).is_some() {
        quoted.push('…');
    }
    quoted.push('`');
    quoted
}

/// The candidate that `text` most likely stands for, if any is near.
pub(crate) fn nearest<'c>(
    text: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    // Text of any length may come here, and the distance is quadratic.
    if text.len() > 64 {
        return None;
    }
    let plain = text.to_lowercase().replace('-', "_");
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::osa_distance(&plain, &candidate.replace('-', "_"));
            (distance, candidate)
        })
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).clamp(1, 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_is_safe_and_short() {
        assert_eq!(quote("a\u{1b}[31m\n"), "`a\\u{1b}[31m\\n`");
        assert_eq!(quote("\u{202e}a\u{200b}"), "`\\u{202e}a\\u{200b}`");
        assert_eq!(quote(&"é".repeat(80)).chars().count(), 82);
        assert_eq!(quote(&"é".repeat(81)).chars().count(), 83);
    }

    #[test]
    fn only_near_names_are_suggested() {
        let keys = ["name", "public", "private"];
        assert_eq!(nearest("pubilc", keys), Some("public"));
        assert_eq!(nearest("Private", keys), Some("private"));
        assert_eq!(nearest("zone", keys), None);
        assert_eq!(nearest("", keys), None);
    }

    #[test]
    fn errors_read_as_one_line() {
        let one = SpecError::new(&(0..0), "a");
        let mut all = SpecErrors { errors: vec![one] };
        assert_eq!(all.to_string(), "a");
        all.errors.push(SpecError::new(&(0..0), "b"));
        assert_eq!(all.to_string(), "2 errors in the spec: a; b");
    }
}
