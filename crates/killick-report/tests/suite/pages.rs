//! What a reader, or a program, finds in a report.

use killick_finding::{Change, Severity};
use killick_report::{
    Edge, Judged, Kind, Node, Report, State, dot, html, junit, markdown, mermaid, sarif, svg,
};
use serde_json::Value;

use crate::marks::{elements, text};
use crate::worlds::{bad_night, empty, finding, in_sync, six_zones};

fn with<'a>(
    found: &'a [(String, Vec<(String, String)>)],
    name: &str,
) -> Vec<&'a Vec<(String, String)>> {
    let of_name = found.iter().filter(|(element, _)| element == name);
    of_name.map(|(_, attributes)| attributes).collect()
}

fn value<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut found = attributes.iter().filter(|(key, _)| key == name);
    found.next().map(|(_, value)| value.as_str())
}

#[test]
fn a_page_shows_every_finding_once_and_the_worst_first() {
    let page = html(&bad_night());
    let found = elements(&page);
    let cards: Vec<(&str, &str)> = with(&found, "article")
        .into_iter()
        .map(|card| {
            (
                value(card, "data-finding").unwrap(),
                value(card, "data-severity").unwrap(),
            )
        })
        .collect();
    let expected = [
        ("d-c76b12", "critical"),
        ("d-9b735a", "critical"),
        ("d-e01f55", "critical"),
        ("d-77ab02", "warning"),
    ];
    assert_eq!(cards, expected);
    let words = text(&page);
    for part in [
        "3 critical, 1 warning, 1 not read",
        "Functions leave by 203.0.113.1, 198.51.100.7.",
        "Promised, and nothing leaves by it: 203.0.113.2.",
        "In use, and not promised: 198.51.100.7.",
        "ec2:DescribeNetworkAcls",
        "the migration of the old batch host, OPS-4411",
        "DeleteNatGateway",
        "no way out",
    ] {
        assert!(words.contains(part), "{part}");
    }
}

#[test]
fn links_in_a_page_lead_somewhere_and_ids_are_unique() {
    for report in [bad_night(), in_sync(), empty(), six_zones()] {
        let page = html(&report);
        let found = elements(&page);
        let mut ids: Vec<&str> = found
            .iter()
            .filter_map(|(_, attributes)| value(attributes, "id"))
            .collect();
        let links = found
            .iter()
            .filter_map(|(_, attributes)| value(attributes, "href"));
        for link in links {
            assert!(ids.contains(&link.trim_start_matches('#')), "{link}");
        }
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }
}

#[test]
fn only_a_full_reading_is_in_sync() {
    let verdict = |report: &Report| {
        let page = html(report);
        let found = elements(&page);
        value(with(&found, "header")[0], "data-verdict")
            .unwrap()
            .to_owned()
    };
    let mut report = in_sync();
    assert_eq!(verdict(&report), "good");
    assert!(markdown(&report).contains("**In sync**"));
    report.coverage.unreadable = bad_night().coverage.unreadable;
    assert_eq!(verdict(&report), "unsure");
    assert!(!markdown(&report).contains("In sync"));
    assert_eq!(verdict(&empty()), "unsure");
    assert!(!html(&empty()).contains("In sync"));
}

#[test]
fn a_suite_counts_what_it_holds() {
    let mut unread = in_sync();
    unread.coverage.unreadable = bad_night().coverage.unreadable;
    for report in [bad_night(), in_sync(), empty(), six_zones(), unread] {
        let found = elements(&junit(&report));
        let suite = with(&found, "testsuite")[0];
        let held = |name: &str| with(&found, name).len().to_string();
        let told = |name: &str| value(suite, name).unwrap().to_owned();
        assert_eq!(told("tests"), held("testcase"));
        assert_eq!(told("failures"), held("failure"));
        assert_eq!(told("errors"), held("error"));
        assert_eq!(told("skipped"), held("skipped"));
        assert_ne!(told("tests"), "0");
        let bad = told("failures") != "0" || told("errors") != "0";
        let expected = !report.findings.is_empty() || !report.coverage.unreadable.is_empty();
        assert_eq!(bad, expected);
    }
}

#[test]
fn scanning_is_not_told_that_all_is_well_when_not_all_was_read() {
    let run = |report: &Report| -> Value {
        let log: Value = serde_json::from_str(&sarif(report)).unwrap();
        log["runs"][0].clone()
    };
    let bad = run(&bad_night());
    assert_eq!(bad["invocations"][0]["executionSuccessful"], false);
    assert_eq!(
        run(&in_sync())["invocations"][0]["executionSuccessful"],
        true
    );
    let rules = bad["tool"]["driver"]["rules"].as_array().unwrap();
    for result in bad["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let held: Vec<&Value> = bad["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["suppressions"][0].is_object())
        .collect();
    assert_eq!(held.len(), 1);
    assert_eq!(
        held[0]["locations"][0]["physicalLocation"]["region"]["startLine"],
        31
    );
}

