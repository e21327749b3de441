//! Identity lives in tags.

use std::collections::BTreeMap;

use killick_core::Key;

/// The tag that names the stack.
pub const STACK: &str = "killick:stack";
/// The tag that names the key within the stack.
pub const KEY: &str = "killick:key";
/// The tag of a route table that holds the id of the table that an external
/// subnet followed before.
pub const FORMERLY: &str = "killick:formerly";
/// The tag that the console shows.
pub(crate) const NAME: &str = "Name";

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// Who owns what: the stack, and the user's own tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The stack.
    pub stack: String,
    /// The user's own tags.
    pub tags: Tags,
}

impl Owner {
    /// Every tag that the resource of this key carries.
    pub fn tags(&self, key: &Key) -> Tags {
        let mut tags = self.tags.clone();
        tags.insert(STACK.to_owned(), self.stack.clone());
        tags.insert(KEY.to_owned(), key.to_string());
        tags.insert(NAME.to_owned(), format!("{} {key}", self.stack));
        tags
    }

    /// Whether these are the tags of the resource of this key.
    pub fn owns(&self, key: &Key, tags: &Tags) -> bool {
        carries(tags, &self.stack, key)
    }
}

/// Whether these tags name this key of this stack.
pub(crate) fn carries(tags: &Tags, stack: &str, key: &Key) -> bool {
    tags.get(STACK).is_some_and(|value| value == stack)
        && tags.get(KEY).is_some_and(|value| *value == key.to_string())
}
