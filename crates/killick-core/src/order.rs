//! Which step waits for which: the edge rules, numbered as in docs/order.md.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use petgraph::Direction;
use petgraph::algo::{has_path_connecting, tarjan_scc, toposort, tred};
use petgraph::graph::DiGraph;

use crate::graph::{Needs, walk};
use crate::steps::Steps;
use crate::world::World;
use crate::{Action, Catalogue, Key, Observed, Step, StepIndex};

type Edge = (StepIndex, StepIndex);

/// Draws every edge that must be. Returns those that should be as long as
/// they make no cycle.
pub(crate) fn connect(world: &World<'_>, wanted: &Needs<'_>, steps: &mut Steps) -> BTreeSet<Edge> {
    let mut edges = Edges::default();
    for key in &steps.keys() {
        create_after_needs(steps, wanted, key, &mut edges);
        let gone = world.observed.refs(key).into_iter();
        for gone in gone.filter(|gone| *gone != key) {
            let delete = steps.get(Action::Delete, gone);
            // Rule 2: who refers to it goes first.
            edges.must(steps.get(Action::Delete, key), delete);
            // Rules 3 and 5: who stays lets go first, or serves it to the end.
            if !steps.serves_to_the_end(key, gone) {
                edges.must(steps.leaving(key), delete);
            }
        }
        // Rule 4: a replacement is deleted first.
        edges.must(
            steps.get(Action::Delete, key),
            steps.get(Action::Create, key),
        );
        edges.must(
            steps.get(Action::Release, key),
            steps.get(Action::Update, key),
        );
        exclusive(world, steps, key, &mut edges);
        leave_path(world, steps, wanted, key, &mut edges);
        come_to_rest(world, steps, key, &mut edges);
        serve_to_the_last(world, steps, key, &mut edges);
        hand_over(world, steps, wanted, key, &mut edges);
    }
    for (first, then) in edges.must {
        steps.dag.update_edge(first, then, ());
    }
    edges.should
}

/// Draws the edges that should be, less those that would close a cycle.
pub(crate) fn prefer(dag: &mut DiGraph<Step, ()>, edges: BTreeSet<Edge>) {
    for (first, then) in edges {
        if !has_path_connecting(&*dag, then, first, None) {
            dag.update_edge(first, then, ());
        }
    }
}

#[derive(Default)]
struct Edges {
    must: BTreeSet<Edge>,
    should: BTreeSet<Edge>,
}

impl Edges {
    fn must(&mut self, first: Option<StepIndex>, then: Option<StepIndex>) {
        self.must
            .extend(first.zip(then).filter(|(first, then)| first != then));
    }

    fn should(&mut self, first: Option<StepIndex>, then: Option<StepIndex>) {
        self.should
            .extend(first.zip(then).filter(|(first, then)| first != then));
    }
}

/// Rule 1: what it needs comes first. What needs no step is walked through,
/// so the whole path out is ready before a function is attached (rule 6).
fn create_after_needs(steps: &Steps, wanted: &Needs<'_>, key: &Key, edges: &mut Edges) {
    let taking = steps.taking(key);
    if taking.is_some() {
        for needed in walk(wanted, key, &|needed| steps.taking(needed).is_none()) {
            edges.must(steps.last(needed), taking);
        }
    }
}

/// Rule 4 between two keys: what only one can hold is let go by the one
/// before it is taken by the other.
fn exclusive(world: &World<'_>, steps: &Steps, key: &Key, edges: &mut Edges) {
    let (Some(schema), Some(want)) = (world.catalogue.get(key.kind), world.desired.get(key)) else {
        return;
    };
    for field in schema.fields.iter().filter(|field| field.exclusive) {
        let Some(value) = want
            .attrs
            .get(field.name)
            .filter(|value| !value.is_absent())
        else {
            continue;
        };
        let holds = |node: &&Observed| {
            node.key.kind == key.kind
                && node.key != *key
                && node.attrs.get(field.name) == Some(value)
        };
        for holder in world.observed.iter().filter(holds) {
            let delete = steps.get(Action::Delete, &holder.key);
            edges.must(
                delete.or_else(|| steps.leaving(&holder.key)),
                steps.taking(key),
            );
        }
    }
}

/// Rule 6: whoever uses a path leaves it before any of it is deleted, however
/// far away. For a borrowed resource that must be; the others cut a path that
/// a borrowed one may be using, which should be.
fn leave_path(world: &World<'_>, steps: &Steps, wanted: &Needs<'_>, key: &Key, edges: &mut Edges) {
    let nothing = BTreeSet::new();
    let (leaving, held) = match (steps.get(Action::Delete, key), steps.leaving(key)) {
        (Some(delete), _) => (delete, &nothing),
        (None, Some(leaving)) => (leaving, steps.held(key).unwrap_or(&nothing)),
        (None, None) => return,
    };
    let borrowed = world.catalogue.lifecycle(key.kind) == crate::Lifecycle::Borrowed;
    let wanted = walk(wanted, key, &|_| true);
    let refs = world.observed.refs(key);
    let dropped: Vec<_> = refs
        .into_iter()
        .filter(|key| !held.contains(*key))
        .collect();
    // What it needs only for the sake of what it drops; what serves that, too.
    let cut = |need: &Key| {
        dropped
            .iter()
            .any(|old| need == *old || world.serves(need, old))
    };
    for cut in world
        .present
        .get(key)
        .into_iter()
        .flatten()
        .filter(|need| cut(need))
    {
        let beyond = walk(&world.present, cut, &|_| true);
        for gone in beyond
            .into_iter()
            .chain([*cut])
            .filter(|gone| !wanted.contains(gone))
        {
            let delete = steps.get(Action::Delete, gone);
            if borrowed {
                edges.must(Some(leaving), delete);
            } else {
                edges.should(Some(leaving), delete);
            }
        }
    }
}

