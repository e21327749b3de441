//! Elements of HTML, SVG and JUnit files, escaped where they are written.

use std::fmt::Write;

use killick_text::clean;

/// One element. What is put in as text or as an attribute is cleaned and
/// escaped; there is no way around that but [`Element::css`], which takes what
/// was written here.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Child>,
}

#[derive(Clone, Debug)]
enum Child {
    Element(Element),
    Text(String),
    Lines(Vec<String>),
    Css(&'static str),
}

/// Elements that are written `<x/>`, which HTML and XML both read as empty.
/// All others get an end tag even when empty.
const EMPTY: [&str; 5] = ["meta", "rect", "path", "line", "br"];

/// Elements whose content stays on one line: white space would show.
const INLINE: [&str; 10] = [
    "text",
    "a",
    "p",
    "dd",
    "dt",
    "td",
    "th",
    "h1",
    "h3",
    "figcaption",
];

pub(crate) fn el(name: &'static str) -> Element {
    Element {
        name,
        attributes: Vec::new(),
        children: Vec::new(),
    }
}

impl Element {
    pub(crate) fn attr(mut self, name: &'static str, value: impl ToString) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    pub(crate) fn class(self, value: impl ToString) -> Self {
        self.attr("class", value)
    }

    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Child::Text(text.into()));
        self
    }

    /// Text of several lines, each of them cleaned.
    pub(crate) fn lines(mut self, lines: Vec<String>) -> Self {
        self.children.push(Child::Lines(lines));
        self
    }

    pub(crate) fn child(mut self, child: Self) -> Self {
        self.children.push(Child::Element(child));
        self
    }

    pub(crate) fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children
            .extend(children.into_iter().map(Child::Element));
        self
    }

    /// A style sheet: not escaped, hence `'static`.
    pub(crate) fn css(mut self, css: &'static str) -> Self {
        self.children.push(Child::Css(css));
        self
    }

    pub(crate) fn write(&self, out: &mut String, depth: usize) {
        write!(out, "<{}", self.name).ok();
        for (name, value) in &self.attributes {
            write!(out, " {name}=\"").ok();
            escape(&clean(value), out);
            out.push('"');
        }
        if EMPTY.contains(&self.name) {
            out.push_str("/>");
            return;
        }
        out.push('>');
        let element = |child: &Child| matches!(child, Child::Element(_));
        let block = !INLINE.contains(&self.name)
            && !self.children.is_empty()
            && self.children.iter().all(element);
        for child in &self.children {
            if block {
                new_line(out, depth + 1);
            }
            match child {
                Child::Element(element) => element.write(out, depth + 1),
                Child::Text(text) => {
                    // The spaces around a text part it from its neighbours.
                    if text.starts_with(' ') {
                        out.push(' ');
                    }
                    escape(&clean(text), out);
                    if text.len() > 1 && text.ends_with(' ') {
                        out.push(' ');
                    }
                }
                Child::Lines(lines) => {
                    for line in lines {
                        out.push('\n');
                        escape(&clean(line), out);
                    }
                    new_line(out, depth);
                }
                Child::Css(css) => out.push_str(css),
            }
        }
        if block {
            new_line(out, depth);
        }
        write!(out, "</{}>", self.name).ok();
    }
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', depth));
}

fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            char => out.push(char),
        }
    }
}
