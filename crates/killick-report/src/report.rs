//! What one reading of a stack found.

use killick_finding::{Change, Severity};
use serde::{Deserialize, Serialize};

use crate::Picture;

/// A drift report: one reading of one stack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The stack's name.
    pub stack: String,
    /// The account, twelve digits.
    pub account: String,
    /// The region, for example `ap-northeast-1`.
    pub region: String,
    /// When the stack was read: RFC 3339, in UTC, for example
    /// `2026-11-22T03:04:05Z`.
    pub at: String,
    /// The version of the program that read it.
    pub version: String,
    /// The path of the spec file, as it was given.
    pub spec: String,
    /// The addresses by which functions leave now.
    pub addresses: Vec<String>,
    /// The addresses that were promised to partners; empty where the spec
    /// promises none.
    pub promised: Vec<String>,
    /// What differs, without what was accepted.
    pub findings: Vec<Finding>,
    /// What differs and was accepted in the spec.
    pub accepted: Vec<Accepted>,
    /// How much was compared, and what could not be read.
    pub coverage: Coverage,
    /// The topology, with the findings in their places.
    pub picture: Picture,
    /// By which way each function leaves, one entry a function and subnet.
    pub ways: Vec<Way>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The same from run to run as long as the same thing differs, for
    /// example `d-3f9a1c`.
    pub id: String,
    /// The resource, for example `route_table/private-ap-northeast-1a`.
    pub key: String,
    /// The field, for example `routes.0.0.0.0/0`; none for the resource as a
    /// whole.
    pub field: Option<String>,
    /// In what way it differs.
    pub what: Change,
    /// What is there, in words; empty for nothing.
    pub live: String,
    /// What should be, in words; empty for nothing.
    pub desired: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it means for the traffic: a sentence.
    pub effect: String,
    /// Who may repair it, in the word of the contract: `automatic`, `guarded`,
    /// `report`.
    pub repair: String,
    /// What to do about it: a sentence, or a command.
    pub undo: String,
    /// Who made the change, as far as the account's history tells.
    pub who: Vec<Who>,
    /// Why nobody could be named.
    pub unattributed: Option<String>,
}

/// One recorded call that may have made a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The caller: an ARN or a service.
    pub principal: String,
    /// When: RFC 3339, in UTC.
    pub at: String,
    /// The caller's user agent, as far as it is known.
    pub agent: String,
    /// The name of the call, for example `DeleteNatGateway`.
    pub event: String,
}

/// A difference that the spec says to live with for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// [`Finding::id`].
    pub id: String,
    /// [`Finding::key`].
    pub key: String,
    /// [`Finding::field`].
    pub field: Option<String>,
    /// [`Finding::what`].
    pub what: Change,
    /// How bad it would be were it not accepted.
    pub severity: Severity,
    /// [`Finding::effect`].
    pub effect: String,
    /// Until when, as the spec writes it.
    pub until: String,
    /// Why, as the spec writes it.
    pub reason: String,
    /// The line of the spec that accepts it, counted from 1.
    pub line: usize,
}

/// How much was compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Fields and entries that were compared.
    pub checked: usize,
    /// Resources that they belong to.
    pub resources: usize,
    /// What was not compared because it could not be read.
    pub unreadable: Vec<Unread>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// What, in words: for example `network ACLs`.
    pub what: String,
    /// The permission that reading it takes.
    pub permission: String,
    /// The code of the refusal.
    pub code: String,
}

/// By which way a function leaves one of its subnets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// What runs there: `billing-sync`, or `billing-sync:live -> 3` for the
    /// version behind an alias.
    pub runner: String,
    /// The subnet it leaves from.
    pub subnet: String,
    /// The zone of that subnet.
    pub zone: String,
    /// Where the way ends, in words.
    pub verdict: String,
    /// Whether that is as declared.
    pub good: Judged,
}

/// Whether a way out is as declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// It is.
    Good,
    /// It is not.
    Bad,
    /// Something on the way could not be read.
    Unknown,
}

impl Judged {
    /// One word for a table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
        }
    }
}
