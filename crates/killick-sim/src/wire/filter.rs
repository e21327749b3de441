//! Filters: several are joined by and, the values of one by or.

use serde_json::Value;

use super::path::{Paths, at};
use crate::failure::Failure;
use crate::tags::Tags;

/// The filters of a describe call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filters {
    all: Vec<(String, Vec<String>)>,
}

impl Filters {
    /// Adds one filter.
    pub(crate) fn add(&mut self, name: &str, values: Vec<String>) {
        self.all.push((name.to_owned(), values));
    }

    /// Refuses names that a call does not know; `tags` says whether it knows
    /// `tag:<key>` and `tag-key`.
    pub(crate) fn known(&self, paths: Paths, tags: bool) -> Result<(), Failure> {
        for (name, values) in &self.all {
            let tag = tags && (name.starts_with("tag:") || name == "tag-key");
            if !tag && path_of(paths, name).is_none() {
                return Err(Failure::value(format!("The filter '{name}' is invalid")));
            }
            if values.len() > 200 {
                let message =
                    "The maximum number of filter values specified on a single call is 200";
                return Err(Failure::new("FilterLimitExceeded", message));
            }
        }
        Ok(())
    }

    /// Whether a thing passes that has these tags and is shown so.
    pub(crate) fn pass<'v>(
        &self,
        tags: Option<&Tags>,
        paths: Paths,
        shown: impl Fn() -> &'v Value,
    ) -> bool {
        self.all.iter().all(|(name, wanted)| {
            let has = match (name.strip_prefix("tag:"), tags) {
                (Some(key), Some(tags)) => tags.get(key).cloned().into_iter().collect(),
                _ => match (name.as_str(), tags) {
                    ("tag-key", Some(tags)) => tags.keys().cloned().collect(),
                    _ => path_of(paths, name).map_or_else(Vec::new, |path| at(shown(), path)),
                },
            };
            wanted
                .iter()
                .any(|pattern| has.iter().any(|value| like(pattern, value)))
        })
    }
}

fn path_of(paths: Paths, name: &str) -> Option<&'static str> {
    let found = paths.iter().find(|(known, _)| *known == name);
    found.map(|(_, path)| *path)
}

/// Wildcards: `*` for any text, `?` for any character, `\` takes the next one
/// as it is.
pub(crate) fn like(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // Behind the last `*`, and what it has yet to swallow: there is no need to
    // go back further than that.
    let mut again = None;
    loop {
        let mut wanted = pattern.clone();
        let fits = match (wanted.next(), text.clone().next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                again = Some((wanted.clone(), text.clone()));
                pattern = wanted;
                continue;
            }
            (Some('?'), Some(_)) => true,
            (Some('\\'), Some(found)) => wanted.next().unwrap_or('\\') == found,
            (Some(one), Some(found)) => one == found,
            (None, Some(_)) | (Some(_), None) => false,
        };
        if fits {
            text.next();
            pattern = wanted;
            continue;
        }
        let Some((behind, rest)) = &mut again else {
            return false;
        };
        if rest.next().is_none() {
            return false;
        }
        (pattern, text) = (behind.clone(), rest.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn wildcards() {
        for (pattern, text, fits) in [
            ("a*c", "abbc", true),
            ("a*c", "abb", false),
            ("a?c", "abc", true),
            ("a\\*c", "a*c", true),
            ("a\\*c", "abc", false),
            ("*b*c", "abbcabc", true),
            ("*b*c", "abbcab", false),
            ("a**", "a", true),
            ("a?", "a", false),
            ("*", "", true),
            ("", "a", false),
        ] {
            assert_eq!(like(pattern, text), fits, "{pattern} {text}");
        }
    }
}
