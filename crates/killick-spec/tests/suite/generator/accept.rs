//! What is accepted, and its text.

use killick_spec::{Accept, Date};
use proptest::prelude::*;

use super::quoted;

pub(crate) fn accepts() -> impl Strategy<Value = Vec<Accept>> {
    let date = (1970_u16..=9999, 1_u8..=12, 1_u8..=31);
    let date = date.prop_filter_map("no such day", |(year, month, day)| {
        Date::new(year, month, day)
    });
    let reason = "[^\\p{Cc}]{0,40}[!-~][^\\p{Cc}]{0,40}";
    prop::collection::btree_map("d-[0-9a-f]{6}", (date, reason), 0..4).prop_map(|all| {
        let accept = |(finding, (until, reason))| Accept {
            finding,
            until,
            reason,
            line: 0,
        };
        all.into_iter().map(accept).collect()
    })
}

pub(crate) fn written(accept: &Accept) -> String {
    let Accept { finding, until, .. } = accept;
    // Both forms of a date.
    let until = match until.day() % 2 {
        0 => format!("\"{until}\""),
        _ => until.to_string(),
    };
    let reason = quoted(&accept.reason);
    format!("[[accept]]\nfinding = \"{finding}\"\nuntil = {until}\nreason = {reason}\n")
}
