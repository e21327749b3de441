//! Colours. They are always written, and taken out again on the way to where
//! nobody wants them; nothing is said by colour alone.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// What is bad, or about to go.
pub(crate) fn red(text: impl Display) -> String {
    paint(AnsiColor::Red.on_default().bold(), text)
}

/// What is good, or about to come.
pub(crate) fn green(text: impl Display) -> String {
    paint(AnsiColor::Green.on_default(), text)
}

/// What changes, or deserves a look.
pub(crate) fn yellow(text: impl Display) -> String {
    paint(AnsiColor::Yellow.on_default(), text)
}

/// What helps.
pub(crate) fn cyan(text: impl Display) -> String {
    paint(AnsiColor::Cyan.on_default(), text)
}

/// What the eye should find first.
pub(crate) fn bold(text: impl Display) -> String {
    paint(Style::new().bold(), text)
}

/// What only some readers need.
pub(crate) fn dim(text: impl Display) -> String {
    paint(Style::new().dimmed(), text)
}
