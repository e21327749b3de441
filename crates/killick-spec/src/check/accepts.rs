//! Rules that concern what is accepted.

use super::each::{by_value, each, named, unique};
use crate::error::SpecError;
use crate::model::Accept;
use crate::raw::{At, RawAccept};
use crate::rule;

pub(super) fn accepts(raw: &[RawAccept<'_>], errors: &mut Vec<SpecError>) -> Vec<Accept> {
    let findings = raw.iter().filter_map(|accept| accept.finding.as_ref());
    let twice = named("finding", "remove one of the two");
    unique(&twice, by_value(findings), errors);
    raw.iter()
        .filter_map(|accept| {
            let finding = each(accept.finding.as_ref(), rule::finding, errors);
            let until = accept.until.as_ref().map(|(value, span)| At {
                value: value.as_ref(),
                span: span.clone(),
            });
            let until = each(until.as_ref(), rule::until, errors);
            let reason = each(accept.reason.as_ref(), rule::reason, errors);
            Some(Accept {
                finding: finding?,
                until: until?,
                reason: reason?,
                line: accept.line,
            })
        })
        .collect()
}
