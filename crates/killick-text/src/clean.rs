//! Text that others wrote, made safe for where it is shown.

use std::fmt::Write;

use crate::is_hidden;

/// For a page or a message: one line of text without what [`is_hidden`]. Any
/// run of white space, line and paragraph separators included, becomes one
/// space.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for char in text.chars() {
        if char.is_whitespace() {
            gap = true;
        } else if !is_hidden(char) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(char);
        }
    }
    out
}

/// For a terminal or plain text: one line in which every character that
/// [`is_hidden`] is written out (`\u{1b}`, `\n`). It cannot move the cursor,
/// colour the screen, turn the direction of writing or end the line, and a
/// reader sees that it was there.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        show(char, &mut out);
    }
    out
}

fn show(char: char, out: &mut String) {
    match is_hidden(char) {
        true => out.extend(char.escape_default()),
        false => out.push(char),
    }
}

/// For a whole text of lines on its way to a terminal: line feeds, tabs and
/// colours stay, whatever else [`is_hidden`] is written out as in [`shown`].
/// It is the last net; a piece that others wrote goes through [`shown`] or
/// [`clean`] before it is put into a line.
pub fn on_screen(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let (kept, after) = rest.split_at(colour(rest).unwrap_or(0));
        if kept.is_empty() {
            match char {
                '\n' | '\t' => out.push(char),
                other => show(other, &mut out),
            }
            rest = rest.split_at(char.len_utf8()).1;
        } else {
            out.push_str(kept);
            rest = after;
        }
    }
    out
}

/// The length of the sequence for a colour or a weight that a text begins with.
fn colour(text: &str) -> Option<usize> {
    let body = text.strip_prefix("\u{1b}[")?;
    let end = body.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    body.split_at(end).1.starts_with('m').then_some(end + 3)
}

/// For a document in JSON, which means the same afterwards: what [`is_hidden`]
/// inside its strings is written with an escape of JSON. Line feeds and tabs
/// between values stay.
pub fn in_json(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    for char in document.chars() {
        if is_hidden(char) && !matches!(char, '\n' | '\t') {
            for unit in char.encode_utf16(&mut [0; 2]) {
                // Into a string: that cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(char);
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One of each sort that must never get out.
    const HOSTILE: &str = "a\u{0}\u{7}\u{1b}[2J\u{7f}\u{85}\u{9b}\r\n\t\u{ad}\u{34f}\u{61c}\u{115f}\
        \u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\
        \u{202d}\u{202e}\u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\
        \u{fff9}\u{fffe}\u{ffff}\u{1d173}\u{e0001}\u{e0041}\u{e007f}\u{e0100}z";

    fn any_text() -> impl Strategy<Value = String> {
        let hostile: Vec<char> = HOSTILE.chars().collect();
        let char = prop_oneof![
            3 => proptest::sample::select(hostile),
            2 => any::<char>(),
            1 => proptest::sample::select(vec!['[', 'm', '1', ';', ' ', '"', '\\']),
        ];
        proptest::collection::vec(char, 0..40).prop_map(|chars| chars.into_iter().collect())
    }

    #[test]
    fn a_page_gets_nothing_that_acts() {
        assert_eq!(clean(HOSTILE), "a[2J z");
        assert_eq!(
            clean("a\u{0}b\u{202e}c\u{2066}d\u{feff}e\u{85}f"),
            "abcde f"
        );
        assert_eq!(clean("  one\r\n\ttwo\u{2028}three "), "one two three");
        assert_eq!(clean("naïve 東京 \u{1f600}"), "naïve 東京 \u{1f600}");
    }

    #[test]
    fn a_terminal_gets_it_written_out() {
        let text = shown(HOSTILE);
        assert!(!text.contains(is_hidden), "{text}");
        assert!(text.starts_with("a\\u{0}\\u{7}\\u{1b}[2J"), "{text}");
        assert!(text.contains("\\r\\n\\t"), "{text}");
        assert!(text.ends_with("\\u{e007f}\\u{e0100}z"), "{text}");
        assert_eq!(
            shown("naïve 東京  \u{1f600} {x}"),
            "naïve 東京  \u{1f600} {x}"
        );
    }

    #[test]
    fn lines_and_colours_stay_on_the_screen() {
        let text = "\u{1b}[1m\u{1b}[31mred\u{1b}[0m\n\tx\u{1b}[2J\u{1b}]0;t\u{7}\u{202e}\r\u{1b}[1";
        let safe =
            "\u{1b}[1m\u{1b}[31mred\u{1b}[0m\n\tx\\u{1b}[2J\\u{1b}]0;t\\u{7}\\u{202e}\\r\\u{1b}[1";
        assert_eq!(on_screen(text), safe);
    }

    #[test]
    fn json_is_escaped_as_json_does_it() {
        let document = "{\n\t\"a\u{202e}\u{7f}\": \"\u{e0041}é\"\n}";
        let safe = "{\n\t\"a\\u202e\\u007f\": \"\\udb40\\udc41é\"\n}";
        assert_eq!(in_json(document), safe);
    }

    proptest! {
        #[test]
        fn nothing_hidden_gets_out(text in any_text()) {
            prop_assert!(!clean(&text).contains(is_hidden));
            prop_assert!(!shown(&text).contains(is_hidden));
            let left = on_screen(&text).replace(['\n', '\t'], "");
            let mut rest = left.as_str();
            while let Some(at) = rest.find(is_hidden) {
                rest = rest.split_at(at).1;
                rest = rest.split_at(colour(rest).unwrap()).1;
            }
            prop_assert!(!in_json(&text).replace(['\n', '\t'], "").contains(is_hidden));
        }

        #[test]
        fn what_is_clean_stays(text in any_text()) {
            for clean in [clean(&text), shown(&text)] {
                prop_assert_eq!(&shown(&clean), &clean);
                prop_assert_eq!(&on_screen(&clean), &clean);
                prop_assert_eq!(&in_json(&clean), &clean);
            }
            prop_assert_eq!(clean(&clean(&text)), clean(&text));
        }
    }
}
