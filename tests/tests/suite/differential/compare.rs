//! Two tapes of one script, side by side.

use serde_json::Value;

use super::except::Exception;
use super::normal::{Names, kept};
use super::tape::Tape;

/// Where two tapes differ, a line for each place.
pub(crate) fn differences(ours: &Tape, theirs: &Tape, except: &[Exception]) -> Vec<String> {
    let (mut our_names, mut their_names) = (Names::default(), Names::default());
    let mut found = Vec::new();
    let steps = ours.answers.iter().zip(&theirs.answers).enumerate();
    for (step, ((operation, ours), (_, theirs))) in steps {
        let ours = our_names.normal(&kept(operation, ours, except));
        let theirs = their_names.normal(&kept(operation, theirs, except));
        let place = format!("{}. {operation} ", step + 1);
        compare(&place, &ours, &theirs, &mut found);
    }
    if ours.answers.len() != theirs.answers.len() {
        found.push("the script took another course".to_owned());
    }
    found
}

/// The entries of the table without which nothing would be different.
pub(crate) fn needless<'e>(
    tapes: &[(&Tape, &Tape)],
    except: &'e [Exception],
) -> Vec<&'e Exception> {
    let needed = |index: &usize| {
        let mut rest = except.to_vec();
        rest.remove(*index);
        let mut tapes = tapes.iter();
        tapes.any(|(ours, theirs)| !differences(ours, theirs, &rest).is_empty())
    };
    let all = 0..except.len();
    all.filter(|index| !needed(index))
        .map(|index| &except[index])
        .collect()
}

fn compare(place: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let mut names: Vec<_> = a.keys().chain(b.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let place = format!("{place}/{name}");
                match (a.get(name), b.get(name)) {
                    (Some(ours), Some(theirs)) => compare(&place, ours, theirs, found),
                    (Some(ours), None) => found.push(format!("{place}: moto has none, we {ours}")),
                    (None, theirs) => {
                        let theirs = theirs.unwrap_or(&Value::Null);
                        found.push(format!("{place}: we have none, moto {theirs}"));
                    }
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (ours, theirs)) in a.iter().zip(b).enumerate() {
                compare(&format!("{place}[{index}]"), ours, theirs, found);
            }
        }
        _ if ours == theirs => {}
        _ => found.push(format!("{place}: we {ours}, moto {theirs}")),
    }
}
