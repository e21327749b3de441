//! What people do besides: edits of the spec, and changes by hand.

use std::path::PathBuf;
use std::time::Duration;

use killick_sim::exist;
use killick_sim::tamper::{Case, tamper};

use super::Player;
use crate::draft::{ACCOUNT, Nat, REGION, function_name};
use crate::hand::Hand;
use crate::invariant::identities;
use crate::moves::Edit;
use crate::neighbour::home;

impl Player {
    pub(super) fn edit(&mut self, edit: Edit) {
        let draft = &mut self.draft;
        match edit {
            Edit::AddZone(zone) if !draft.zones.contains(zone) => draft.zones.push(zone),
            Edit::DropZone(zone) if draft.zones.len() > 1 && draft.nat != Nat::Single(zone) => {
                draft.zones.retain(|one| one != zone);
            }
            Edit::Nat(Nat::Single(zone)) if !draft.zones.contains(zone) => {}
            Edit::Nat(nat) => draft.nat = nat,
            Edit::AddFunction(number) if !draft.functions.contains(&number) => {
                draft.functions.push(number);
                self.left.remove(&function_name(number));
            }
            // By its prefix it is still meant.
            Edit::LeaveFunction(number) if !draft.prefix => {
                if draft.functions.contains(&number) {
                    draft.functions.retain(|one| *one != number);
                    self.left.insert(function_name(number));
                }
            }
            Edit::DropFunction(number) | Edit::LeaveFunction(number) => {
                draft.functions.retain(|one| *one != number);
                let name = function_name(number);
                self.left.remove(&name);
                self.line
                    .with(|sim, now| Hand { sim, now }.delete_function(&name));
            }
            Edit::Team(team) => draft.team = team,
            Edit::RenameStack => draft.renamed += 1,
            Edit::RenameZone(zone) => *draft.labels.entry(zone).or_default() += 1,
            Edit::AddZone(_) | Edit::DropZone(_) | Edit::AddFunction(_) => {}
        }
    }

    /// The addresses in use are promised from now on, as `ips --pin` would do.
    pub(super) fn pin(&mut self) {
        let draft = &self.draft;
        let pinned = self.line.place(|place, _| {
            let ids = identities(place, &draft.stack());
            let ip = |zone| {
                let ids = ids.get(&format!("elastic_ip/{}", draft.zone(zone)))?;
                Some(place.addresses.get(ids.first()?)?.ip.clone())
            };
            draft.gateways().filter_map(ip).collect()
        });
        self.draft.pinned = pinned;
    }

    /// Whoever deploys the functions of the spec has done so.
    pub(super) fn deploy(&mut self) {
        for number in self.draft.functions.clone() {
            let (name, abroad) = (function_name(number), self.draft.abroad.contains(&number));
            let known = self.line.with(|sim, now| {
                let place = sim.world.place(ACCOUNT, REGION);
                let known = place.functions.has(&name);
                exist(place, &name, now);
                if !known && abroad {
                    let (subnet, group) = home(place);
                    Hand { sim, now }.connect(&name, &[&subnet], &[&group]);
                }
                known
            });
            if !known {
                let config = self.line.place(|place, _| {
                    let function = place.functions.get(&name)?;
                    function.latest.vpc_config.clone()
                });
                self.former.insert(name, config);
            }
        }
    }

    /// A case that does not fit the stack as it is does not happen.
    pub(super) async fn tamper(&mut self, name: &str) {
        let case = Case::named(name).unwrap_or_else(|| panic!("there is no case {name}"));
        // What was renamed in the spec alone still has its old name.
        let stacks = self.stacks();
        let done = self.line.with(|sim, now| {
            let mut done = stacks
                .iter()
                .rev()
                .map(|stack| tamper(&mut sim.world, now, ACCOUNT, REGION, stack, case));
            let first = done.next().expect("a name");
            first.or_else(|why| done.find_map(Result::ok).ok_or(why))
        });
        let functions = ["detach-function", "move-function", "drop-function-subnet"];
        self.meddled |= done.is_ok() && functions.contains(&name);
        // What changed in the same moment nobody could have seen.
        tokio::time::sleep(Duration::from_secs(5)).await;
        self.report.story.push(format!(
            "  {}",
            done.unwrap_or_else(|why| format!("not done: {why}"))
        ));
    }

    pub(super) fn spec(&self) -> PathBuf {
        let path = self.folder.path().join("spec.toml");
        std::fs::write(&path, self.draft.toml()).expect("a file");
        path
    }
}
