//! What every refusal has in common, whatever it refuses.

use crate::killick::Output;
use crate::server::{Server, writes};

impl Output {
    /// The run must have ended with `code`, a message and a hint, and nothing else: no output, no panic, no
    /// secret, no writing call.
    pub fn refused(&self, server: &Server, code: i32) -> Result<(), String> {
        let says = |word: &str| self.stderr.contains(word);
        let fine = [
            (self.status == Some(code), "the exit code"),
            (self.stdout.is_empty(), "something on standard output"),
            (says("hint:") || says("help:"), "no hint"),
            (!says("panicked"), "a panic"),
            (!says("RUST_BACKTRACE"), "talk of backtraces"),
            (!says("test-secret"), "a secret"),
            (!says(".rs:"), "a source file of killick's"),
            (writes(&server.calls()).is_empty(), "something was written"),
        ];
        let wrong: Vec<_> = fine
            .iter()
            .filter(|(fine, _)| !fine)
            .map(|(_, what)| *what)
            .collect();
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "{code} was expected; wrong: {}\n{self}",
                wrong.join(", ")
            ))
        }
    }
}