/// Rule 6 for who is in the middle of a change: it does not show what it still
/// uses, so everything that goes waits for it.
fn come_to_rest(world: &World<'_>, steps: &Steps, key: &Key, edges: &mut Edges) {
    let borrowed = world.catalogue.lifecycle(key.kind) == crate::Lifecycle::Borrowed;
    let changing = |node: &Observed| matches!(node.health, crate::Health::Settling(_));
    if borrowed && world.observed.get(key).is_some_and(changing) {
        for gone in &steps.keys() {
            edges.must(steps.leaving(key), steps.get(Action::Delete, gone));
        }
    }
}

/// Rule 7: who is in something lent, which stays, and is to leave it does so
/// before its server lets go of it.
fn serve_to_the_last(world: &World<'_>, steps: &Steps, key: &Key, edges: &mut Edges) {
    let update = steps.get(Action::Update, key);
    let changes = update.and_then(|update| steps.dag.node_weight(update));
    let serves = |name| world.catalogue.field(key.kind, name);
    let dropped: BTreeSet<&Key> = changes
        .into_iter()
        .flat_map(|step| &step.changes)
        .filter(|diff| serves(diff.name).is_some_and(|field| field.serves))
        .filter(|diff| diff.desired.is_absent())
        .flat_map(|diff| diff.live.refs())
        .collect();
    for user in world.observed.iter().filter(|user| user.key != *key) {
        let refs = world.observed.refs(&user.key);
        if refs.is_disjoint(&dropped) {
            continue;
        }
        if let Some(delete) = steps.get(Action::Delete, &user.key) {
            edges.must(Some(delete), update);
            continue;
        }
        let held = steps.held(&user.key);
        let left = |served: &Key| held.is_some_and(|held| !held.contains(served));
        if refs.intersection(&dropped).any(|served| left(served)) {
            let leaving = steps.leaving(&user.key);
            match world.catalogue.lifecycle(user.key.kind) {
                crate::Lifecycle::Borrowed => edges.must(leaving, update),
                _ => edges.should(leaving, update),
            }
        }
    }
}

/// Make before break for what is served: the new server takes over before the
/// old one, or what only the old one needs, is deleted.
fn hand_over(world: &World<'_>, steps: &Steps, wanted: &Needs<'_>, key: &Key, edges: &mut Edges) {
    let (Some(taking), Some(want)) = (steps.taking(key), world.desired.get(key)) else {
        return;
    };
    let served = world.served(&want.key, &want.attrs);
    let wanted = walk(wanted, key, &|_| true);
    let serves = |old: &&Observed| served.iter().any(|served| world.serves(&old.key, served));
    for old in world
        .observed
        .iter()
        .filter(|old| old.key != *key)
        .filter(serves)
    {
        let beyond = walk(&world.present, &old.key, &|_| true);
        for gone in beyond
            .into_iter()
            .chain([&old.key])
            .filter(|gone| !wanted.contains(gone))
        {
            edges.should(Some(taking), steps.get(Action::Delete, gone));
        }
    }
}

/// The keys of steps that wait for each other.
pub(crate) fn knots(dag: &DiGraph<Step, ()>) -> BTreeSet<Key> {
    tarjan_scc(dag)
        .into_iter()
        .filter(|component| component.len() > 1)
        .flatten()
        .filter_map(|index| dag.node_weight(index))
        .map(|step| step.key.clone())
        .collect()
}

/// The same order with the fewest edges, so that a reader sees what a step
/// really waits for.
pub(crate) fn reduce(dag: &mut DiGraph<Step, ()>) {
    let Ok(sorted) = toposort(&*dag, None) else {
        return;
    };
    let (adjacency, place) = tred::dag_to_toposorted_adjacency_list::<_, u32>(&*dag, &sorted);
    let (reduction, _) = tred::dag_transitive_reduction_closure(&adjacency);
    dag.retain_edges(|dag, edge| {
        let ends = dag.edge_endpoints(edge);
        let places = ends.and_then(|(from, to)| {
            place
                .get(from.index())
                .copied()
                .zip(place.get(to.index()).copied())
        });
        places.is_none_or(|(from, to)| reduction.contains_edge(from, to))
    });
}

/// One order that respects every edge: among steps that could run next, the
/// one that the catalogue names first. Steps of a cycle are left out.
pub(crate) fn execution_order(catalogue: Catalogue, dag: &DiGraph<Step, ()>) -> Vec<StepIndex> {
    let rank = |index: StepIndex| {
        let step = dag.node_weight(index)?;
        let place = catalogue.rank(step.key.kind);
        // What is taken down goes in the opposite direction.
        let place = match step.action {
            Action::Create | Action::Update => place + catalogue.0.len(),
            Action::Release | Action::Delete => catalogue.0.len() - place.min(catalogue.0.len()),
        };
        Some((place, &step.key, step.action))
    };
    let mut waiting: BTreeMap<StepIndex, usize> = dag
        .node_indices()
        .map(|index| {
            (
                index,
                dag.neighbors_directed(index, Direction::Incoming).count(),
            )
        })
        .collect();
    let mut ready: BinaryHeap<_> = waiting
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(index, _)| Reverse((rank(*index), *index)))
        .collect();
    let mut order = Vec::new();
    while let Some(Reverse((_, index))) = ready.pop() {
        order.push(index);
        for next in dag.neighbors_directed(index, Direction::Outgoing) {
            if let Some(count) = waiting.get_mut(&next) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(Reverse((rank(next), next)));
                }
            }
        }
    }
    order
}
