//! The members of a JSON object, read with their types; null is as good as
//! none.

use serde_json::{Map, Value};

use crate::failure::Failure;

/// An object's members.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Members<'a>(pub(crate) &'a Map<String, Value>);

impl<'a> Members<'a> {
    /// A member as it is.
    pub(crate) fn value(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text.
    pub(crate) fn text(self, name: &str) -> Result<Option<&'a str>, Failure> {
        self.typed(name, "a string", Value::as_str)
    }

    /// A text that must be there; `member` is its name in the error.
    pub(crate) fn need(self, name: &str, member: &str) -> Result<&'a str, Failure> {
        self.text(name)?.ok_or_else(|| absent(member))
    }

    /// A whole number.
    pub(crate) fn number(self, name: &str) -> Result<Option<i64>, Failure> {
        self.typed(name, "an integer", Value::as_i64)
    }

    /// `true` or `false`.
    pub(crate) fn flag(self, name: &str) -> Result<Option<bool>, Failure> {
        self.typed(name, "a boolean", Value::as_bool)
    }

    /// A list of texts.
    pub(crate) fn texts(self, name: &str) -> Result<Option<Vec<String>>, Failure> {
        self.typed(name, "a list of strings", |value| {
            let texts = value.as_array()?.iter();
            texts.map(|text| text.as_str().map(str::to_owned)).collect()
        })
    }

    /// An object.
    pub(crate) fn object(self, name: &str) -> Result<Option<Self>, Failure> {
        self.typed(name, "an object", |value| value.as_object().map(Self))
    }

    /// A list of objects.
    pub(crate) fn objects(self, name: &str) -> Result<Option<Vec<Self>>, Failure> {
        self.typed(name, "a list of objects", |value| {
            let objects = value.as_array()?.iter();
            objects.map(|value| value.as_object().map(Self)).collect()
        })
    }

    fn typed<T>(
        self,
        name: &str,
        what: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        let wrong = || {
            let message = format!("The member {name} cannot be converted to {what}");
            Failure::new("SerializationException", message)
        };
        let value = self.value(name);
        value.map(|value| read(value).ok_or_else(wrong)).transpose()
    }
}

/// A value that breaks a rule of the API's model, as AWS words it.
pub(crate) fn constraint(value: &str, member: &str, rule: &str) -> Failure {
    let message = format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {rule}"
    );
    Failure::new("ValidationException", message)
}

/// A member that must be there and is not.
pub(crate) fn absent(member: &str) -> Failure {
    let message = format!(
        "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
    );
    Failure::new("ValidationException", message)
}

/// Whether a number lies between two others, both included.
pub(crate) fn within(value: i64, member: &str, low: i64, high: i64) -> Result<(), Failure> {
    let rule = if value < low {
        format!("Member must have value greater than or equal to {low}")
    } else if value > high {
        format!("Member must have value less than or equal to {high}")
    } else {
        return Ok(());
    };
    Err(constraint(&value.to_string(), member, &rule))
}
