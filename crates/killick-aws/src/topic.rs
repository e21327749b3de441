//! Telling an SNS topic: the one thing that a watch writes, by a client that
//! can do nothing else.

use std::sync::Arc;

use killick_engine::{CloudError, Rules, Settler};
use serde_json::json;

use crate::call::call;
use crate::clients::Clients;
use crate::error::Operation;

/// An SNS topic.
#[derive(Clone, Debug)]
pub struct Topic {
    clients: Arc<Clients>,
    arn: String,
}

/// A subject is a line of ASCII of at most so many characters.
const SUBJECT: usize = 100;

/// A message has at most 256 KiB.
const LARGEST: usize = 262_144;

impl Topic {
    pub(crate) fn new(clients: Arc<Clients>, arn: &str) -> Self {
        Self {
            clients,
            arn: arn.to_owned(),
        }
    }

    /// What the topic is called.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// Publishes a message, once: whoever calls tries again. Programs get
    /// `document`, people who read mail get `text`; where both are too long for
    /// one message everybody gets the beginning of `text`.
    ///
    /// # Errors
    /// The failed call.
    pub async fn publish(
        &self,
        settler: &Settler,
        subject: &str,
        (document, text): (&str, &str),
    ) -> Result<(), CloudError> {
        let both = json!({"default": document, "email": text}).to_string();
        let message = match both.len() <= LARGEST {
            true => both,
            false => {
                let text: String = text.chars().take(LARGEST / 8).collect();
                json!({"default": text}).to_string()
            }
        };
        let subject: String = subject
            .chars()
            .map(|char| if char.is_ascii_graphic() { char } else { ' ' })
            .take(SUBJECT)
            .collect();
        let operation = Operation::sns("Publish");
        call(settler, Rules::PROBE, operation, async || {
            let request = self.clients.sns().publish().topic_arn(&self.arn);
            let request = request.subject(&subject).message(&message);
            request.message_structure("json").send().await
        })
        .await?;
        Ok(())
    }
}
