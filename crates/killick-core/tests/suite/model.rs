//! A small AWS: it executes steps one at a time and refuses what AWS refuses.

use std::collections::{BTreeMap, BTreeSet};

use killick_core::{
    Action, Attrs, Desired, FieldDiff, Graph, Health, Key, Lifecycle, Observed, Plan, Step,
    StepIndex, Value, What,
};

use crate::world::{Case, id_of, refs};

/// The world between two steps.
#[derive(Clone, Debug)]
pub(crate) struct Model<'a> {
    case: &'a Case,
    plan: &'a Plan,
    nodes: BTreeMap<Key, Observed>,
    strict: bool,
    made: usize,
}

impl<'a> Model<'a> {
    /// The world before the first step.
    pub(crate) fn new(case: &'a Case, plan: &'a Plan) -> Self {
        let nodes = case
            .observed
            .iter()
            .map(|node| (node.key.clone(), node.clone()))
            .collect();
        Self {
            case,
            plan,
            nodes,
            strict: false,
            made: 1,
        }
    }

    /// The same, where no order excuses leaving a borrowed resource on a path
    /// that is being deleted.
    pub(crate) fn strict(self) -> Self {
        Self {
            strict: true,
            ..self
        }
    }

    /// What a describe wave would read now.
    pub(crate) fn observed(&self) -> Graph<Observed> {
        let mut graph: Graph<Observed> = self.nodes.values().cloned().collect();
        for node in self.nodes.values() {
            if self.case.observed.is_lent(&node.key) {
                graph.lend(node.key.clone());
            }
        }
        graph
    }

    /// Does what a step says, or says why AWS would not.
    pub(crate) fn execute(&mut self, index: StepIndex) -> Result<(), String> {
        let step = self.plan.step(index).ok_or("no such step")?;
        if self.case.lent(&step.key) {
            return Err(format!("{}: it is lent", step.id()));
        }
        let done = match step.action {
            Action::Create => self.create(step),
            Action::Delete => self.delete(step),
            Action::Update | Action::Release => self.change(step),
        };
        done.map_err(|why| format!("{}: {why}", step.id()))
    }

    fn create(&mut self, step: &Step) -> Result<(), String> {
        if self.nodes.contains_key(&step.key) {
            return Err("it exists".to_owned());
        }
        if self.case.lifecycle(&step.key) == Lifecycle::Borrowed {
            return Err("not ours to create".to_owned());
        }
        self.made += 1;
        let node = Observed {
            key: step.key.clone(),
            id: id_of(&step.key, self.made),
            health: Health::Ready,
            attrs: Attrs::new(),
        };
        self.nodes.insert(step.key.clone(), node);
        self.put(step)
    }

    fn change(&mut self, step: &Step) -> Result<(), String> {
        let node = self.nodes.get_mut(&step.key).ok_or("it does not exist")?;
        if Some(&node.id) != step.id.as_ref() {
            return Err("another one than the plan saw".to_owned());
        }
        if step.changes.is_empty() {
            return Err("it changes nothing".to_owned());
        }
        if matches!(node.health, Health::Settling(_)) {
            match step.changes.iter().any(|diff| diff.name == "state") {
                true => node.health = Health::Ready,
                false if step.action == Action::Release => {}
                false => return Err("does not wait until it is ready".to_owned()),
            }
        }
        for change in step.changes.iter().filter(|diff| diff.name != "state") {
            let live = value_at(&node.attrs, change);
            // Who served it before may have let go since.
            if live != change.live && !self.case.serves(&step.key, change.name) {
                return Err(format!("{} is {live}, not {}", change.path(), change.live));
            }
            if change.guard.is_some()
                && !self.case.policy.prune
                && self.case.desired.contains(&step.key)
            {
                return Err(format!("{} is guarded", change.path()));
            }
        }
        self.nobody_is_left_behind(step)?;
        self.put(step)?;
        if step.action == Action::Update && self.case.lifecycle(&step.key) == Lifecycle::Borrowed {
            self.path_is_ready(&step.key)?;
        }
        Ok(())
    }

