//! Random valid specs, and their text in random layouts.

mod accept;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use killick_spec::{Function, Moved, Nat, Network, Place, Select, Spec, Zone};
use proptest::prelude::*;

pub(crate) fn addresses(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Ipv4Addr>> {
    let first = prop::sample::select(vec![3_u8, 13, 52, 54, 203]);
    let one = (first, any::<[u8; 3]>()).prop_map(|(a, [b, c, d])| Ipv4Addr::new(a, b, c, d));
    let set = prop::collection::btree_set(one, count);
    set.prop_map(Vec::from_iter).prop_shuffle()
}

fn groups() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set("sg-[0-9a-z]{1,32}", 0..=5).prop_map(Vec::from_iter)
}

fn functions() -> impl Strategy<Value = Vec<Function>> {
    let select = prop_oneof![
        "[A-Za-z0-9_-]{1,64}".prop_map(Select::Name),
        "[A-Za-z0-9_-]{1,63}".prop_map(Select::Prefix),
        ("[A-Zb-z .:/+@é*\"']{1,128}", "[^\\p{Cc}]{0,256}")
            .prop_map(|(key, value)| Select::Tag { key, value }),
    ];
    prop::collection::vec((select, groups()), 0..5).prop_map(|all| {
        let mut functions: Vec<Function> = Vec::new();
        for (select, security_groups) in all {
            if functions.iter().all(|known| known.select != select) {
                functions.push(Function {
                    select,
                    security_groups,
                });
            }
        }
        functions
    })
}

/// The label of a zone, and whether its subnets and its address are brought.
type Wish = (Option<String>, bool, bool, bool);

fn zones(region: &str, cidr: Ipv4Net, wishes: Vec<(char, Wish)>, brought: bool) -> Vec<Zone> {
    let mut parts = cidr.subnets(28).unwrap();
    let mut place = |wanted: bool, side: &str| match parts.next() {
        Some(net) if !(wanted && brought) => Place::Made(net),
        _ => Place::Brought(format!("subnet-{side}")),
    };
    let zone = |(letter, (label, public, private, address)): (char, Wish)| {
        let availability_zone = format!("{region}{letter}");
        Zone {
            name: label.map_or_else(
                || availability_zone.clone(),
                |label| format!("{label}{letter}"),
            ),
            public: place(public, &format!("0{letter}")),
            private: place(private, &format!("1{letter}")),
            address: address.then(|| format!("eipalloc-{letter}")),
            availability_zone,
        }
    };
    wishes.into_iter().map(zone).collect()
}

fn moved(old: Vec<(String, Option<prop::sample::Index>)>, stack: &str, zones: &[Zone]) -> Moved {
    let mut moved = Moved::default();
    let mut taken = vec![stack.to_owned()];
    taken.extend(zones.iter().map(|zone| zone.name.clone()));
    for (from, zone) in old {
        if taken.contains(&from) {
            continue;
        }
        taken.push(from.clone());
        match zone {
            Some(index) => {
                let to = index.get(zones).name.clone();
                moved.zones.insert(from, to);
            }
            None => moved.stacks.push(from),
        }
    }
    moved
}

