//! What an answer shows at a place.

use serde_json::Value;

/// The names of filters, each with the place in the answer that it compares.
pub(crate) type Paths = &'static [(&'static str, &'static str)];

/// The texts below members such as `attachment.status`, of every item on the
/// way: what most filters compare.
pub(super) fn at(shown: &Value, path: &str) -> Vec<String> {
    match shown {
        Value::Array(items) => items.iter().flat_map(|item| at(item, path)).collect(),
        Value::Object(members) => {
            let (first, rest) = path.split_once('.').unwrap_or((path, ""));
            let member = members.get(first);
            member.map_or_else(Vec::new, |member| at(member, rest))
        }
        Value::String(text) => vec![text.clone()],
        Value::Bool(on) => vec![on.to_string()],
        Value::Number(number) => vec![number.to_string()],
        Value::Null => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::at;
    use serde_json::json;

    #[test]
    fn lists_are_gone_through() {
        let shown = json!({"set": [{"a": {"b": 1}}, {"a": {"b": true}}, {"a": null}]});
        assert_eq!(at(&shown, "set.a.b"), ["1", "true"]);
        assert!(at(&shown, "set.c").is_empty());
    }
}
