//! What the calls of a step need: clients, ids, tags, and the settler.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;

use aws_sdk_ec2::config::http::HttpResponse;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::types::Filter;
use killick_core::{Digest, FieldDiff, Key, PhysicalId, Value};
use killick_engine::{Class, CloudError, Patience, Poll, Rules, Settler, create_once};
use killick_stack::snapshot::{NetworkInterface, Record, Snapshot, Tagged};
use killick_stack::{Owner, Resource, Tags};

use crate::call::call;
use crate::describe;
use crate::error::Operation;
use crate::limits;
use crate::session::Session;
use crate::tags::to_sdk;

/// What fails before any call is made: a key that has no id.
pub(crate) const RESOLVE: Operation = Operation::ec2("Resolve");

/// Keys to ids, as far as they are known; grows as an apply goes on.
#[derive(Debug, Default)]
pub(crate) struct Ids(RefCell<BTreeMap<Key, PhysicalId>>);

impl Ids {
    pub(crate) fn new(known: BTreeMap<Key, PhysicalId>) -> Self {
        Self(RefCell::new(known))
    }

    pub(crate) fn set(&self, key: &Key, id: &PhysicalId) {
        self.0.borrow_mut().insert(key.clone(), id.clone());
    }

    pub(crate) fn forget(&self, key: &Key) {
        self.0.borrow_mut().remove(key);
    }

    /// Whether the id is one of ours.
    pub(crate) fn holds(&self, id: &str) -> bool {
        self.0.borrow().values().any(|known| known.as_str() == id)
    }

    fn get(&self, key: &Key) -> Option<PhysicalId> {
        self.0.borrow().get(key).cloned()
    }
}

/// The surroundings of one step.
pub(crate) struct Context<'a> {
    pub(crate) session: &'a Session,
    pub(crate) settler: &'a Settler,
    pub(crate) owner: &'a Owner,
    pub(crate) ids: &'a Ids,
    /// What should be.
    pub(crate) wanted: &'a BTreeMap<Key, Resource>,
    /// What was read.
    pub(crate) snapshot: &'a Snapshot,
    /// Differs from run to run: a token that a dead resource answered to is
    /// never used again.
    pub(crate) run: &'a str,
}

impl Context<'_> {
    /// What the stack is called.
    pub(crate) fn stack(&self) -> &str {
        &self.owner.stack
    }

    /// Whether the spec asks for a function by its name or otherwise.
    pub(crate) fn wants(&self, key: &Key) -> bool {
        matches!(self.wanted.get(key), Some(Resource::Function(function)) if function.formerly.is_some())
    }

    /// Whether a function was there when everything was read.
    pub(crate) fn exists(&self, key: &Key) -> bool {
        let mut functions = self.snapshot.functions.iter();
        functions.any(|found| found.name == key.name)
    }

    /// What is written down of a function under the present name of the stack.
    pub(crate) fn record(&self, key: &Key) -> Option<&Record> {
        let mut records = self.snapshot.records.iter();
        records.find(|record| record.function == key.name && record.stack == self.owner.stack)
    }

    /// The id of a resource of this stack.
    pub(crate) fn id(&self, key: &Key) -> Result<String, CloudError> {
        match self.ids.get(key) {
            Some(id) => Ok(id.to_string()),
            None => {
                let message = format!("{key} does not exist yet");
                Err(RESOLVE.error(Class::Fatal, "NotBuilt", message))
            }
        }
    }

    /// The id that a value stands for.
    pub(crate) fn resolve(&self, value: &Value) -> Result<Option<String>, CloudError> {
        match value {
            Value::Ref(key) => self.id(key).map(Some),
            Value::Foreign(id) => Ok(Some(id.to_string())),
            _ => Ok(None),
        }
    }

    /// The ids that a set stands for.
    pub(crate) fn resolve_all(&self, value: &Value) -> Result<Vec<String>, CloudError> {
        let Value::Set(items) = value else {
            return Ok(Vec::new());
        };
        let ids: Result<Vec<_>, _> = items.iter().map(|item| self.resolve(item)).collect();
        Ok(ids?.into_iter().flatten().collect())
    }

    /// A client token: the same for every try of this step in this run, and
    /// another one for what is made in place of a failed one.
    pub(crate) fn token(&self, key: &Key, generation: usize) -> String {
        let facts = (self.run, &self.owner.stack, key, generation);
        Digest::of(&facts).map_or_else(|| self.run.to_owned(), |digest| digest.short(64).to_owned())
    }

    /// Creates what is found by its tags, and never a second one.
    pub(crate) async fn create_once<T: Tagged>(
        &self,
        key: &Key,
        find: impl AsyncFn() -> Result<Vec<T>, CloudError>,
        create: impl AsyncFnMut() -> Result<PhysicalId, CloudError>,
    ) -> Result<PhysicalId, CloudError> {
        let find = async || {
            let found = find().await?;
            Ok(found
                .iter()
                .filter(|found| self.owner.owns(key, found.tags()))
                .map(|found| PhysicalId::new(found.id()))
                .collect())
        };
        create_once(self.settler, find, create).await
    }

    /// Writes the tags that changed. Tags are an upsert: writing twice does no
    /// harm.
    pub(crate) async fn tag(
        &self,
        id: &PhysicalId,
        changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        let tags: Tags = changes
            .iter()
            .filter(|change| change.name == "tags")
            .filter_map(|change| {
                let key = change.entry.as_ref()?.as_text()?;
                Some((key.to_owned(), change.desired.as_text()?.to_owned()))
            })
            .collect();
        if tags.is_empty() {
            return Ok(());
        }
        let operation = Operation::ec2("CreateTags");
        call(self.settler, Rules::REPEATABLE, operation, async || {
            let request = self.session.ec2().create_tags().resources(id.as_str());
            request.set_tags(Some(to_sdk(&tags))).send().await
        })
        .await?;
        Ok(())
    }
}

