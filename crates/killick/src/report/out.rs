//! The one place that prints.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use indicatif::MultiProgress;
use serde::Serialize;

use crate::args::Color;
use crate::report::paint::{cyan, red};
use crate::report::spec_errors;
use crate::world::why;
use crate::{Error, Exit};

/// Standard output for data, standard error for everything else.
#[derive(Debug)]
pub struct Out {
    stdout_color: bool,
    stderr_color: bool,
    /// Draws progress; what else goes to standard error is printed above it.
    bars: MultiProgress,
    failure: RefCell<Option<io::Error>>,
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
            stdout_color: wanted(AutoStream::choice(&io::stdout())),
            stderr_color: wanted(AutoStream::choice(&io::stderr())),
            bars: MultiProgress::new(),
            failure: RefCell::default(),
        }
    }

    /// Whether standard error may have colours.
    pub fn stderr_color(&self) -> bool {
        self.stderr_color
    }

    /// Whether somebody watches standard error.
    pub fn watched(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Whether there is somebody to answer a question.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Where progress is drawn.
    pub(crate) fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Text for standard output.
    pub fn data(&self, text: &str) {
        let text = shown(text, self.stdout_color);
        let print = |out: &mut io::StdoutLock<'_>| -> io::Result<()> {
            out.write_all(text.as_bytes())?;
            if !text.is_empty() && !text.ends_with('\n') {
                out.write_all(b"\n")?;
            }
            out.flush()
        };
        if let Err(error) = print(&mut io::stdout().lock())
            // Who stops reading has read enough.
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.failure.borrow_mut().get_or_insert(error);
        }
    }

    /// One JSON document for standard output.
    pub fn json(&self, document: &impl Serialize) {
        match serde_json::to_string_pretty(document) {
            Ok(text) => self.data(&text),
            Err(error) => self.fail(error),
        }
    }

    /// One JSON line for standard output.
    pub fn event(&self, event: &impl Serialize) {
        match serde_json::to_string(event) {
            Ok(line) => self.data(&line),
            Err(error) => self.fail(error),
        }
    }

    fn fail(&self, error: serde_json::Error) {
        self.failure.borrow_mut().get_or_insert(error.into());
    }

    /// A message for standard error.
    pub fn note(&self, text: &str) {
        let text = shown(text, self.stderr_color);
        // There is nowhere left to say that this failed.
        self.bars
            .suspend(|| writeln!(io::stderr().lock(), "{}", text.trim_end_matches('\n')))
            .ok();
    }

    /// A question on standard error; the answer is typed behind it.
    pub fn ask(&self, question: &str) {
        let mut stderr = io::stderr().lock();
        write!(stderr, "{question} [y/N] ").ok();
        stderr.flush().ok();
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
    let mut text = format!("{} {}\n", red("error:"), clean(&error.message));
    for line in &error.details {
        text.push_str(&format!("  {}\n", clean(line)));
    }
    if let Some(hint) = &error.hint {
        text.push_str(&format!("{} {}\n", cyan("hint:"), clean(hint)));
    }
    text
}

fn shown(text: &str, color: bool) -> String {
    match color {
        true => text.to_owned(),
        false => anstream::adapter::strip_str(text).to_string(),
    }
}

/// Text of others cannot move the cursor, colour the screen or end a line.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_control() {
            true => out.extend(c.escape_default()),
            false => out.push(c),
        }
    }
    out
}
