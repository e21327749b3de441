//! What the spec accepts for a time counts as seen and no more; and which findings make the exit code.

use killick_tests::{Output, Site, Spec};
use serde_json::{Value, json};

const PAST: &str = "2020-01-01";
const FUTURE: &str = "2099-12-31";

/// The day as UTC has it, so many days from now.
fn day(from_now: i64) -> String {
    let now = std::time::SystemTime::now();
    let seconds = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let days = i64::try_from(seconds / 86_400).unwrap() + from_now;
    // Days to a civil date, by eras of 400 years that begin in March.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let (month, late) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!("{:04}-{month:02}-{date:02}", era * 400 + year_of_era + late)
}

fn accept(site: &Site, accepts: &[(&str, &str)]) {
    let mut text = site.spec.to_toml();
    for (id, until) in accepts {
        text += &format!(
            "\n[[accept]]\nfinding = \"{id}\"\nuntil = \"{until}\"\nreason = \"we know\"\n"
        );
    }
    site.killick.write("killick.toml", text);
}

/// A critical finding, a warning and a piece of information: (site, their ids in that order).
fn three() -> (Site, [String; 3]) {
    let site = Site::deployed(Spec::two_zones());
    let stack = site.stack();
    site.aws.deny_replies(stack.id("vpc/main"));
    site.aws.withhold_interfaces();
    site.aws
        .create_nat(stack.id("subnet/public-ap-northeast-1a"));
    let drift = site.drift(2).unwrap();
    let ids = ["critical", "warning", "info"].map(|severity| {
        let mut findings = drift["findings"].as_array().unwrap().iter();
        let one = findings.find(|one| one["severity"] == severity);
        let one = one.unwrap_or_else(|| panic!("no {severity} in {drift:#}"));
        one["id"].as_str().unwrap().to_owned()
    });
    assert_eq!(drift["findings"].as_array().unwrap().len(), 3, "{drift:#}");
    (site, ids)
}

fn ids(value: &Value) -> Vec<&str> {
    let all = value.as_array().map_or(&[][..], Vec::as_slice).iter();
    all.filter_map(|one| one["id"].as_str()).collect()
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_is_accepted_is_silent_and_counted() {
    let (site, [critical, warning, info]) = three();
    accept(&site, &[(&warning, FUTURE)]);
    let drift = site.drift(2).unwrap();
    assert_eq!(ids(&drift["findings"]), [&critical, &info]);
    assert_eq!(ids(&drift["accepted"]), [&warning]);
    let accepted = &drift["accepted"][0];
    assert_eq!(
        (&accepted["until"], &accepted["reason"]),
        (&json!(FUTURE), &json!("we know"))
    );

    accept(
        &site,
        &[(&critical, FUTURE), (&warning, FUTURE), (&info, FUTURE)],
    );
    let drift = site.drift(0).unwrap();
    assert_eq!(
        (&drift["in_sync"], &drift["findings"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(ids(&drift["accepted"]).len(), 3);
    let shown = site.killick.run(&["drift"]).code(0);
    let told = shown
        .stdout
        .lines()
        .filter(|line| line.starts_with("accepted:"));
    assert_eq!(told.count(), 3, "{shown}");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_was_accepted_comes_back() {
    let (site, [critical, warning, info]) = three();
    let others = [(critical.as_str(), FUTURE), (info.as_str(), FUTURE)];
    for until in [PAST, &day(-1)] {
        accept(&site, &[&others[..], &[(&warning, until)]].concat());
        let drift = site.drift(2).unwrap();
        assert_eq!(ids(&drift["findings"]), [&warning], "until {until}");
        assert_eq!(ids(&drift["accepted"]).len(), 2, "until {until}");
    }
    // A day lasts until its end.
    for until in [day(0), day(1)] {
        accept(&site, &[&others[..], &[(&warning, &until)]].concat());
        // Midnight may come between the day that is asked for and the day of the look.
        if until != day(-1) {
            site.drift(0).unwrap();
        }
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_is_not_there_is_not_accepted_either() {
    let site = Site::deployed(Spec::two_zones());
    accept(&site, &[("d-0a1b2c", FUTURE)]);
    let shown = site.killick.run(&["drift"]).code(0);
    for word in ["d-0a1b2c", "line"] {
        assert!(shown.stderr.contains(word), "{word} is missing\n{shown}");
    }
    let drift = site.drift(0).unwrap();
    assert_eq!(drift["accepted"], Value::Null);
}

/// Accepting changes what is reported and nothing of what is done.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn an_accepted_difference_is_put_right_all_the_same() {
    let site = Site::deployed(Spec::two_zones());
    site.aws.set_vpc_config("billing-sync", &[], &[]);
    let drift = site.drift(2).unwrap();
    let id = ids(&drift["findings"])[0].to_owned();
    accept(&site, &[(&id, FUTURE)]);
    site.drift(0).unwrap();
    site.killick.run(&["plan", "--detailed-exitcode"]).code(2);
    site.apply();
    let output = site.killick.run(&["drift"]).code(0);
    assert!(output.stderr.contains(&id), "{output}");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_worst_that_is_left_makes_the_exit_code() {
    let (site, [critical, warning, info]) = three();
    let all = [critical.as_str(), &warning, &info];
    // What is accepted, and the exit code of each threshold.
    for (accepted, codes) in [
        (&all[..0], [2, 2, 2]),
        (&all[..1], [0, 2, 2]),
        (&all[..2], [0, 0, 2]),
        (&all[..], [0, 0, 0]),
    ] {
        let accepts: Vec<_> = accepted.iter().map(|id| (*id, FUTURE)).collect();
        accept(&site, &accepts);
        for (severity, code) in ["critical", "warning", "info"].into_iter().zip(codes) {
            let output = site.killick.run(&["drift", "--fail-on", severity]);
            assert_eq!(output.status, Some(code), "{severity}: {output}");
            // Whatever the exit code says, the report says all.
            let shown = all.iter().filter(|id| output.stdout.contains(**id)).count();
            assert!(shown >= all.len() - accepted.len(), "{output}");
        }
        let default = site.killick.run(&["drift"]);
        assert_eq!(default.status, Some(codes[2]), "{default}");
    }
    let output: Output = site.killick.run(&["drift", "--fail-on", "none"]);
    output.code(1);
}
