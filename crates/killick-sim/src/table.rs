//! Rows by id, each with the past that slow readers may still see.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::consistency::Eye;
use crate::world::Millis;

/// All things of one type. What is written shows at once to who asks for the
/// truth, and late to readers of the API.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Table<T> {
    rows: BTreeMap<String, Row<T>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Row<T> {
    #[serde(skip_serializing_if = "Option::is_none", default = "none")]
    now: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none", default = "none")]
    past: Option<Past<T>>,
}

fn none<T>() -> Option<T> {
    None
}

/// What some readers see until then: nothing, for what is new.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Past<T> {
    was: Option<T>,
    until: Millis,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
        }
    }
}

impl<T: Clone> Table<T> {
    /// The thing of that id.
    pub fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(id)?.now.as_ref()
    }

    /// Whether there is one of that id.
    pub fn has(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// All things, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.rows
            .iter()
            .filter_map(|(id, row)| Some((id.as_str(), row.now.as_ref()?)))
    }

    /// All things without their ids.
    pub fn all(&self) -> impl Iterator<Item = &T> {
        self.iter().map(|(_, thing)| thing)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all().count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// Writes without a trace: what AWS does by itself.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.rows.get_mut(id)?.now.as_mut()
    }

    /// All things, to be written without a trace.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.values_mut().filter_map(|row| row.now.as_mut())
    }

    /// Adds what readers see at the latest from `seen` on.
    pub(crate) fn insert(&mut self, id: &str, thing: T, seen: Millis) {
        let past = Past {
            was: None,
            until: seen,
        };
        let row = Row {
            now: Some(thing),
            past: Some(past).filter(|past| past.until > 0),
        };
        self.rows.insert(id.to_owned(), row);
    }

    /// Changes what readers see at the latest from `seen` on.
    pub(crate) fn change(&mut self, id: &str, seen: Millis) -> Option<&mut T> {
        let row = self.rows.get_mut(id)?;
        // Two changes in a row: slow readers see the state before both.
        if seen > 0 && row.now.is_some() {
            match &mut row.past {
                Some(past) => past.until = past.until.max(seen),
                None => {
                    row.past = Some(Past {
                        was: row.now.clone(),
                        until: seen,
                    });
                }
            }
        }
        row.now.as_mut()
    }

    /// Takes away what some readers see until `seen`.
    pub(crate) fn remove(&mut self, id: &str, seen: Millis) -> Option<T> {
        let row = self.rows.get_mut(id)?;
        let was = row.now.take();
        match seen {
            0 => {
                self.rows.remove(id);
            }
            _ => {
                row.past = Some(Past {
                    was: was.clone(),
                    until: seen,
                });
            }
        }
        was
    }

    /// What a reader sees.
    pub(crate) fn seen<'a>(&'a self, eye: &'a Eye) -> impl Iterator<Item = (&'a str, &'a T)> {
        self.rows
            .iter()
            .filter_map(move |(id, row)| Some((id.as_str(), row.seen(id, eye)?)))
    }

    /// What a reader sees under an id.
    pub(crate) fn find(&self, id: &str, eye: &Eye) -> Option<&T> {
        self.rows.get(id)?.seen(id, eye)
    }

    /// What a reader sees under an id, unless it is gone meanwhile.
    pub(crate) fn visible(&self, id: &str, eye: &Eye) -> Option<&T> {
        self.find(id, eye).and_then(|_| self.get(id))
    }

    /// The thing that is so for a reader, and still is.
    pub(crate) fn known(&self, eye: &Eye, is: impl Fn(&T) -> bool) -> Option<&T> {
        let (id, _) = self
            .rows
            .iter()
            .find(|(id, row)| row.seen(id, eye).is_some_and(&is))?;
        self.get(id).filter(|thing| is(thing))
    }

    /// Forgets the past that nobody can see any more.
    pub(crate) fn settle(&mut self, now: Millis) {
        self.rows.retain(|_, row| {
            row.past.take_if(|past| past.until <= now);
            row.now.is_some() || row.past.is_some()
        });
    }
}

impl<T> Row<T> {
    fn seen(&self, id: &str, eye: &Eye) -> Option<&T> {
        match &self.past {
            Some(past) if eye.slow(id, past.until) => past.was.as_ref(),
            _ => self.now.as_ref(),
        }
    }
}
