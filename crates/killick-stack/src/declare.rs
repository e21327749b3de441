//! How a resource type is declared: one struct that the topology builds and
//! the reading side finds, so that desired and observed share one vocabulary.

use std::collections::BTreeMap;

use killick_core::{Key, PhysicalId, Value};

/// A reference, as it should be or as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// A resource of this stack.
    Ours(Key),
    /// Something else: its id.
    Foreign(PhysicalId),
    /// Nothing.
    Nothing,
}

/// Turns a field into what is compared.
pub trait ToValue {
    /// The field's value.
    fn to_value(&self) -> Value;
}

impl ToValue for Link {
    fn to_value(&self) -> Value {
        match self {
            Self::Ours(key) => Value::Ref(key.clone()),
            Self::Foreign(id) => Value::Foreign(id.clone()),
            Self::Nothing => Value::Absent,
        }
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Absent, ToValue::to_value)
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Value {
        self.iter().map(ToValue::to_value).collect()
    }
}

impl<T: ToValue> ToValue for BTreeMap<String, T> {
    fn to_value(&self) -> Value {
        self.iter()
            .map(|(name, value)| (name.clone(), value.to_value()))
            .collect()
    }
}

/// Declares a resource type: its struct, its kind and its schema.
macro_rules! declare {
    (
        $(#[$doc:meta])*
        $Name:ident = $kind:literal, $lifecycle:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty => $change:ident $(.$flag:ident)*,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $Name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $Name {
            /// The first half of its keys.
            pub const KIND: &'static str = $kind;

            /// Its fields, and what a change of each takes.
            pub const SCHEMA: killick_core::Schema = killick_core::Schema {
                kind: $kind,
                lifecycle: killick_core::Lifecycle::$lifecycle,
                fields: &[$(
                    killick_core::Field::new(
                        stringify!($field),
                        killick_core::OnChange::$change,
                    )$(.$flag())*,
                )*],
            };

            /// The key of the one with this name.
            pub fn key(name: impl Into<String>) -> killick_core::Key {
                killick_core::Key::new($kind, name)
            }

            /// Every declared field, for the comparison.
            pub fn attrs(&self) -> killick_core::Attrs {
                [$((stringify!($field), $crate::declare::ToValue::to_value(&self.$field)),)*]
                    .into_iter()
                    .collect()
            }
        }
    };
}

pub(crate) use declare;
