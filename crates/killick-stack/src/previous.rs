//! The VPC config that a function had before it was attached, and where that
//! is written down.
//!
//! A VPC config has no tags, and the tags of a function belong to the tool that
//! deploys it, which may take off what it does not know: so the way back is an
//! SSM parameter of the stack. It is no state: without it killick knows just as
//! well what is its own, and only cannot put back what it does not know.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A VPC config, without order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PreviousConfig {
    /// `subnet-…`; none for a function outside of every VPC.
    pub subnets: BTreeSet<String>,
    /// `sg-…`
    pub security_groups: BTreeSet<String>,
    /// `Ipv6AllowedForDualStack`.
    #[serde(default)]
    pub ipv6: bool,
}

const OUTSIDE: &str = "no VPC";
const WITH: &str = " with ";
const IPV6: &str = " and IPv6";

/// `no VPC`, or `subnet-1, subnet-2 with sg-1`.
impl fmt::Display for PreviousConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.subnets.is_empty() {
            return f.write_str(OUTSIDE);
        }
        let list = |ids: &BTreeSet<String>| Vec::from_iter(ids.iter().cloned()).join(", ");
        write!(
            f,
            "{}{WITH}{}",
            list(&self.subnets),
            list(&self.security_groups)
        )?;
        match self.ipv6 {
            true => f.write_str(IPV6),
            false => Ok(()),
        }
    }
}

/// A text that is no VPC config.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a VPC config")]
pub struct NoPreviousConfig;

impl FromStr for PreviousConfig {
    type Err = NoPreviousConfig;

    fn from_str(text: &str) -> Result<Self, NoPreviousConfig> {
        if text == OUTSIDE {
            return Ok(Self::default());
        }
        let (rest, ipv6) = match text.strip_suffix(IPV6) {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (subnets, groups) = rest.split_once(WITH).ok_or(NoPreviousConfig)?;
        let list = |ids: &str| -> BTreeSet<String> {
            let ids = ids.split(", ").filter(|id| !id.is_empty());
            ids.map(str::to_owned).collect()
        };
        match list(subnets) {
            subnets if subnets.is_empty() => Err(NoPreviousConfig),
            subnets => Ok(Self {
                subnets,
                security_groups: list(groups),
                ipv6,
            }),
        }
    }
}

/// What a parameter holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    format: u32,
    /// The previous VPC config.
    pub formerly: PreviousConfig,
    /// How often the function was attached again.
    #[serde(default)]
    pub resets: u32,
}

/// The version of the layout.
const FORMAT: u32 = 1;

impl Written {
    /// In the present layout.
    pub fn new(formerly: PreviousConfig, resets: u32) -> Self {
        Self {
            format: FORMAT,
            formerly,
            resets,
        }
    }

    /// What a parameter holds, unless it is none of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let written: Self = serde_json::from_str(text).ok()?;
        (written.format == FORMAT).then_some(written)
    }

    /// As the parameter's value.
    pub fn text(&self) -> String {
        // Plain data: that cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// `/killick/<stack>`: below it is all that a stack keeps in SSM.
pub fn folder(stack: &str) -> String {
    format!("/killick/{stack}")
}

/// `/killick/<stack>/function/<name>`.
pub fn parameter(stack: &str, function: &str) -> String {
    format!("{}/function/{function}", folder(stack))
}

/// The function that a parameter of the stack is about.
pub fn function_of<'a>(stack: &str, parameter: &'a str) -> Option<&'a str> {
    let rest = parameter.strip_prefix(folder(stack).as_str())?;
    rest.strip_prefix("/function/")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn a_config_survives_being_told() {
        let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let inside = PreviousConfig {
            subnets: set(&["subnet-1", "subnet-2"]),
            security_groups: set(&["sg-1"]),
            ipv6: true,
        };
        let bare = PreviousConfig {
            security_groups: set(&[]),
            ipv6: false,
            ..inside.clone()
        };
        for (former, text) in [
            (PreviousConfig::default(), "no VPC"),
            (inside, "subnet-1, subnet-2 with sg-1 and IPv6"),
            (bare, "subnet-1, subnet-2 with "),
        ] {
            assert_eq!(former.to_string(), text);
            assert_eq!(text.parse(), Ok(former));
        }
        assert!("".parse::<PreviousConfig>().is_err());
        assert!("subnet-1".parse::<PreviousConfig>().is_err());
    }

    #[test]
    fn what_others_wrote_is_not_read() {
        let written = Written::new(PreviousConfig::default(), 2);
        assert_eq!(Written::parse(&written.text()), Some(written));
        for text in [
            "",
            "{}",
            r#"{"format":2,"formerly":{"subnets":[],"security_groups":[]}}"#,
        ] {
            assert_eq!(Written::parse(text), None);
        }
    }

    #[test]
    fn parameters_name_their_function() {
        let name = parameter("partner-egress", "billing");
        assert_eq!(name, "/killick/partner-egress/function/billing");
        assert_eq!(function_of("partner-egress", &name), Some("billing"));
        assert_eq!(function_of("partner", &name), None);
    }
}
