//! Text that others wrote: how it is cut and joined.

use killick_text::clean;

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
    use super::fit;

    #[test]
    fn the_middle_goes_first() {
        assert_eq!(fit("nat-0123456789abcdef0", 12), "nat-0…cdef0");
        assert_eq!(fit("short", 5), "short");
        assert_eq!(fit("東京東京東京", 8), "東…京");
        assert_eq!(fit("anything", 0), "…");
    }
}
