//! SNS: topics, and what was published to them. Nobody subscribes here.

mod publish;

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::place::Place;
use crate::wire::{Params, Request, Response, SNS, query_answer, query_failure};
use crate::world::{Asked, Millis};

/// So many messages of a topic are kept.
const MOST: usize = 1000;

/// A topic.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Topic {
    /// The newest last.
    messages: VecDeque<Message>,
}

/// A message as it was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `MessageId` of the answer.
    pub id: String,
    /// The subject, where there is one.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// The values of its attributes by name.
    pub attributes: BTreeMap<String, String>,
    /// When, in milliseconds since 1970.
    pub at: Millis,
}

impl Topic {
    /// What was published, the newest last; a thousand at most.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.messages.iter().cloned().collect()
    }

    fn add(&mut self, message: Message) {
        self.messages.push_back(message);
        if self.messages.len() > MOST {
            self.messages.pop_front();
        }
    }
}

/// What an action gets.
struct Call<'a> {
    place: &'a mut Place,
    params: Params,
    asked: &'a Asked,
}

/// Carries out one action.
type Action = fn(&mut Call<'_>) -> Result<Value, Failure>;

const ACTIONS: &[(&str, Action)] = &[("CreateTopic", create), ("Publish", publish::publish)];

/// Answers a request. Parameters that nobody asks for are ignored.
pub(crate) fn answer(place: &mut Place, asked: &Asked, request: &Request) -> Response {
    let mut params = Params::parse(&request.body);
    let name = params.text("Action").unwrap_or_default();
    match carry_out(place, asked, params, &name) {
        Ok(value) => query_answer(SNS, &name, &asked.request_id, &value),
        Err(failure) => query_failure(SNS, &failure, &asked.request_id),
    }
}

fn carry_out(
    place: &mut Place,
    asked: &Asked,
    params: Params,
    name: &str,
) -> Result<Value, Failure> {
    let Some((_, action)) = ACTIONS.iter().find(|(known, _)| *known == name) else {
        let message = format!("Could not find operation {name} for version 2010-03-31");
        return Err(Failure::new("InvalidAction", message));
    };
    if asked.settings.throttle && !place.buckets.take("sns", name, false, asked.now) {
        return Err(Failure::new("Throttling", "Rate exceeded"));
    }
    action(&mut Call {
        place,
        params,
        asked,
    })
}

/// The region, the account and the name in the ARN of a topic.
pub(crate) fn parts(arn: &str) -> Option<(&str, &str, &str)> {
    let (_partition, rest) = arn.strip_prefix("arn:")?.split_once(":sns:")?;
    let (region, rest) = rest.split_once(':')?;
    let (account, name) = rest.split_once(':')?;
    let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (digits && plain(name)).then_some((region, account, name))
}

/// A name as SNS allows it. Topics that keep the order (`.fifo`) are not
/// simulated.
fn plain(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=256).contains(&name.len()) && name.bytes().all(fits)
}

fn arn(place: &Place, name: &str) -> String {
    format!("arn:aws:sns:{}:{}:{name}", place.region, place.account)
}

/// One that is there already stays as it is.
fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.params.text("Name").unwrap_or_default();
    if !plain(&name) {
        return Err(invalid("Topic Name"));
    }
    call.place.topics.entry(name.clone()).or_default();
    Ok(json!({"TopicArn": arn(call.place, &name)}))
}

/// The parts of an ARN that is of this account and region.
fn own<'t>(
    call: &Call<'_>,
    topic: &'t str,
    member: &str,
) -> Result<(&'t str, &'t str, &'t str), Failure> {
    let found = parts(topic).filter(|(region, ..)| *region == call.place.region);
    let found = found.ok_or_else(|| invalid(member))?;
    if found.1 != call.place.account {
        let message = format!("User is not authorized to access the resource {topic}");
        return Err(Failure::new("AuthorizationError", message).status(403));
    }
    Ok(found)
}

/// SNS's `InvalidParameter`.
fn invalid(what: &str) -> Failure {
    Failure::new("InvalidParameter", format!("Invalid parameter: {what}"))
}
