//! Small words.

use std::net::Ipv4Addr;

use killick_stack::Leaving;
use killick_text::shown;

pub use killick_text::count;

/// `1st time`, `2nd time`.
pub(crate) fn nth(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending} time")
}

/// Addresses in one line.
pub(crate) fn list(items: &[String]) -> String {
    match items.is_empty() {
        true => "none".to_owned(),
        false => items.join(", "),
    }
}

/// What functions leave by, the addresses in the order of their numbers.
pub(crate) fn leaving(leaving: &Leaving) -> Vec<String> {
    let mut words = leaving.words();
    words.sort_by_key(|word| {
        (
            word.parse::<Ipv4Addr>().is_err(),
            word.parse::<Ipv4Addr>().ok(),
        )
    });
    words
}

/// Text in lines of readable length, each behind `margin`.
pub(crate) fn wrap(text: &str, margin: &str) -> String {
    const WIDTH: usize = 100;
    let mut out = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        }
        if column == 0 {
            out.push_str(margin);
            column = margin.len();
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
    out
}

/// The same, with no line end inside of a command, so that it can be copied as
/// it stands.
pub(crate) fn wrap_around(text: &str, margin: &str, commands: &[String]) -> String {
    const HELD: char = '\u{a0}';
    let mut text = text.to_owned();
    for command in commands {
        let command = shown(command);
        text = text.replace(&command, &command.replace(' ', &HELD.to_string()));
    }
    wrap(&text, margin).replace(HELD, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted() {
        let told = [1, 2, 3, 4, 11, 12, 21, 112].map(nth);
        let words = ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "112th"];
        assert_eq!(told, words.map(|word| format!("{word} time")));
    }

    #[test]
    fn long_text_is_broken_between_words() {
        let text = wrap(&"word ".repeat(30), "  ");
        assert_eq!(text.lines().count(), 2);
        assert!(
            text.lines()
                .all(|line| line.starts_with("  word") && line.len() <= 100)
        );
        assert_eq!(wrap("one", "  "), "  one\n");
    }

    #[test]
    fn a_command_stays_in_one_line() {
        let command = "aws ec2 describe-vpcs --region ap-northeast-1".to_owned();
        let text = format!("{}({command}) and more", "word ".repeat(15));
        let told = wrap_around(&text, "  ", std::slice::from_ref(&command));
        assert_eq!(told.lines().count(), 2);
        assert!(told.contains(&format!("({command})")));
    }
}
