//! What must hold after every run.

use std::collections::{BTreeMap, BTreeSet};

use killick_sim::VpcConfig;

use super::Player;
use crate::invariant::{locked, parameters, recorded, records};
use crate::run::Ran;

impl Player {
    /// Functions that killick let go of are as they were before it came, and
    /// nothing is written down but of those that it holds.
    pub(super) fn restored(&mut self, gone: &BTreeSet<String>, held: &BTreeSet<String>) {
        let (stacks, meddled) = (self.stacks(), self.meddled);
        let former = self.former.clone();
        let bare = |config: Option<&VpcConfig>| {
            let ids = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
            config.map_or_else(Default::default, |config| {
                (ids(&config.subnets), ids(&config.security_groups))
            })
        };
        let broken = self.line.place(|place, _| {
            let mut broken = Vec::new();
            for name in gone.iter().filter(|_| !meddled) {
                let Some(function) = place.functions.get(name) else {
                    continue;
                };
                let was = bare(former.get(name).and_then(Option::as_ref));
                let is = bare(function.latest.vpc_config.as_ref());
                if is != was {
                    broken.push(format!("{name} is back in {is:?}, and was in {was:?}"));
                }
            }
            for stack in &stacks {
                let records = records(place, stack);
                let now = stacks.last() == Some(stack);
                for (name, text) in &records {
                    let was = bare(former.get(name).and_then(Option::as_ref));
                    if !now || !held.contains(name) {
                        broken.push(format!("a record of {name} is left under {stack}"));
                    } else if !meddled && recorded(text).as_ref() != Some(&was) {
                        broken.push(format!("{text} is written down of {name}, not {was:?}"));
                    }
                }
                let missing = held
                    .iter()
                    .filter(|name| now && !records.contains_key(*name));
                broken.extend(missing.map(|name| format!("there is no record of {name}")));
            }
            broken
        });
        broken.into_iter().for_each(|text| self.fail(text));
    }

    /// A run that came to its end by itself, and that no fault hindered, gave
    /// its lock back.
    pub(super) fn lock(&mut self, ran: &Ran, struck: u64) {
        let stack = self.draft.stack();
        let calm = self.line.with(|sim, _| sim.faults.struck() == struck);
        let held = ran.stderr.contains("is locked by");
        let locks = ["apply", "destroy"];
        let locks = locks.iter().any(|verb| ran.command.starts_with(verb));
        if ran.code.is_some() && calm && locks && !held {
            let left = self.line.place(|place, _| locked(place, &stack));
            if let Some(text) = left {
                self.fail(format!("{} left its lock: {text}", ran.command));
            }
        }
    }

    /// Every address that was ever ours is still ours, and the same.
    pub(super) fn addresses(&mut self) {
        let stacks = self.stacks();
        let promised = &mut self.promised;
        let lost: Vec<String> = self.line.place(|place, _| {
            let lost = promised.iter().filter(|(id, ip)| {
                place
                    .addresses
                    .get(id)
                    .is_none_or(|address| address.ip != **ip)
            });
            let lost = lost
                .map(|(id, ip)| format!("the address {ip} ({id}) was lost"))
                .collect();
            for (id, address) in place.addresses.iter() {
                let stack = address.tags.get("killick:stack");
                if stack.is_some_and(|stack| stacks.contains(stack)) {
                    promised.insert(id.to_owned(), address.ip.clone());
                }
            }
            lost
        });
        lost.into_iter().for_each(|text| self.fail(text));
    }

    /// All parameters but the locks.
    pub(super) fn written(&self) -> BTreeMap<String, String> {
        let mut all = self.line.place(|place, _| parameters(place));
        all.retain(|name, _| !name.ends_with("/lock") && !name.ends_with("/.resources"));
        all
    }
}
