//! A notification in words.

use killick_engine::utc;

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
        let count = all().count();
        if count == 0 {
            continue;
        }
        let worst = all().map(|told| told.transition.finding.severity).min();
        let worst = worst.filter(|_| word != "resolved");
        let worst = worst.map(|worst| format!(" ({worst})")).unwrap_or_default();
        let plural = if count == 1 { "" } else { "s" };
        parts.push(format!("{count} finding{plural} {word}{worst}"));
    }
    format!("{}: {}", notification.stack.stack, parts.join(", "))
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
    let known = |text: &str| if text.is_empty() { "unknown" } else { text }.to_owned();
    format!(
        "stack {}, account {}, region {}, {}, {}",
        stack.stack,
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
                let hint = hint.as_ref().map(|hint| format!("\nhint: {hint}"));
                format!(
                    "{failures} checks in a row saw nothing since {}: {message}{}",
                    utc(*since),
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
        Some(field) => format!("{} {field}", finding.key),
        None => finding.key.clone(),
    };
    let mut text = match &told.transition.change {
        TransitionKind::Opened => {
            format!("opened, {}: {place}\n{}", finding.severity, finding.effect)
        }
        TransitionKind::Changed { before } => format!(
            "changed, {}: {place}\n{}\nbefore, {}: {}",
            finding.severity, finding.effect, before.severity, before.effect
        ),
        TransitionKind::Resolved { accepted: false } => {
            format!("resolved: {place}\nit was: {}", finding.effect)
        }
        TransitionKind::Resolved { accepted: true } => {
            format!("accepted: {place}\nit still is: {}", finding.effect)
        }
    };
    let open = !matches!(told.transition.change, TransitionKind::Resolved { .. });
    if let Some(undo) = finding.undo.as_ref().filter(|_| open) {
        text.push_str(&format!("\nundo: {undo}"));
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
