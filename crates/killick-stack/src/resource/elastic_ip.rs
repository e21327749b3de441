//! Elastic IP: the product itself.

use std::collections::BTreeMap;

use killick_core::{Change, Health, Observed, PhysicalId};
use killick_finding::Part;

use crate::acl::Blocking;
use crate::declare::declare;
use crate::facts::{Count, Effort, Events, Facts, Names, Quota, state, tag_events};
use crate::observe::{Observe, tagged};
use crate::snapshot::{Snapshot, Tagged};
use crate::tags::Tags;
use crate::view::StackView;

declare! {
    /// One fixed address. It is kept when nothing wants it any more: a partner
    /// may still have it in a firewall.
    ElasticIp = "elastic_ip", Kept {
        /// `ip`: the address itself, where a promised one is to be had back.
        public: BTreeMap<String, String> => Refuse.declared,
        /// `to`: the account that can take it, while it is offered to one.
        transfer: BTreeMap<String, String> => Update.closed,
        /// Its tags.
        tags: Tags => Update.declared,
    }
}

impl Observe for ElasticIp {
    fn observe(seen: &StackView<'_>, _blocking: &[Blocking]) -> Vec<Observed> {
        let ours = seen.ours(Self::KIND, &seen.snapshot.addresses, |address| &address.id);
        ours.into_iter()
            .map(|(key, address)| Observed {
                key,
                id: PhysicalId::new(&address.id),
                health: Health::Ready,
                attrs: Self {
                    public: BTreeMap::from([("ip".to_owned(), address.ip.clone())]),
                    transfer: offered(seen, &address.id),
                    tags: address.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }

    fn tagged(snapshot: &Snapshot) -> Vec<&dyn Tagged> {
        let addresses = snapshot.addresses.iter();
        tagged(addresses.filter(|one| one.service_managed.is_none()))
    }
}

impl Facts for ElasticIp {
    const PREFIX: &'static str = "eipalloc-";
    const NOUN: &'static str = "Elastic IP";
    const NAMES: Names = Names::Zone;
    const PART: Part = Part::Addresses;
    const QUOTA: Option<Quota> = Some(Quota {
        service: "ec2",
        code: "L-0263D0A3",
        what: "Elastic IPs",
        kind: Self::KIND,
        counted: Count::Region(|snapshot| snapshot.addresses.len()),
    });

    fn absent(name: &str, what: Change) -> String {
        format!(
            "the fixed address of {name} {}: a new one will have to be given to partners",
            state(what)
        )
    }

    fn events(field: Option<&str>, what: Change) -> Events {
        match field {
            Some("tags") => tag_events(what),
            Some("transfer") => &["EnableAddressTransfer"],
            None | Some(_) => &["ReleaseAddress", "AssociateAddress", "DisassociateAddress"],
        }
    }

    fn effort(_field: Option<&str>, _what: Change) -> Effort {
        Effort::SECONDS
    }
}

/// The account that can take an address.
fn offered(seen: &StackView<'_>, allocation: &str) -> BTreeMap<String, String> {
    let mut transfers = seen.snapshot.transfers.iter();
    let pending = transfers.find(|one| one.allocation == allocation && one.status == "pending");
    let to = pending.map(|one| ("to".to_owned(), one.account.clone()));
    to.into_iter().collect()
}
