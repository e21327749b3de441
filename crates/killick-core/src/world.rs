//! What a plan is made from, and the questions asked of it.

use std::collections::BTreeSet;

use crate::graph::{Needs, walk};
use crate::{Attrs, Catalogue, Desired, Graph, Health, Key, Observed};

/// The two graphs and the types of what is in them.
pub(crate) struct World<'a> {
    pub(crate) catalogue: Catalogue,
    pub(crate) desired: &'a Graph<Desired>,
    pub(crate) observed: &'a Graph<Observed>,
    /// What each resource needs now.
    pub(crate) present: Needs<'a>,
}

impl<'a> World<'a> {
    pub(crate) fn new(
        catalogue: Catalogue,
        desired: &'a Graph<Desired>,
        observed: &'a Graph<Observed>,
    ) -> Self {
        let present = observed.needs(catalogue);
        Self {
            catalogue,
            desired,
            observed,
            present,
        }
    }

    /// Whether a resource works, with all that it needs, and stays so.
    pub(crate) fn works(&self, key: &Key, going: &BTreeSet<&Key>) -> bool {
        let well = |key: &Key| {
            !going.contains(key)
                && self.desired.contains(key)
                && self
                    .observed
                    .get(key)
                    .is_some_and(|node| node.health == Health::Ready)
        };
        well(key) && walk(&self.present, key, &|_| true).into_iter().all(well)
    }

    /// Whether the resource `server` serves the resource `served` now.
    pub(crate) fn serves(&self, server: &Key, served: &Key) -> bool {
        let server = self.observed.get(server);
        server.is_some_and(|node| self.served(&node.key, &node.attrs).contains(served))
    }

    /// What a resource with these attributes serves.
    pub(crate) fn served<'b>(&self, key: &Key, attrs: &'b Attrs) -> BTreeSet<&'b Key> {
        let serves = |name: &str| {
            self.catalogue
                .field(key.kind, name)
                .is_some_and(|field| field.serves)
        };
        let values = attrs.iter().filter(|(name, _)| serves(name));
        values.flat_map(|(_, value)| value.refs()).collect()
    }
}
