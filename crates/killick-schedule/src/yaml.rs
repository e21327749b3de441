//! Text in YAML, as readers of version 1.1 and of 1.2 both understand it.

use killick_text::is_hidden;

/// A double-quoted scalar.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_plain(c) => out.push(c),
            c => out.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Many lines below a key, each `indent` spaces in, two more than the key; on
/// one line where the lines would not come back as they are.
pub(crate) fn lines(text: &str, indent: usize) -> String {
    let body = text.trim_end_matches('\n');
    let simple = |c: char| is_plain(c) || c == '\n' || c == '\t';
    if body.trim().is_empty() || !text.chars().all(simple) {
        return quoted(text);
    }
    let margin = if body.starts_with([' ', '\t', '\n']) {
        "2"
    } else {
        ""
    };
    // What is said of the newlines at the end: none, one or all.
    let end = match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    let mut out = format!("|{margin}{end}");
    let lines = text.strip_suffix('\n').unwrap_or(text);
    for line in lines.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line);
        }
    }
    out
}

/// Seen as it is, and no line break to anybody: YAML 1.1 has more of those.
fn is_plain(c: char) -> bool {
    !is_hidden(c)
}