#[test]
fn a_rule_does_not_depend_on_names_and_networks() {
    let rule = |key: &str, field: &str| {
        let one = finding("d-1", key, Some(field), Change::Changed, Severity::Critical);
        let report = Report {
            findings: vec![one],
            ..in_sync()
        };
        let log: Value = serde_json::from_str(&sarif(&report)).unwrap();
        log["runs"][0]["results"][0]["ruleId"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let one = rule("route_table/private-ap-northeast-1a", "routes.0.0.0.0/0");
    assert_eq!(
        one,
        rule("route_table/private-ap-northeast-1c", "routes.192.0.2.0/24")
    );
    assert_eq!(one, "route_table.routes.changed");
}

#[test]
fn a_comment_fits_on_github() {
    let mut report = bad_night();
    let one = report.findings[0].clone();
    report.findings = vec![one; 2000];
    report.ways = vec![report.ways[0].clone(); 2000];
    let out = markdown(&report);
    assert!(out.len() < 65_536, "{}", out.len());
    assert!(out.contains("rows left out"));
    assert!(out.contains("#### Not read"));
}

#[test]
fn every_node_and_finding_is_in_every_picture() {
    let report = bad_night();
    let picture = &report.picture;
    let drawn = text(&svg(picture));
    for out in [drawn, mermaid(picture), dot(picture)] {
        for id in ["d-c76b12", "d-9b735a", "d-e01f55", "d-77ab02"] {
            assert!(out.contains(id), "{id} in {out}");
        }
        for node in &picture.nodes {
            assert!(out.contains(&node.label), "{} in {out}", node.label);
        }
    }
}

#[test]
fn a_hop_that_is_gone_is_crossed_out() {
    let crosses = |report: &Report| {
        let found = elements(&svg(&report.picture));
        let marks = found
            .iter()
            .filter(|(_, attributes)| value(attributes, "class") == Some("k-cross"));
        marks.count()
    };
    assert_eq!(crosses(&in_sync()), 0);
    assert_eq!(crosses(&bad_night()), 4);
}

#[test]
fn boxes_lie_in_the_picture_and_not_upon_each_other() {
    for report in [in_sync(), bad_night(), six_zones()] {
        let found = elements(&svg(&report.picture));
        let number = |one: &Vec<(String, String)>, name: &str| -> i32 {
            value(one, name).unwrap().parse().unwrap()
        };
        let (w, h) = (number(&found[0].1, "width"), number(&found[0].1, "height"));
        let boxes: Vec<[i32; 4]> = with(&found, "rect")
            .into_iter()
            .filter(|one| value(one, "class") == Some("k-box"))
            .map(|one| {
                let [x, y] = ["x", "y"].map(|name| number(one, name));
                [x, y, x + number(one, "width"), y + number(one, "height")]
            })
            .collect();
        assert!(boxes.len() > 8);
        for (index, a) in boxes.iter().enumerate() {
            assert!(a[0] >= 0 && a[1] >= 0 && a[2] <= w && a[3] <= h, "{a:?}");
            for b in &boxes[index + 1..] {
                let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
                let within = a[0] < b[0] && a[1] < b[1] && a[2] > b[2] && a[3] > b[3];
                assert!(apart || within, "{a:?} {b:?}");
            }
        }
    }
}

#[test]
fn functions_alike_share_a_box() {
    let found = elements(&svg(&six_zones().picture));
    let functions = found.iter().filter(|(_, attributes)| {
        value(attributes, "data-key").is_some_and(|key| key.starts_with("function/"))
    });
    assert_eq!(functions.count(), 0);
    let words = text(&svg(&six_zones().picture));
    assert!(words.contains("30 functions"));
    assert!(words.contains("partner-webhook-dispatcher-30"));
}

#[test]
fn edges_to_nowhere_and_nodes_of_no_zone_do_no_harm() {
    let mut picture = in_sync().picture;
    picture
        .edges
        .push(Edge::new("function/billing-sync", "nobody", "lost"));
    picture
        .edges
        .push(Edge::new("internet", "function/billing-sync", "back"));
    picture
        .edges
        .push(Edge::new("internet", "internet", "self"));
    picture
        .nodes
        .push(Node::new(Kind::NatGateway, "nat_gateway/elsewhere").zone("mars"));
    picture
        .nodes
        .push(Node::new(Kind::Vpc, "vpc/other").state(State::Extra, &[]));
    let out = svg(&picture);
    assert!(!out.contains("lost"));
    assert!(text(&out).contains("back"));
    assert!(out.contains("nat_gateway/elsewhere"));
    assert!(!mermaid(&picture).contains("lost"));
    assert!(!dot(&picture).contains("lost"));
}

#[test]
fn a_subnet_without_its_table_says_so() {
    let mut picture = in_sync().picture;
    let subnet = "subnet/private-ap-northeast-1a";
    let own = picture
        .edges
        .iter_mut()
        .find(|edge| edge.from == subnet)
        .unwrap();
    *own = own.clone().state(State::Missing, &["d-111111"]);
    let other = "route_table/private-ap-northeast-1c";
    picture
        .edges
        .push(Edge::new(subnet, other, "association").state(State::Changed, &["d-111111"]));
    let words = text(&svg(&picture));
    assert!(words.contains("× to route table d-111111"));
    assert!(words.contains("association"));
}

#[test]
fn a_report_is_plain_data() {
    let report = bad_night();
    let text = serde_json::to_string(&report).unwrap();
    let back: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(back, report);
    assert!(text.contains("\"good\":\"unknown\""));
    assert_eq!(Judged::Bad.word(), "bad");
}
