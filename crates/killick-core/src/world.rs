//! What a plan is made from, and the questions asked of it.

use std::collections::BTreeSet;

use crate::graph::{Needs, lent, needs, walk};
use crate::{Attrs, Catalogue, Desired, Graph, Health, Key, Lifecycle, Observed};

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
        let nodes = observed.iter().map(|have| (&have.key, &have.attrs));
        let present = needs(catalogue, nodes);
        Self {
            catalogue,
            desired,
            observed,
            present,
        }
    }

    /// What each resource will need: what is ours as it should be, what is lent
    /// as it is.
    pub(crate) fn wanted(&self) -> Needs<'a> {
        let (desired, observed) = (self.desired, self.observed);
        let ours = desired.iter().map(|want| (&want.key, &want.attrs));
        let theirs = observed.iter().map(|have| (&have.key, &have.attrs));
        let ours = ours.filter(|(key, _)| !self.lent(key));
        let theirs = theirs.filter(|(key, _)| self.lent(key));
        needs(self.catalogue, ours.chain(theirs))
    }

    /// Whether a resource is somebody else's, whatever its kind says.
    pub(crate) fn lent(&self, key: &Key) -> bool {
        lent(self.desired, self.observed, key)
    }

    /// Who makes and who ends a resource; what is lent is made by others.
    pub(crate) fn lifecycle(&self, key: &Key) -> Lifecycle {
        match self.lent(key) {
            true => Lifecycle::Borrowed,
            false => self.catalogue.lifecycle(key.kind),
        }
    }

    /// Whether a resource is wanted and works, with all that it needs, and
    /// stays so. What is lent stays, wanted or not.
    pub(crate) fn works(&self, key: &Key, going: &BTreeSet<&Key>) -> bool {
        let well = |key: &Key| {
            !going.contains(key)
                && (self.desired.contains(key) || self.lent(key))
                && self
                    .observed
                    .get(key)
                    .is_some_and(|node| node.health == Health::Ready)
        };
        self.desired.contains(key)
            && well(key)
            && walk(&self.present, key, &|_| true).into_iter().all(well)
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