    /// Who is to leave what the step no longer serves, and stays served
    /// elsewhere or not at all, has left it.
    fn nobody_is_left_behind(&self, step: &Step) -> Result<(), String> {
        let (now, then) = (self.leans_now(), self.needs_then());
        let drops =
            |diff: &&FieldDiff| self.case.serves(&step.key, diff.name) && diff.desired.is_absent();
        for dropped in step
            .changes
            .iter()
            .filter(drops)
            .flat_map(|diff| diff.live.refs())
        {
            for func in self
                .nodes
                .values()
                .filter(|node| self.case.borrowed(&node.key))
            {
                let direct = refs(&func.attrs).contains(dropped);
                let path = closure(&now, &func.key);
                let used = direct || (self.strict && path.contains(dropped));
                if used && !closure(&then, &func.key).contains(dropped) {
                    return Err(format!("{} is left behind in {dropped}", func.key));
                }
            }
        }
        Ok(())
    }

    /// Sets what a step changes; then what AWS insists on must hold.
    fn put(&mut self, step: &Step) -> Result<(), String> {
        for change in step.changes.iter().filter(|diff| diff.name != "state") {
            if self.case.serves(&step.key, change.name) && !change.desired.is_absent() {
                let member = change
                    .entry
                    .as_ref()
                    .ok_or("a whole set of what it serves")?;
                for other in self.nodes.values_mut() {
                    let serves = self.case.serves(&other.key, change.name);
                    if let Some(Value::Set(served)) = other.attrs.get_mut(change.name)
                        && serves
                    {
                        served.remove(member);
                    }
                }
            }
            let node = self.nodes.get_mut(&step.key).ok_or("it does not exist")?;
            set_at(&mut node.attrs, change);
        }
        let node = &self.nodes[&step.key];
        for key in refs(&node.attrs) {
            if !self.nodes.contains_key(&key) {
                return Err(format!("{key} does not exist"));
            }
        }
        let fields = self.case.catalogue.get(step.key.kind).unwrap().fields;
        for field in fields.iter().filter(|field| field.exclusive) {
            let value = node.attrs.get(field.name).unwrap_or(&Value::Absent);
            let mut others = self.nodes.values().filter(|other| {
                other.key.kind == step.key.kind
                    && other.key != step.key
                    && !value.is_absent()
                    && other.attrs.get(field.name) == Some(value)
            });
            if let Some(other) = others.next() {
                return Err(format!("{} holds {} {value}", other.key, field.name));
            }
        }
        Ok(())
    }

    fn delete(&mut self, step: &Step) -> Result<(), String> {
        let key = &step.key;
        let node = self.nodes.get(key).ok_or("it does not exist")?;
        if Some(&node.id) != step.id.as_ref() {
            return Err("another one than the plan saw".to_owned());
        }
        match self.case.lifecycle(key) {
            Lifecycle::Borrowed => return Err("not ours to delete".to_owned()),
            Lifecycle::Kept if !self.case.policy.release_kept => {
                return Err("it is kept".to_owned());
            }
            _ => {}
        }
        // Who serves it stops with its end.
        let user = self
            .nodes
            .values()
            .find(|node| node.key != *key && self.uses(node, key));
        if let Some(user) = user {
            return Err(format!("{} uses it", user.key));
        }
        let changing = |node: &&Observed| matches!(node.health, Health::Settling(_));
        let borrowed = |node: &&Observed| self.case.borrowed(&node.key);
        if let Some(func) = self.nodes.values().filter(borrowed).find(changing) {
            return Err(format!("{} may still use it", func.key));
        }
        let now = self.leans_now();
        let then = self.needs_then();
        for func in self.nodes.keys().filter(|key| self.case.borrowed(key)) {
            let path = closure(&now, func);
            let path_then = closure(&then, func);
            if path.contains(key)
                && !path_then.contains(key)
                && (self.strict || self.could_be_cut(&path, &path_then, key))
            {
                return Err(format!("{func} leans on it"));
            }
        }
        self.nodes.remove(key);
        for node in self.nodes.values_mut() {
            let other = node.key.clone();
            for (name, value) in &mut node.attrs {
                if let Value::Set(served) = value
                    && self.case.serves(&other, name)
                {
                    served.remove(&Value::Ref(key.clone()));
                }
            }
        }
        Ok(())
    }

