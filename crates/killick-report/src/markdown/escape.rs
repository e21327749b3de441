//! Escaping for GitHub's Markdown.

use killick_text::clean;

/// Text that reads as it is: no markup, no HTML, no mention, no reference to
/// an issue, no link. Fit for a table cell, and for a line that begins with
/// other words.
pub(super) fn prose(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut word = String::new();
    while let Some(char) = rest.next() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(char);
            }
            // GitHub looks for mentions and references in the finished page,
            // where an escape no longer tells: only a mark between helps.
            '@' | '#' => {
                out.push(char);
                if rest.peek().is_some_and(|next| next.is_alphanumeric()) {
                    out.push_str("&#8203;");
                }
            }
            ':' if rest.peek() == Some(&'/') => out.push_str("&#58;"),
            '.' if word.eq_ignore_ascii_case("www") => out.push_str("&#46;"),
            char => out.push(char),
        }
        if char.is_alphanumeric() {
            word.push(char);
        } else {
            word.clear();
        }
    }
    out
}

/// A code span outside tables.
pub(super) fn code(text: &str) -> String {
    let text = clean(text);
    if text.contains(['`', '<']) {
        return spelled(&text);
    }
    plain(&text)
}

/// A code span in a table cell: there a bare `|` would end the cell, in a
/// span too.
pub(super) fn cell_code(text: &str) -> String {
    let text = clean(text);
    if text.contains(['`', '<', '|']) {
        return spelled(&text);
    }
    plain(&text)
}

fn plain(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("`{text}`")
}

/// As an element, for text that a pair of backticks cannot hold.
fn spelled(text: &str) -> String {
    format!("<code>{}</code>", prose(text))
}

#[cfg(test)]
mod tests {
    use super::{cell_code, code, prose};

    #[test]
    fn nothing_is_markup() {
        assert_eq!(prose("a|b *c* <script>"), "a\\|b \\*c\\* &lt;script&gt;");
        assert_eq!(prose("@team #12"), "@&#8203;team #&#8203;12");
        assert_eq!(prose("https://a.b www.c.d"), "https&#58;//a.b www&#46;c.d");
        assert_eq!(prose("a\n# b"), "a # b");
    }

    #[test]
    fn spans_hold_what_they_can() {
        assert_eq!(code("a|b"), "`a|b`");
        assert_eq!(cell_code("a|b"), "<code>a\\|b</code>");
        assert_eq!(cell_code("a`b"), "<code>a\\`b</code>");
        assert_eq!(cell_code(""), "");
    }
}
