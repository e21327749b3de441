//! A section of the page.

use crate::markup::{Element, el};

pub(super) fn section(id: &str, title: &str) -> Element {
    let heading = format!("{id}-title");
    el("section")
        .attr("id", id)
        .attr("aria-labelledby", &heading)
        .child(el("h2").attr("id", heading).text(title))
}
