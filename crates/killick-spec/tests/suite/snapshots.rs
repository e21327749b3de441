//! All errors of a few bad files, as a reader would be told of them.

use std::fmt::Write;

use killick_spec::{line_column, parse};

fn report(text: &str) -> String {
    let mut out = String::new();
    let Err(errors) = parse(text) else {
        return "no errors".to_owned();
    };
    for error in errors.errors {
        let mut place = |span: &std::ops::Range<usize>, note: &str| {
            let (line, column) = line_column(text, span.start);
            let excerpt = text.get(span.clone()).unwrap_or("SPAN OUT OF BOUNDS");
            writeln!(out, "{line}:{column} {note}\n    at: {excerpt}").ok();
        };
        place(&error.span, &error.message);
        for (span, note) in &error.related {
            place(span, &format!("  {note}"));
        }
        if let Some(label) = error.label {
            writeln!(out, "    label: {label}").ok();
        }
        if let Some(hint) = error.hint {
            writeln!(out, "    hint: {hint}").ok();
        }
    }
    out
}

macro_rules! bad {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            let text = include_str!(concat!("bad/", stringify!($name), ".toml"));
            insta::assert_snapshot!(report(text));
        }
    )*};
}

bad! {
    shape values relations syntax empty
    ids network zones egress functions moved moved_stack accept
}