    /// Whether a node refers to a key otherwise than by serving it.
    fn uses(&self, node: &Observed, key: &Key) -> bool {
        let mut fields = node.attrs.iter();
        fields
            .any(|(name, value)| !self.case.serves(&node.key, name) && value.refs().contains(&key))
    }

    /// What each node will need: what is desired, and what is left alone.
    fn needs_then(&self) -> Needs {
        let then = self.case.then();
        let mut nodes: Vec<(Key, Attrs)> = then
            .map(|(key, attrs)| (key.clone(), attrs.clone()))
            .collect();
        for (key, diff) in &self.plan.left_alone {
            for (_, attrs) in nodes.iter_mut().filter(|(other, _)| other == key) {
                set_at(
                    attrs,
                    &FieldDiff {
                        desired: diff.live.clone(),
                        ..diff.clone()
                    },
                );
            }
        }
        needs(self.case, nodes.iter().map(|(key, attrs)| (key, attrs)))
    }

    /// What each node stands on now. Who serves does not stand on what it
    /// serves.
    fn leans_now(&self) -> Needs {
        let nodes = self.nodes.values().map(|node| (&node.key, &node.attrs));
        let mut leans = needs(self.case, nodes);
        for node in self.nodes.values() {
            for served in served(self.case, &node.key, &node.attrs) {
                leans.entry(node.key.clone()).or_default().remove(&served);
            }
        }
        leans
    }

    /// Whether the path to what is deleted could have been cut before: not if
    /// whoever is on it, or serves it next, itself waits for the deletion, nor
    /// if it leads through something lent that nobody serves next.
    fn could_be_cut(&self, path: &BTreeSet<Key>, path_then: &BTreeSet<Key>, gone: &Key) -> bool {
        let served = served(self.case, gone, &self.nodes[gone].attrs);
        if served.is_empty() {
            return true;
        }
        let serves_next =
            |node: &&Desired| !served.is_disjoint(&self::served(self.case, &node.key, &node.attrs));
        let next = self.case.desired.iter().filter(serves_next);
        let forsaken = |key: &&Key| {
            let serves =
                |node: &Desired| self::served(self.case, &node.key, &node.attrs).contains(*key);
            self.case.lent(key) && path_then.contains(*key) && !self.case.desired.iter().any(serves)
        };
        if served.intersection(path).any(|key| forsaken(&key)) {
            return false;
        }
        let others: BTreeSet<&Key> = path
            .iter()
            .chain(next.map(|node| &node.key))
            .filter(|key| *key != gone)
            .collect();
        let delete = format!("delete {gone}");
        !self
            .plan
            .steps()
            .filter(|(_, step)| others.contains(&step.key))
            .any(|(index, _)| {
                let before = waits_for(self.plan, index);
                before
                    .into_iter()
                    .any(|before| self.plan.step(before).unwrap().id() == delete)
            })
    }

    /// Whether a difference is an entry for what is served until it goes.
    fn serves_to_the_end(&self, key: &Key, diff: &FieldDiff) -> bool {
        let gone = |entry: &Value| {
            entry
                .refs()
                .iter()
                .all(|key| !self.case.desired.contains(key))
        };
        self.case.serves(key, diff.name)
            && diff.desired.is_absent()
            && diff.entry.as_ref().is_some_and(gone)
    }

