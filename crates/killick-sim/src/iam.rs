//! IAM: the roles of an account and what their policies allow. It has no
//! region.

mod attached;
mod inline;
mod managed;
mod policy;
mod role;
mod simulate;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::consistency::Eye;
use crate::dice::{Dice, digest};
use crate::failure::Failure;
use crate::place::Place;
use crate::settings::Settings;
use crate::table::Table;
use crate::throttle::Buckets;
use crate::wire::{self, Page, Params, Request, Response, page, query_answer, query_failure};
use crate::world::{Asked, Millis, timestamp};
use policy::Decision;

pub(crate) use managed::VPC_ACCESS;
pub(crate) use role::Role;

/// IAM of one account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Iam {
    account: String,
    /// Roles by name.
    roles: Table<Role>,
    /// Names of roles that were deleted: a function that still names one does
    /// not bring it back.
    gone: BTreeSet<String>,
    buckets: Buckets,
    dice: Dice,
}

/// What an action gets.
struct Call<'a> {
    iam: &'a mut Iam,
    params: Params,
    now: Millis,
    settings: &'a Settings,
    /// What this call sees of changes that are on their way.
    eye: Eye,
}

/// Carries out one action: reads its parameters, then looks at the account.
type Action = fn(&mut Call<'_>) -> Result<Value, Failure>;

const ACTIONS: &[&[(&str, Action)]] = &[
    attached::ACTIONS,
    inline::ACTIONS,
    managed::ACTIONS,
    role::ACTIONS,
    simulate::ACTIONS,
];

/// Answers a request. Parameters that nobody asks for are ignored.
pub(crate) fn answer(iam: &mut Iam, asked: &Asked, request: &Request) -> Response {
    let mut params = Params::parse(&request.body);
    let name = params.text("Action").unwrap_or_default();
    match carry_out(iam, asked, params, &name) {
        Ok(value) => query_answer(wire::IAM, &name, &asked.request_id, &value),
        Err(failure) => query_failure(wire::IAM, &failure, &asked.request_id),
    }
}

fn carry_out(iam: &mut Iam, asked: &Asked, params: Params, name: &str) -> Result<Value, Failure> {
    let mut actions = ACTIONS.iter().flat_map(|actions| actions.iter());
    let Some((_, action)) = actions.find(|(known, _)| *known == name) else {
        let message = format!("Could not find operation {name} for version 2010-05-08");
        return Err(Failure::new("InvalidAction", message));
    };
    let settings = &asked.settings;
    if settings.throttle && !iam.buckets.take("iam", name, false, asked.now) {
        return Err(Failure::new("Throttling", "Rate exceeded"));
    }
    action(&mut Call {
        iam,
        params,
        now: asked.now,
        settings,
        eye: Eye::new(asked.now, asked.call, settings.flicker),
    })
}

impl Iam {
    pub(crate) fn new(account: &str, seed: u64) -> Self {
        let seed = seed ^ digest(account) ^ digest("iam").rotate_left(1);
        Self {
            account: account.to_owned(),
            roles: Table::default(),
            gone: BTreeSet::new(),
            buckets: Buckets::default(),
            dice: Dice::new(seed),
        }
    }

    /// Forgets what no reader can see any more.
    pub(crate) fn settle(&mut self, now: Millis) {
        self.roles.settle(now);
    }

    /// Whoever made a function made its role before, so that it could be in a
    /// VPC.
    pub(crate) fn adopt(&mut self, place: &Place) {
        for function in place.functions.all() {
            for version in function.all() {
                let role = version.role().and_then(|arn| self.own(arn));
                if let Some((path, name)) = role.filter(|(_, name)| self.is_new(name)) {
                    let role = Role::of_function(self, name, path, version.modified);
                    self.roles.insert(name, role, 0);
                }
            }
        }
    }

    /// Whether nobody spoke of a role yet.
    fn is_new(&self, name: &str) -> bool {
        !self.roles.has(name) && !self.gone.contains(name)
    }

    /// The path and the name in the ARN of a role of this account.
    fn own<'a>(&self, arn: &'a str) -> Option<(&'a str, &'a str)> {
        let (_partition, rest) = arn.strip_prefix("arn:")?.split_once(":iam::")?;
        let rest = rest.strip_prefix(self.account.as_str())?;
        let rest = rest.strip_prefix(":role/")?;
        Some(rest.rsplit_once('/').unwrap_or(("", rest)))
    }

    /// Whether a service can act as a role, as far as a reader sees. Roles of
    /// other accounts, and those that a function is the first to name, serve.
    pub(crate) fn serves(&self, arn: &str, eye: &Eye) -> bool {
        let own = self.own(arn);
        own.is_none_or(|(_, name)| self.is_new(name) || self.roles.find(name, eye).is_some())
    }

    /// Whether a role may do something with each of some resources, as far as
    /// a reader sees.
    pub(crate) fn allows(&self, arn: &str, eye: &Eye, action: &str, resources: &[String]) -> bool {
        let role = self
            .own(arn)
            .and_then(|(_, name)| self.roles.find(name, eye));
        let Some(role) = role else {
            return self.serves(arn, eye);
        };
        let policies = role.policies();
        resources.iter().all(|resource| {
            let (decision, _) = policy::decide(&policies, action, resource);
            decision == Decision::Allowed
        })
    }
}