/// The id in the answer of a create call.
pub(crate) fn made(id: Option<&str>, operation: Operation) -> Result<PhysicalId, CloudError> {
    match id {
        Some(id) if !id.is_empty() => Ok(PhysicalId::new(id)),
        _ => Err(operation.nonsense("id")),
    }
}

/// The end of a deletion: that it has ended already is no error.
pub(crate) fn gone<T>(answer: Result<T, CloudError>) -> Result<(), CloudError> {
    match answer {
        Err(error) if error.class != Class::Gone => Err(error),
        _ => Ok(()),
    }
}

impl Context<'_> {
    /// Looks until something is ready.
    pub(crate) async fn until<T>(
        &self,
        patience: Patience,
        operation: &'static str,
        look: impl AsyncFnMut() -> Result<Poll<T>, CloudError>,
    ) -> Result<T, CloudError> {
        let late = |seen: &str| Operation::ec2(operation).error(Class::Fatal, "StillWaiting", seen);
        self.settler.until(patience, look, late).await
    }

    /// Deletes what network interfaces may sit in. Those of AWS Lambda outlive
    /// their function's config by up to 45 minutes and go by themselves; what
    /// else sits there is named.
    pub(crate) async fn delete_held<E>(
        &self,
        operation: Operation,
        held_by: Filter,
        mut send: impl AsyncFnMut() -> Result<(), SdkError<E, HttpResponse>>,
    ) -> Result<(), CloudError>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let first = call(self.settler, Rules::REPEATABLE, operation, &mut send).await;
        let error = match gone(first) {
            Err(error) if error.class == Class::StillInUse => error,
            end => return end,
        };
        let filters = vec![held_by];
        let holders =
            describe::network_interfaces(self.session.reader(), self.settler, filters.clone());
        let holders = holders.await?;
        // Long waiting is for what goes by itself: beside anything else there
        // is no use in it.
        let patience = match !holders.is_empty() && holders.iter().all(is_lambda) {
            true => limits::LAMBDA_INTERFACE,
            false => limits::IN_USE,
        };
        let last = RefCell::new(error);
        let look = async || {
            let error =
                match gone(call(self.settler, Rules::REPEATABLE, operation, &mut send).await) {
                    Ok(()) => return Ok(Poll::Ready(())),
                    Err(error) if error.class == Class::StillInUse => error,
                    Err(error) => return Err(error),
                };
            last.replace(error);
            let filters = filters.clone();
            let holders =
                describe::network_interfaces(self.session.reader(), self.settler, filters).await?;
            Ok(Poll::Pending(holders_text(&holders)))
        };
        let late = |seen: &str| {
            let mut error = last.borrow().clone();
            error.message = format!("{}; {seen}", error.message);
            error
        };
        self.settler.until(patience, look, late).await
    }
}

fn is_lambda(interface: &NetworkInterface) -> bool {
    interface.kind == "lambda" || interface.description.starts_with("AWS Lambda VPC ENI")
}

fn holders_text(holders: &[NetworkInterface]) -> String {
    let others = holders.iter().filter(|one| !is_lambda(one));
    let others: Vec<String> = others
        .map(|one| match one.description.as_str() {
            "" => one.id.clone(),
            text => format!("{} ({text})", one.id),
        })
        .collect();
    if !others.is_empty() {
        return format!("still used by {}", others.join(", "));
    }
    match holders.len() {
        0 => "something still uses it".to_owned(),
        count => format!(
            "AWS Lambda still holds {count} network interface(s); it lets go within 45 minutes"
        ),
    }
}
