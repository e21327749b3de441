//! One look at one stack.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use killick_aws::{Reader, read};
use killick_core::Change;
use killick_engine::{CancellationToken, Class};
use killick_spec::Spec;
use killick_stack::{Finding, Repair, Severity, Unreadable};
use killick_watch::{
    Accepted, Boxed, Check, Finding as Told, Look, Outcome, Repair as Told2, Severity as Bad,
    SpecFile, Unread, What,
};
use tokio::time::Instant;

use crate::app::App;
use crate::assess::{DriftReport, Sight, Wanted, World};
use crate::error::Error;
use crate::report::{text, undo};

/// Kinds without which no other one can be judged: a route whose target is
/// unknown is neither as declared nor not.
const NEEDED: [&str; 7] = [
    "elastic_ip",
    "internet_gateway",
    "nat_gateway",
    "route_table",
    "security_group",
    "subnet",
    "vpc",
];

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
        Ok(Outcome::Seen(Look {
            stack: world.spec.stack.clone(),
            account: world.snapshot.account.clone(),
            region: world.spec.region.clone(),
            at: now,
            findings: report
                .findings
                .iter()
                .map(|finding| told(finding, &self.app.killick))
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
            unreadable: report.unreadable.iter().flat_map(unread).collect(),
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

fn told(finding: &Finding, killick: &str) -> Told {
    Told {
        id: finding.id.clone(),
        key: finding.key.clone(),
        field: finding.field.clone(),
        what: match finding.what {
            Change::Missing => What::Missing,
            Change::Extra => What::Extra,
            Change::Changed => What::Changed,
            Change::Broken => What::Broken,
        },
        severity: match finding.severity {
            Severity::Critical => Bad::Critical,
            Severity::Warning => Bad::Warning,
            Severity::Info => Bad::Info,
        },
        effect: finding.effect.clone(),
        repair: match finding.repair {
            Repair::Automatic => Told2::Automatic,
            Repair::Guarded => Told2::Guarded,
            Repair::Report => Told2::Report,
        },
        undo: Some(undo(finding, killick)),
        needs: NEEDED
            .iter()
            .map(|kind| (*kind).to_owned())
            .collect::<BTreeSet<_>>(),
    }
}

/// What is hidden where a part could not be read.
fn unread(one: &Unreadable) -> Vec<Unread> {
    let field = |kind: &str, field: &str| Unread {
        kind: kind.to_owned(),
        field: Some(field.to_owned()),
    };
    match (one.kind.as_str(), one.field.as_deref()) {
        // What the default one has is told with the VPC.
        ("subnet", Some("network_acl")) => {
            vec![field("subnet", "network_acl"), field("vpc", "network_acl")]
        }
        ("function", Some("versions")) => vec![field("function", "aliases")],
        ("elastic_ip", Some("transfer")) => {
            vec![
                field("elastic_ip", "transfer"),
                field("elastic_ip", "promised"),
            ]
        }
        // What a function had before decides what it goes back to.
        ("function", Some("formerly")) => ["formerly", "subnets", "security_groups"]
            .map(|name| field("function", name))
            .into(),
        // Functions of others; those that a tag selects.
        ("function", Some("others" | "tags")) => vec![Unread {
            kind: "function".to_owned(),
            field: None,
        }],
        (kind, part) => vec![Unread {
            kind: kind.to_owned(),
            field: part.map(str::to_owned),
        }],
    }
}
