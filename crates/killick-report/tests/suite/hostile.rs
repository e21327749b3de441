//! Whatever is written in an account: no format lets it act.

use killick_report::{Report, clean, dot, html, junit, markdown, mermaid, sarif, svg};
use proptest::prelude::*;

use crate::marks::{elements, well_formed};
use crate::worlds::{HOSTILE, filled};

fn all(report: &Report) -> Vec<(&'static str, String)> {
    vec![
        ("md", markdown(report)),
        ("junit", junit(report)),
        ("sarif", sarif(report)),
        ("html", html(report)),
        ("svg", svg(&report.picture)),
        ("mmd", mermaid(&report.picture)),
        ("dot", dot(&report.picture)),
    ]
}

/// The text as others wrote it, in bits that matter to one format or another.
fn text() -> impl Strategy<Value = String> {
    let bits = prop_oneof![
        3 => "[a-z0-9 ]{1,8}",
        6 => prop::sample::select(vec![
            "<script", "</script>", "<!--", "-->", "]]>", "<![CDATA[", "|", "\n", "\r\n", "\"", "'",
            "`", "```", "\\", "\\\\", "&", "&lt;", "&#60;", "#quot;", "#35;", ";", "[", "]", "](", "{0}",
            "}", "@team", "#1", "https://a.example", "javascript:", "\u{0}", "\u{1b}[31m", "\u{7f}",
            "\u{85}", "\u{202e}", "\u{2066}", "\u{200b}", "\u{feff}", "\u{fffe}", "\u{ffff}", "\u{2028}",
            "\u{61c}", "\u{200f}", "\u{2060}", "\u{3164}", "\u{fe0f}", "\u{e0041}",
            "東京", "\u{1f600}", "\u{301}", " onload=", "style=", "end", "-->|x|", "%%{init:", "<br/>",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(bits, 0..12).prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_acts(text in text()) {
        let report = filled(&text);
        for (format, out) in all(&report) {
            prop_assert!(!out.to_lowercase().contains("<script"), "{format}: {out}");
            let odd = out.chars().find(|&char| char != '\n' && clean(&format!("a{char}b")).len() < 3);
            prop_assert_eq!(odd, None, "{}", format);
        }
    }

    #[test]
    fn marked_up_formats_keep_their_shape(text in text()) {
        let (report, plain) = (filled(&text), filled("x"));
        for of in [html, junit] {
            well_formed(&of(&report));
        }
        well_formed(&svg(&report.picture));
        // Elements do not come and go with the text, but for those that stand
        // for something: links, titles of what was cut, lines that are empty.
        let count = |out: &str, name: &str| {
            elements(out).into_iter().filter(|(found, _)| found == name).count()
        };
        for name in ["script", "iframe", "img", "foreignObject", "style", "meta", "table", "article"] {
            prop_assert_eq!(count(&html(&report), name), count(&html(&plain), name), "{}", name);
        }
        for name in ["testcase", "failure", "error", "skipped"] {
            prop_assert_eq!(count(&junit(&report), name), count(&junit(&plain), name), "{}", name);
        }
    }

    #[test]
    fn nothing_is_asked_for(text in text()) {
        let report = filled(&text);
        for out in [html(&report), svg(&report.picture)] {
            for (element, attributes) in elements(&out) {
                for (name, value) in attributes {
                    let loads = matches!(name.as_str(), "src" | "href" | "srcset" | "action" | "data" | "xlink:href");
                    prop_assert!(!loads || value.starts_with('#'), "{element} {name}={value}");
                    prop_assert!(!name.starts_with("on"), "{element} {name}={value}");
                    prop_assert!(!value.contains("url(") || name != "style", "{element} {name}={value}");
                }
            }
            for url in out.split("url(").skip(1) {
                prop_assert!(url.starts_with('#') || !url.contains(')') || text.contains("url("), "{}", url);
            }
        }
    }

    #[test]
    fn sarif_reads_as_json(text in text()) {
        let report = filled(&text);
        let log: serde_json::Value = serde_json::from_str(&sarif(&report)).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        prop_assert_eq!(results.len(), report.findings.len() + report.accepted.len());
        for result in results {
            let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte)), "{}", uri);
        }
    }

    #[test]
    fn tables_keep_their_columns(text in text()) {
        let columns = |line: &str| {
            let mut count = 0;
            let mut escaped = false;
            for char in line.chars() {
                match char {
                    '\\' => { escaped = !escaped; continue; }
                    '|' if !escaped => count += 1,
                    _ => {}
                }
                escaped = false;
            }
            count
        };
        let (report, plain) = (markdown(&filled(&text)), markdown(&filled("x")));
        let tables = |text: &str| -> Vec<usize> {
            text.lines().filter(|line| line.starts_with('|')).map(columns).collect()
        };
        prop_assert_eq!(tables(&report), tables(&plain), "{}", report);
    }

    #[test]
    fn dot_strings_are_closed(text in text()) {
        let out = dot(&filled(&text).picture);
        for line in out.lines() {
            let mut escaped = false;
            let mut quotes = 0;
            for char in line.chars() {
                match char {
                    '\\' => { escaped = !escaped; continue; }
                    '"' if !escaped => quotes += 1,
                    _ => {}
                }
                escaped = false;
            }
            prop_assert_eq!(quotes % 2, 0, "{}", line);
        }
    }
}

#[test]
fn text_survives_where_it_is_only_text() {
    let report = filled(HOSTILE);
    let text = clean(HOSTILE);
    let found = |out: &str| {
        elements(out)
            .into_iter()
            .any(|(_, attributes)| attributes.iter().any(|(_, value)| *value == text))
    };
    assert!(found(&html(&report)));
    assert!(found(&svg(&report.picture)));
}
