//! The whole of it: from a request and a time to an answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dice::Dice;
use crate::failure::Failure;
use crate::iam::{self, Iam};
use crate::place::Place;
use crate::settings::Settings;
use crate::sns::{Message, Topic};
use crate::trail::{self, Trail};
use crate::wire::{Request, Response, Scope, ec2_failure};
use crate::{ec2, lambda, quotas, resource_groups, sns, ssm, sts};

/// Milliseconds since 1970.
pub type Millis = u64;

/// Every account and region of an AWS.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct World {
    /// How it behaves where AWS leaves it open.
    pub settings: Settings,
    seed: u64,
    dice: Dice,
    places: BTreeMap<String, Place>,
    /// IAM by account.
    #[serde(default)]
    iam: BTreeMap<String, Iam>,
    /// Who changed what, by account and region.
    #[serde(default)]
    trails: BTreeMap<String, Trail>,
}

impl World {
    /// An empty one. The same seed and the same requests at the same times
    /// give the same answers.
    pub fn new(seed: u64, settings: Settings) -> Self {
        Self {
            settings,
            seed,
            dice: Dice::new(seed),
            places: BTreeMap::new(),
            iam: BTreeMap::new(),
            trails: BTreeMap::new(),
        }
    }

    /// One account in one region; a new one is empty.
    pub fn place(&mut self, account: &str, region: &str) -> &mut Place {
        let seed = self.seed;
        self.places
            .entry(key(account, region))
            .or_insert_with(|| Place::new(account, region, seed))
    }

    /// Makes a topic, as `CreateTopic` does; false when that is no ARN of one.
    pub fn make_topic(&mut self, arn: &str) -> bool {
        let Some((region, account, name)) = sns::parts(arn) else {
            return false;
        };
        let topics = &mut self.place(account, region).topics;
        topics.entry(name.to_owned()).or_default();
        true
    }

    /// What was published to a topic, the newest last; nothing for one that is
    /// not there.
    pub fn published(&self, topic_arn: &str) -> Vec<Message> {
        let topic = sns::parts(topic_arn).and_then(|(region, account, name)| {
            let place = self.places.get(&key(account, region))?;
            place.topics.get(name)
        });
        topic.map_or_else(Vec::new, Topic::messages)
    }

    /// Lets happen everywhere what is due by now.
    pub fn advance(&mut self, now: Millis) {
        for place in self.places.values_mut() {
            place.advance(now);
            place.settle(now);
        }
    }

    /// Answers a request.
    pub fn handle(&mut self, now: Millis, request: &Request) -> Response {
        let request_id = self.dice.uuid();
        let call = self.dice.next();
        let Some(scope) = Scope::of(request) else {
            let message = "Request is missing Authentication Token";
            let failure = Failure::new("MissingAuthenticationToken", message).status(403);
            return ec2_failure(&failure, &request_id);
        };
        let asked = Asked {
            now,
            call,
            request_id,
            settings: self.settings.clone(),
        };
        let response = self.ask(&scope, &asked, request);
        self.keep(now, &scope, request, &response);
        response
    }

    /// Lets the trail know of a call and its answer.
    pub(crate) fn keep(
        &mut self,
        now: Millis,
        scope: &Scope,
        request: &Request,
        response: &Response,
    ) {
        let Some(action) = trail::told(scope, request) else {
            return;
        };
        // IAM's events are in the region where it lives.
        let region = match scope.service.as_str() {
            "iam" => "us-east-1",
            _ => &scope.region,
        };
        let trail = self.trails.entry(key(&scope.account, region));
        let trail = trail.or_default();
        trail.keep(now, (scope, action), request, response);
    }

    fn ask(&mut self, scope: &Scope, asked: &Asked, request: &Request) -> Response {
        if scope.service == "iam" {
            return self.ask_iam(&scope.account, asked, request);
        }
        let place = self.place(&scope.account, &scope.region);
        place.linger = asked.settings.linger;
        place.advance(asked.now);
        place.settle(asked.now);
        match scope.service.as_str() {
            "ec2" => ec2::answer(place, asked, request),
            "lambda" => self.ask_lambda(scope, asked, request),
            "sts" => sts::answer(scope, asked, request),
            "sns" => sns::answer(place, asked, request),
            "ssm" => ssm::answer(place, asked, request),
            "servicequotas" => quotas::answer(place, asked, request),
            "tagging" => resource_groups::answer(place, asked, request),
            "cloudtrail" => self.ask_cloudtrail(scope, asked, request),
            other => {
                let message = format!("{other} is not simulated");
                ec2_failure(&Failure::new("UnknownService", message), &asked.request_id)
            }
        }
    }

    /// IAM is one for all regions: whatever region a request is signed for, no
    /// place comes of it.
    fn ask_iam(&mut self, account: &str, asked: &Asked, request: &Request) -> Response {
        let iam = identities(&mut self.iam, account, self.seed);
        let places = self.places.values();
        for place in places.filter(|place| place.account == account) {
            iam.adopt(place);
        }
        iam.settle(asked.now);
        iam::answer(iam, asked, request)
    }

    /// Lambda, which acts as the roles of the account.
    fn ask_lambda(&mut self, scope: &Scope, asked: &Asked, request: &Request) -> Response {
        let iam = identities(&mut self.iam, &scope.account, self.seed);
        iam.settle(asked.now);
        let seed = self.seed;
        let place = self.places.entry(key(&scope.account, &scope.region));
        let place = place.or_insert_with(|| Place::new(&scope.account, &scope.region, seed));
        iam.adopt(place);
        lambda::answer(place, iam, asked, request)
    }

    fn ask_cloudtrail(&mut self, scope: &Scope, asked: &Asked, request: &Request) -> Response {
        let (key, seed) = (key(&scope.account, &scope.region), self.seed);
        let trail = self.trails.get(&key);
        let place = self.places.entry(key.clone());
        let place = place.or_insert_with(|| Place::new(&scope.account, &scope.region, seed));
        trail::answer(place, trail, asked, request)
    }
}

/// What places and trails are filed under.
fn key(account: &str, region: &str) -> String {
    format!("{account}/{region}")
}

/// IAM of an account; a new one has no roles.
fn identities<'a>(all: &'a mut BTreeMap<String, Iam>, account: &str, seed: u64) -> &'a mut Iam {
    let iam = all.entry(account.to_owned());
    iam.or_insert_with(|| Iam::new(account, seed))
}

/// What a service gets beside the request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) now: Millis,
    /// A number that no other call has.
    pub(crate) call: u64,
    pub(crate) request_id: String,
    pub(crate) settings: Settings,
}

/// A time as AWS writes it, such as `2026-01-31T10:00:00.000Z`.
pub(crate) fn timestamp(at: Millis) -> String {
    let (days, rest) = (at / 86_400_000, at % 86_400_000);
    // Civil from days, with years that begin in March.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

#[cfg(test)]
mod tests {
    use super::timestamp;

    #[test]
    fn times_are_written_as_aws_does() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(timestamp(1_709_210_096_789), "2024-02-29T12:34:56.789Z");
        assert_eq!(timestamp(1_767_225_600_000), "2026-01-01T00:00:00.000Z");
    }
}
