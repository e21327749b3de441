//! A notification as JSON to any URL.

use std::time::Duration;

use killick_text::in_json;

use super::http::{HookUrl, Http, SetupError};
use super::{SendError, Target, subject};
use crate::{Boxed, Notification};

/// Posts each notification as JSON. 2xx is taken for received; 408, 429, 5xx
/// and no answer within ten seconds are tried again, everything else is a
/// refusal.
#[derive(Debug)]
pub struct Webhook {
    name: String,
    http: Http,
}

impl Webhook {
    /// One for this URL.
    ///
    /// # Errors
    /// The certificates of this machine cannot be loaded.
    pub fn new(url: HookUrl) -> Result<Self, SetupError> {
        let http = Http::new(url)?;
        let name = format!("webhook {}", http.host());
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

impl Target for Webhook {
    fn name(&self) -> &str {
        &self.name
    }

    fn send<'a>(&'a self, notification: &'a Notification) -> Boxed<'a, Result<(), SendError>> {
        Box::pin(async move {
            let body = document(notification).into_bytes();
            self.http.post(&notification.id, body).await
        })
    }
}

/// The JSON that programs get: the notification, its form and one line of text.
pub fn document(notification: &Notification) -> String {
    #[derive(serde::Serialize)]
    struct Document<'a> {
        format: u32,
        subject: String,
        #[serde(flatten)]
        notification: &'a Notification,
    }
    let document = Document {
        format: 1,
        subject: subject(notification),
        notification,
    };
    // Nothing in it can fail: all keys are strings.
    in_json(&serde_json::to_string(&document).unwrap_or_default())
}