pub(crate) fn spec() -> impl Strategy<Value = Spec> {
    let region = prop::sample::select(vec!["ap-northeast-1", "us-gov-west-1", "eusc-de-east-1"]);
    let letters = prop::sample::subsequence(('a'..='z').collect::<Vec<_>>(), 1..=6).prop_shuffle();
    let label = prop::option::of("[a-z0-9][a-z0-9-]{0,30}");
    let wish = (label, any::<bool>(), any::<bool>(), any::<bool>());
    let wishes = prop::collection::vec(wish, 6);
    let network = (16_u8..=24, any::<u32>(), any::<bool>());
    let tags = prop::collection::btree_map("[A-Zb-jl-z .:/+@é\\\\\"'-]{1,127}", ".{0,256}", 0..6);
    let old = (
        "[a-rt-z0-9][a-z0-9-]{0,31}",
        any::<Option<prop::sample::Index>>(),
    );
    let old = prop::collection::vec(old, 0..4);
    (
        ("[a-rt-z0-9][a-z0-9-]{0,63}", region),
        prop::option::of("[0-9]{12}"),
        network,
        (letters, wishes),
        any::<Option<prop::sample::Index>>(),
        (functions(), tags, old, accept::accepts()),
        (addresses(0..8), groups()),
    )
        .prop_map(|(names, account, network, zoned, single, rest, egress)| {
            let (stack, region) = names;
            let (size, address, brought) = network;
            let cidr = Ipv4Net::new(address.into(), size).unwrap().trunc();
            let wishes = zoned.0.into_iter().zip(zoned.1).collect();
            let mut zones = zones(region, cidr, wishes, brought);
            let (functions, tags, old, accepts) = rest;
            let nat = single.map_or(Nat::PerZone, |index| Nat::Single {
                zone: index.get(&zones).name.clone(),
            });
            if let Nat::Single { zone: home } = &nat {
                for zone in zones.iter_mut().filter(|zone| zone.name != *home) {
                    zone.address = None;
                }
            }
            let clean = |text: String| text.replace(char::is_control, "");
            let tags = tags.into_iter().filter(|(key, _)| key != "Name");
            let tags: BTreeMap<_, _> = tags.map(|(key, value)| (key, clean(value))).collect();
            let ambiguous = zones.iter().any(|zone| zone.name == stack);
            Spec {
                account,
                network: if brought {
                    let vpc = "vpc-0".to_owned();
                    Network::Brought { vpc }
                } else {
                    Network::Made { cidr }
                },
                nat,
                addresses: egress.0,
                security_groups: egress.1,
                functions,
                tags,
                accepts,
                moved: match ambiguous {
                    true => Moved::default(),
                    false => moved(old, &stack, &zones),
                },
                stack,
                region: region.to_owned(),
                zones,
            }
        })
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Egress {
    Header,
    Inline,
    Dotted,
}

/// How the text of a spec is laid out.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) egress: Egress,
    pub(crate) zones_first: bool,
    pub(crate) zones_inline: bool,
    pub(crate) tall_lists: bool,
    pub(crate) comments: bool,
    pub(crate) indent: bool,
    pub(crate) blank_lines: bool,
    pub(crate) crlf: bool,
    pub(crate) last_newline: bool,
}

pub(crate) fn layout() -> impl Strategy<Value = Layout> {
    let egress = prop::sample::select(vec![Egress::Header, Egress::Inline, Egress::Dotted]);
    (egress, any::<[bool; 8]>()).prop_map(|(egress, [a, b, c, d, e, f, g, h])| Layout {
        egress,
        zones_first: a,
        zones_inline: b,
        tall_lists: c,
        comments: d,
        indent: e,
        blank_lines: f,
        crlf: g,
        last_newline: h,
    })
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text)
        .unwrap()
        .replace('\u{7f}', "\\u007F")
}

fn list(items: impl IntoIterator<Item = String>, tall: bool) -> String {
    let items: Vec<_> = items
        .into_iter()
        .map(|item| format!("\"{item}\""))
        .collect();
    if tall {
        format!("[\n{},\n]", items.join(",\n"))
    } else {
        format!("[{}]", items.join(", "))
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::Made(net) => net.to_string(),
        Place::Brought(id) => id.clone(),
    }
}

fn zone(zone: &Zone) -> Vec<String> {
    let mut keys = vec![format!("name = \"{}\"", zone.name)];
    if zone.name != zone.availability_zone {
        keys.push(format!(
            "availability_zone = \"{}\"",
            zone.availability_zone
        ));
    }
    keys.push(format!("public = \"{}\"", place(&zone.public)));
    keys.push(format!("private = \"{}\"", place(&zone.private)));
    keys.extend(
        zone.address
            .as_ref()
            .map(|id| format!("address = \"{id}\"")),
    );
    keys
}

fn egress(spec: &Spec, tall: bool) -> Vec<String> {
    let mut keys = Vec::new();
    if let Nat::Single { zone } = &spec.nat {
        keys.push("nat = \"single\"".to_owned());
        keys.push(format!("nat_zone = \"{zone}\""));
    }
    if !spec.addresses.is_empty() {
        let addresses = spec.addresses.iter().map(ToString::to_string);
        keys.push(format!("addresses = {}", list(addresses, tall)));
    }
    keys.extend(security_groups(&spec.security_groups, tall));
    keys
}

