//! What holds for every text, and for every valid spec.

use crate::generator::{layout, spec, written};
use killick_spec::{SpecErrors, line_column, parse};
use proptest::prelude::*;

const SEED: &str = include_str!("../../../../specs/lambda-fixed-ip.toml");

fn sound(text: &str, errors: &SpecErrors) -> Result<(), TestCaseError> {
    prop_assert!(!errors.errors.is_empty());
    prop_assert!(!errors.to_string().is_empty());
    prop_assert!(errors.errors.is_sorted_by_key(|error| error.span.start));
    for error in &errors.errors {
        let related = error.related.iter().map(|(span, _)| span);
        for span in related.chain([&error.span]) {
            prop_assert!(text.get(span.clone()).is_some(), "{span:?} of {error:?}");
            let (line, column) = line_column(text, span.start);
            prop_assert!(line >= 1 && column >= 1);
            prop_assert!(line <= text.matches('\n').count() + 1);
        }
        prop_assert!(error.hint.as_ref().is_some_and(|hint| !hint.is_empty()));
        prop_assert!(
            !error.message.contains(char::is_control),
            "{:?}",
            error.message
        );
        prop_assert!(!error.message.ends_with('.'), "{:?}", error.message);
    }
    Ok(())
}

fn check(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(_) => Ok(()),
        Err(errors) => sound(text, &errors),
    }
}

/// Words and values of the format in any order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\n",
        "\n",
        "\n",
        " = ",
        " = ",
        "[",
        "]",
        "[[zone]]\n",
        "[network]\n",
        "[egress]\n",
        "[[function]]\n",
        "[tags]\n",
        "[[moved]]\n",
        "[[accept]]\n",
        "[zone]\n",
        "stack",
        "region",
        "zone",
        "function",
        "name",
        "public",
        "private",
        "cidr",
        "nat",
        "nat_zone",
        "addresses",
        "security_groups",
        "vpc",
        "arn",
        "prefix",
        "tag",
        "from",
        "to",
        "finding",
        "until",
        "reason",
        "tags",
        ".",
        ",",
        "{",
        "}",
        "\"",
        "'",
        "#",
        "1",
        "true",
        "[]",
        "1979-05-27",
        "1979-05-27T07:32:00Z",
        "\"1979-02-30\"",
        "\"d-3f9a1c\"",
        "\"single\"",
        "\"10.0.0.0/16\"",
        "\"10.0.0.5/33\"",
        "\"::/0\"",
        "\"ap-northeast-1\"",
        "\"ap-northeast-1a\"",
        "\"é\"",
        "\"\\u0007\"",
        "é",
        "\u{feff}",
        "\r\n",
        "\"aws:\"",
        "\"arn:function:a\"",
        "\"arn:aws:lambda:ap-northeast-1:123456789012:function:a\"",
        "\"203.0.113.7\"",
        "\"subnet-1\"",
        "\"vpc-É\"",
        "\"eipalloc-1\"",
        "\"sg-1\"",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Changes to the seed that are one error each and have nothing to do with each
/// other.
const FAULTS: [(&str, &str, &str); 13] = [
    ("\"partner-egress\"", "\"-\"", "stack name"),
    (
        "# account = \"123456789012\"",
        "account = 1",
        "`account` must be",
    ),
    ("\"10.0.0.0/16\"", "\"10.0.0.1/16\"", "host bits"),
    ("\"ap-northeast-1a\"", "\"x\"", "not the name of"),
    ("\"10.0.1.0/24\"", "\"::/0\"", "IPv6"),
    ("public  = \"10.0.2.0/24\"", "", "`public` is missing"),
    ("\"10.0.3.0/24\"", "\"10.0.0.0/25\"", "overlaps"),
    (
        "[[function]]",
        "[egress]\nnat = \"x\"\n[[function]]",
        "place NAT",
    ),
    ("\"billing-sync\"", "\"billing sync\"", "function name"),
    ("team =", "\"aws:team\" =", "tag key"),
    ("[network]", "[network]\ncolour = 1", "unknown key"),
    (
        "[tags]",
        "[[moved]]\nfrom = \"a\"\nto = \"b\"\n[tags]",
        "neither the stack",
    ),
    (
        "\"payments\"",
        "\"\"\n[[accept]]\nfinding = \"d-3f9a1c\"\nuntil = \"2026-02-30\"\nreason = \"a\"",
        "does not exist",
    ),
];

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC*|(?s).{0,200}") {
        check(&text)?;
    }

    #[test]
    fn any_soup_is_answered(text in soup()) {
        check(&text)?;
    }

    #[test]
    fn any_damage_is_answered(
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..12, "[\\[\\]=\"'\\n.a1/é-]{0,3}"),
            1..5,
        ),
    ) {
        let mut chars: Vec<char> = SEED.chars().collect();
        for (index, length, insert) in edits {
            let start = index.index(chars.len().max(1)).min(chars.len());
            let end = (start + length).min(chars.len());
            chars.splice(start..end, insert.chars());
        }
        check(&chars.into_iter().collect::<String>())?;
    }

    #[test]
    fn any_lost_or_doubled_line_is_answered(
        copies in prop::collection::vec(0_usize..8, SEED.lines().count()),
    ) {
        // Mostly kept, so that more than syntax is reached.
        let copies = copies.into_iter().map(|n| match n { 0 => 0, 1 => 2, _ => 1 });
        let lines = SEED.lines().zip(copies);
        let text: String = lines.map(|(line, n)| format!("{line}\n").repeat(n)).collect();
        check(&text)?;
    }

    #[test]
    fn all_faults_are_reported_at_once(faults in prop::sample::subsequence(&FAULTS[..], 1..=FAULTS.len())) {
        let mut text = SEED.to_owned();
        for (from, to, _) in &faults {
            prop_assert_eq!(text.matches(from).count(), 1, "{}", from);
            text = text.replace(from, to);
        }
        let errors = parse(&text).unwrap_err();
        sound(&text, &errors)?;
        for (_, _, what) in &faults {
            let found = errors.errors.iter().filter(|error| error.message.contains(what));
            prop_assert_eq!(found.count(), 1, "{}: {:#?}", what, errors);
        }
        prop_assert_eq!(errors.errors.len(), faults.len(), "{:#?}", errors);
    }

    #[test]
    fn a_valid_spec_comes_back(spec in spec(), layout in layout()) {
        let text = written(&spec, &layout);
        prop_assert_eq!(parse(&text), Ok(spec), "{}", text);
    }

    #[test]
    fn line_and_column_agree_with_counting(text in "[aé\\n]{0,40}", offset in 0_usize..100) {
        let mut expected = (1, 1);
        for (at, c) in text.char_indices() {
            if at + c.len_utf8() > offset {
                break;
            }
            expected = if c == '\n' { (expected.0 + 1, 1) } else { (expected.0, expected.1 + 1) };
        }
        prop_assert_eq!(line_column(&text, offset), expected);
    }
}
