//! By which addresses functions leave now.

use std::collections::{BTreeMap, BTreeSet};

use killick_path::{Proof, Unnamed, Verdict};

use crate::egress::Ways;
use crate::view::StackView;

/// By which addresses the functions of a stack leave; while there is none, its
/// private subnets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// The addresses that are known, in the order of the zones, whoever owns
    /// the NAT gateways.
    pub addresses: Vec<String>,
    /// The functions in no VPC: AWS picks their addresses.
    pub picked: BTreeSet<String>,
    /// The NAT gateways that some leave by and whose addresses are not known.
    pub unnamed: BTreeSet<String>,
    /// Whether an egress path could not be followed to its end.
    pub unknown: bool,
    /// Whether something that is sent leaves by no address: it is dropped, or
    /// goes elsewhere.
    pub lost: bool,
}

impl Leaving {
    pub(crate) fn of(
        seen: &StackView<'_>,
        ways: &Ways,
        proofs: &[Proof],
        subnets: &BTreeMap<String, Verdict>,
    ) -> Self {
        let place = |subnet: &String| {
            let key = seen.identity.key(subnet);
            (key.is_none(), key.cloned(), subnet.clone())
        };
        let mut ends: Vec<(_, Option<&str>, Vec<Verdict>)> = Vec::new();
        if proofs.is_empty() {
            let all = subnets.iter();
            ends.extend(all.map(|(subnet, verdict)| (place(subnet), None, vec![verdict.clone()])));
        }
        for proof in proofs {
            let all = ways.ends(proof).into_iter();
            ends.extend(all.map(|(subnet, verdicts)| {
                let subnet = subnet.unwrap_or_default();
                (place(&subnet), Some(proof.runner.as_str()), verdicts)
            }));
        }
        ends.sort();
        let mut all = Self::default();
        for (_, runner, verdicts) in &ends {
            for verdict in verdicts {
                all.add(*runner, verdict);
            }
        }
        all
    }

    fn add(&mut self, runner: Option<&str>, verdict: &Verdict) {
        match verdict {
            Verdict::Outside {
                unnamed: Some(Unnamed::Aws),
                ..
            } => self.picked.extend(runner.map(str::to_owned)),
            Verdict::Outside {
                unnamed: Some(Unnamed::NatGateway(id)),
                ..
            } => {
                self.unnamed.insert(id.clone());
            }
            Verdict::Unknown { .. } => self.unknown = true,
            Verdict::NoWayOut { .. } | Verdict::Elsewhere { .. } => self.lost = true,
            Verdict::Leaves { .. } | Verdict::Outside { .. } => {}
        }
        for ip in by(verdict) {
            if !self.addresses.contains(&ip) {
                self.addresses.push(ip);
            }
        }
    }

    /// Whether some leave by this address.
    pub fn by(&self, ip: &str) -> bool {
        self.addresses.iter().any(|known| known == ip)
    }

    /// The addresses, and in words what else some leave by.
    pub fn words(&self) -> Vec<String> {
        let mut words = self.addresses.clone();
        if !self.picked.is_empty() {
            words.push("addresses that AWS picks".to_owned());
        }
        let unnamed = self.unnamed.iter();
        words.extend(unnamed.map(|id| format!("an unknown address of {id}")));
        if words.is_empty() && self.unknown {
            words.push("addresses that could not be read".to_owned());
        }
        words
    }
}

/// The known addresses of a verdict.
pub(crate) fn by(verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::Leaves { addresses } | Verdict::Outside { addresses, .. } => {
            addresses.iter().map(ToString::to_string).collect()
        }
        _ => Vec::new(),
    }
}
