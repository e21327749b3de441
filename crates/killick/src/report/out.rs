//! The one place that prints.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use indicatif::{MultiProgress, ProgressDrawTarget};
use killick_text::{in_json, on_screen, shown};
use serde::Serialize;

use crate::args::Color;
use crate::error::Error;
use crate::exit::Exit;
use crate::files::why;
use crate::report::paint::{cyan, red};
use crate::report::spec_errors;

/// Standard output for data, standard error for everything else.
#[derive(Debug)]
pub struct Out {
    sink: Sink,
    stdout_color: bool,
    stderr_color: bool,
    /// Draws progress; what else goes to standard error is printed above it.
    bars: MultiProgress,
    failure: RefCell<Option<io::Error>>,
}

/// Where all text ends.
#[derive(Debug)]
enum Sink {
    /// The streams of this process.
    Process,
    /// What stands in for standard output and standard error.
    Captured(RefCell<(String, String)>),
}

impl Out {
    /// The process's own streams.
    pub fn new(color: Color) -> Self {
        let wanted = |auto: ColorChoice| match color {
            Color::Auto => auto != ColorChoice::Never,
            Color::Always => true,
            Color::Never => false,
        };
        Self {
            sink: Sink::Process,
            stdout_color: wanted(AutoStream::choice(&io::stdout())),
            stderr_color: wanted(AutoStream::choice(&io::stderr())),
            bars: MultiProgress::new(),
            failure: RefCell::default(),
        }
    }

    /// Keeps everything for [`Out::take`], without colours: the process's
    /// streams are not touched, and there is nobody to watch or to ask.
    pub fn captured() -> Self {
        Self {
            sink: Sink::Captured(RefCell::default()),
            stdout_color: false,
            stderr_color: false,
            bars: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()),
            failure: RefCell::default(),
        }
    }

    /// What was captured since the last time: standard output and standard
    /// error.
    pub fn take(&self) -> (String, String) {
        match &self.sink {
            Sink::Process => Default::default(),
            Sink::Captured(texts) => texts.take(),
        }
    }

    /// Whether standard error may have colours.
    pub fn stderr_color(&self) -> bool {
        self.stderr_color
    }

    /// Whether somebody watches standard error.
    pub fn watched(&self) -> bool {
        matches!(self.sink, Sink::Process) && io::stderr().is_terminal()
    }

    /// Whether there is somebody to answer a question.
    pub fn can_ask(&self) -> bool {
        self.watched() && io::stdin().is_terminal()
    }

    /// Where progress is drawn.
    pub(crate) fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Text for standard output.
    pub fn data(&self, text: &str) {
        let mut text = screened(text, self.stdout_color);
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        if let Err(error) = self.to_stdout(&text)
            // Who stops reading has read enough.
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.failure.borrow_mut().get_or_insert(error);
        }
    }

    /// One JSON document for standard output.
    pub fn json(&self, document: &impl Serialize) {
        match serde_json::to_string_pretty(document) {
            Ok(text) => self.data(&in_json(&text)),
            Err(error) => self.fail(error),
        }
    }

    /// One JSON line for standard output.
    pub fn event(&self, event: &impl Serialize) {
        match serde_json::to_string(event) {
            Ok(line) => self.data(&in_json(&line)),
            Err(error) => self.fail(error),
        }
    }

    fn fail(&self, error: serde_json::Error) {
        self.failure.borrow_mut().get_or_insert(error.into());
    }

    /// A message for standard error.
    pub fn note(&self, text: &str) {
        let text = screened(text, self.stderr_color);
        let line = format!("{}\n", text.trim_end_matches('\n'));
        self.bars.suspend(|| self.to_stderr(&line));
    }

    /// A question on standard error; the answer is typed behind it.
    pub fn ask(&self, question: &str) {
        let question = screened(question, self.stderr_color);
        self.to_stderr(&format!("{question} [y/N] "));
    }

    fn to_stdout(&self, text: &str) -> io::Result<()> {
        match &self.sink {
            Sink::Process => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(text.as_bytes())?;
                stdout.flush()
            }
            Sink::Captured(texts) => {
                texts.borrow_mut().0.push_str(text);
                Ok(())
            }
        }
    }

    fn to_stderr(&self, text: &str) {
        match &self.sink {
            Sink::Process => {
                let mut stderr = io::stderr().lock();
                // There is nowhere left to say that this failed.
                stderr.write_all(text.as_bytes()).ok();
            }
            Sink::Captured(texts) => texts.borrow_mut().1.push_str(text),
        }
    }

    /// An error on standard error; its exit code.
    pub fn error(&self, error: &Error) -> Exit {
        self.note(&error_text(error));
        error.exit
    }

    /// What kept standard output from being written.
    pub fn failure(&self) -> Option<Error> {
        let failure = self.failure.borrow();
        let why = why(failure.as_ref()?);
        let error = Error::new(format!("cannot write to standard output: {why}"));
        Some(error.hint("what was to be done is done; only its report is lost"))
    }
}

/// An error as it is printed.
pub fn error_text(error: &Error) -> String {
    if let Some(bad) = &error.spec {
        return spec_errors::text(bad, &error.message);
    }
    let mut text = format!("{} {}\n", red("error:"), shown(&error.message));
    for line in &error.details {
        text.push_str(&format!("  {}\n", shown(line)));
    }
    if let Some(hint) = &error.hint {
        text.push_str(&format!("{} {}\n", cyan("hint:"), shown(hint)));
    }
    text
}

/// All that is printed comes through here: what somebody forgot to clean does
/// no harm.
fn screened(text: &str, color: bool) -> String {
    let text = on_screen(text);
    match color {
        true => text,
        false => anstream::adapter::strip_str(&text).to_string(),
    }
}

/// The process's standard error for the log, whose lines are [`screened`] as well.
#[derive(Debug)]
pub(crate) struct LogLines;

impl Write for LogLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = on_screen(&String::from_utf8_lossy(bytes));
        io::stderr().lock().write_all(text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_captured_is_plain_text_and_taken_once() {
        let out = Out::captured();
        out.data(&red("to stdout"));
        out.note(&cyan("to stderr"));
        out.ask("sure?");
        let taken = (
            "to stdout\n".to_owned(),
            "to stderr\nsure? [y/N] ".to_owned(),
        );
        assert_eq!(out.take(), taken);
        assert_eq!(out.take(), Default::default());
        assert!(!out.watched() && !out.can_ask() && !out.stderr_color());
    }

    /// A tag, an id or a message that somebody wrote to fool a reader.
    const HOSTILE: &str = "a\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}\r\u{61c}\u{200b}\u{200f}\u{202e}\u{2060}\
        \u{2066}\u{feff}\u{e0041}z";

    #[test]
    fn nothing_hidden_is_printed_even_where_nobody_cleaned_it() {
        let out = Out::captured();
        out.data(HOSTILE);
        out.note(HOSTILE);
        out.ask(HOSTILE);
        out.error(
            &Error::new(HOSTILE)
                .hint(HOSTILE)
                .details([HOSTILE.to_owned()]),
        );
        out.json(&HOSTILE);
        out.event(&HOSTILE);
        let (stdout, stderr) = out.take();
        for text in [&stdout, &stderr] {
            let lines = text.replace('\n', "");
            assert!(!lines.contains(killick_text::is_hidden), "{text:?}");
            assert!(text.contains("u{202e}"), "{text:?}");
        }
        let json = stdout.lines().last().unwrap_or_default();
        assert_eq!(
            serde_json::from_str::<String>(json).ok().as_deref(),
            Some(HOSTILE)
        );
    }
}
