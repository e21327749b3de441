//! From TOML text to the spec.

use toml::de::DeTable;

use crate::check::check;
use crate::error::{SpecError, SpecErrors};
use crate::model::Spec;
use crate::read::Reader;

/// Reads and checks a spec.
///
/// # Errors
///
/// All errors of the text at once, in file order. Where the text is not TOML
/// these are the syntax errors alone, because the rest would be guesswork.
pub fn parse(text: &str) -> Result<Spec, SpecErrors> {
    let (document, syntax) = DeTable::parse_recoverable(text);
    let mut errors: Vec<_> = syntax.iter().map(|e| syntax_error(text, e)).collect();
    let mut spec = None;
    if errors.is_empty() {
        let raw = Reader {
            text,
            errors: &mut errors,
        }
        .raw(document.get_ref());
        spec = check(&raw, &mut errors);
    }
    errors.sort_by_key(|error| (error.span.start, error.span.end));
    match spec {
        Some(spec) if errors.is_empty() => Ok(spec),
        _ => Err(SpecErrors { errors }),
    }
}

fn syntax_error(text: &str, error: &toml::de::Error) -> SpecError {
    let span = error.span().unwrap_or_default();
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end).max(start);
    let message = error.message();
    let hint = if message.contains("duplicate key") {
        "keep one of the two; a table that repeats is written in double brackets, such as [[zone]]"
    } else if message.contains("must be quoted") {
        "write the value in double quotes"
    } else {
        "correct the TOML here; all else is checked once it can be read"
    };
    SpecError::new(&(start..end), format!("invalid TOML: {message}")).hint(hint)
}
