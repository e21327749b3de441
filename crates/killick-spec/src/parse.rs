//! From TOML text to the spec, and what lies between.

use std::borrow::Cow;
use std::ops::Range;

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

/// A string of the file and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<'d> {
    pub(crate) value: &'d str,
    pub(crate) span: Range<usize>,
}

/// The file as far as its shape is right. What is absent here has been reported
/// already if it is required.
#[derive(Debug)]
pub(crate) struct Raw<'d> {
    pub(crate) stack: Option<At<'d>>,
    pub(crate) region: Option<At<'d>>,
    pub(crate) account: Option<At<'d>>,
    pub(crate) cidr: Option<At<'d>>,
    pub(crate) vpc: Option<At<'d>>,
    pub(crate) zones: Vec<RawZone<'d>>,
    pub(crate) nat: Option<At<'d>>,
    pub(crate) nat_zone: Option<At<'d>>,
    pub(crate) addresses: Vec<At<'d>>,
    pub(crate) security_groups: Vec<At<'d>>,
    pub(crate) functions: Vec<RawFunction<'d>>,
    /// In file order.
    pub(crate) tags: Vec<(At<'d>, At<'d>)>,
    pub(crate) moved: Vec<RawMoved<'d>>,
    pub(crate) accepts: Vec<RawAccept<'d>>,
    /// `nat` or a table that could hold it has a wrong type.
    pub(crate) nat_unread: bool,
}

#[derive(Debug)]
pub(crate) struct RawZone<'d> {
    pub(crate) header: Range<usize>,
    pub(crate) name: Option<At<'d>>,
    pub(crate) availability_zone: Option<At<'d>>,
    /// `availability_zone` is given, be it of a wrong type.
    pub(crate) labelled: bool,
    pub(crate) public: Option<At<'d>>,
    pub(crate) private: Option<At<'d>>,
    pub(crate) address: Option<At<'d>>,
}

/// With more than one selector this has been reported.
#[derive(Debug)]
pub(crate) struct RawFunction<'d> {
    pub(crate) name: Option<At<'d>>,
    pub(crate) arn: Option<At<'d>>,
    pub(crate) prefix: Option<At<'d>>,
    pub(crate) tag: Option<(At<'d>, At<'d>)>,
    pub(crate) security_groups: Vec<At<'d>>,
}

#[derive(Debug)]
pub(crate) struct RawMoved<'d> {
    pub(crate) from: Option<At<'d>>,
    pub(crate) to: Option<At<'d>>,
}

#[derive(Debug)]
pub(crate) struct RawAccept<'d> {
    pub(crate) line: usize,
    pub(crate) finding: Option<At<'d>>,
    /// A string, or the text of a TOML date.
    pub(crate) until: Option<(Cow<'d, str>, Range<usize>)>,
    pub(crate) reason: Option<At<'d>>,
}
