//! Reading XML back: pages are written so that an XML parser can read them.

use quick_xml::Reader;
use quick_xml::events::Event;

type Attributes = Vec<(String, String)>;

/// All elements with their attributes, unescaped. Fails on what is not well
/// formed.
pub(crate) fn elements(xml: &str) -> Vec<(String, Attributes)> {
    read(xml).0
}

/// All text, unescaped, in one string.
pub(crate) fn text(xml: &str) -> String {
    read(xml).1
}

pub(crate) fn well_formed(xml: &str) {
    read(xml);
}

fn read(xml: &str) -> (Vec<(String, Attributes)>, String) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut elements, mut words, mut depth) = (Vec::new(), String::new(), 0);
    loop {
        let event = reader
            .read_event()
            .unwrap_or_else(|error| panic!("{error} in {xml}"));
        match event {
            Event::Start(start) => {
                depth += 1;
                elements.push(element(&start));
            }
            Event::Empty(start) => elements.push(element(&start)),
            Event::End(_) => depth -= 1,
            Event::Text(text) => words.push_str(&text),
            Event::GeneralRef(name) => {
                let name: &str = &name;
                words.push_str(&quick_xml::escape::unescape(&format!("&{name};")).unwrap());
            }
            Event::Eof => break,
            Event::CData(_) | Event::Comment(_) | Event::PI(_) => {
                panic!("nobody wrote this: {xml}")
            }
            Event::Decl(_) | Event::DocType(_) => {}
        }
    }
    assert_eq!(depth, 0, "{xml}");
    let allowed = |char: char| matches!(char, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(allowed), "{xml}");
    (elements, words)
}

fn element(start: &quick_xml::events::BytesStart<'_>) -> (String, Attributes) {
    let name = start.name().as_ref().to_owned();
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let key = attribute.key.as_ref().to_owned();
        let raw = attribute.value.into_owned();
        assert!(!raw.contains('<'), "{raw}");
        (key, quick_xml::escape::unescape(&raw).unwrap().into_owned())
    });
    (name, attributes.collect())
}
