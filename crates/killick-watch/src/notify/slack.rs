//! A notification as a message in a channel.

use std::time::Duration;

use serde_json::{Value, json};

use super::http::{HookUrl, Http, SetupError};
use super::{SendError, Target, wording};
use crate::{Boxed, Notification};

/// A message holds 50 blocks; some are ours.
const MOST_SECTIONS: usize = 45;
/// A header block holds 150 characters.
const LONGEST_HEADER: usize = 150;
/// A section holds 3,000 characters, and escaping makes up to five of one.
const LONGEST_SECTION: usize = 590;

/// Posts to an incoming webhook of Slack, or of a service that takes the same.
#[derive(Debug)]
pub struct Slack {
    name: String,
    http: Http,
}

impl Slack {
    /// One for this URL.
    ///
    /// # Errors
    /// The certificates of this machine cannot be loaded.
    pub fn new(url: HookUrl) -> Result<Self, SetupError> {
        let http = Http::new(url)?;
        let name = format!("slack {}", http.host());
        Ok(Self { name, http })
    }

    /// The same with another limit for an answer.
    pub fn within(self, limit: Duration) -> Self {
        Self {
            http: self.http.within(limit),
            ..self
        }
    }
}

impl Target for Slack {
    fn name(&self) -> &str {
        &self.name
    }

    fn send<'a>(&'a self, notification: &'a Notification) -> Boxed<'a, Result<(), SendError>> {
        Box::pin(async move {
            let body = message(notification).to_string().into_bytes();
            self.http.post(&notification.id, body).await
        })
    }
}

fn message(notification: &Notification) -> Value {
    let subject = wording::subject(notification);
    let header = json!({
        "type": "header",
        "text": {"type": "plain_text", "text": cut(&subject, LONGEST_HEADER), "emoji": false},
    });
    let paragraphs = wording::paragraphs(notification);
    let mut blocks = vec![header];
    let shown = paragraphs.iter().take(MOST_SECTIONS);
    blocks.extend(shown.map(|text| section(&escaped(&cut(text, LONGEST_SECTION)))));
    if let Some(more) = paragraphs
        .len()
        .checked_sub(MOST_SECTIONS)
        .filter(|more| *more > 0)
    {
        blocks.push(section(&format!("and {more} more: run killick drift")));
    }
    let context = escaped(&wording::context(notification));
    blocks.push(json!({"type": "context", "elements": [{"type": "mrkdwn", "text": context}]}));
    json!({"text": escaped(&subject), "blocks": blocks})
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": text}})
}

/// The three characters that mean something: `<!channel>` calls everybody.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
mod tests {
    use super::*;
    use crate::{Finding, Known, Look, Repair, Stack, Told, transitions};
    use killick_finding::{Change, Severity};

    fn opened(count: usize, effect: &str) -> Notification {
        let finding = |number: usize| Finding {
            id: format!("d-{number}"),
            key: format!("function/<!channel> & {number}"),
            field: None,
            what: Change::Changed,
            severity: Severity::Critical,
            effect: effect.to_owned(),
            repair: Repair::Automatic,
            undo: Some("aws ec2 <undo>".to_owned()),
            needs: Default::default(),
        };
        let look = Look {
            stack: "a<b>".to_owned(),
            account: "123456789012".to_owned(),
            region: "ap-northeast-1".to_owned(),
            at: 0,
            findings: (0..count).map(finding).collect(),
            accepted: Vec::new(),
            unreadable: Vec::new(),
            checked: 1,
            calls: 1,
            duration_ms: 1,
        };
        let told = |transition| Told {
            id: "n-1.1".to_owned(),
            transition,
            folded: None,
        };
        Notification {
            id: "n-1".to_owned(),
            stack: Stack {
                stack: look.stack.clone(),
                account: look.account.clone(),
                region: look.region.clone(),
            },
            at: 0,
            transitions: transitions(&Known::new(), &look)
                .1
                .into_iter()
                .map(told)
                .collect(),
            reach: None,
        }
    }

    #[test]
    fn nothing_in_a_message_means_anything_to_slack() {
        let message = message(&opened(1, "traffic > nowhere"));
        let mut texts = vec![&message["text"]];
        for block in message["blocks"].as_array().unwrap() {
            if block["text"]["type"] == "mrkdwn" {
                texts.push(&block["text"]["text"]);
            }
        }
        assert!(texts.len() >= 2);
        for text in texts {
            assert!(!text.as_str().unwrap().contains(['<', '>']), "{text}");
        }
        assert!(message.to_string().contains("&lt;!channel&gt; &amp; 0"));
    }

    #[test]
    fn a_message_stays_within_what_slack_takes() {
        let message = message(&opened(400, &"&é".repeat(9000)));
        let blocks = message["blocks"].as_array().unwrap();
        assert!(blocks.len() <= 50);
        for block in blocks {
            let text = block["text"]["text"].as_str().unwrap_or_default();
            assert!(text.chars().count() <= 3000);
        }
        assert!(blocks[0]["text"]["text"].as_str().unwrap().chars().count() <= 150);
        assert!(message.to_string().contains("and 355 more"));
    }
}
