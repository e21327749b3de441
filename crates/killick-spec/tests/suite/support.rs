//! A good spec, and what is said of it after one change.

use killick_spec::{Spec, SpecError, parse};

pub(crate) const GOOD: &str = r#"stack = "partner-egress"
region = "ap-northeast-1"
account = "123456789012"

[network]
cidr = "10.0.0.0/16"

[[zone]]
name = "ap-northeast-1a"
public = "10.0.0.0/24"
private = "10.0.1.0/24"

[[zone]]
name = "ap-northeast-1c"
public = "10.0.2.0/24"
private = "10.0.3.0/24"

[egress]
nat = "single"
nat_zone = "ap-northeast-1c"

[[function]]
name = "billing-sync"

[tags]
team = "payments"
"#;

pub(crate) fn change(from: &str, to: &str) -> String {
    assert_eq!(GOOD.matches(from).count(), 1, "{from:?} must occur once");
    GOOD.replace(from, to)
}

pub(crate) fn good(from: &str, to: &str) -> Spec {
    parse(&change(from, to)).unwrap_or_else(|errors| panic!("{to:?}: {errors:#?}"))
}

/// The only error after a change, which must point at `excerpt`.
pub(crate) fn bad(from: &str, to: &str, excerpt: &str) -> SpecError {
    let text = change(from, to);
    let mut errors = parse(&text).expect_err(to).errors;
    assert_eq!(errors.len(), 1, "{to:?}: {errors:#?}");
    let error = errors.remove(0);
    assert_eq!(text.get(error.span.clone()), Some(excerpt), "{error:#?}");
    error
}

/// Changes the quoted value `from` to each of `values`, quotes included.
pub(crate) fn all_bad(from: &str, values: &[&str]) {
    for value in values {
        let quoted = format!("{value:?}");
        bad(from, &quoted, &quoted);
    }
}

pub(crate) fn hint(error: SpecError) -> String {
    error.hint.unwrap()
}
