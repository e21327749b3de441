//! What may be the stack's, and what only says that it is.

use killick_core::Key;
use killick_spec::Network;

use crate::catalogue::FACTS;
use crate::identity::Identity;
use crate::keys::vpc_key;
use crate::resource::Vpc;
use crate::snapshot::Snapshot;

use super::place::Places;
use super::{Doubt, Why};

impl Places<'_> {
    /// What carries the stack's tags in another VPC than the stack's: tags can
    /// be copied, but nothing can be moved out of its VPC.
    pub(super) fn elsewhere(&self, identity: &mut Identity) {
        let Some(home) = identity.id(&vpc_key()).map(str::to_owned) else {
            return;
        };
        for (id, vpc) in vpcs(self.snapshot) {
            let Some(key) = identity.own(id).cloned() else {
                continue;
            };
            if vpc == home || self.recorded.has(id) {
                continue;
            }
            identity.unset(id);
            identity.doubt([Doubt {
                key,
                id: id.to_owned(),
                why: Why::Elsewhere {
                    vpc: vpc.to_owned(),
                },
            }]);
        }
    }

    /// What is in a VPC that only its own tags make the stack's; and the VPCs
    /// that something of the stack is in, where the stack's own is not found.
    pub(super) fn inside(&self, identity: &Identity) -> Vec<Doubt> {
        if !matches!(self.spec.network, Network::Made { .. }) {
            return Vec::new();
        }
        let doubt = |kind: &'static str, id: &str, why| Doubt {
            key: Key::new(kind, id),
            id: id.to_owned(),
            why,
        };
        let Some(home) = identity.id(&vpc_key()) else {
            let lost = self.holders(identity).into_iter();
            return lost
                .map(|vpc| Doubt {
                    key: vpc_key(),
                    id: vpc.to_owned(),
                    why: Why::Place,
                })
                .collect();
        };
        let here = || {
            let all = vpcs(self.snapshot).into_iter();
            all.filter(|(_, vpc)| *vpc == home).map(|(id, _)| id)
        };
        if self.recorded.has(home) || here().any(|id| identity.has(id)) {
            return Vec::new();
        }
        // Every VPC has these from the beginning.
        let main = |id: &str| {
            let mut tables = self.snapshot.route_tables.iter();
            tables.any(|table| table.id == id && table.main)
        };
        let first = |id: &str| {
            let mut groups = self.snapshot.security_groups.iter();
            groups.any(|group| group.id == id && group.name == "default")
        };
        let others = here().filter(|id| !main(id) && !first(id));
        let others = others.filter_map(|id| Some(doubt(kind_of(id)?, id, Why::Inside)));
        others.collect()
    }
}

/// The kind of an id.
fn kind_of(id: &str) -> Option<&'static str> {
    let mut all = FACTS.iter();
    let kind = all.find(|facts| !facts.prefix.is_empty() && id.starts_with(facts.prefix))?;
    Some(kind.kind).filter(|kind| *kind != Vpc::KIND)
}

/// Everything that is in a VPC, with that.
pub(super) fn vpcs(snapshot: &Snapshot) -> Vec<(&str, &str)> {
    let subnets = snapshot.subnets.iter().map(|one| (&one.id, &one.vpc));
    let nats = snapshot.nat_gateways.iter().filter(|nat| nat.exists());
    let nats = nats.map(|one| (&one.id, &one.vpc));
    let tables = snapshot.route_tables.iter().map(|one| (&one.id, &one.vpc));
    let groups = snapshot
        .security_groups
        .iter()
        .map(|one| (&one.id, &one.vpc));
    let gateways = snapshot.internet_gateways.iter();
    let gateways = gateways.filter_map(|one| Some((&one.id, one.vpc.as_ref()?)));
    let all = subnets
        .chain(nats)
        .chain(tables)
        .chain(groups)
        .chain(gateways);
    all.map(|(id, vpc)| (id.as_str(), vpc.as_str())).collect()
}
