//! Pages: a part of a list, and a token for the next one.

use std::ops::RangeInclusive;

use super::Params;
use crate::failure::Failure;

/// What a client asked for.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    size: Option<usize>,
    after: Option<String>,
}

const PREFIX: &str = "sim1:";

impl Page {
    /// `MaxResults` within `range`, and `NextToken`.
    pub(crate) fn of(params: &mut Params, range: RangeInclusive<i64>) -> Result<Self, Failure> {
        let size = params.number("MaxResults")?;
        if let Some(size) = size.filter(|size| !range.contains(size)) {
            let message = format!(
                "Value ( {size} ) for parameter maxResults is invalid. Expecting a value between {} and {}.",
                range.start(),
                range.end()
            );
            return Err(Failure::value(message));
        }
        let after = params
            .text("NextToken")
            .map(|token| last_of(&token))
            .transpose()?;
        Ok(Self {
            size: size.and_then(|size| usize::try_from(size).ok()),
            after,
        })
    }

    /// So many items behind a token.
    pub(crate) fn new(size: usize, token: Option<&str>) -> Result<Self, Failure> {
        Ok(Self {
            size: Some(size),
            after: token.map(last_of).transpose()?,
        })
    }

    /// What the page comes behind.
    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The whole list.
    pub(crate) fn whole() -> Self {
        Self {
            size: None,
            after: None,
        }
    }

    /// Whether the client asked for pages at all.
    pub(crate) fn asked(&self) -> bool {
        self.size.is_some()
    }
}

/// The items of one page with the token of the next. `items` are in the order
/// of their ids; `most` is the limit of the world, 0 for none.
pub(crate) fn page<T>(
    items: Vec<(String, T)>,
    page: &Page,
    most: usize,
) -> (Vec<T>, Option<String>) {
    let size = page.size.unwrap_or(1000).min(1000);
    let size = if most == 0 { size } else { size.min(most) };
    let mut rest = items
        .into_iter()
        .filter(|(id, _)| page.after.as_ref().is_none_or(|after| id > after));
    let (mut found, mut last) = (Vec::new(), None);
    for (id, item) in rest.by_ref().take(size) {
        found.push(item);
        last = Some(id);
    }
    let more = rest.next().is_some();
    (found, last.filter(|_| more).map(|id| token(&id)))
}

/// The token that goes on behind an id.
fn token(id: &str) -> String {
    let text = format!("{PREFIX}{id}");
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn last_of(token: &str) -> Result<String, Failure> {
    let bytes: Option<Vec<u8>> = (0..token.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(token.get(at..at + 2)?, 16).ok())
        .collect();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let id = text.and_then(|text| text.strip_prefix(PREFIX).map(str::to_owned));
    id.ok_or_else(|| Failure::new("InvalidNextToken", "The specified token is invalid"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_on_one_page() {
        let items: Vec<(String, u32)> = (0..7).map(|n| (format!("i-{n}"), n)).collect();
        let (mut all, mut asked) = (Vec::new(), Page::whole());
        loop {
            let (found, next) = page(items.clone(), &asked, 3);
            all.extend(found);
            let Some(next) = next else { break };
            asked.after = last_of(&next).ok();
        }
        assert_eq!(all, (0..7).collect::<Vec<_>>());
        assert!(last_of("nonsense").is_err());
    }
}
