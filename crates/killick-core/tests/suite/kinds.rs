//! Made-up kinds with every sort of field.

use killick_core::{Catalogue, Field, Lifecycle, OnChange, Schema};

const TAGS: Field = Field::new("tags", OnChange::Update).declared();

/// Every sort of field. References point to kinds that stand further up.
pub(crate) const CATALOGUE: Catalogue = Catalogue(&[
    Schema {
        kind: "net",
        lifecycle: Lifecycle::Owned,
        fields: &[
            Field::new("range", OnChange::Refuse),
            Field::new("dns", OnChange::Update),
            TAGS,
        ],
    },
    Schema {
        kind: "addr",
        lifecycle: Lifecycle::Kept,
        fields: &[Field::new("net", OnChange::Update), TAGS],
    },
    Schema {
        kind: "lane",
        lifecycle: Lifecycle::Owned,
        fields: &[
            Field::new("net", OnChange::Refuse),
            Field::new("range", OnChange::Refuse).exclusive(),
            Field::new("open", OnChange::Update),
            TAGS,
        ],
    },
    Schema {
        kind: "gate",
        lifecycle: Lifecycle::Owned,
        fields: &[
            Field::new("lane", OnChange::Replace),
            Field::new("addr", OnChange::Replace).exclusive(),
            TAGS,
        ],
    },
    Schema {
        kind: "group",
        lifecycle: Lifecycle::Owned,
        fields: &[
            Field::new("net", OnChange::Replace),
            Field::new("slot", OnChange::Update).exclusive(),
            Field::new("rules", OnChange::Update).closed(),
        ],
    },
    Schema {
        kind: "link",
        lifecycle: Lifecycle::Owned,
        fields: &[
            Field::new("via", OnChange::Update).stand_in(),
            Field::new("home", OnChange::Replace),
            Field::new("groups", OnChange::Update).closed(),
        ],
    },
    Schema {
        kind: "table",
        lifecycle: Lifecycle::Owned,
        fields: &[
            Field::new("net", OnChange::Refuse),
            Field::new("routes", OnChange::Update).closed().stand_in(),
            Field::new("lanes", OnChange::Update).closed().serves(),
            TAGS,
        ],
    },
    Schema {
        kind: "func",
        lifecycle: Lifecycle::Borrowed,
        fields: &[
            Field::new("lanes", OnChange::Update),
            Field::new("groups", OnChange::Update),
            Field::new("memo", OnChange::Update),
        ],
    },
]);