impl Call<'_> {
    /// A parameter that must be there.
    fn need(&mut self, name: &str) -> Result<String, Failure> {
        let given = self.params.text(name);
        given.ok_or_else(|| {
            let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
            let member = first.to_ascii_lowercase() + rest;
            constraint("null", &member, "Member must not be null")
        })
    }

    /// `RoleName`, and the role as this reader sees it.
    fn role(&mut self) -> Result<&Role, Failure> {
        let name = self.need("RoleName")?;
        let found = self.iam.roles.visible(&name, &self.eye);
        found.ok_or_else(|| no_role(&name))
    }

    /// Writes a role.
    fn write(&mut self, role: Role) {
        let seen = self.seen();
        if let Some(row) = self.iam.roles.change(&role.name.clone(), seen) {
            *row = role;
        }
    }

    /// `MaxItems` up to 1000, and `Marker`.
    fn page(&mut self) -> Result<Page, Failure> {
        let size = self.params.number("MaxItems");
        let size = size.map_err(|failure| invalid(failure.message))?;
        let size = size.unwrap_or(100);
        if !(1..=1000).contains(&size) {
            let rule = "Member must have value between 1 and 1000";
            return Err(constraint(&size.to_string(), "maxItems", rule));
        }
        let marker = self.params.text("Marker");
        let page = Page::new(usize::try_from(size).unwrap_or(100), marker.as_deref());
        page.map_err(|_| invalid("Invalid Marker"))
    }

    /// An answer with one page of items, which come in the order of their
    /// keys.
    fn listed(&self, asked: &Page, set: &str, items: Vec<(String, Value)>) -> Value {
        let (items, next) = page(items, asked, self.settings.page);
        json!({set: items, "IsTruncated": next.is_some(), "Marker": next})
    }

    /// When the last reader hears of a change that is made now; 0: all do at
    /// once.
    fn seen(&mut self) -> Millis {
        match self.settings.lag {
            0 => 0,
            lag => self.now.saturating_add(self.iam.dice.between(1, lag)),
        }
    }
}

/// IAM's `ValidationError`.
fn invalid(message: impl Into<String>) -> Failure {
    Failure::new("ValidationError", message)
}

fn constraint(value: &str, member: &str, rule: &str) -> Failure {
    invalid(wire::constraint(value, member, rule).message)
}

/// IAM's `NoSuchEntity`.
fn missing(message: impl Into<String>) -> Failure {
    Failure::new("NoSuchEntity", message).status(404)
}

fn no_role(name: &str) -> Failure {
    missing(format!("The role with name {name} cannot be found."))
}

/// A name as IAM allows it: so many letters, digits and `+=,.@-_`.
fn named(name: &str, member: &str, most: usize) -> Result<(), Failure> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    let rule = if name.len() > most {
        format!("Member must have length less than or equal to {most}")
    } else if !name.bytes().all(fits) {
        "The specified value is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-".to_owned()
    } else {
        return Ok(());
    };
    Err(constraint(name, member, &rule))
}

/// A time as IAM writes it, in whole seconds.
fn date(at: Millis) -> String {
    timestamp(at).chars().take(19).chain(['Z']).collect()
}

/// A policy as answers carry it: with percent signs (RFC 3986).
fn encoded(document: &str) -> String {
    let text: String = form_urlencoded::byte_serialize(document.as_bytes()).collect();
    text.replace('+', "%20").replace('*', "%2A")
}
