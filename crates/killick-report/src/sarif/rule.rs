//! Which rule a finding breaks.

use crate::text::slug;
use crate::{Accepted, Finding};
use killick_finding::Change;

/// What decides on the rule and the place of a result.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) id: &'a str,
    pub(super) key: &'a str,
    pub(super) field: Option<&'a str>,
    what: Change,
}

impl<'a> From<&'a Finding> for Subject<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            id: &finding.id,
            key: &finding.key,
            field: finding.field.as_deref(),
            what: finding.what,
        }
    }
}

impl<'a> From<&'a Accepted> for Subject<'a> {
    fn from(accepted: &'a Accepted) -> Self {
        Self {
            id: &accepted.id,
            key: &accepted.key,
            field: accepted.field.as_deref(),
            what: accepted.what,
        }
    }
}

/// One kind of resource, one family of its fields, one way to differ.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    kind: String,
    /// `routes` of `routes.0.0.0.0/0`.
    family: Option<String>,
    what: Change,
}

impl Rule {
    pub(super) fn of(subject: Subject<'_>) -> Self {
        let kind = subject.key.split('/').next().unwrap_or_default();
        let family = subject.field.and_then(|field| field.split('.').next());
        Self {
            kind: or_other(slug(kind)),
            family: family.map(slug).map(or_other),
            what: subject.what,
        }
    }

    /// Stable: `route_table.routes.changed`, `nat_gateway.missing`.
    pub(super) fn id(&self) -> String {
        let what = self.what.word();
        match &self.family {
            Some(family) => format!("{}.{family}.{what}", self.kind),
            None => format!("{}.{what}", self.kind),
        }
    }

    fn subject(&self) -> String {
        let kind = words(&self.kind);
        match &self.family {
            Some(family) => format!("{} of a {kind}", words(family)),
            None => kind,
        }
    }

    pub(super) fn title(&self) -> String {
        format!("{}: {}", self.subject(), self.what.word())
    }

    pub(super) fn sentence(&self) -> String {
        let how = match self.what {
            Change::Missing => "Declared in the spec and not there",
            Change::Extra => "There and not declared in the spec",
            Change::Changed => "Not as the spec declares it",
            Change::Broken => "There and not working",
        };
        format!("{how}: {}.", self.subject())
    }

    pub(super) fn help(&self) -> String {
        format!(
            "{} The message of each result says what that means for the traffic and what to do; \
             `killick drift` shows it in full, `killick plan` shows what `killick apply` would do.",
            self.sentence()
        )
    }
}

/// `nat_gateway` as it is read: `NAT gateway`.
fn words(name: &str) -> String {
    let words = name.split('_').map(|word| match word {
        "acl" | "cidr" | "dns" | "ip" | "nat" | "vpc" => word.to_ascii_uppercase(),
        word => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn or_other(text: String) -> String {
    if text.is_empty() {
        "other".to_owned()
    } else {
        text
    }
}
