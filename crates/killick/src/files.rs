//! Files of the user, and why they could not be read.

use std::io::{self, Read};
use std::path::Path;

/// A spec is a page of text; whatever is longer than this is something else.
const LARGEST: u64 = 1 << 20;

/// The text of a file, unless it is too long for one of ours.
///
/// # Errors
/// What kept it from being read.
pub fn read_text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
    if bytes.len() as u64 > LARGEST {
        return Err(wrong("it is too large"));
    }
    String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8 text"))
}

/// An error of the file system in our words, without the number of the call.
pub fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let mut chars = text.chars();
            let first = chars.next().map(|first| first.to_ascii_lowercase());
            first.into_iter().chain(chars).collect()
        }
    }
}
