//! What a function is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::tags::Tags;
use crate::world::Millis;

/// A function with its versions and aliases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// `$LATEST`.
    pub latest: FunctionVersion,
    /// Published versions by number: frozen, with their own VPC config.
    pub versions: BTreeMap<u64, FunctionVersion>,
    /// Aliases by name.
    pub aliases: BTreeMap<String, Alias>,
    /// Its tags.
    pub tags: Tags,
    /// The number of the version that was published last; none comes again.
    pub(crate) published: u64,
}

/// `$LATEST` or a published version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionVersion {
    /// The VPC config as the API shows it, which is the new one as soon as it
    /// is asked for. Without any after a function left its VPC; `None` when it
    /// never had one.
    pub vpc_config: Option<VpcConfig>,
    /// `Pending`, `Active` or `Failed`.
    pub state: String,
    /// `InProgress`, `Successful` or `Failed`; empty until it is made.
    pub last_update: String,
    /// Why it, or its last update, failed: a reason code.
    pub reason: Option<String>,
    /// Changes with every change.
    pub revision: String,
    /// The network that invocations use.
    pub(crate) in_effect: Option<VpcConfig>,
    /// What is in progress.
    pub(crate) update: Option<Update>,
    /// The rest of its configuration, as the API shows it.
    pub(crate) settings: Map<String, Value>,
    /// The text that it was published with, in place of its own.
    pub(crate) description: Option<String>,
    pub(crate) code: Code,
    pub(crate) modified: Millis,
}

/// Subnets and security groups of one VPC; none of them: no VPC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpcConfig {
    /// Subnet ids.
    pub subnets: Vec<String>,
    /// Security group ids.
    pub security_groups: Vec<String>,
    /// Whether the function may use IPv6 in its VPC.
    pub ipv6: bool,
    /// The VPC of the subnets.
    pub vpc: String,
}

/// A name for a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// `$LATEST` or a number.
    pub version: String,
    /// Free text.
    pub description: String,
    /// Changes with every change.
    pub revision: String,
    /// Further versions and their shares, as the API shows them.
    pub(crate) routing: Option<Value>,
}

/// An update, or the making of a function, in progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Update {
    pub(crate) until: Millis,
    /// The reason code that it will end with.
    pub(crate) failure: Option<String>,
}

/// Code of which only the outside is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) sha256: String,
    pub(crate) size: usize,
}

impl Function {
    /// The network that invocations of `$LATEST` use now; `None`: that of
    /// Lambda itself. While an update is in progress, and after it failed, it
    /// is the old one.
    pub fn effective(&self) -> Option<&VpcConfig> {
        self.latest.effective()
    }

    /// What a qualifier stands for: `$LATEST`, a number, or an alias.
    pub fn version(&self, qualifier: &str) -> Option<&FunctionVersion> {
        match self.number(qualifier) {
            "$LATEST" => Some(&self.latest),
            number => self.versions.get(&number.parse().ok()?),
        }
    }

    /// The version behind an alias; any other qualifier is one itself.
    pub(crate) fn number<'a>(&'a self, qualifier: &'a str) -> &'a str {
        let alias = self.aliases.get(qualifier);
        alias.map_or(qualifier, |alias| &alias.version)
    }

    /// `$LATEST` and the published versions.
    pub(crate) fn all(&self) -> impl Iterator<Item = &FunctionVersion> {
        std::iter::once(&self.latest).chain(self.versions.values())
    }

    /// `$LATEST` and the published versions, with keys in their order and
    /// their numbers.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u64, String, &FunctionVersion)> {
        let latest = std::iter::once((0, "$LATEST".to_owned(), &self.latest));
        let published = self.versions.iter();
        latest.chain(published.map(|(number, version)| (*number, number.to_string(), version)))
    }
}

impl FunctionVersion {
    /// The network that invocations use now; `None`: that of Lambda itself.
    pub fn effective(&self) -> Option<&VpcConfig> {
        self.in_effect.as_ref()
    }

    /// The ARN of its execution role.
    pub(crate) fn role(&self) -> Option<&str> {
        self.settings.get("Role").and_then(Value::as_str)
    }

    /// The network that it shall have.
    pub(crate) fn wanted(&self) -> Option<&VpcConfig> {
        let config = self.vpc_config.as_ref();
        config.filter(|config| !config.subnets.is_empty())
    }

    /// Whether its network is not the one that it shall have.
    pub(crate) fn moves(&self) -> bool {
        match (self.wanted(), self.effective()) {
            (Some(wanted), Some(effective)) => !wanted.same(effective),
            (wanted, effective) => wanted.is_some() || effective.is_some(),
        }
    }

    /// Whether it keeps the interface of a subnet and groups.
    pub(crate) fn uses(&self, subnet: &str, groups: &[String]) -> bool {
        let coming = self.wanted().filter(|_| self.update.is_some());
        let mut networks = coming.into_iter().chain(self.effective());
        networks.any(|network| {
            network.subnets.iter().any(|one| one == subnet)
                && alike(&network.security_groups, groups)
        })
    }

    /// An update of it, or its making, has come to its end.
    pub(crate) fn end(&mut self, failure: Option<String>) {
        self.update = None;
        match &failure {
            None => {
                self.in_effect = self.wanted().cloned();
                "Active".clone_into(&mut self.state);
                "Successful".clone_into(&mut self.last_update);
            }
            Some(_) => {
                if self.state == "Pending" {
                    "Failed".clone_into(&mut self.state);
                }
                if self.last_update == "InProgress" {
                    "Failed".clone_into(&mut self.last_update);
                }
            }
        }
        self.reason = failure;
    }
}

impl VpcConfig {
    /// Whether two name the same network, in whatever order.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.ipv6 == other.ipv6
            && alike(&self.subnets, &other.subnets)
            && alike(&self.security_groups, &other.security_groups)
    }
}

/// Whether two lists hold the same ids.
pub(crate) fn alike(a: &[String], b: &[String]) -> bool {
    a.iter().all(|id| b.contains(id)) && b.iter().all(|id| a.contains(id))
}
