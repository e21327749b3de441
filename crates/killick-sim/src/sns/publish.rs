//! `Publish`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Call, Message, invalid, own};
use crate::dice::{digest, mix};
use crate::failure::Failure;

/// The most bytes of a message with its attributes.
const LARGEST: usize = 262_144;

pub(super) fn publish(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = &mut call.params;
    let topic = params.text("TopicArn").or_else(|| params.text("TargetArn"));
    let topic = topic.ok_or_else(|| invalid("TopicArn"))?;
    let subject = params.text("Subject");
    let body = params
        .text("Message")
        .ok_or_else(|| invalid("Empty message"))?;
    let structure = params.text("MessageStructure");
    let attributes = attributes(call)?;
    let (_, _, name) = own(call, &topic, "TopicArn")?;
    if subject.as_deref().is_some_and(|subject| !titles(subject)) {
        return Err(invalid("Subject"));
    }
    let sizes = attributes
        .iter()
        .map(|(name, value)| name.len() + value.len());
    if sizes.sum::<usize>().saturating_add(body.len()) > LARGEST {
        return Err(invalid("Message too long"));
    }
    match structure.as_deref() {
        None => {}
        Some("json") => by_protocol(&body)?,
        Some(_) => return Err(invalid("MessageStructure")),
    }
    let id = id(&call.asked.request_id);
    let now = call.asked.now;
    let Some(topic) = call.place.topics.get_mut(name) else {
        return Err(Failure::new("NotFound", "Topic does not exist").status(404));
    };
    topic.add(Message {
        id: id.clone(),
        subject,
        body,
        attributes,
        at: now,
    });
    Ok(json!({"MessageId": id}))
}

/// The values of `MessageAttributes` by name.
fn attributes(call: &mut Call<'_>) -> Result<BTreeMap<String, String>, Failure> {
    let wrong = |message: String| Failure::new("ParameterValueInvalid", message);
    let mut all = BTreeMap::new();
    for mut one in call.params.structs("MessageAttributes.entry") {
        let name = one.text("Name").unwrap_or_default();
        let kind = one.text("Value.DataType").unwrap_or_default();
        let known = ["String", "Number", "Binary"].iter().any(|known| {
            let rest = kind.strip_prefix(known);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        if !known {
            let message =
                format!("The message attribute '{name}' has an invalid message attribute type.");
            return Err(wrong(message));
        }
        let value = one.text("Value.StringValue");
        let value = value.or_else(|| one.text("Value.BinaryValue"));
        let Some(value) = value.filter(|_| !name.is_empty()) else {
            let message = format!("The message attribute '{name}' must contain a value.");
            return Err(wrong(message));
        };
        all.insert(name, value);
    }
    Ok(all)
}

/// A subject: a hundred ASCII characters at most, in one line, and no blank in
/// front.
fn titles(subject: &str) -> bool {
    let mut bytes = subject.bytes();
    let shown = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    subject.len() <= 100 && !subject.starts_with(' ') && bytes.all(shown)
}

/// A text for each protocol, as JSON; one of them is for all others.
fn by_protocol(body: &str) -> Result<(), Failure> {
    let texts = serde_json::from_str::<BTreeMap<String, Value>>(body);
    let texts =
        texts.map_err(|_| invalid("Message Structure - JSON message body failed to parse"))?;
    match texts.get("default").is_some_and(Value::is_string) {
        true => Ok(()),
        false => Err(invalid(
            "Message Structure - No default entry in JSON message body",
        )),
    }
}

/// An id that belongs to a request.
fn id(request: &str) -> String {
    let number = mix(digest(request));
    let tail = format!("{:016x}", mix(number));
    let cut = |from: usize, to: usize| tail.get(from..to).unwrap_or_default();
    let head = format!("{number:016x}");
    let part = |from: usize, to: usize| head.get(from..to).unwrap_or_default();
    let (one, two, three) = (part(0, 8), part(8, 12), part(12, 16));
    format!("{one}-{two}-{three}-{}-{}", cut(0, 4), cut(4, 16))
}
