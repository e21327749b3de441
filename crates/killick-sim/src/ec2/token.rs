//! Client tokens (fact sheet section 13).

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::place::Place;

/// What a token was used for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Token {
    action: String,
    /// The parameters in one text.
    asked: String,
    id: String,
}

/// The id of what this very request made before, if it did.
///
/// # Errors
/// `IdempotentParameterMismatch`: the token came with other parameters.
pub(crate) fn made(
    place: &Place,
    token: Option<&str>,
    action: &str,
    asked: &str,
) -> Result<Option<String>, Failure> {
    let Some(known) = token.and_then(|token| place.tokens.get(&key(token, action))) else {
        return Ok(None);
    };
    if known.asked == asked {
        return Ok(Some(known.id.clone()));
    }
    let message = "The client token has been used with different parameters.";
    Err(Failure::new("IdempotentParameterMismatch", message))
}

/// Remembers what a token made.
pub(crate) fn remember(
    place: &mut Place,
    token: Option<&str>,
    action: &str,
    asked: &str,
    id: &str,
) {
    if let Some(token) = token {
        let known = Token {
            action: action.to_owned(),
            asked: asked.to_owned(),
            id: id.to_owned(),
        };
        place.tokens.insert(key(token, action), known);
    }
}

fn key(token: &str, action: &str) -> String {
    format!("{action} {token}")
}
