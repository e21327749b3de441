//! Faults: what goes wrong between a client and AWS, by rule and by seed.

use serde::{Deserialize, Serialize};

use crate::dice::Dice;
use crate::wire::like;
use crate::world::Millis;

/// Something that goes wrong with one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// Refused for the request rate.
    Throttle,
    /// Answered with an HTTP status of 5xx before anything was done.
    Status(u16),
    /// Answered that many milliseconds later.
    Slow(Millis),
    /// No connection can be made.
    Unreached,
    /// The connection breaks before AWS has read the request.
    CutBefore,
    /// The connection breaks after AWS has acted on the request.
    CutAfter,
    /// The caller may not do this.
    Deny,
    /// The NAT gateway that is made fails with this code later.
    NatFails(String),
}

/// When a fault strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Actions, with the wildcards of EC2's filters: `Create*`.
    pub action: String,
    /// How often in a hundred.
    pub percent: u64,
    /// How many calls pass first.
    pub skip: u64,
    /// How often at most; `None`: without end.
    pub times: Option<u64>,
    /// What happens.
    pub fault: Fault,
}

impl Rule {
    /// A fault that strikes every call of an action.
    pub fn always(action: &str, fault: Fault) -> Self {
        Self {
            action: action.to_owned(),
            percent: 100,
            skip: 0,
            times: None,
            fault,
        }
    }

    /// A fault that strikes the first call of an action.
    pub fn once(action: &str, fault: Fault) -> Self {
        Self {
            times: Some(1),
            ..Self::always(action, fault)
        }
    }
}

/// Before or after AWS acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moment {
    /// The request never gets there.
    Before,
    /// The answer never gets back.
    After,
}

/// The client's process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kill {
    /// At which call from now on; 1 is the next one.
    pub call: u64,
    /// On which side of it.
    pub moment: Moment,
}

/// All that goes wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Faults {
    rules: Vec<Rule>,
    kill: Option<Kill>,
    dice: Dice,
    struck: u64,
}

impl Faults {
    /// None yet; `seed` decides where chance does.
    pub fn new(seed: u64) -> Self {
        Self {
            rules: Vec::new(),
            kill: None,
            dice: Dice::new(seed),
            struck: 0,
        }
    }

    /// Adds a rule. The first one that strikes counts.
    pub fn add(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    /// Takes all rules away.
    pub fn clear(&mut self) {
        self.rules.clear();
        self.kill = None;
    }

    /// Kills the client at one of the next calls, or no longer.
    pub fn kill(&mut self, kill: Option<Kill>) {
        self.kill = kill;
    }

    /// How many faults there were.
    pub fn struck(&self) -> u64 {
        self.struck
    }

    /// Whether the client dies with this call.
    pub(crate) fn kills(&mut self) -> Option<Moment> {
        let kill = self.kill.as_mut()?;
        kill.call = kill.call.saturating_sub(1);
        if kill.call > 0 {
            return None;
        }
        self.struck += 1;
        self.kill.take().map(|kill| kill.moment)
    }

    /// What happens to a call.
    pub(crate) fn strikes(&mut self, action: &str) -> Option<Fault> {
        for rule in &mut self.rules {
            if rule.times == Some(0) || !like(&rule.action, action) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            if !self.dice.percent(rule.percent) {
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times -= 1;
            }
            self.struck += 1;
            return Some(rule.fault.clone());
        }
        None
    }

    /// How long an undisturbed call takes, in milliseconds.
    pub(crate) fn latency(&mut self) -> Millis {
        self.dice.between(20, 120)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_count_their_calls() {
        let mut faults = Faults::new(1);
        faults.add(Rule {
            skip: 1,
            ..Rule::once("Create*", Fault::CutAfter)
        });
        assert_eq!(faults.strikes("DescribeVpcs"), None);
        assert_eq!(faults.strikes("CreateVpc"), None);
        assert_eq!(faults.strikes("CreateSubnet"), Some(Fault::CutAfter));
        assert_eq!(faults.strikes("CreateSubnet"), None);
        assert_eq!(faults.struck(), 1);
    }

    #[test]
    fn the_client_dies_once() {
        let mut faults = Faults::new(1);
        faults.kill(Some(Kill {
            call: 2,
            moment: Moment::After,
        }));
        let deaths: Vec<_> = (0..4).map(|_| faults.kills()).collect();
        assert_eq!(deaths, [None, Some(Moment::After), None, None]);
    }
}
