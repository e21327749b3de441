//! The tables of the file and the keys of each.

/// One kind of table: its header, how messages place a key, and its keys.
pub(crate) struct Place {
    pub(crate) header: &'static str,
    pub(crate) at: &'static str,
    pub(crate) keys: &'static [Key],
    /// Exactly one of these is required.
    pub(crate) either: &'static [&'static str],
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

const GROUPS: Key = optional(
    "security_groups",
    "security_groups = [\"sg-0123456789abcdef0\"]",
);

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
        optional("moved", "[[moved]] with from and to"),
        optional("accept", "[[accept]] with finding, until and reason"),
    ],
    either: &[],
};
pub(crate) const NETWORK: Place = Place {
    header: "[network]",
    at: "in [network]",
    keys: &[
        optional("cidr", "cidr = \"10.0.0.0/16\""),
        optional("vpc", "vpc = \"vpc-0123456789abcdef0\""),
    ],
    either: &["cidr", "vpc"],
};
pub(crate) const ZONE: Place = Place {
    header: "[[zone]]",
    at: "in [[zone]]",
    keys: &[
        required("name", "name = \"ap-northeast-1a\""),
        optional(
            "availability_zone",
            "availability_zone = \"ap-northeast-1a\"",
        ),
        required("public", "public = \"10.0.0.0/24\""),
        required("private", "private = \"10.0.1.0/24\""),
        optional("address", "address = \"eipalloc-0123456789abcdef0\""),
    ],
    either: &[],
};
pub(crate) const EGRESS: Place = Place {
    header: "[egress]",
    at: "in [egress]",
    keys: &[
        optional("nat", "nat = \"single\""),
        optional("nat_zone", "nat_zone = \"ap-northeast-1a\""),
        optional("addresses", "addresses = [\"203.0.113.7\"]"),
        GROUPS,
    ],
    either: &[],
};
pub(crate) const FUNCTION: Place = Place {
    header: "[[function]]",
    at: "in [[function]]",
    keys: &[
        optional("name", "name = \"billing-sync\""),
        optional(
            "arn",
            "arn = \"arn:aws:lambda:ap-northeast-1:123456789012:function:billing-sync\"",
        ),
        optional("prefix", "prefix = \"billing-\""),
        optional("tag", "tag = { egress = \"fixed\" }"),
        GROUPS,
    ],
    either: &["name", "arn", "prefix", "tag"],
};
pub(crate) const MOVED: Place = Place {
    header: "[[moved]]",
    at: "in [[moved]]",
    keys: &[
        required("from", "from = \"old-name\""),
        required("to", "to = \"partner-egress\""),
    ],
    either: &[],
};
pub(crate) const ACCEPT: Place = Place {
    header: "[[accept]]",
    at: "in [[accept]]",
    keys: &[
        required("finding", "finding = \"d-3f9a1c\""),
        required("until", "until = \"2026-12-31\""),
        required("reason", "reason = \"the partner tests a second path\""),
    ],
    either: &[],
};
pub(crate) const PLACES: [&Place; 7] = [&TOP, &NETWORK, &ZONE, &EGRESS, &FUNCTION, &MOVED, &ACCEPT];

/// What to write for a key of the top level.
pub(crate) fn example(name: &str) -> &'static str {
    TOP.example(name)
}

impl Place {
    /// What to write for a key.
    pub(crate) fn example(&self, name: &str) -> &'static str {
        let key = self.keys.iter().find(|key| key.name == name);
        key.map_or("", |key| key.example)
    }
}

/// `a, b or c`.
pub(crate) fn any_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
