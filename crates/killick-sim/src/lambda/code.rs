//! Code: nobody looks at it, but its size and its hash are known.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::function::Code;
use crate::failure::Failure;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What is known of the code at a source.
///
/// # Errors
/// A `ZipFile` that is not base64.
pub(crate) fn of(source: &Map<String, Value>) -> Result<Code, Failure> {
    let text = |name| source.get(name).and_then(Value::as_str);
    if let Some(zip) = text("ZipFile") {
        let bytes = decoded(zip).ok_or_else(|| {
            let message = "The member ZipFile cannot be converted to a blob";
            Failure::new("SerializationException", message)
        })?;
        return Ok(Code {
            sha256: hash(&bytes),
            size: bytes.len(),
        });
    }
    let places = ["S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri"];
    let parts = places.map(|name| text(name).unwrap_or_default());
    Ok(unseen(&parts.join("\n")))
}

/// Code of which only the place is known.
pub(crate) fn unseen(place: &str) -> Code {
    Code {
        sha256: hash(place.as_bytes()),
        size: 1024,
    }
}

fn hash(bytes: &[u8]) -> String {
    encoded(&Sha256::digest(bytes))
}

fn encoded(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let digit = DIGITS.get(bits >> (18 - 6 * at) & 63);
            out.push(match digit {
                Some(digit) if at <= chunk.len() => char::from(*digit),
                _ => '=',
            });
        }
    }
    out
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let (mut out, mut bits, mut count) = (Vec::new(), 0u32, 0u32);
    for byte in text.bytes() {
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        bits = (bits << 6 | u32::try_from(digit).ok()?) & 0xfff;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn base64() {
        for (text, code) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj")] {
            assert_eq!(encoded(text.as_bytes()), code);
            assert_eq!(decoded(code).as_deref(), Some(text.as_bytes()));
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decoded(&encoded(&all)), Some(all));
        assert_eq!(decoded("a b"), None);
    }

    #[test]
    fn code_is_known_by_its_hash() {
        let code = |source: Value| of(source.as_object().unwrap_or(&Map::new()));
        let zip = code(json!({"ZipFile": "YWJj"})).map(|code| (code.sha256, code.size));
        let abc = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=".to_owned();
        assert_eq!(zip, Ok((abc, 3)));
        let image = |uri: &str| code(json!({"ImageUri": uri}));
        assert_eq!(image("a"), image("a"));
        assert_ne!(image("a"), image("b"));
        assert!(code(json!({"ZipFile": "?"})).is_err());
    }
}
