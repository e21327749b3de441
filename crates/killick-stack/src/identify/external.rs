//! What somebody else lends to the stack: known by the ids in the spec.

use killick_spec::Spec;

use crate::identity::Identity;
use crate::keys::{internet_gateway_key, private_subnet, public_subnet, vpc_key};
use crate::resource::ElasticIp;
use crate::snapshot::Snapshot;

impl Identity {
    /// Takes what the spec names by its id, as far as it exists.
    pub(super) fn borrow(&mut self, spec: &Spec, snapshot: &Snapshot) {
        if let Some(vpc) = spec.network.brought() {
            let known = snapshot.vpcs.iter().any(|found| found.id == vpc);
            self.lend(vpc_key(), known.then_some(vpc));
            // One VPC has one internet gateway: it is found by that.
            let mut gateways = snapshot.internet_gateways.iter();
            let gateway = gateways.find(|found| found.vpc.as_deref() == Some(vpc));
            self.lend(
                internet_gateway_key(),
                gateway.map(|found| found.id.as_str()),
            );
        }
        for zone in &spec.zones {
            let sides = [
                (public_subnet(&zone.name), zone.public.brought()),
                (private_subnet(&zone.name), zone.private.brought()),
            ];
            for (key, id) in sides.into_iter().filter_map(|(key, id)| Some((key, id?))) {
                let known = snapshot.subnets.iter().any(|found| found.id == id);
                self.lend(key, known.then_some(id));
            }
            if let Some(id) = &zone.address {
                let known = snapshot.addresses.iter().any(|found| found.id == *id);
                self.lend(ElasticIp::key(&zone.name), known.then_some(id));
            }
        }
    }
}
