//! One text in every place that takes text.

use killick_report::{Picture, Report};

use super::bad_night;

/// Every piece of text set to one.
pub(crate) fn filled(text: &str) -> Report {
    let mut report = bad_night();
    for field in [
        &mut report.stack,
        &mut report.account,
        &mut report.region,
        &mut report.at,
        &mut report.version,
        &mut report.spec,
    ] {
        text.clone_into(field);
    }
    report.addresses = vec![text.to_owned(), "203.0.113.1".to_owned()];
    report.promised = vec![text.to_owned() + " ", "203.0.113.2".to_owned()];
    for one in &mut report.findings {
        one.field = one.field.as_ref().map(|_| text.to_owned());
        one.unattributed = Some(text.to_owned());
        for field in [
            &mut one.key,
            &mut one.id,
            &mut one.live,
            &mut one.desired,
            &mut one.effect,
            &mut one.undo,
        ] {
            text.clone_into(field);
        }
        for who in &mut one.who {
            for field in [
                &mut who.principal,
                &mut who.at,
                &mut who.agent,
                &mut who.event,
            ] {
                text.clone_into(field);
            }
        }
    }
    for one in &mut report.accepted {
        one.field = Some(text.to_owned());
        for field in [
            &mut one.key,
            &mut one.id,
            &mut one.effect,
            &mut one.until,
            &mut one.reason,
        ] {
            text.clone_into(field);
        }
    }
    for one in &mut report.coverage.unreadable {
        for field in [&mut one.what, &mut one.permission, &mut one.code] {
            text.clone_into(field);
        }
    }
    for way in &mut report.ways {
        for field in [
            &mut way.runner,
            &mut way.subnet,
            &mut way.zone,
            &mut way.verdict,
        ] {
            text.clone_into(field);
        }
    }
    fill_picture(&mut report.picture, text);
    report
}

/// Keys stay apart from one another, so that all edges are still drawn.
fn fill_picture(picture: &mut Picture, text: &str) {
    text.clone_into(&mut picture.title);
    for zone in &mut picture.zones {
        zone.name = format!("{}{text}", zone.name);
        zone.note = Some(text.to_owned());
    }
    for node in &mut picture.nodes {
        node.key = format!("{}{text}", node.key);
        node.zone = node.zone.as_ref().map(|zone| format!("{zone}{text}"));
        text.clone_into(&mut node.label);
        text.clone_into(&mut node.detail);
        node.findings = node.findings.iter().map(|_| text.to_owned()).collect();
    }
    for edge in &mut picture.edges {
        edge.from = format!("{}{text}", edge.from);
        edge.to = format!("{}{text}", edge.to);
        text.clone_into(&mut edge.label);
        edge.findings = edge.findings.iter().map(|_| text.to_owned()).collect();
    }
}

/// What somebody might put into a tag.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>]]>|\r\n\"'`{0}[a](https://b.example)\\ & \u{202e}\u{0}\u{200b}\u{61c}\u{2066}\u{e0041}@team #1 *x* -->";
