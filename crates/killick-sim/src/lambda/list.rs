//! Lists in pages: `Marker` and `MaxItems`.

use serde_json::{Value, json};

use super::call::{Call, invalid};
use crate::failure::Failure;
use crate::wire::{Page, constraint, page, within};

/// How many items a page holds, whatever a client asks for.
const MOST: usize = 50;

/// The page that a request asks for.
///
/// # Errors
/// A bad size or marker.
pub(crate) fn asked(call: &Call<'_>) -> Result<Page, Failure> {
    let size = match call.rest.asked("MaxItems") {
        None => MOST,
        Some(text) => {
            let number = text.parse::<i64>().map_err(|_| {
                let rule = "Member must be an integer";
                constraint(text, "maxItems", rule)
            })?;
            within(number, "maxItems", 1, 10_000)?;
            usize::try_from(number).unwrap_or(MOST).min(MOST)
        }
    };
    let marker = call.rest.asked("Marker").filter(|text| !text.is_empty());
    Page::new(size, marker).map_err(|_| invalid("The provided pagination marker is invalid."))
}

/// An answer with one page of items, which come with keys.
pub(crate) fn answer(
    call: &Call<'_>,
    asked: &Page,
    set: &str,
    mut items: Vec<(String, Value)>,
) -> Value {
    items.sort_by(|(a, _), (b, _)| a.cmp(b));
    let (items, next) = page(items, asked, call.settings.page);
    json!({set: items, "NextMarker": next})
}
