//! Parameters with their paths as a tree, and the JSON that CloudTrail writes
//! for it.

use serde_json::{Map, Value, json};

/// A value, or what is below a name. In the order in which it came.
#[derive(Debug, Default)]
pub(super) struct Tree {
    value: Option<String>,
    below: Vec<(String, Tree)>,
}

/// How lists and names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// EC2's older actions: `natGatewayId`, and lists as
    /// `xSet: {"items": […]}`.
    Items,
    /// EC2's newer actions: names as they were sent, members of lists with
    /// their place in `tag` and a bare value in `content`.
    Wrapped,
    /// The other services: `functionName`, and lists as they are.
    Plain,
}

/// What is a number in an event; everything else is a text.
const NUMBERS: [&str; 7] = [
    "DeviceIndex",
    "From",
    "FromPort",
    "MaxDrainDurationSeconds",
    "RuleNumber",
    "To",
    "ToPort",
];

/// Names that EC2's older actions have of their own in events.
const RENAMED: [(&str, &str); 9] = [
    ("Groups", "groups"),
    ("IpPermissions", "ipPermissions"),
    ("IpRanges", "ipRanges"),
    ("Ipv6Ranges", "ipv6Ranges"),
    ("PrefixListIds", "prefixListIds"),
    ("Protocol", "aclProtocol"),
    ("ResourceId", "resourcesSet"),
    ("SecurityGroupId", "groupSet"),
    ("SecurityGroupRuleId", "securityGroupRuleIds"),
];

impl Tree {
    /// Puts a value at a path.
    pub(super) fn put<'a>(&mut self, path: impl Iterator<Item = &'a str>, value: String) {
        let mut node = self;
        for name in path {
            let place = node.below.iter().position(|(known, _)| known == name);
            let place = place.unwrap_or_else(|| {
                node.below.push((name.to_owned(), Self::default()));
                node.below.len() - 1
            });
            let Some((_, next)) = node.below.get_mut(place) else {
                return;
            };
            node = next;
        }
        node.value = Some(value);
    }

    /// As an event has it.
    pub(super) fn shown(&self, style: Style) -> Value {
        self.object(style, false).into()
    }

    /// `bare`: a tag's key and value are texts, whatever they look like.
    fn object(&self, style: Style, bare: bool) -> Map<String, Value> {
        let members = self.below.iter().map(|(name, node)| {
            let value = node.value_of(name, style, bare);
            (node.called(name, style), value)
        });
        members.collect()
    }

    fn value_of(&self, name: &str, style: Style, bare: bool) -> Value {
        if let Some(text) = &self.value {
            return scalar(name, text, bare);
        }
        let bare = bare || matches!(name, "Tag" | "Tags");
        match self.list() {
            None => self.object(style, bare).into(),
            Some(list) if (style, name) == (Style::Items, "TagSpecification") => {
                let each = list.iter().map(|(_, node)| node.specification());
                json!({"items": each.collect::<Vec<_>>()})
            }
            Some(list) => {
                let each = list.iter().map(|(place, node)| {
                    let one = match (&node.value, style) {
                        (Some(text), Style::Plain) => return scalar(name, text, bare),
                        (Some(text), Style::Wrapped) => json!({"content": text}),
                        (Some(text), Style::Items) => {
                            json!({camel(singular(name)): scalar(name, text, bare)})
                        }
                        (None, _) => node.object(style, bare).into(),
                    };
                    numbered(one, place, style)
                });
                together(each.collect(), style)
            }
        }
    }

    /// The tags that a thing is made with; they are a list without `items`.
    fn specification(&self) -> Value {
        let mut members = self.object(Style::Plain, true);
        if let Some(tags) = members.remove("tag") {
            members.insert("tags".to_owned(), tags);
        }
        members.into()
    }

    /// The members, if this is a list: numbers, or numbers below the word that
    /// the query protocol puts before them.
    fn list(&self) -> Option<&[(String, Self)]> {
        match self.below.as_slice() {
            [(word, list)] if matches!(word.as_str(), "member" | "entry") => Some(&list.below),
            below => {
                let number = |(name, _): &(String, Self)| name.bytes().all(|b| b.is_ascii_digit());
                (!below.is_empty() && below.iter().all(number)).then_some(below)
            }
        }
    }

    fn called(&self, name: &str, style: Style) -> String {
        let renamed = RENAMED.iter().find(|(known, _)| *known == name);
        match (style, renamed, self.list()) {
            (Style::Wrapped, ..) => name.to_owned(),
            (Style::Items, Some((known, other)), list)
                if list.is_some() || *known == "Protocol" =>
            {
                (*other).to_owned()
            }
            (Style::Items, None, Some(_)) if !name.ends_with("Set") => camel(name) + "Set",
            _ => camel(name),
        }
    }
}

/// A list as a whole.
fn together(mut all: Vec<Value>, style: Style) -> Value {
    match style {
        Style::Plain => all.into(),
        Style::Wrapped if all.len() == 1 => all.pop().unwrap_or_default(),
        Style::Wrapped => all.into(),
        Style::Items => json!({"items": all}),
    }
}

fn numbered(mut one: Value, place: &str, style: Style) -> Value {
    if let (Style::Wrapped, Some(members)) = (style, one.as_object_mut()) {
        let place: u64 = place.parse().unwrap_or(1);
        members.insert("tag".to_owned(), place.into());
    }
    one
}

fn scalar(name: &str, text: &str, bare: bool) -> Value {
    match text {
        _ if bare => text.into(),
        "true" => true.into(),
        "false" => false.into(),
        _ if NUMBERS.contains(&name) => text
            .parse::<i64>()
            .map_or_else(|_| text.into(), Value::from),
        _ => text.into(),
    }
}

/// What one of a list is called.
fn singular(name: &str) -> &str {
    match name {
        "SecurityGroupId" => "GroupId",
        _ => name.strip_suffix("Set").unwrap_or(name),
    }
}

/// `routeTableId` for `RouteTableId`.
pub(super) fn camel(name: &str) -> String {
    let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
    first.to_ascii_lowercase() + rest
}