fn security_groups(groups: &[String], tall: bool) -> Option<String> {
    let key = || format!("security_groups = {}", list(groups.to_vec(), tall));
    (!groups.is_empty()).then(key)
}

fn function(function: &Function, tall: bool) -> String {
    let select = match &function.select {
        Select::Name(name) => format!("name = {}", quoted(name)),
        Select::Prefix(prefix) => format!("prefix = {}", quoted(prefix)),
        Select::Tag { key, value } => {
            format!("tag = {{ {} = {} }}", quoted(key), quoted(value))
        }
    };
    let groups = security_groups(&function.security_groups, tall);
    format!("[[function]]\n{select}\n{}\n", groups.unwrap_or_default())
}

/// The text of `spec`. Each line gets a comment of its own where `layout` says
/// so, `# note 7.` for example.
pub(crate) fn written(spec: &Spec, layout: &Layout) -> String {
    let tall = layout.tall_lists;
    let (stack, region) = (quoted(&spec.stack), quoted(&spec.region));
    let mut text = format!("stack = {stack}\nregion = {region}\n");
    if let Some(account) = &spec.account {
        text += &format!("account = \"{account}\"\n");
    }
    let keys = egress(spec, tall);
    let mut tables = String::new();
    match layout.egress {
        _ if keys.is_empty() && !layout.blank_lines => {}
        Egress::Header => tables += &format!("[egress]\n{}\n", keys.join("\n")),
        Egress::Inline if keys.is_empty() => text += "egress = {}\n",
        Egress::Inline => text += &format!("egress = {{ {} }}\n", keys.join(", ")),
        Egress::Dotted => text.extend(keys.iter().map(|key| format!("egress.{key}\n"))),
    }
    let zones = spec.zones.iter().map(zone);
    let zones: String = if layout.zones_inline {
        let zones: Vec<_> = zones
            .map(|keys| format!("{{ {} }}", keys.join(", ")))
            .collect();
        text += &format!("zone = [{}]\n", zones.join(",\n"));
        String::new()
    } else {
        zones
            .map(|keys| format!("[[zone]]\n{}\n", keys.join("\n")))
            .collect()
    };
    for function in &spec.functions {
        tables += &self::function(function, tall);
    }
    tables = match layout.zones_first {
        true => zones + &tables,
        false => tables + &zones,
    };
    text += &match &spec.network {
        Network::Made { cidr } => format!("[network]\ncidr = \"{cidr}\"\n"),
        Network::Brought { vpc } => format!("[network]\nvpc = \"{vpc}\"\n"),
    };
    let mut tail = String::new();
    if !spec.tags.is_empty() {
        tail += "[tags]\n";
        for (name, value) in &spec.tags {
            tail += &format!("{} = {}\n", quoted(name), quoted(value));
        }
    }
    let stacks = spec.moved.stacks.iter().map(|from| (from, &spec.stack));
    for (from, to) in stacks.chain(&spec.moved.zones) {
        tail += &format!("[[moved]]\nfrom = \"{from}\"\nto = \"{to}\"\n");
    }
    for accept in &spec.accepts {
        tail += &accept::written(accept);
    }
    // The zones are last in the file in some.
    text += &match layout.zones_first {
        true => tables + &tail,
        false => tail + &tables,
    };
    laid_out(&text, layout)
}

fn laid_out(text: &str, layout: &Layout) -> String {
    let mut out = String::new();
    for (number, line) in text.lines().filter(|line| !line.is_empty()).enumerate() {
        if layout.blank_lines && line.starts_with('[') {
            out += "\n";
        }
        if layout.comments && number % 3 == 0 {
            out += &format!("# above {number}.\n");
        }
        let indent = if layout.indent { "  " } else { "" };
        out += &format!("{indent}{line}");
        if layout.comments {
            out += &format!("  # note {number}.");
        }
        out += "\n";
    }
    if !layout.last_newline {
        out.pop();
    }
    if layout.crlf {
        out = out.replace('\n', "\r\n");
    }
    out
}
