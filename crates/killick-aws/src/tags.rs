//! Tags in the calls of EC2.

use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use killick_core::Key;
use killick_stack::{KEY, Owner, STACK, Tags};

/// The filters that find the resource of this key. Wildcards in values match
/// more than is meant; the caller filters again with [`Owner::owns`].
pub(crate) fn filters(owner: &Owner, key: &Key) -> Vec<Filter> {
    vec![
        filter(&format!("tag:{STACK}"), [owner.stack.as_str()]),
        filter(&format!("tag:{KEY}"), [key.to_string()]),
    ]
}

/// Tags as part of a create call: never afterwards, so that nothing is ever
/// made that cannot be found again.
pub(crate) fn specification(kind: ResourceType, tags: &Tags) -> TagSpecification {
    TagSpecification::builder()
        .resource_type(kind)
        .set_tags(Some(to_sdk(tags)))
        .build()
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
