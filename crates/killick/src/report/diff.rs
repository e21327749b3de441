//! One change of one field, in as few lines as it takes.

use killick_core::{FieldDiff, Value};
use similar::{ChangeTag, TextDiff};

use crate::report::paint::{dim, green, red};
use killick_text::shown;

/// A value in one line.
pub(crate) fn line(value: &Value) -> String {
    let text = value.to_string();
    text.split('\n').map(shown).collect::<Vec<_>>().join(", ")
}

/// What changes, without a margin: one line, or one a member where a value has
/// several.
pub(crate) fn change(diff: &FieldDiff) -> Vec<String> {
    let (live, desired) = (&diff.live, &diff.desired);
    // A member that comes or goes names itself.
    let member = diff.entry.as_ref();
    if live.is_absent() && member == Some(desired) {
        return vec![format!("{}: {} {}", diff.name, green("+"), line(desired))];
    }
    if desired.is_absent() && member == Some(live) {
        return vec![format!("{}: {} {}", diff.name, red("-"), line(live))];
    }
    let path = shown(&diff.path());
    if !(several(live) || several(desired)) {
        let arrow = dim("->");
        return vec![format!("{path}: {} {arrow} {}", line(live), line(desired))];
    }
    let (live, desired) = (lines(live), lines(desired));
    let mut out = vec![format!("{path}:")];
    for change in TextDiff::from_lines(&live, &desired).iter_all_changes() {
        let text = shown(change.value().trim_end_matches('\n'));
        out.push(match change.tag() {
            ChangeTag::Delete => format!("  {} {text}", red("-")),
            ChangeTag::Insert => format!("  {} {text}", green("+")),
            ChangeTag::Equal => format!("    {text}"),
        });
    }
    out
}

fn several(value: &Value) -> bool {
    value.to_string().contains('\n')
}

/// One member a line; none for what is empty.
fn lines(value: &Value) -> String {
    let empty = match value {
        Value::Absent => true,
        Value::Set(items) => items.is_empty(),
        Value::Map(items) => items.is_empty(),
        _ => false,
    };
    match empty {
        true => String::new(),
        false => format!("{value}\n"),
    }
}

#[cfg(test)]
mod tests {
    use killick_core::PhysicalId;

    use super::*;

    fn diff(entry: Option<&str>, live: Value, desired: Value) -> FieldDiff {
        FieldDiff {
            name: "field",
            entry: entry.map(Value::from),
            live,
            desired,
            guard: None,
        }
    }

    fn plain(diff: &FieldDiff) -> String {
        anstream::adapter::strip_str(&change(diff).join("\n")).to_string()
    }

    #[test]
    fn one_line_where_one_is_enough() {
        let foreign = Value::Foreign(PhysicalId::new("nat-0abc"));
        let one = diff(Some("0.0.0.0/0"), foreign, Value::from("x"));
        assert_eq!(plain(&one), "field.0.0.0.0/0: nat-0abc -> x");
        let one = diff(None, true.into(), false.into());
        assert_eq!(plain(&one), "field: on -> off");
    }

    #[test]
    fn members_name_themselves() {
        let comes = diff(Some("a"), Value::Absent, Value::from("a"));
        assert_eq!(plain(&comes), "field: + a");
        let goes = diff(Some("a"), Value::from("a"), Value::Absent);
        assert_eq!(plain(&goes), "field: - a");
    }

    #[test]
    fn several_members_are_compared_line_by_line() {
        let set = |names: &[&str]| {
            names
                .iter()
                .map(|name| Value::from(*name))
                .collect::<Value>()
        };
        let from = diff(None, set(&["a", "b"]), set(&["b", "c"]));
        assert_eq!(plain(&from), "field:\n  - a\n    b\n  + c");
        let fresh = diff(None, set(&[]), set(&["a", "b"]));
        assert_eq!(plain(&fresh), "field:\n  + a\n  + b");
    }

    #[test]
    fn text_of_others_stays_in_its_line() {
        let evil = diff(None, Value::from("a\u{1b}[31m\rb"), Value::from("c"));
        assert_eq!(plain(&evil), "field: a\\u{1b}[31m\\rb -> c");
    }
}
