//! Rules for findings that are let be for a time.

use crate::support::{GOOD, bad, good, hint};
use killick_spec::{Accept, Date, parse, pin};

const ONE: &str = r#"[[accept]]
finding = "d-3f9a1c"
until = "2026-12-31"
reason = "a second path is tested"
"#;

/// One line of `ONE` replaced, put before the tags of the good spec.
fn with(key: &str, line: &str) -> String {
    let lines = ONE.lines().map(|old| match old.starts_with(key) {
        true => format!("{line}\n"),
        false => format!("{old}\n"),
    });
    lines.collect::<String>() + "[tags]"
}

fn one(key: &str, line: &str) -> Accept {
    let mut accepts = good("[tags]", &with(key, line)).accepts;
    assert_eq!(accepts.len(), 1, "{accepts:#?}");
    accepts.remove(0)
}

fn date(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

#[test]
fn one_finding() {
    let accept = one("x", "");
    assert_eq!(accept.finding, "d-3f9a1c");
    assert_eq!(accept.until, date(2026, 12, 31));
    assert_eq!(accept.reason, "a second path is tested");
    assert!(good("[tags]", "[tags]").accepts.is_empty());
}

#[test]
fn the_line_is_that_of_the_header() {
    let second = ONE.replace("3f9a1c", "000000");
    let text = format!("# é\r\n{GOOD}\n{ONE}\n\n  {second}");
    let lines: Vec<_> = parse(&text).unwrap().accepts;
    let lines: Vec<_> = lines.iter().map(|accept| accept.line).collect();
    let headers = text.lines().enumerate();
    let headers = headers.filter(|(_, line)| line.trim() == "[[accept]]");
    let headers: Vec<_> = headers.map(|(index, _)| index + 1).collect();
    assert_eq!(lines, headers);

    let inline = "accept = [\n  { finding = \"d-0000ff\", until = 2026-12-31, reason = \"a\" },\n]";
    let text = format!("{inline}\n{GOOD}");
    let accepts = parse(&text).unwrap().accepts;
    assert_eq!(accepts.first().map(|accept| accept.line), Some(2));
}

#[test]
fn ids_as_drift_prints_them() {
    for id in ["d-000000", "d-ffffff", "d-a1b2c3"] {
        assert_eq!(one("finding", &format!("finding = {id:?}")).finding, id);
    }
    for id in [
        "",
        "d-",
        "d-3f9a1",
        "d-3f9a1c0",
        "d-3f9a1g",
        "d-3f9a1é",
        " d-3f9a1c",
        "3f9a1c",
        "(d-3f9a1c)",
        "D-3F9A1C",
        "d_3f9a1c",
        "vpc-3f9a1c",
    ] {
        let value = format!("{id:?}");
        let error = bad(
            "[tags]",
            &with("finding", &format!("finding = {value}")),
            &value,
        );
        let near = id.to_lowercase().trim() == "d-3f9a1c" || id.contains("(") || id == "3f9a1c";
        let word = if near {
            "\"d-3f9a1c\""
        } else {
            "killick drift"
        };
        let hint = hint(error);
        assert!(hint.contains(word), "{id}: {hint}");
    }
}

#[test]
fn dates_in_two_forms() {
    for day in ["2026-12-31", "2028-02-29", "2000-02-29", "1970-01-01"] {
        let quoted = one("until", &format!("until = \"{day}\"")).until;
        let bare = one("until", &format!("until = {day}")).until;
        assert_eq!(quoted, bare);
        assert_eq!(quoted.to_string(), day);
    }
    for day in [
        "2026-02-30",
        "2026-02-29",
        "2100-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "1969-12-31",
        "0000-01-01",
        "",
        "2026-1-1",
        "26-01-01",
        "02026-01-01",
        "2026-01-01-01",
        "2026/01/01",
        "2026-01-01 ",
        "+026-01-01",
        "2026-01-01T00:00:00Z",
        "tomorrow",
        "２０２６-01-01",
    ] {
        let value = format!("{day:?}");
        bad(
            "[tags]",
            &with("until", &format!("until = {value}")),
            &value,
        );
    }
    for value in [
        "2026-12-31T00:00:00Z",
        "2026-12-31T00:00:00",
        "07:32:00",
        "20261231",
        "1969-12-31",
    ] {
        let error = bad("[tags]", &with("until", &format!("until = {value}")), value);
        assert!(error.hint.is_some(), "{error:#?}");
    }
    let value = "2026-12-31T10:00:00+09:00";
    let error = bad("[tags]", &with("until", &format!("until = {value}")), value);
    assert!(hint(error).contains("\"2026-12-31\""));
    let value = "\"2028-02-30\"";
    let error = bad("[tags]", &with("until", &format!("until = {value}")), value);
    assert!(hint(error).contains("2028-02-29"));
    // Without quotes it is not TOML, and the place is told as well.
    let text = format!("{GOOD}\n{}", ONE.replace("\"2026-12-31\"", "2026-02-30"));
    let errors = parse(&text).unwrap_err().errors;
    assert_eq!(errors.len(), 1, "{errors:#?}");
    let at = text.find("2026-02-30").unwrap();
    assert!(
        errors.iter().all(|e| (at..at + 10).contains(&e.span.start)),
        "{errors:#?}"
    );
}

#[test]
fn a_reason_in_one_line() {
    for reason in ["", " ", "\u{3000}", "a\nb", "a\u{1b}[31m", "a\u{7f}"] {
        let value = serde_json::to_string(reason).unwrap();
        let value = value.replace('\u{7f}', "\\u007f");
        bad(
            "[tags]",
            &with("reason", &format!("reason = {value}")),
            &value,
        );
    }
    let long = "é 100 % \"".repeat(99);
    let line = format!("reason = {}", serde_json::to_string(&long).unwrap());
    assert_eq!(one("reason", &line).reason, long);
}

#[test]
fn every_key_is_required_and_no_other_is_known() {
    for key in ["finding", "until", "reason"] {
        let error = bad("[tags]", &with(key, ""), "[[accept]]");
        assert!(error.message.contains(&format!("`{key}` is missing")));
        bad("[tags]", &with(key, &format!("{key} = true")), "true");
    }
    let error = bad("[tags]", &with("until", "untill = 2026-12-31"), "untill");
    assert!(hint(error).contains("`until`"));
    let alien = format!("{ONE}severity = \"info\"\n[tags]");
    bad("[tags]", &alien, "severity");
    let single = format!("{ONE}[tags]").replace("[[accept]]", "[accept]");
    let error = bad("[tags]", &single, "[accept]");
    assert!(hint(error).contains("[[accept]]"));
}

#[test]
fn a_finding_once() {
    let again = ONE.replace("2026", "2027");
    let text = format!("{ONE}{again}[tags]").replacen("\"d-3f9a1c\"", "'d-3f9a1c'", 1);
    let error = bad("[tags]", &text, "\"d-3f9a1c\"");
    assert!(error.message.contains("twice"), "{error:#?}");
    assert_eq!(error.related.len(), 1);
}

#[test]
fn pinning_moves_the_lines_only() {
    // The addresses go above the accepted finding.
    let text = GOOD.replace("[tags]", &format!("{ONE}[tags]"));
    let one = "203.0.113.7".parse().unwrap();
    let pinned = pin(&text, &[one]).unwrap();
    let (before, after) = (parse(&text).unwrap(), parse(&pinned).unwrap());
    assert_eq!(before.accepts, after.accepts);
    let line = |spec: &killick_spec::Spec| spec.accepts.first().unwrap().line;
    assert!(line(&before) < line(&after));
}

#[test]
fn accepts_differ_by_what_they_say() {
    let plain = one("x", "");
    assert_eq!(
        plain,
        Accept {
            line: 1,
            ..plain.clone()
        }
    );
    for (key, line) in [
        ("finding", "finding = \"d-000000\""),
        ("until", "until = 2026-12-30"),
        ("reason", "reason = \"b\""),
    ] {
        assert_ne!(plain, one(key, line));
    }
}

#[test]
fn the_last_second_of_a_day() {
    // What `date -u -d '<day> 23:59:59' +%s` prints.
    for ((year, month, day), second) in [
        ((1970, 1, 1), 86_399),
        ((1972, 2, 29), 68_255_999),
        ((1999, 12, 31), 946_684_799),
        ((2000, 2, 29), 951_868_799),
        ((2000, 3, 1), 951_955_199),
        ((2026, 12, 31), 1_798_761_599),
        ((2100, 2, 28), 4_107_542_399),
        ((2100, 3, 1), 4_107_628_799),
        ((2400, 2, 29), 13_574_649_599),
        ((9999, 12, 31), 253_402_300_799),
    ] {
        assert_eq!(date(year, month, day).last_second(), second, "{year}");
    }
}

#[test]
fn the_days_follow_each_other() {
    let mut second = date(1970, 1, 1).last_second();
    let mut before = date(1970, 1, 1);
    for year in 1970..=2410 {
        for month in 0..=13 {
            for day in 0..=32 {
                let Some(next) = Date::new(year, month, day) else {
                    continue;
                };
                if next == before {
                    continue;
                }
                second += 24 * 60 * 60;
                assert_eq!(next.last_second(), second, "{next}");
                assert!(before < next, "{before} {next}");
                assert_eq!((next.year(), next.month(), next.day()), (year, month, day));
                before = next;
            }
        }
    }
    assert_eq!(Date::new(1969, 12, 31), None);
    assert_eq!(Date::new(10_000, 1, 1), None);
}
