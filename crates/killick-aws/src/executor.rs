//! Carries out the steps of a plan.

use std::collections::BTreeMap;

use killick_core::{Action, FieldDiff, Key, PhysicalId, Step};
use killick_engine::{Class, Cloud, CloudError, Done, Settler};
use killick_stack::snapshot::Snapshot;
use killick_stack::{Owner, Resource, StackView, Topology};

use crate::context::{Context, Ids, RESOLVE};
use crate::dispatch;
use crate::session::Session;

/// AWS, as the engine sees it.
#[derive(Debug)]
pub struct Executor<'a> {
    session: &'a Session,
    owner: &'a Owner,
    wanted: &'a BTreeMap<Key, Resource>,
    snapshot: &'a Snapshot,
    ids: Ids,
    run: String,
}

impl<'a> Executor<'a> {
    /// `run` differs from run to run; it goes into client tokens.
    pub fn new(
        session: &'a Session,
        topology: &'a Topology,
        seen: &StackView<'a>,
        run: String,
    ) -> Self {
        let known = seen
            .identity
            .iter()
            .map(|(key, id)| (key.clone(), PhysicalId::new(id)));
        Self {
            session,
            owner: &topology.owner,
            wanted: &topology.resources,
            snapshot: seen.snapshot,
            ids: Ids::new(known.collect()),
            run,
        }
    }

    async fn create(&self, cx: &Context<'_>, step: &Step) -> Result<PhysicalId, CloudError> {
        let Some(resource) = self.wanted.get(&step.key) else {
            return Err(lost(step));
        };
        let id = dispatch::create(cx, &step.key, resource).await?;
        self.ids.set(&step.key, &id);
        let rest: Vec<FieldDiff> = step
            .changes
            .iter()
            .filter(|change| change.name != "tags")
            .cloned()
            .collect();
        dispatch::update(cx, &step.key, &id, &rest).await?;
        dispatch::ready(cx, &step.key, &id).await?;
        Ok(id)
    }
}

impl Cloud for Executor<'_> {
    async fn run(&self, step: &Step, settler: &Settler) -> Result<Done, CloudError> {
        let cx = Context {
            session: self.session,
            settler,
            owner: self.owner,
            ids: &self.ids,
            wanted: self.wanted,
            snapshot: self.snapshot,
            run: &self.run,
        };
        let id = || step.id.as_ref().ok_or_else(|| lost(step));
        match step.action {
            Action::Create => {
                let id = self.create(&cx, step).await?;
                return Ok(Done { id: Some(id) });
            }
            Action::Update | Action::Release => {
                // Traffic first: a tag that may not be written keeps no route
                // from being mended.
                dispatch::update(&cx, &step.key, id()?, &step.changes).await?;
                dispatch::ready(&cx, &step.key, id()?).await?;
                cx.tag(id()?, &step.changes).await?;
            }
            Action::Delete => {
                dispatch::delete(&cx, &step.key, id()?).await?;
                self.ids.forget(&step.key);
            }
        }
        Ok(Done::default())
    }
}

fn lost(step: &Step) -> CloudError {
    let message = format!("{} is not in the topology", step.key);
    RESOLVE.error(Class::Fatal, "UnknownResource", message)
}
