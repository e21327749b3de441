//! One look at one stack.

use std::path::{Path, PathBuf};

use killick_aws::{Reader, read};
use killick_engine::{CancellationToken, Class};
use killick_finding::{Finding, Part};
use killick_spec::Spec;
use killick_stack::{Caller, advice};
use killick_watch::{Accepted, Boxed, Check, Finding as Told, Look, Outcome, SpecFile, Unread};
use tokio::time::Instant;

use crate::app::App;
use crate::assess::{DriftReport, Sight, Wanted, World};
use crate::error::Error;
use crate::report::text;

/// A stack that is watched: all that it takes to look at it, which is nothing
/// that could write.
pub(super) struct Stack<'a> {
    app: &'a App,
    name: String,
    file: SpecFile<Spec>,
    /// The client, and the region and account that it is for.
    reader: Option<(Reader, (String, Option<String>))>,
    notes: Vec<String>,
}

impl<'a> Stack<'a> {
    pub(super) fn new(app: &'a App, path: &Path) -> Self {
        Self {
            app,
            name: path.display().to_string(),
            file: SpecFile::new(PathBuf::from(path)),
            reader: None,
            notes: Vec::new(),
        }
    }

    async fn look(&mut self) -> Result<Outcome, Error> {
        let parse = |text: &str| {
            killick_spec::parse(text).map_err(|errors| {
                let count = text::count(errors.errors.len(), "error");
                let first = errors.errors.first().map(ToString::to_string);
                format!("the spec has {count}: {}", first.unwrap_or_default())
            })
        };
        let spec = match self.file.load(parse) {
            Err(message) => return Ok(Outcome::BadSpec { message }),
            Ok(loaded) => {
                if loaded.changed && self.reader.is_some() {
                    self.notes.push("the spec has changed".to_owned());
                }
                self.notes.extend(loaded.note);
                loaded.spec.clone()
            }
        };
        let place = (spec.region.clone(), spec.account.clone());
        let known = self.reader.take().filter(|(_, of)| *of == place);
        let reader = match known {
            Some((reader, _)) => reader,
            None => self.app.reader(&spec).await?,
        };
        self.reader = Some((reader.clone(), place));
        let (settler, started) = (self.app.settler(), Instant::now());
        let request = Sight::Traffic.request(&spec);
        let snapshot = match Box::pin(read(&reader, &settler, &request)).await {
            Ok(snapshot) => snapshot,
            Err(error) if error.class == Class::Throttled => {
                return Ok(Outcome::Throttled {
                    retry_after: None,
                    message: error.to_string(),
                });
            }
            Err(error) => return Err(Error::cloud(&error, &self.app.reached())),
        };
        let took = settler.since(started).as_millis();
        let world = World::of(spec, snapshot, Wanted::Spec)?;
        let now = self.app.reach.now();
        let report = DriftReport::of(&world, now);
        for one in &report.unreadable {
            self.notes
                .push(format!("{} was refused: {}", one.permission, one.code));
        }
        for accept in &report.expired {
            self.notes.push(format!(
                "{} was accepted until {}: it counts again",
                accept.finding, accept.until
            ));
        }
        for what in &report.assurance.unknown {
            self.notes.push(format!("not known: {what}"));
        }
        let caller = world.caller(&self.app.killick, &self.name);
        Ok(Outcome::Seen(Look {
            stack: world.spec.stack.clone(),
            account: world.snapshot.account.clone(),
            region: world.spec.region.clone(),
            at: now,
            findings: report
                .findings
                .iter()
                .map(|finding| told(finding, caller))
                .collect(),
            accepted: report
                .accepted
                .iter()
                .map(|one| Accepted {
                    id: one.finding.id.clone(),
                    reason: Some(one.accept.reason.clone()),
                    until: Some(one.accept.until.last_second()),
                })
                .collect(),
            unreadable: report
                .unreadable
                .iter()
                .flat_map(|one| unread(one.part))
                .chain(unknown(&report))
                .collect(),
            checked: report.checked,
            calls: settler.calls(),
            duration_ms: u64::try_from(took).unwrap_or(u64::MAX),
        }))
    }
}

impl Check for Stack<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn check<'c>(&'c mut self, _token: &'c CancellationToken) -> Boxed<'c, Outcome> {
        Box::pin(async move {
            self.look().await.unwrap_or_else(|error| Outcome::Failed {
                message: error.message,
                hint: error.hint,
            })
        })
    }

    fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }
}

fn told(finding: &Finding, caller: Caller<'_>) -> Told {
    // A route whose target is unknown is neither as declared nor not.
    let needed = Part::ALL.into_iter().filter(|part| part.is_whole());
    let needed = needed.filter(|part| *part != Part::Functions);
    Told {
        id: finding.id.clone(),
        key: finding.key.to_string(),
        field: finding.field.as_ref().map(ToString::to_string),
        what: finding.what,
        severity: finding.severity,
        effect: finding.effect.clone(),
        repair: (&finding.repair).into(),
        undo: Some(advice(finding, caller).text),
        needs: needed.map(|part| part.kind().to_owned()).collect(),
    }
}

/// Egress paths that could not be followed: what is found of them is not all.
fn unknown(report: &DriftReport) -> Option<Unread> {
    (!report.assurance.unknown.is_empty()).then(|| Unread {
        kind: "function".to_owned(),
        field: Some("way".to_owned()),
    })
}

/// What is hidden where a part could not be read.
fn unread(part: Part) -> Vec<Unread> {
    let field = |kind: &str, field: &str| Unread {
        kind: kind.to_owned(),
        field: Some(field.to_owned()),
    };
    let whole = |kind: &str| Unread {
        kind: kind.to_owned(),
        field: None,
    };
    match part {
        // What the default one has is told with the VPC.
        Part::NetworkAcls => vec![field("subnet", "network_acl"), field("vpc", "network_acl")],
        Part::Versions => vec![field("function", "aliases")],
        Part::Transfers => {
            vec![
                field("elastic_ip", "transfer"),
                field("elastic_ip", "promised"),
            ]
        }
        // The previous VPC config decides what a function goes back to.
        Part::Records => ["formerly", "subnets", "security_groups"]
            .map(|name| field("function", name))
            .into(),
        Part::OtherFunctions | Part::TaggedFunctions => vec![whole("function")],
        Part::Vpcs
        | Part::Dependents
        | Part::DnsSupport
        | Part::DnsHostnames
        | Part::DhcpOptions
        | Part::Endpoints
        | Part::PrefixLists
        | Part::InternetGateways
        | Part::Subnets
        | Part::Addresses
        | Part::NatGateways
        | Part::RouteTables
        | Part::SecurityGroups
        | Part::Functions
        | Part::Roles
        | Part::Trail => vec![match part.field() {
            Some(name) => field(part.kind(), name),
            None => whole(part.kind()),
        }],
    }
}
