//! The observed graph: what is there of a stack, in the words of its types.

use killick_core::{Desired, Graph, Health, Observed};

use crate::assessment::Assessment;
use crate::catalogue;
use crate::resource::NatGateway;
use crate::view::StackView;

impl StackView<'_> {
    /// Everything of the stack, as it is. A NAT gateway that never came up and
    /// that nobody wants is left out: there is nothing to delete, and AWS
    /// forgets it within the hour (fact sheet section 5).
    pub fn observed(&self, desired: &Graph<Desired>, assessment: &Assessment) -> Graph<Observed> {
        let forgotten = |node: &Observed| {
            let failed = matches!(node.health, Health::Broken(_));
            node.key.kind == NatGateway::KIND && failed && !desired.contains(&node.key)
        };
        let observed = catalogue::observe(self, assessment.blocking()).into_iter();
        let observed = observed.filter(|node| !forgotten(node)).map(|mut node| {
            // What it looks like is its owner's business.
            if self.identity.is_lent(&node.key) {
                node.attrs.clear();
            }
            node
        });
        let mut graph: Graph<Observed> = observed.collect();
        for key in self.identity.lent() {
            graph.lend(key.clone());
        }
        graph
    }
}
