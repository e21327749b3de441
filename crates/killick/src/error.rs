//! What is told when a command cannot do its work: the one error type.

use killick_aws::NO_CREDENTIALS;
use killick_core::{FieldDiff, Key, PlanError};
use killick_engine::CloudError;
use killick_spec::{Spec, SpecErrors};
use killick_stack::{Ambiguous, Holder, Unreadable, noun};
use killick_text::shown;

use crate::cloud::{self, Reached};
use crate::exit::Exit;

/// A lower-case sentence, what else is known, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// How the run ends.
    pub exit: Exit,
    /// What is wrong.
    pub message: String,
    /// More about it, a line each.
    pub details: Vec<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// The errors of a spec, which are shown with their source.
    pub spec: Option<Box<BadSpec>>,
}

/// A spec with errors in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSpec {
    /// The name of the file.
    pub file: String,
    /// Its text.
    pub text: String,
    /// What is wrong.
    pub errors: SpecErrors,
}

impl Error {
    /// An error that is one sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Error,
            message: message.into(),
            details: Vec::new(),
            hint: None,
            spec: None,
        }
    }

    /// The same, with another exit code.
    #[must_use]
    pub fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// The same, with what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, with more lines.
    #[must_use]
    pub fn details(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details);
        self
    }

    /// The user asked to stop before anything was written.
    pub fn interrupted() -> Self {
        Self::new("interrupted; nothing was written")
            .exit(Exit::Interrupted)
            .hint("run the same command again")
    }

    /// The user said no.
    pub fn declined() -> Self {
        Self::new("not confirmed; nothing was written")
            .hint("run the same command again and answer y, or give --yes")
    }

    /// A spec with errors in it.
    pub fn spec(file: &str, text: &str, errors: SpecErrors) -> Self {
        let count = match errors.errors.len() {
            1 => "an error".to_owned(),
            count => format!("{count} errors"),
        };
        Self {
            spec: Some(Box::new(BadSpec {
                file: file.to_owned(),
                text: text.to_owned(),
                errors,
            })),
            ..Self::new(format!("{file} has {count}"))
        }
    }

    /// A read that failed.
    pub fn cloud(error: &CloudError, reached: &Reached) -> Self {
        if error.code == NO_CREDENTIALS {
            tracing::info!(message = error.message, "no credentials");
            let (message, details) = cloud::no_credentials(error, reached);
            return Self::new(message)
                .details(details)
                .hint(cloud::hint(error, reached));
        }
        let what = cloud::noun(error.operation);
        Self::new(format!("cannot read {what}: {}", cloud::told(error)))
            .hint(cloud::hint(error, reached))
    }

    /// An endpoint that no request can be sent to.
    pub fn endpoint(url: &str) -> Self {
        Self::new(format!("the endpoint `{url}` is not a URL"))
            .hint("write it like http://127.0.0.1:5000 (--endpoint-url, AWS_ENDPOINT_URL)")
    }

    /// A plan needs every fact: what could not be read.
    pub fn unreadable(unreadable: &[Unreadable]) -> Self {
        let permissions = cloud::permissions(unreadable);
        Self::new("not everything could be read, so there is no plan")
            .details(unreadable.iter().map(cloud::refused))
            .hint(format!(
                "allow {permissions}; see the read policy in the README"
            ))
    }

    /// A drift report says what it could not see.
    pub fn unchecked(unreadable: &[Unreadable]) -> Self {
        let permissions = cloud::permissions(unreadable);
        Self::new("not everything could be read, so this report is not complete")
            .exit(Exit::Partial)
            .details(unreadable.iter().map(cloud::refused))
            .hint(format!(
                "allow {permissions}; see the read policy in the README"
            ))
    }

    /// Credentials of an account that the spec does not mean.
    pub fn wrong_account(spec: &str, actual: &str) -> Self {
        Self::new(format!(
            "wrong account: the credentials are of {actual}, the spec is for {spec}; nothing was written"
        ))
        .exit(Exit::Refused)
        .hint(format!(
            "use credentials of {spec} (--profile, AWS_PROFILE), or correct `account` in the spec"
        ))
    }

    /// A `--region` that the spec contradicts.
    pub fn wrong_region(spec: &str, asked: &str) -> Self {
        Self::new(format!("--region is {asked}, but the spec says {spec}")).hint(format!(
            "leave --region out; a stack in {asked} needs a spec of its own"
        ))
    }

    /// Keys that more than one resource claims.
    pub fn ambiguous(found: &[Ambiguous], region: &str) -> Self {
        let lines = found.iter().map(|one| {
            let (key, noun) = (&one.key, noun(one.key.kind));
            match &one.recorded {
                None => format!("{key}: the {noun}s {} carry its tags", one.ids.join(", ")),
                Some(id) => {
                    let others = one.ids.iter().filter(|other| *other != id);
                    let others: Vec<&str> = others.map(String::as_str).collect();
                    let others = others.join(", ");
                    format!(
                        "{key}: {others} carries its tags, and the stack's own record names {id}"
                    )
                }
            }
        });
        Self::new("more than one resource claims to be the same one; nothing was written")
            .exit(Exit::Refused)
            .details(lines)
            .hint(format!(
                "find out which one is meant, and take the tags off each other one: aws ec2 \
                 delete-tags --region {region} --tags Key=killick:stack Key=killick:key --resources ID"
            ))
    }

    /// What keeps AWS from deleting the stack.
    pub fn held(found: &[Holder]) -> Self {
        let lines = found.iter().flat_map(|one| {
            let about = one.about.as_ref();
            let about = about.map(|about| format!(" ({})", shown(about)));
            let held = format!(
                "{} {}{} holds {}",
                one.noun(),
                shown(&one.id),
                about.unwrap_or_default(),
                one.holds.join(", ")
            );
            [held, format!("  {}", shown(&one.remedy))]
        });
        let what = match found.len() {
            1 => "something that is not of this stack keeps".to_owned(),
            count => format!("{count} things that are not of this stack keep"),
        };
        Self::new(format!(
            "{what} AWS from deleting its network; nothing was written"
        ))
        .exit(Exit::Refused)
        .details(lines)
        .hint("free the network as each line says, then run the command again")
    }

    /// Why there is no plan.
    pub fn plan(error: &PlanError, spec: &Spec) -> Self {
        match error {
            PlanError::Refused(deltas) => {
                let lines = deltas.iter().flat_map(|delta| {
                    let id = delta.id.as_ref().map(|id| format!(" ({id})"));
                    let place = format!("{}{}", delta.key, id.unwrap_or_default());
                    delta
                        .what
                        .fields()
                        .iter()
                        .map(move |diff| format!("{place}: {}", rebuild(diff)))
                });
                Self::new("only a rebuild could make this change, so it is refused")
                    .details(lines)
                    .hint("put the value back in the spec, or make a new stack under another name")
            }
            PlanError::Absent(keys) if keys.iter().any(|key| key.kind != "function") => {
                let lent = keys.iter().filter(|key| key.kind != "function");
                Self::new("what the spec brings in is not there; nothing was written")
                    .exit(Exit::Refused)
                    .details(lent.map(|key| absent(key, spec)))
                    .hint("correct the ids in the spec; killick makes what is not brought in")
            }
            PlanError::Absent(keys) => {
                let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
                let (functions, verb, them) = match names.len() {
                    1 => ("function", "does", "it"),
                    _ => ("functions", "do", "them"),
                };
                let (names, region) = (names.join(", "), &spec.region);
                Self::new(format!("{functions} {names} {verb} not exist in {region}")).hint(
                    format!("deploy {them} first, or take {them} out of the spec"),
                )
            }
            PlanError::Cycle(steps) => Self::new("the steps wait for each other")
                .details(steps.iter().cloned())
                .hint("this is a fault of killick: report it, with the output of drift --json"),
        }
    }
}

/// Something of somebody else that is not there: by its key, and its id in the
/// spec.
fn absent(key: &Key, spec: &Spec) -> String {
    let vpc = spec.network.brought().unwrap_or_default();
    if key.kind == "internet_gateway" {
        return format!("{vpc} has no internet gateway attached");
    }
    let zones = spec.zones.iter();
    let mut of_zone = zones.filter_map(|zone| match (key.kind, key.name.split_once('-')) {
        ("subnet", Some(("public", name))) if name == zone.name => zone.public.brought(),
        ("subnet", Some(("private", name))) if name == zone.name => zone.private.brought(),
        ("elastic_ip", _) if key.name == zone.name => zone.address.as_deref(),
        _ => None,
    });
    let id = of_zone.next().unwrap_or(vpc);
    match key.kind {
        "subnet" => format!("{id} ({key}) is not in {vpc}"),
        _ => format!("{id} ({key}) is not in {} of this account", spec.region),
    }
}

fn rebuild(diff: &FieldDiff) -> String {
    let (path, live, desired) = (diff.path(), &diff.live, &diff.desired);
    if live == desired {
        return format!("would have to be rebuilt, because its {path} {live} is");
    }
    format!("{path} is {live}, and should be {desired}")
}
