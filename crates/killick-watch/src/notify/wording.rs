//! A notification in words.

use killick_text::{count, shown, utc};

use crate::{Notification, Reach, Told, TransitionKind};

/// One line that says what it is about.
pub fn subject(notification: &Notification) -> String {
    let mut parts = Vec::new();
    match notification.reach.as_ref().map(|news| &news.reach) {
        Some(Reach::Unreachable { .. }) => parts.push("cannot be checked".to_owned()),
        Some(Reach::Recovered { .. }) => parts.push("can be checked again".to_owned()),
        None => {}
    }
    for word in ["opened", "changed", "resolved"] {
        let of_it = |told: &&Told| told.transition.change.word() == word;
        let all = || notification.transitions.iter().filter(of_it);
        let number = all().count();
        if number == 0 {
            continue;
        }
        let worst = all().map(|told| told.transition.finding.severity).min();
        let worst = worst.filter(|_| word != "resolved");
        let worst = worst.map(|worst| format!(" ({worst})")).unwrap_or_default();
        parts.push(format!("{} {word}{worst}", count(number, "finding")));
    }
    format!("{}: {}", shown(&notification.stack.stack), parts.join(", "))
}

/// The whole message as plain text, for mail and the like.
pub fn text(notification: &Notification) -> String {
    let mut text = subject(notification);
    for paragraph in paragraphs(notification) {
        text.push_str("\n\n");
        text.push_str(&paragraph);
    }
    text.push_str("\n\n");
    text.push_str(&context(notification));
    text.push('\n');
    text
}

/// Where and when, and the id.
pub(super) fn context(notification: &Notification) -> String {
    let stack = &notification.stack;
    let known = |text: &str| shown(if text.is_empty() { "unknown" } else { text });
    format!(
        "stack {}, account {}, region {}, {}, {}",
        shown(&stack.stack),
        known(&stack.account),
        known(&stack.region),
        utc(notification.at),
        notification.id
    )
}

/// One paragraph for each thing that happened.
pub(super) fn paragraphs(notification: &Notification) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(news) = &notification.reach {
        let mut text = match &news.reach {
            Reach::Unreachable {
                failures,
                since,
                message,
                hint,
            } => {
                let hint = hint.as_ref().map(|hint| format!("\nhint: {}", shown(hint)));
                format!(
                    "{failures} checks in a row saw nothing since {}: {}{}",
                    utc(*since),
                    shown(message),
                    hint.unwrap_or_default()
                )
            }
            Reach::Recovered { failures, since } => format!(
                "a check saw the stack again, after {failures} since {} that did not",
                utc(*since)
            ),
        };
        if news.folded > 0 {
            text.push_str(&format!(
                "\nthis went on and off before: {} more such news were never delivered",
                news.folded
            ));
        }
        all.push(text);
    }
    all.extend(notification.transitions.iter().map(paragraph));
    all
}

fn paragraph(told: &Told) -> String {
    let finding = &told.transition.finding;
    let place = match &finding.field {
        Some(field) => format!("{} {}", shown(&finding.key), shown(field)),
        None => shown(&finding.key),
    };
    let effect = shown(&finding.effect);
    let mut text = match &told.transition.change {
        TransitionKind::Opened => format!("opened, {}: {place}\n{effect}", finding.severity),
        TransitionKind::Changed { before } => format!(
            "changed, {}: {place}\n{effect}\nbefore, {}: {}",
            finding.severity,
            before.severity,
            shown(&before.effect)
        ),
        TransitionKind::Resolved { accepted: false } => {
            format!("resolved: {place}\nit was: {effect}")
        }
        TransitionKind::Resolved { accepted: true } => {
            format!("accepted: {place}\nit still is: {effect}")
        }
    };
    let open = !matches!(told.transition.change, TransitionKind::Resolved { .. });
    if let Some(undo) = finding.undo.as_ref().filter(|_| open) {
        text.push_str(&format!("\nundo: {}", shown(undo)));
    }
    if let Some(folded) = &told.folded {
        text.push_str(&format!(
            "\nfirst {} at {}, {} transitions in all: the earlier ones could not be delivered",
            folded.first,
            utc(folded.first_at),
            folded.transitions + 1
        ));
    }
    text
}
