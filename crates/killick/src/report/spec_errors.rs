//! The errors of a spec, each beside the line it is about.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use killick_spec::SpecError;

use crate::error::BadSpec;
use crate::report::clean::clean;
use crate::report::paint::{cyan, red};

const WIDTH: usize = 100;

/// All errors of a spec, in file order.
pub(crate) fn text(bad: &BadSpec, message: &str) -> String {
    let renderer = Renderer::styled().term_width(WIDTH);
    let mut text = String::new();
    for error in &bad.errors.errors {
        text.push_str(&renderer.render(&[group(bad, error)]));
        text.push('\n');
        if let Some(hint) = &error.hint {
            text.push_str(&format!("{} {}\n", cyan("hint:"), clean(hint)));
        }
        text.push('\n');
    }
    if bad.errors.errors.len() > 1 {
        text.push_str(&format!("{} {}\n", red("error:"), clean(message)));
    }
    if bad.errors.errors.iter().all(|error| error.hint.is_none()) {
        let hint = "correct the file; specs/ has some to start from";
        text.push_str(&format!("{} {hint}\n", cyan("hint:")));
    }
    text
}

fn group<'a>(bad: &'a BadSpec, error: &'a SpecError) -> Group<'a> {
    let primary = AnnotationKind::Primary.span(error.span.clone());
    let related = error.related.iter().map(|(span, note)| {
        AnnotationKind::Context
            .span(span.clone())
            .label(note.as_str())
    });
    let snippet = Snippet::source(&bad.text)
        .path(bad.file.as_str())
        .annotation(primary.label(error.label.as_deref()))
        .annotations(related);
    Level::ERROR
        .primary_title(error.message.as_str())
        .element(snippet)
}
