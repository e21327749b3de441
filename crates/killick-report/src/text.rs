//! Text that others wrote: what is taken out of it, and how it is cut.

/// One line of text without anything that acts instead of being read.
///
/// Out go control characters (C0, DEL, C1), marks that turn the direction of
/// writing, zero-width characters, tag characters and the non-characters that
/// XML 1.0 forbids. Any run of white space, line and paragraph separators
/// included, becomes one space.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for char in text.chars() {
        if char.is_whitespace() {
            gap = true;
        } else if !acts(char) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(char);
        }
    }
    out
}

fn acts(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{FEFF}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{FFFE}' | '\u{FFFF}'
            | '\u{E0000}'..='\u{E007F}')
}

/// With a capital and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|char| char.to_ascii_uppercase());
    let first = first.map(String::from).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

/// What is read where nothing was given.
pub(crate) fn or_nothing(text: &str) -> String {
    let text = clean(text);
    if text.is_empty() {
        "nothing".to_owned()
    } else {
        text
    }
}

/// Letters, digits, `-` and `_` only: for ids and fragments.
pub(crate) fn slug(text: &str) -> String {
    let keep = |&char: &char| char.is_ascii_alphanumeric() || char == '-' || char == '_';
    text.chars().filter(keep).collect()
}

/// The clean ones in one row, with commas.
pub(crate) fn list_of(all: &[String]) -> String {
    let all: Vec<String> = all.iter().map(|one| clean(one)).collect();
    all.join(", ")
}

/// `1 finding`, `2 findings`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// How many columns of a fixed-width font a character takes, at most.
fn columns(char: char) -> usize {
    match char {
        '\u{0300}'..='\u{036F}' => 0,
        char if char < '\u{0300}' => 1,
        _ => 2,
    }
}

/// The clean text in at most `room` columns, its middle left out if it must
/// be: ids and names differ at their ends.
pub(crate) fn fit(text: &str, room: usize) -> String {
    let text = clean(text);
    if text.chars().map(columns).sum::<usize>() <= room {
        return text;
    }
    // The sign in the middle may be two columns wide in some fonts.
    let room = room.saturating_sub(2);
    let head = take(text.chars(), room.div_ceil(2));
    let tail = take(text.chars().rev(), room / 2);
    let tail: String = tail.chars().rev().collect();
    format!("{head}…{tail}")
}

fn take(chars: impl Iterator<Item = char>, room: usize) -> String {
    let mut used = 0;
    let within = |char: &char| {
        used += columns(*char);
        used <= room
    };
    chars.take_while(within).collect()
}

#[cfg(test)]
mod tests {
    use super::{clean, fit};

    #[test]
    fn what_acts_is_taken_out() {
        assert_eq!(
            clean("a\u{0}b\u{202e}c\u{2066}d\u{feff}e\u{85}f"),
            "abcde f"
        );
        assert_eq!(clean("  one\r\n\ttwo\u{2028}three "), "one two three");
        assert_eq!(clean("naïve 東京 \u{1f600}"), "naïve 東京 \u{1f600}");
    }

    #[test]
    fn the_middle_goes_first() {
        assert_eq!(fit("nat-0123456789abcdef0", 12), "nat-0…cdef0");
        assert_eq!(fit("short", 5), "short");
        assert_eq!(fit("東京東京東京", 8), "東…京");
        assert_eq!(fit("anything", 0), "…");
    }
}
