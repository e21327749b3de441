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
        tags.insert(NAME.to_owned(), name(&self.stack, key));
        tags
    }

    /// Whether these are the tags of the resource of this key.
    pub fn owns(&self, key: &Key, tags: &Tags) -> bool {
        carries(tags, &self.stack, key)
    }
}

fn name(stack: &str, key: impl std::fmt::Display) -> String {
    format!("{stack} {key}")
}

/// Whether these tags name a key of a stack, and the console's name is the one
/// that killick gives it: all that the call that creates a resource writes.
pub(crate) fn complete(tags: &Tags) -> bool {
    let (stack, key) = (tags.get(STACK), tags.get(KEY));
    let wanted = stack.zip(key).map(|(stack, key)| name(stack, key));
    wanted.is_some() && tags.get(NAME) == wanted.as_ref()
}

/// Whether some stack says that this is its own.
pub(crate) fn claimed(tags: &Tags) -> bool {
    tags.contains_key(STACK) && tags.contains_key(KEY)
}

/// Whether these tags name this key of this stack.
pub(crate) fn carries(tags: &Tags, stack: &str, key: &Key) -> bool {
    tags.get(STACK).is_some_and(|value| value == stack)
        && tags.get(KEY).is_some_and(|value| *value == key.to_string())
}
