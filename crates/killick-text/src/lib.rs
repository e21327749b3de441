//! What every crate needs to read and write text, once: text that others wrote
//! is made safe to show ([`clean`], [`shown`], [`on_screen`], [`in_json`]),
//! moments and durations have one form each ([`utc`], [`Grammar`]), and numbers
//! agree with their nouns ([`count`]).
//!
//! Names, tags, ids and messages of AWS come from accounts in which anybody may
//! have written them. No character that a terminal, a browser or a chat client
//! obeys, or draws as nothing, leaves killick as it came.

mod clean;
mod count;
mod duration;
mod hidden;
mod moment;

pub use clean::{clean, in_json, on_screen, shown};
pub use count::count;
pub use duration::{Grammar, NotADuration, Unit};
pub use hidden::is_hidden;
pub use moment::{same_day, time_of_day, utc};
