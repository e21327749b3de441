//! SSM: parameters, with their conditional write.

mod describe;
mod name;
mod read;
mod tag;
mod write;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::consistency::Eye;
use crate::failure::Failure;
use crate::place::Place;
use crate::settings::Settings;
use crate::tags::Tags;
use crate::wire::{Members, Page, Request, Response, aimed, members, within};
use crate::world::{Asked, Millis};

/// What every target begins with.
pub(crate) const PREFIX: &str = "AmazonSSM";

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// The newest last, a hundred at most.
    pub(crate) versions: Vec<Version>,
    pub(crate) tags: Tags,
}

/// One version of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) number: u64,
    /// `String`, `StringList` or `SecureString`.
    pub(crate) kind: String,
    pub(crate) value: String,
    pub(crate) description: Option<String>,
    pub(crate) pattern: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) tier: String,
    pub(crate) data_type: String,
    pub(crate) at: Millis,
}

impl Version {
    /// When it was written, in seconds and their fractions.
    fn date(&self) -> f64 {
        self.at as f64 / 1000.0
    }
}

/// What an action gets.
struct Call<'a> {
    place: &'a mut Place,
    body: Map<String, Value>,
    now: Millis,
    settings: &'a Settings,
    /// What this call sees of changes that are on their way.
    eye: Eye,
}

/// Carries out one action: reads its parameters, then looks at the world.
type Action = fn(&mut Call<'_>) -> Result<Value, Failure>;

const ACTIONS: &[&[(&str, Action)]] = &[
    describe::ACTIONS,
    read::ACTIONS,
    tag::ACTIONS,
    write::ACTIONS,
];

/// Answers a request.
pub(crate) fn answer(place: &mut Place, asked: &Asked, request: &Request) -> Response {
    Response::json_11(&asked.request_id, carry_out(place, asked, request))
}

fn carry_out(place: &mut Place, asked: &Asked, request: &Request) -> Result<Value, Failure> {
    let name = aimed(request, PREFIX);
    let mut actions = ACTIONS.iter().flat_map(|actions| actions.iter());
    let Some((_, action)) = actions.find(|(known, _)| *known == name) else {
        return Err(Failure::new("UnknownOperationException", ""));
    };
    let settings = &asked.settings;
    if settings.throttle && !place.buckets.take("ssm", name, false, asked.now) {
        return Err(Failure::new("ThrottlingException", "Rate exceeded"));
    }
    let body = members(request)?;
    action(&mut Call {
        place,
        body,
        now: asked.now,
        settings,
        eye: Eye::new(asked.now, asked.call, settings.flicker),
    })
}

impl Call<'_> {
    /// The members of the body.
    fn body(&self) -> Members<'_> {
        Members(&self.body)
    }

    /// `MaxResults` up to `most`, and `NextToken`.
    fn page(&self, most: i64) -> Result<Page, Failure> {
        let size = self.body().number("MaxResults")?.unwrap_or(most);
        within(size, "maxResults", 1, most)?;
        let size = usize::try_from(size).unwrap_or(1);
        Page::new(size, self.body().text("NextToken")?)
    }

    /// When the last reader hears of a change that is made now; 0: all do at
    /// once.
    fn seen(&mut self) -> Millis {
        match self.settings.lag {
            0 => 0,
            lag => self.now.saturating_add(self.place.dice.between(1, lag)),
        }
    }
}

/// SSM's `ValidationException`.
fn invalid(message: impl Into<String>) -> Failure {
    Failure::new("ValidationException", message)
}

fn not_found(name: &str) -> Failure {
    Failure::new("ParameterNotFound", format!("Parameter {name} not found."))
}

/// The ARN of a parameter.
fn arn(place: &Place, name: &str) -> String {
    let path = name.strip_prefix('/').unwrap_or(name);
    format!(
        "arn:aws:ssm:{}:{}:parameter/{path}",
        place.region, place.account
    )
}

/// The ARN of whoever it is that writes here.
fn writer(place: &Place) -> String {
    format!("arn:aws:iam::{}:user/sandbox", place.account)
}
