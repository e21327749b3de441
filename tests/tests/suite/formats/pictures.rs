//! The network as a picture.

use std::collections::BTreeSet;
use std::ffi::OsStr;

use killick_tests::{Site, tool};
use serde_json::Value;

use super::{NAT, elements, hurt, saved, text};

fn drawn(site: &Site, what: &[&str], format: &str) -> String {
    let args = [&["graph"], what, &["--format", format]].concat();
    site.killick.run(&args).code(0).stdout
}

const WAYS: [&[&str]; 3] = [&[], &["--live"], &["--plan"]];

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn svg_is_a_picture() {
    let (site, _) = hurt();
    for what in WAYS {
        let all = elements(&site, &drawn(&site, what, "svg"));
        assert_eq!(all[0].0, "{http://www.w3.org/2000/svg}svg", "{what:?}");
        let keys: BTreeSet<_> = all
            .iter()
            .filter_map(|one| one.1["data-key"].as_str())
            .collect();
        for key in [NAT, "function/billing-sync", "internet_gateway/main"] {
            assert!(keys.contains(key), "{what:?}: {key} is not in {keys:?}");
        }
        let elsewhere = |one: &&(String, Value, String)| {
            let attributes = one.1.to_string();
            attributes.contains("href") || one.0.ends_with("script") || one.0.ends_with("image")
        };
        assert_eq!(all.iter().find(elsewhere), None, "{what:?}");
    }
    // Without a flag AWS is not asked.
    site.server.reset_calls();
    drawn(&site, WAYS[0], "svg");
    assert_eq!(site.server.calls().len(), 0);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn dot_is_a_graph() {
    let (site, findings) = hurt();
    for what in WAYS {
        let graph = drawn(&site, what, "dot");
        assert!(
            graph.starts_with("digraph") && graph.trim_end().ends_with('}'),
            "{graph}"
        );
        assert_eq!(
            graph.matches('{').count(),
            graph.matches('}').count(),
            "{graph}"
        );
    }
    let live = drawn(&site, &["--live"], "dot");
    assert!(live.contains(text(&findings[0], "id")), "{live}");
}

#[test]
#[cfg_attr(any(no_python, no_graphviz), ignore = "needs Python and Graphviz")]
fn dot_is_drawn_by_graphviz() {
    let (site, _) = hurt();
    let dot = tool::of_machine("dot").expect("Graphviz");
    for what in WAYS {
        let file = saved(&site, "graph.dot", &drawn(&site, what, "dot"));
        let said = tool::approves(&dot, &[OsStr::new("-Tsvg"), file.as_os_str()]);
        assert!(!said.contains("Warning"), "{said}");
        assert!(elements(&site, &said).len() > 20, "{said}");
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn mermaid_refers_to_what_it_declares() {
    let (site, findings) = hurt();
    for what in WAYS {
        let graph = drawn(&site, what, "mermaid");
        let lines: Vec<&str> = graph.lines().map(str::trim).collect();
        assert_eq!(lines[0], "flowchart LR", "{graph}");
        let opened = lines
            .iter()
            .filter(|line| line.starts_with("subgraph "))
            .count();
        let closed = lines.iter().filter(|line| **line == "end").count();
        assert_eq!(opened, closed, "{graph}");
        let declared: BTreeSet<&str> = lines
            .iter()
            .filter_map(|line| line.split_once(['[', '(', '{']))
            .map(|(id, _)| id.trim_start_matches("subgraph "))
            .collect();
        let edge = |line: &&&str| {
            ["-->", "-.->", "--x", "-.-x", "==>", "---"]
                .iter()
                .any(|arrow| line.contains(arrow))
        };
        let edges: Vec<_> = lines.iter().filter(edge).collect();
        assert!(edges.len() > 5, "{graph}");
        for edge in edges {
            let ends = [edge.split(' ').next(), edge.split(' ').next_back()];
            for end in ends.into_iter().flatten() {
                assert!(
                    declared.contains(end),
                    "{end} of {edge:?} is in none of {declared:?}"
                );
            }
        }
    }
    let live = drawn(&site, &["--live"], "mermaid");
    assert!(live.contains(text(&findings[0], "id")), "{live}");
}
