//! The errors of a spec, each beside the line it is about.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use killick_spec::SpecError;
use killick_text::{is_hidden, shown};

use crate::error::BadSpec;
use crate::report::paint::{cyan, red};

const WIDTH: usize = 100;

/// All errors of a spec, in file order.
pub(crate) fn text(bad: &BadSpec, message: &str) -> String {
    let renderer = Renderer::styled().term_width(WIDTH);
    let source = Shown::of(&bad.text);
    let mut text = String::new();
    for error in &bad.errors.errors {
        text.push_str(&renderer.render(&[group(&source, bad, error)]));
        text.push('\n');
        if let Some(hint) = &error.hint {
            text.push_str(&format!("{} {}\n", cyan("hint:"), shown(hint)));
        }
        text.push('\n');
    }
    if bad.errors.errors.len() > 1 {
        text.push_str(&format!("{} {}\n", red("error:"), shown(message)));
    }
    if bad.errors.errors.iter().all(|error| error.hint.is_none()) {
        let hint = "correct the file; specs/ has some to start from";
        text.push_str(&format!("{} {hint}\n", cyan("hint:")));
    }
    text
}

fn group<'a>(source: &'a Shown<'_>, bad: &'a BadSpec, error: &'a SpecError) -> Group<'a> {
    let label = error.label.as_deref().map(shown);
    let primary = AnnotationKind::Primary.span(source.span(&error.span));
    let related = error.related.iter().map(|(span, note)| {
        AnnotationKind::Context
            .span(source.span(span))
            .label(shown(note))
    });
    let snippet = Snippet::source(source.text.as_str())
        .path(shown(&bad.file))
        .annotation(primary.label(label))
        .annotations(related);
    Level::ERROR
        .primary_title(shown(&error.message))
        .element(snippet)
}

/// The text of a spec as a terminal may show it: a sign in place of each
/// character that is hidden. Control characters get theirs from the renderer.
struct Shown<'a> {
    original: &'a str,
    text: String,
}

impl<'a> Shown<'a> {
    fn of(original: &'a str) -> Self {
        let text = signed(original);
        Self { original, text }
    }

    /// Where a span of the original is.
    fn span(&self, span: &Range<usize>) -> Range<usize> {
        let moved = |at: usize| {
            let before = self.original.get(..at).unwrap_or(self.original);
            signed(before).len()
        };
        moved(span.start)..moved(span.end)
    }
}

fn signed(text: &str) -> String {
    let sign = |c: char| match is_hidden(c) && !c.is_control() {
        true => char::REPLACEMENT_CHARACTER,
        false => c,
    };
    text.chars().map(sign).collect()
}
