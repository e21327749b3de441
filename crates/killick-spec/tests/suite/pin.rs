//! Promised addresses written into texts: what changes, and that nothing else
//! does.

use std::net::Ipv4Addr;

use crate::generator::{addresses, layout, spec, written};
use killick_spec::{PinError, Spec, parse, pin};
use proptest::prelude::*;

const SEED: &str = include_str!("../../../../specs/examples/selectors.toml");
const TOP: &str = "stack = \"a\"\nregion = \"us-east-1\"\nnetwork.cidr = \"10.0.0.0/16\"\n";
const ZONE: &str =
    "[[zone]]\nname = \"us-east-1a\"\npublic = \"10.0.0.0/24\"\nprivate = \"10.0.1.0/24\"\n";

fn some(count: u8) -> Vec<Ipv4Addr> {
    (1..=count).map(|n| Ipv4Addr::new(203, 0, 113, n)).collect()
}

/// Writes two addresses.
fn pinned(text: &str) -> String {
    pin(text, &some(2)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

const TWO: &str = "addresses = [\"203.0.113.1\", \"203.0.113.2\"]";

#[test]
fn a_new_table_stands_behind_the_zones() {
    let table = format!("\n# These were given to partners.\n[egress]\n{TWO}\n");
    let spec = format!("{TOP}{ZONE}");
    assert_eq!(pinned(&spec), format!("{spec}{table}"));
    let function = "\n# Pays.\n[[function]]\nname = \"f\"\n";
    assert_eq!(
        pinned(&format!("{spec}{function}")),
        format!("{spec}{table}{function}")
    );
    // A blank line is added where there was none.
    assert_eq!(
        pinned(&format!("{spec}{}", function.trim_start())),
        format!("{spec}{table}{function}")
    );
    // Comments of the zone stay with it.
    let note = "# private = \"10.0.9.0/24\"\n# was too far away\n";
    for behind in ["", function] {
        assert_eq!(
            pinned(&format!("{spec}{note}{behind}")),
            format!("{spec}{note}{table}{behind}")
        );
    }
    // Functions between the zones.
    let other = ZONE.replace("1a", "1b").replace("10.0.", "10.0.10");
    let mixed = format!("{TOP}{ZONE}[[function]]\nname = \"f\"\n{other}");
    assert_eq!(pinned(&mixed), format!("{mixed}{table}"));
}

#[test]
fn inline_zones_take_a_dotted_key() {
    let zone = "zone = [{ name = \"us-east-1a\", public = \"10.0.0.0/24\", private = \"10.0.1.0/24\" }] # one\n";
    let text = format!("{zone}{TOP}");
    let line = format!("# These were given to partners.\negress.{TWO}\n");
    assert_eq!(pinned(&text), format!("{zone}{line}{TOP}"));
}

#[test]
fn a_table_takes_a_key() {
    for (before, after) in [
        ("[egress]", format!("[egress]\n{TWO}")),
        (
            "[egress] # out\n[tags]",
            format!("[egress] # out\n{TWO}\n[tags]"),
        ),
        (
            "  [egress]\n  nat = \"single\" # one\n\n[tags]",
            format!("  [egress]\n  nat = \"single\" # one\n  {TWO}\n\n[tags]"),
        ),
    ] {
        let start = format!("{TOP}{ZONE}");
        let text = format!("{start}{before}");
        assert_eq!(pinned(&text), format!("{start}{after}"));
        let windows = text.replace('\n', "\r\n");
        let after = format!("{start}{after}").replace('\n', "\r\n");
        assert_eq!(pinned(&windows), after);
    }
    for (before, after) in [
        ("egress = {}", format!("egress = {{ {TWO} }}")),
        ("egress = { } # x", format!("egress = {{ {TWO} }} # x")),
        (
            "egress = { nat = \"single\" } # one",
            format!("egress = {{ nat = \"single\", {TWO} }} # one"),
        ),
        (
            "egress = {\n  nat = \"single\", # one\n}",
            format!("egress = {{\n  nat = \"single\", {TWO}, # one\n}}"),
        ),
        (
            "egress.nat = \"single\" # one",
            format!("egress.nat = \"single\" # one\negress.{TWO}"),
        ),
    ] {
        let text = format!("{before}\n{TOP}{ZONE}");
        assert_eq!(pinned(&text), format!("{after}\n{TOP}{ZONE}"));
    }
}

#[test]
fn a_list_is_replaced() {
    let text = |list: &str| format!("{TOP}{ZONE}[egress]\naddresses = {list} # behind\n# end\n");
    let pair = "[\"203.0.113.1\", \"203.0.113.2\"]";
    assert_eq!(pinned(&text("[\"203.0.113.9\"]")), text(pair));
    assert_eq!(pinned(&text("[\n  \"203.0.113.9\",\n]")), text(pair));
    let tall = pin(&text(pair), &some(5)).unwrap();
    let lines = "[\n    \"203.0.113.1\",\n    \"203.0.113.2\",\n    \"203.0.113.3\",\n    \"203.0.113.4\",\n    \"203.0.113.5\",\n]";
    assert_eq!(tall, text(lines));
    // Comments go with their address, or to the end.
    let old =
        "[ # all\n  # first\n  \"203.0.113.9\", # gone\n  \"203.0.113.1\" # kept\n  # last\n]";
    let new = "[\n    \"203.0.113.1\", # kept\n    \"203.0.113.2\",\n    # all\n    # first\n    # gone\n    # last\n]";
    assert_eq!(pinned(&text(old)), text(new));
}

#[test]
fn what_is_there_is_left_alone() {
    let text = format!("{TOP}{ZONE}[egress]\naddresses=[ '203.0.113.1'  ,'203.0.113.2',]");
    assert_eq!(pinned(&text), text);
}

#[test]
fn nothing_bad_is_written() {
    let text = format!("{TOP}{ZONE}");
    assert_eq!(pin(&text, &[]), Err(PinError::NoAddresses));
    let twice = [Ipv4Addr::new(203, 0, 113, 7); 2];
    let private = [Ipv4Addr::new(10, 0, 0, 1)];
    for (addresses, what) in [
        (&twice[..], "twice"),
        (&private, "private"),
        (&some(51), "at most 50"),
    ] {
        let error = pin(&text, addresses).expect_err(what);
        assert!(matches!(error, PinError::Addresses(_)), "{error:?}");
        assert!(error.to_string().contains(what), "{error}");
    }
    let error = pin("stack = 1", &some(1)).unwrap_err();
    assert!(matches!(error, PinError::Spec(_)), "{error:?}");
    assert!(error.to_string().starts_with("the spec is not valid: "));
}

fn notes(text: &str) -> Vec<&str> {
    let notes = |word| {
        text.match_indices(word)
            .filter_map(|(at, _)| text.get(at..)?.split('.').next())
    };
    let mut notes: Vec<_> = notes("# note ").chain(notes("# above ")).collect();
    notes.sort_unstable();
    notes
}

proptest! {
    #[test]
    fn only_the_addresses_change(
        spec in spec(),
        layout in layout(),
        addresses in addresses(1..12),
    ) {
        let text = written(&spec, &layout);
        let pinned = pin(&text, &addresses);
        prop_assert!(pinned.is_ok(), "{:?}\n{}", pinned, text);
        let pinned = pinned.unwrap();
        let had = spec.addresses.len();
        let wanted = Spec { addresses: addresses.clone(), ..spec };
        prop_assert_eq!(parse(&pinned), Ok(wanted), "{}", pinned);
        prop_assert_eq!(notes(&text), notes(&pinned), "{}\n{}", text, pinned);
        prop_assert_eq!(text.ends_with('\n'), pinned.ends_with('\n'));
        if layout.crlf {
            prop_assert_eq!(pinned.matches('\n').count(), pinned.matches("\r\n").count());
        } else {
            prop_assert!(!pinned.contains('\r'));
        }
        if had == 0 {
            let same = |(a, b): &(char, char)| a == b;
            let front = text.chars().zip(pinned.chars()).take_while(same).count();
            let back = text.chars().rev().zip(pinned.chars().rev()).take_while(same).count();
            prop_assert!(front + back >= text.chars().count(), "{}\n{}", text, pinned);
        }
        prop_assert_eq!(pin(&pinned, &addresses), Ok(pinned));
    }

    #[test]
    fn every_spec_takes_addresses(
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..4, "[\\[\\]=\"'\\n.a1# {}-]{0,3}"),
            0..3,
        ),
        addresses in addresses(1..6),
    ) {
        let mut chars: Vec<char> = SEED.chars().collect();
        for (index, length, insert) in edits {
            let start = index.index(chars.len().max(1)).min(chars.len());
            let end = (start + length).min(chars.len());
            chars.splice(start..end, insert.chars());
        }
        let text: String = chars.into_iter().collect();
        if parse(&text).is_ok() {
            let pinned = pin(&text, &addresses);
            prop_assert!(pinned.is_ok(), "{:?}\n{}", pinned, text);
            prop_assert!(pinned.unwrap().matches('#').count() >= text.matches('#').count());
        }
    }

    #[test]
    fn pinning_back_and_forth_settles(
        spec in spec(),
        layout in layout(),
        one in addresses(1..8),
        other in addresses(1..8),
    ) {
        let text = written(&spec, &layout);
        let first = pin(&text, &one).unwrap();
        let back = pin(&pin(&first, &other).unwrap(), &one).unwrap();
        prop_assert_eq!(notes(&back), notes(&text));
        let again = pin(&pin(&back, &other).unwrap(), &one).unwrap();
        prop_assert_eq!(again, back);
    }
}
