//! Bad specs: every error of the file, each at its line, and AWS not even asked.

use killick_tests::{Killick, Server, Spec, redact};

/// A spec that is wrong, the line that must be pointed at, and words of the message.
struct Bad {
    name: &'static str,
    text: String,
    line: usize,
    words: &'static [&'static str],
}

fn good() -> String {
    Spec::two_zones().to_toml()
}

/// The good spec with one thing left out.
fn without(part: &str) -> String {
    let text = good().replacen(part, "", 1);
    assert_ne!(text, good(), "no {part:?}");
    text
}

/// The good spec with one thing replaced; the error is expected on the line of the replacement.
fn changed(name: &'static str, from: &str, to: &str, words: &'static [&'static str]) -> Bad {
    let good = good();
    let (before, _) = good
        .split_once(from)
        .unwrap_or_else(|| panic!("{name}: no {from:?}"));
    let line = before.lines().count() + usize::from(before.ends_with('\n') || before.is_empty());
    Bad {
        name,
        text: good.replacen(from, to, 1),
        line,
        words,
    }
}

/// The good spec with something after it; the error is expected on its n-th line.
fn appended(name: &'static str, text: &str, nth: usize, words: &'static [&'static str]) -> Bad {
    Bad {
        name,
        text: good() + text,
        line: good().lines().count() + nth,
        words,
    }
}

fn cases() -> Vec<Bad> {
    let zone = |name: &str, public: &str, private: &str| {
        format!("[[zone]]\nname = \"{name}\"\npublic = \"{public}\"\nprivate = \"{private}\"\n")
    };
    vec![
        changed("malformed", "[network]", "[network", &[]),
        changed(
            "unknown_key",
            "cidr = ",
            "colour = \"blue\"\ncidr = ",
            &["colour"],
        ),
        changed(
            "wrong_type",
            "\"partner-egress\"",
            "7",
            &["stack", "string"],
        ),
        changed(
            "network_as_list",
            "[network]",
            "[[network]]",
            &["network", "table"],
        ),
        Bad {
            name: "missing_region",
            text: without("region = \"ap-northeast-1\"\n"),
            line: 1,
            words: &["region"],
        },
        changed("overlapping", "10.0.3.0/24", "10.0.0.0/25", &["overlap"]),
        changed("out_of_vpc", "10.0.3.0/24", "10.1.3.0/24", &["10.0.0.0/16"]),
        changed("slash_29", "10.0.3.0/24", "10.0.3.0/29", &["/28"]),
        changed("vpc_too_large", "10.0.0.0/16", "10.0.0.0/8", &["/16"]),
        changed("host_bits", "10.0.3.0/24", "10.0.3.7/24", &["10.0.3.0/24"]),
        changed("not_a_cidr", "10.0.3.0/24", "ten", &["ten"]),
        changed("ipv6", "10.0.3.0/24", "2001:db8::/64", &["IPv4"]),
        changed(
            "other_region",
            "\"ap-northeast-1c\"",
            "\"us-east-1a\"",
            &["us-east-1a"],
        ),
        changed(
            "duplicate_zone",
            "\"ap-northeast-1c\"",
            "\"ap-northeast-1a\"",
            &["twice"],
        ),
        appended(
            "duplicate_function",
            "\n[[function]]\nname = \"billing-sync\"\n",
            3,
            &["twice"],
        ),
        appended("empty_tag_key", "\n[tags]\n\"\" = \"x\"\n", 3, &["tag"]),
        appended(
            "reserved_tag",
            "\n[tags]\n\"aws:x\" = \"y\"\n",
            3,
            &["aws:"],
        ),
        appended(
            "our_tag",
            "\n[tags]\n\"killick:key\" = \"y\"\n",
            3,
            &["killick:"],
        ),
        appended("nat_value", "\n[egress]\nnat = \"three\"\n", 3, &["three"]),
        Bad {
            name: "no_zones",
            text: concat!(
                "stack = \"s\"\nregion = \"ap-northeast-1\"\nzone = []\n",
                "[network]\ncidr = \"10.0.0.0/16\"\n"
            )
            .into(),
            line: 3,
            words: &["zone", "empty"],
        },
        Bad {
            name: "no_functions",
            text: format!(
                "function = []\n{}",
                without("\n[[function]]\nname = \"billing-sync\"\n")
            ),
            line: 1,
            words: &["function", "empty"],
        },
        Bad {
            name: "empty_file",
            text: String::new(),
            line: 1,
            words: &["stack"],
        },
        appended(
            "third_overlaps",
            &zone("ap-northeast-1d", "10.0.4.0/24", "10.0.3.0/24"),
            4,
            &["overlap"],
        ),
    ]
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn bad_specs_point_at_the_line() {
    let server = Server::start();
    let mut failures = Vec::new();
    for bad in cases() {
        let killick = Killick::with_text(&server, &bad.text);
        for command in [
            &["plan"][..],
            &["apply", "--yes"],
            &["drift"],
            &["destroy", "--yes"],
            &["ips"],
        ] {
            let output = killick.run(command);
            let mut wrong = output
                .refused(&server, 1)
                .err()
                .into_iter()
                .collect::<Vec<_>>();
            let place = format!("killick.toml:{}:", bad.line);
            for word in bad.words.iter().copied().chain([place.as_str()]) {
                if !output.stderr.contains(word) {
                    wrong.push(format!("{word:?} is missing\n{output}"));
                }
            }
            failures.extend(
                wrong
                    .into_iter()
                    .map(|wrong| format!("=== {}: {wrong}", bad.name)),
            );
        }
        let output = killick.run(&["plan"]);
        redact::with(|| insta::assert_snapshot!(format!("spec_{}", bad.name), output.stderr));
    }
    assert_eq!(
        server.calls().len(),
        0,
        "AWS was asked before the spec was read"
    );
    assert!(
        failures.is_empty(),
        "{} failed\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn all_errors_of_a_file_come_at_once() {
    let server = Server::start();
    let text = good()
        .replace("10.0.1.0/24", "10.0.1.0/29")
        .replace("10.0.2.0/24", "10.9.2.0/24")
        .replace("[network]\n", "[network]\ncolour = \"blue\"\n");
    let output = Killick::with_text(&server, &text).run(&["plan"]);
    output.refused(&server, 1).unwrap();
    for word in ["/29", "10.9.2.0/24", "colour"] {
        assert!(output.stderr.contains(word), "{word} is missing\n{output}");
    }
}