    /// Everything that a borrowed resource needs is there and as desired.
    fn path_is_ready(&self, key: &Key) -> Result<(), String> {
        let wanted = needs(self.case, self.case.then());
        let path = closure(&wanted, key);
        for delta in self.case.diff(&self.observed()) {
            let matters = match &delta.what {
                What::Missing | What::Extra | What::Broken(..) => true,
                what => what
                    .fields()
                    .iter()
                    .any(|diff| diff.guard.is_none() && !self.serves_to_the_end(&delta.key, diff)),
            };
            if matters && (path.contains(&delta.key) || delta.key == *key) {
                return Err(format!("attached before {} is as desired", delta.key));
            }
        }
        Ok(())
    }
}

/// The value at the place that a difference names.
pub(crate) fn value_at(attrs: &Attrs, change: &FieldDiff) -> Value {
    let value = attrs.get(change.name).cloned().unwrap_or(Value::Absent);
    match (&change.entry, value) {
        (None, value) => value,
        (Some(entry), Value::Set(items)) => items.get(entry).cloned().unwrap_or(Value::Absent),
        (Some(Value::Text(name)), Value::Map(items)) => {
            items.get(name).cloned().unwrap_or(Value::Absent)
        }
        _ => Value::Absent,
    }
}

fn set_at(attrs: &mut Attrs, change: &FieldDiff) {
    let gone = change.desired.is_absent();
    let Some(entry) = &change.entry else {
        attrs.insert(change.name, change.desired.clone());
        return;
    };
    let schema = if let Value::Text(_) = entry {
        Value::Map(BTreeMap::new())
    } else {
        Value::Set(BTreeSet::new())
    };
    match (attrs.entry(change.name).or_insert(schema), entry) {
        (Value::Set(items), member) if gone => {
            items.remove(member);
        }
        (Value::Set(items), member) => {
            items.insert(member.clone());
        }
        (Value::Map(items), Value::Text(name)) if gone => {
            items.remove(name);
        }
        (Value::Map(items), Value::Text(name)) => {
            items.insert(name.clone(), change.desired.clone());
        }
        _ => {}
    }
}

/// By key, what a resource stands on.
pub(crate) type Needs = BTreeMap<Key, BTreeSet<Key>>;

/// What a resource with these attributes serves.
fn served(case: &Case, key: &Key, attrs: &Attrs) -> BTreeSet<Key> {
    let values = attrs.iter().filter(|(name, _)| case.serves(key, name));
    values
        .flat_map(|(_, value)| value.refs())
        .cloned()
        .collect()
}

/// What each node refers to, and who serves that.
pub(crate) fn needs<'a>(case: &Case, nodes: impl Iterator<Item = (&'a Key, &'a Attrs)>) -> Needs {
    let nodes: Vec<_> = nodes
        .map(|(key, attrs)| (key, refs(attrs), served(case, key, attrs)))
        .collect();
    let mut needs: Needs = nodes
        .iter()
        .map(|(key, refs, _)| ((*key).clone(), refs.clone()))
        .collect();
    for (server, _, served) in &nodes {
        // Who serves does not wait for the others that serve the same.
        for (user, refs, _) in nodes.iter().filter(|(.., serves)| serves.is_empty()) {
            if user != server && !served.is_disjoint(refs) {
                needs
                    .entry((*user).clone())
                    .or_default()
                    .insert((*server).clone());
            }
        }
    }
    needs
}

/// Everything a node needs, directly or through others.
pub(crate) fn closure(needs: &Needs, key: &Key) -> BTreeSet<Key> {
    let mut seen = BTreeSet::new();
    let mut open = vec![key.clone()];
    while let Some(next) = open.pop() {
        for need in needs.get(&next).into_iter().flatten() {
            if need != key && seen.insert(need.clone()) {
                open.push(need.clone());
            }
        }
    }
    seen
}

/// All that a step waits for, directly or through others.
pub(crate) fn waits_for(plan: &Plan, index: StepIndex) -> BTreeSet<StepIndex> {
    let mut seen = BTreeSet::new();
    let mut open = plan.after(index);
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(plan.after(next));
        }
    }
    seen
}
