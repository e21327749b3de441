//! Identity lives in tags.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use killick_core::Key;

/// The tag that names the stack.
pub(crate) const STACK: &str = "killick:stack";
/// The tag that names the key within the stack.
pub(crate) const KEY: &str = "killick:key";
/// The tag of a route table that says which one a subnet of somebody else
/// followed before.
pub(crate) const FORMERLY: &str = "killick:formerly";
/// The tag that the console shows.
const NAME: &str = "Name";

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

    /// The filters that find the resource of this key. Wildcards in values
    /// match more than is meant; the caller filters again with [`Self::owns`].
    pub(crate) fn filters(&self, key: &Key) -> Vec<Filter> {
        vec![
            filter(&format!("tag:{STACK}"), [self.stack.as_str()]),
            filter(&format!("tag:{KEY}"), [key.to_string()]),
        ]
    }

    /// Whether these are the tags of the resource of this key.
    pub(crate) fn owns(&self, key: &Key, tags: &Tags) -> bool {
        carries(tags, &self.stack, key)
    }
}

/// Tags as part of a create call: never afterwards, so that nothing is ever
/// made that cannot be found again.
pub(crate) fn specification(kind: ResourceType, tags: &Tags) -> TagSpecification {
    TagSpecification::builder()
        .resource_type(kind)
        .set_tags(Some(to_sdk(tags)))
        .build()
}

/// Whether these tags name this key of this stack.
pub(crate) fn carries(tags: &Tags, stack: &str, key: &Key) -> bool {
    tags.get(STACK).is_some_and(|value| value == stack)
        && tags.get(KEY).is_some_and(|value| *value == key.to_string())
}

/// One filter of a describe call.
pub(crate) fn filter<S: Into<String>>(name: &str, values: impl IntoIterator<Item = S>) -> Filter {
    Filter::builder()
        .name(name)
        .set_values(Some(values.into_iter().map(Into::into).collect()))
        .build()
}

pub(crate) fn to_sdk(tags: &Tags) -> Vec<Tag> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect()
}

pub(crate) fn from_sdk(tags: &[Tag]) -> Tags {
    tags.iter()
        .filter_map(|tag| {
            Some((
                tag.key()?.to_owned(),
                tag.value().unwrap_or_default().to_owned(),
            ))
        })
        .collect()
}
