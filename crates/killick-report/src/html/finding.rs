//! A finding as a card.

use crate::markup::{Element, el};
use crate::text::slug;
use crate::{Finding, Who};
use killick_text::clean;

pub(super) fn card(finding: &Finding) -> Element {
    let severity = finding.severity.word();
    let mut place = el("h3")
        .child(el("span").class("badge").text(severity))
        .text(" ")
        .child(el("code").class("key").text(&finding.key));
    if let Some(field) = &finding.field {
        place = place.text(" ").child(el("code").class("field").text(field));
    }
    place = place
        .text(" ")
        .child(el("span").class("what").text(finding.what.word()));
    let mut facts = el("dl")
        .child(fact("live", value(&finding.live)))
        .child(fact("declared", value(&finding.desired)));
    if !finding.who.is_empty() {
        facts = facts.child(fact("who", el("ul").children(finding.who.iter().map(who))));
    }
    if let Some(why) = &finding.unattributed {
        let words = format!("nobody is known to have done it: {}", clean(why));
        facts = facts.child(fact("who", el("span").text(words)));
    }
    let repair = format!("({})", finding.repair);
    let todo = el("span")
        .class("todo")
        .text(&finding.undo)
        .text(" ")
        .child(el("span").class("repair").text(repair));
    facts = facts.child(fact("to do", todo));
    el("article")
        .class(format!("finding {severity}"))
        .attr("id", slug(&finding.id))
        .attr("data-finding", &finding.id)
        .attr("data-severity", severity)
        .attr("data-what", finding.what.word())
        .attr("data-repair", &finding.repair)
        .child(place)
        .child(el("p").class("effect").text(&finding.effect))
        .child(facts)
        .child(el("p").class("id").text(&finding.id))
}

fn value(text: &str) -> Element {
    if clean(text).is_empty() {
        el("span").text("nothing")
    } else {
        el("code").text(text)
    }
}

fn fact(name: &str, value: Element) -> Element {
    el("div")
        .child(el("dt").text(name))
        .child(el("dd").child(value))
}

fn who(who: &Who) -> Element {
    let mut line = el("li")
        .child(el("code").text(&who.event))
        .text(" by ")
        .child(el("code").text(&who.principal))
        .text(" at ")
        .child(el("span").text(&who.at));
    if !clean(&who.agent).is_empty() {
        line = line.text(" with ").child(el("span").text(&who.agent));
    }
    line
}
