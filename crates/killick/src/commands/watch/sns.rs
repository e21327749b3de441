//! An SNS topic that is told.

use killick_aws::Topic;
use killick_engine::{Class, Settler};
use killick_watch::notify::{document, subject, text};
use killick_watch::{Boxed, Notification, SendError, Target};

use crate::app::App;
use crate::args;
use crate::assess::Source;
use crate::error::Error;

/// A topic, in the region that its ARN names.
pub(super) struct Sns {
    name: String,
    topic: Topic,
    settler: Settler,
}

impl Sns {
    /// # Errors
    /// It is no ARN of a topic; the sandbox cannot be used.
    pub(super) async fn open(app: &App, args: &args::Watch, arn: &str) -> Result<Self, Error> {
        // `arn:aws:sns:ap-northeast-1:123456789012:alarms`
        let parts: Vec<&str> = arn.split(':').collect();
        let [_, _, "sns", region, _, topic] = parts.as_slice() else {
            return Err(
                Error::new(format!("--sns {arn}: not the ARN of an SNS topic"))
                    .hint("write it like arn:aws:sns:ap-northeast-1:123456789012:alarms"),
            );
        };
        let first = args.specs.first().ok_or_else(|| Error::new("no spec"))?;
        let mut spec = Source::read(first, &app.killick)?.spec()?;
        (*region).clone_into(&mut spec.region);
        let session = app.reach.session(&app.global, &spec).await?;
        Ok(Self {
            name: format!("sns {topic}"),
            topic: session.topic(arn),
            settler: app.settler(),
        })
    }
}

impl Target for Sns {
    fn name(&self) -> &str {
        &self.name
    }

    fn send<'a>(&'a self, notification: &'a Notification) -> Boxed<'a, Result<(), SendError>> {
        Box::pin(async move {
            let subject = subject(notification);
            let (document, text) = (document(notification), text(notification));
            let sent = self
                .topic
                .publish(&self.settler, &subject, (&document, &text))
                .await;
            sent.map_err(|error| match error.class {
                Class::Denied | Class::Fatal | Class::Gone => SendError::refused(error.to_string()),
                _ => SendError::passing(error.to_string()),
            })
        })
    }
}
