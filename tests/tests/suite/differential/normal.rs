//! Answers without what differs between two clouds by nature: ids, addresses, times, and the order of lists.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::except::{Exception, VOLATILE};

/// Names for ids and addresses, in the order in which they come up.
#[derive(Default)]
pub(crate) struct Names {
    given: BTreeMap<String, String>,
    counts: BTreeMap<String, usize>,
}

impl Names {
    /// An answer as the two can be compared. Lists are sorted by what is known of their items before
    /// new names are given.
    pub(crate) fn normal(&mut self, answer: &Value) -> Value {
        let mut answer = answer.clone();
        self.sort(&mut answer);
        self.name(&mut answer);
        answer
    }

    fn sort(&self, value: &mut Value) {
        match value {
            Value::Array(items) => {
                items.iter_mut().for_each(|item| self.sort(item));
                items.sort_by_cached_key(|item| self.known(item));
            }
            Value::Object(members) => members.values_mut().for_each(|item| self.sort(item)),
            _ => {}
        }
    }

    /// An item as text, with ids that have no name yet left open.
    fn known(&self, item: &Value) -> String {
        replaced(&item.to_string(), |word| {
            let kind = kind(word)?;
            Some(self.given.get(word).cloned().unwrap_or(kind))
        })
    }

    fn name(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.name(item)),
            Value::Object(members) => members.values_mut().for_each(|item| self.name(item)),
            Value::String(text) => *text = replaced(text, |word| self.named(word)),
            _ => {}
        }
    }

    fn named(&mut self, word: &str) -> Option<String> {
        let kind = kind(word)?;
        if let Some(name) = self.given.get(word) {
            return Some(name.clone());
        }
        let count = self.counts.entry(kind.clone()).or_default();
        *count += 1;
        let name = format!("{kind}#{count}");
        self.given.insert(word.to_owned(), name.clone());
        Some(name)
    }
}

/// What is compared of an answer: without the exceptions, and without the values that change by nature.
pub(crate) fn kept(operation: &str, answer: &Value, except: &[Exception]) -> Value {
    let mut path = Vec::new();
    strip(operation, answer, &mut path, except)
}

fn strip<'a>(
    operation: &str,
    value: &'a Value,
    path: &mut Vec<&'a str>,
    except: &[Exception],
) -> Value {
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| strip(operation, item, path, except))
            .collect(),
        Value::Object(members) => {
            let mut left = Map::new();
            for (name, value) in members {
                path.push(name);
                if !except.iter().any(|one| one.fits(operation, path, value)) {
                    let value = match VOLATILE.contains(&name.as_str()) {
                        true => Value::String("...".to_owned()),
                        false => strip(operation, value, path, except),
                    };
                    left.insert(name.clone(), value);
                }
                path.pop();
            }
            Value::Object(left)
        }
        other => other.clone(),
    }
}

/// A text with some of its words replaced. What a slash follows is the address of a network, and stays.
fn replaced(text: &str, mut by: impl FnMut(&str) -> Option<String>) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let (mut out, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(is_part) {
        let (before, word) = rest.split_at(start);
        let end = word.find(|c| !is_part(c)).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        let new = by(word).filter(|_| !after.starts_with('/'));
        out += before;
        out += new.as_deref().unwrap_or(word);
        rest = after;
    }
    out + rest
}

/// `vpc` for the id of a VPC, `ip` for an address; nothing for any other word.
fn kind(word: &str) -> Option<String> {
    if word.parse::<std::net::Ipv4Addr>().is_ok() {
        return Some("ip".to_owned());
    }
    let (prefix, digits) = word.rsplit_once('-')?;
    let hex = digits
        .bytes()
        .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let letters = prefix.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    (hex && letters && matches!(digits.len(), 8 | 17)).then(|| prefix.to_owned())
}
