//! Whether a table has the keys that it should have, and no others.

use std::ops::Range;

use toml::de::DeTable;

use super::Reader;
use crate::error::{SpecError, nearest, quote};
use crate::shape::{Key, PLACES, Place, any_of};

impl Reader<'_> {
    /// Reports the keys that `place` does not take and those that it lacks.
    pub(super) fn keys(&mut self, place: &Place, table: &DeTable<'_>, header: &Range<usize>) {
        let mut meant = Vec::new();
        for key in table.keys() {
            let name: &str = key.get_ref();
            if place.keys.iter().any(|known| known.name == name) {
                continue;
            }
            let message = format!("unknown key {} {}", quote(name), place.at);
            let error = SpecError::new(&key.span(), message).label("unknown key");
            let free = |known: &&Key| !table.contains_key(known.name);
            let lacking = place.keys.iter().filter(free).map(|known| known.name);
            let home = PLACES
                .iter()
                .find(|other| other.keys.iter().any(|known| known.name == name));
            self.errors
                .push(if let Some(near) = nearest(name, lacking) {
                    meant.push(near);
                    error.hint(format!("did you mean `{near}`?"))
                } else if let Some(home) = home {
                    let above = if home.header.is_empty() {
                        ", above the first table"
                    } else {
                        ""
                    };
                    error.hint(format!("`{name}` belongs {}{above}", home.at))
                } else {
                    let known: Vec<_> = place.keys.iter().map(|known| known.name).collect();
                    error.hint(format!("remove it; known here: {}", known.join(", ")))
                });
        }
        for key in place.keys {
            // A misspelled key is one error, not two.
            if key.required && !table.contains_key(key.name) && !meant.contains(&key.name) {
                let message = format!("`{}` is missing {}", key.name, place.at);
                let error = SpecError::new(header, message).label("missing here");
                self.errors.push(error.hint(format!("add {}", key.example)));
            }
        }
        self.either(place, table, header, &meant);
    }

    /// Reports where not exactly one of the keys of `place` that exclude each
    /// other is given or `meant`.
    fn either(
        &mut self,
        place: &Place,
        table: &DeTable<'_>,
        header: &Range<usize>,
        meant: &[&str],
    ) {
        let mut given: Vec<_> = table.keys().collect();
        given.retain(|key| place.either.contains(&key.get_ref().as_ref()));
        given.sort_by_key(|key| key.span().start);
        let quoted: Vec<_> = place.either.iter().map(|name| quote(name)).collect();
        let choice = any_of(&quoted);
        if let Some((first, extra)) = given.split_first() {
            for key in extra {
                let (name, other) = (quote(key.get_ref()), quote(first.get_ref()));
                let message = format!("{name} is given besides {other} {}", place.at);
                let error = SpecError::new(&key.span(), message).label("one too many");
                let error = error.hint(format!("keep only {choice}"));
                self.errors.push(error.related(&first.span(), "given here"));
            }
        } else if !place.either.is_empty() && !place.either.iter().any(|name| meant.contains(name))
        {
            let message = format!("{choice} is missing {}", place.at);
            let error = SpecError::new(header, message).label("missing here");
            let examples = place.either.iter().map(|name| place.example(name));
            let examples: Vec<_> = examples.map(str::to_owned).collect();
            self.errors
                .push(error.hint(format!("add {}", any_of(&examples))));
        }
    }
}
