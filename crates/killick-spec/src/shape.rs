//! The tables of the file and the keys of each.

/// One kind of table: its header, how messages place a key, and its keys.
pub(crate) struct Place {
    pub(crate) header: &'static str,
    pub(crate) at: &'static str,
    pub(crate) keys: &'static [Key],
}

/// `example` completes the hint "add …".
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) example: &'static str,
}

const fn required(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        required: true,
        example,
    }
}

const fn optional(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        required: false,
        example,
    }
}

pub(crate) const TOP: Place = Place {
    header: "",
    at: "at the top level",
    keys: &[
        required("stack", "stack = \"partner-egress\""),
        required("region", "region = \"ap-northeast-1\""),
        optional("account", "account = \"123456789012\""),
        required("network", "a [network] table with cidr = \"10.0.0.0/16\""),
        required(
            "zone",
            "at least one [[zone]] with name, public and private",
        ),
        optional("egress", "an [egress] table with nat = \"per-zone\""),
        optional("function", "[[function]] with name = \"billing-sync\""),
        optional("tags", "a [tags] table with team = \"payments\""),
    ],
};
pub(crate) const NETWORK: Place = Place {
    header: "[network]",
    at: "in [network]",
    keys: &[required("cidr", "cidr = \"10.0.0.0/16\"")],
};
pub(crate) const ZONE: Place = Place {
    header: "[[zone]]",
    at: "in [[zone]]",
    keys: &[
        required("name", "name = \"ap-northeast-1a\""),
        required("public", "public = \"10.0.0.0/24\""),
        required("private", "private = \"10.0.1.0/24\""),
    ],
};
pub(crate) const EGRESS: Place = Place {
    header: "[egress]",
    at: "in [egress]",
    keys: &[
        optional("nat", "nat = \"single\""),
        optional("nat_zone", "nat_zone = \"ap-northeast-1a\""),
    ],
};
pub(crate) const FUNCTION: Place = Place {
    header: "[[function]]",
    at: "in [[function]]",
    keys: &[required("name", "name = \"billing-sync\"")],
};
pub(crate) const PLACES: [&Place; 5] = [&TOP, &NETWORK, &ZONE, &EGRESS, &FUNCTION];

/// What to write for a key of the top level.
pub(crate) fn example(name: &str) -> &'static str {
    TOP.keys
        .iter()
        .find(|key| key.name == name)
        .map_or("", |key| key.example)
}
