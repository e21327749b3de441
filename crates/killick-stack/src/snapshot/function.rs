//! Functions, and what belongs to them.

use serde::{Deserialize, Serialize};

use crate::previous::PreviousConfig;
use crate::tags::Tags;

/// `GetFunctionConfiguration`, or an entry of `ListFunctions`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The VPC of its VPC config.
    pub vpc: Option<String>,
    /// The subnets of its VPC config, none for a function without one.
    pub subnets: Vec<String>,
    /// The security groups of its VPC config.
    pub security_groups: Vec<String>,
    /// `Ipv6AllowedForDualStack`.
    pub ipv6: bool,
    /// `Active`, `Pending`, `Inactive`, `Failed`; empty where the call does not tell.
    pub state: String,
    /// `Successful`, `InProgress`, `Failed`; empty where the call does not tell.
    pub last_update: String,
    /// Why the state or the last update is what it is: code and text.
    pub reason: Option<String>,
    /// The ARN of its execution role.
    pub role: Option<String>,
}

impl Function {
    /// Why its code may still run in another network than its VPC config says:
    /// AWS shows a new config at once, and moves the function later or not at all
    /// (fact sheet section 3).
    pub fn unsettled(&self) -> Option<String> {
        let name = &self.name;
        let reason = self.reason.as_deref().unwrap_or("no reason given");
        match (self.state.as_str(), self.last_update.as_str()) {
            ("Pending", _) => Some(format!("the network of {name}, which is not ready yet")),
            (_, "InProgress") => Some(format!(
                "the network of {name}: an update is in progress, and until it ends the code runs \
                 in the network before"
            )),
            (_, "Failed") if !self.own_trouble() => Some(format!(
                "the network of {name}: its last update failed ({reason}), so the code may run in \
                 the network before"
            )),
            _ => None,
        }
    }

    /// Whether the reason is about its code, image or keys, and not its network.
    fn own_trouble(&self) -> bool {
        let reason = self.reason.as_deref().unwrap_or_default();
        let about = [
            "FunctionError",
            "Image",
            "InvalidImage",
            "InvalidRuntime",
            "InvalidZipFileException",
            "DisabledKMSKey",
            "InvalidStateKMSKey",
            "KMSKey",
            "EFS",
        ];
        about.iter().any(|code| reason.starts_with(code))
    }
}

/// An entry of `GetResources` of the tagging service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaggedFunction {
    /// Its name.
    pub name: String,
    /// All its tags.
    pub tags: Tags,
}

/// An SSM parameter under `/killick/<stack>/function/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The stack that wrote it.
    pub stack: String,
    /// The function.
    pub function: String,
    /// Its VPC config before it was attached.
    pub former: PreviousConfig,
    /// How often it was attached again because somebody had changed that.
    pub resets: u32,
}

/// An entry of the SSM parameter `/killick/<stack>/function/.resources`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The stack that wrote it.
    pub stack: String,
    /// The key that it had then.
    pub key: String,
    /// Its id.
    pub id: String,
}

/// A published version: an entry of `ListVersionsByFunction`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The function.
    pub function: String,
    /// Its number.
    pub version: String,
    /// The aliases that point at it, also those that send it a share only.
    pub aliases: Vec<String>,
    /// The VPC that it is frozen with.
    #[serde(default)]
    pub vpc: Option<String>,
    /// The subnets that it is frozen with.
    pub subnets: Vec<String>,
    /// The security groups that it is frozen with.
    #[serde(default)]
    pub security_groups: Vec<String>,
    /// Its frozen `Ipv6AllowedForDualStack`.
    #[serde(default)]
    pub ipv6: bool,
}
