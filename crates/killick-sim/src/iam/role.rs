//! Roles.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::managed::{self, VPC_ACCESS};
use super::policy::{Document, Policy};
use super::{Action, Call, Iam, constraint, date, encoded, invalid, named, no_role};
use crate::failure::Failure;
use crate::tags::{Tags, check};
use crate::world::Millis;

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(super) name: String,
    /// `/`, or with a slash on either side.
    pub(super) path: String,
    id: String,
    account: String,
    /// Who may act as it, as JSON.
    trust: String,
    description: Option<String>,
    /// The longest session in seconds.
    session: i64,
    created: Millis,
    tags: Tags,
    /// The ARNs of managed policies.
    pub(super) attached: BTreeSet<String>,
    /// Its own policies, as JSON, by name.
    pub(super) inline: BTreeMap<String, String>,
}

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("CreateRole", create),
    ("GetRole", get),
    ("ListRoles", list),
    ("DeleteRole", delete),
];

/// Lambda may act as the role.
const FOR_LAMBDA: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

/// How long a session lasts at most, unless it is said, in seconds.
const SESSION: i64 = 3600;

impl Role {
    /// The role of a function, which nobody has made by a request.
    pub(super) fn of_function(iam: &mut Iam, name: &str, path: &str, created: Millis) -> Self {
        Self {
            name: name.to_owned(),
            path: match path {
                "" => "/".to_owned(),
                path => format!("/{}/", path.trim_matches('/')),
            },
            id: id(iam),
            account: iam.account.clone(),
            trust: FOR_LAMBDA.to_owned(),
            description: None,
            session: SESSION,
            created,
            tags: Tags::new(),
            attached: BTreeSet::from([VPC_ACCESS.to_owned()]),
            inline: BTreeMap::new(),
        }
    }

    pub(super) fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:role{}{}",
            self.account, self.path, self.name
        )
    }

    /// All its policies.
    pub(super) fn policies(&self) -> Vec<Policy> {
        let attached = self.attached.iter().filter_map(|arn| managed::find(arn));
        let attached = attached
            .filter_map(|known| Policy::read(known.name, "aws-managed", known.document).ok());
        let own = self.inline.iter();
        let own = own.filter_map(|(name, text)| Policy::read(name, "role", text).ok());
        attached.chain(own).collect()
    }

    fn show(&self) -> Value {
        json!({
            "Path": self.path,
            "RoleName": self.name,
            "RoleId": self.id,
            "Arn": self.arn(),
            "CreateDate": date(self.created),
            "AssumeRolePolicyDocument": encoded(&self.trust),
            "Description": self.description,
            "MaxSessionDuration": self.session,
        })
    }

    /// The same with what lists leave out.
    fn shown(&self) -> Value {
        let mut shown = self.show();
        let tags = self.tags.iter();
        let tags: Vec<Value> = tags
            .map(|(key, value)| json!({"Key": key, "Value": value}))
            .collect();
        if let Some(members) = shown.as_object_mut().filter(|_| !tags.is_empty()) {
            members.insert("Tags".to_owned(), tags.into());
        }
        shown
    }
}

/// An id as roles have them: `AROA` and 17 letters and digits.
fn id(iam: &mut Iam) -> String {
    let digits = iam.dice.hex(16) + &iam.dice.hex(1);
    format!("AROA{}", digits.to_ascii_uppercase())
}

fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.need("RoleName")?;
    let trust = call.need("AssumeRolePolicyDocument")?;
    let path = call.params.text("Path").unwrap_or_else(|| "/".to_owned());
    let description = call.params.text("Description");
    let session = call.params.number("MaxSessionDuration");
    let session = session.map_err(|failure| invalid(failure.message))?;
    let session = session.unwrap_or(SESSION);
    let mut tags = Tags::new();
    for mut tag in call.params.structs("Tags.member") {
        let key = tag
            .need("Key")
            .map_err(|failure| invalid(failure.message))?;
        tags.insert(key, tag.text("Value").unwrap_or_default());
    }
    check(&tags).map_err(|failure| invalid(failure.message))?;
    named(&name, "roleName", 64)?;
    if !path.starts_with('/') || !path.ends_with('/') {
        let rule = "The specified value is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.";
        return Err(constraint(&path, "path", rule));
    }
    if !(SESSION..=43_200).contains(&session) {
        let rule = "Member must have value between 3600 and 43200";
        return Err(constraint(&session.to_string(), "maxSessionDuration", rule));
    }
    Document::trust(&trust)?;
    let twin = |role: &Role| role.name.eq_ignore_ascii_case(&name);
    if call.iam.roles.all().any(twin) {
        let message = format!("Role with name {name} already exists.");
        return Err(Failure::new("EntityAlreadyExists", message).status(409));
    }
    let seen = call.seen();
    let role = Role {
        id: id(call.iam),
        account: call.iam.account.clone(),
        name,
        path,
        trust,
        description,
        session,
        created: call.now,
        tags,
        attached: BTreeSet::new(),
        inline: BTreeMap::new(),
    };
    call.iam.gone.remove(&role.name);
    call.iam.roles.insert(&role.name, role.clone(), seen);
    Ok(json!({"Role": role.shown()}))
}

fn get(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.need("RoleName")?;
    let found = call.iam.roles.find(&name, &call.eye);
    let role = found.ok_or_else(|| no_role(&name))?;
    Ok(json!({"Role": role.shown()}))
}

fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let asked = call.page()?;
    let prefix = call.params.text("PathPrefix").unwrap_or_default();
    let roles = call.iam.roles.seen(&call.eye);
    let roles = roles.filter(|(_, role)| role.path.starts_with(&prefix));
    let items = roles.map(|(name, role)| (name.to_owned(), role.show()));
    Ok(call.listed(&asked, "Roles", items.collect()))
}

fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let role = call.role()?;
    let left = if !role.attached.is_empty() {
        "must detach all policies first"
    } else if !role.inline.is_empty() {
        "must delete policies first"
    } else {
        let name = role.name.clone();
        let seen = call.seen();
        call.iam.roles.remove(&name, seen);
        call.iam.gone.insert(name);
        return Ok(json!({}));
    };
    let message = format!("Cannot delete entity, {left}.");
    Err(Failure::new("DeleteConflict", message).status(409))
}
