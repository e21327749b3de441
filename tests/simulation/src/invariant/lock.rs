//! A lock that nobody holds.

use killick_sim::Place;
use serde_json::Value;

use super::record::parameters;

/// Who holds the lock of a stack, as it is written; nothing, when it is free: it
/// is not there, or it was given back.
pub fn locked(place: &Place, stack: &str) -> Option<String> {
    let text = parameters(place).remove(&format!("/killick/{stack}/lock"))?;
    let holder: Value = serde_json::from_str(&text).unwrap_or_default();
    (holder["expires"] != 0).then_some(text)
}
