//! What happens to a stack in a week.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use killick_finding::Severity;
use killick_watch::{
    Accepted, Boxed, CancellationToken, Chance, Check, Clock, Finding, Outcome, Unread,
};

use super::{below, finding, look, percent, unread};

/// Lives on from one watch to the next.
#[derive(Clone)]
pub(crate) struct World(Rc<RefCell<Inner>>);

struct Inner {
    chance: Chance,
    wrong: BTreeMap<u64, Finding>,
    accepted: Vec<u64>,
    unreadable: Vec<Unread>,
    /// How many of the next checks come to nothing.
    throttled: u64,
    failing: u64,
    calm: bool,
    looks: u64,
    running: u32,
    /// What the last look showed, until somebody takes it.
    last: Option<Outcome>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            chance: Chance::new(seed),
            wrong: BTreeMap::new(),
            accepted: Vec::new(),
            unreadable: Vec::new(),
            throttled: 0,
            failing: 0,
            calm: false,
            looks: 0,
            running: 0,
            last: None,
        })))
    }

    /// From now on nothing happens any more.
    pub(crate) fn calm(&self) {
        let mut inner = self.0.borrow_mut();
        inner.calm = true;
        (inner.throttled, inner.failing) = (0, 0);
        inner.unreadable.clear();
    }

    /// What the last check came to.
    pub(crate) fn last(&self) -> Option<Outcome> {
        self.0.borrow_mut().last.take()
    }

    /// How often somebody looked.
    pub(crate) fn looks(&self) -> u64 {
        self.0.borrow().looks
    }

    /// The ids of what is wrong and not accepted, as it is.
    pub(crate) fn wrong(&self) -> Vec<String> {
        let inner = self.0.borrow();
        let told = inner
            .wrong
            .iter()
            .filter(|(id, _)| !inner.accepted.contains(id));
        told.map(|(_, finding)| finding.id.clone()).collect()
    }

    pub(crate) fn check(&self, clock: &Clock) -> Box<dyn Check> {
        Box::new(Looker {
            world: self.clone(),
            clock: clock.clone(),
        })
    }
}

impl Inner {
    fn live(&mut self) {
        if self.calm {
            return;
        }
        let chance = &mut self.chance;
        if percent(chance, 8) {
            let id = below(chance, 40);
            let severity = Severity::ALL[usize::try_from(below(chance, 3)).unwrap()];
            let effect = format!("effect {} & <more>", below(chance, 3));
            self.wrong.insert(id, finding(id, severity, &effect));
        }
        if percent(chance, 8) {
            let id = below(chance, 40);
            self.wrong.remove(&id);
        }
        if percent(chance, 2) {
            let id = below(chance, 40);
            self.accepted.push(id);
        }
        if percent(chance, 2) {
            self.accepted.clear();
        }
        if percent(chance, 3) {
            let kind = ["route_table", "nat_gateway", "function", "vpc"]
                [usize::try_from(below(chance, 4)).unwrap()];
            let field =
                [None, Some("routes"), Some("subnets")][usize::try_from(below(chance, 3)).unwrap()];
            self.unreadable.push(unread(kind, field));
        }
        if percent(chance, 6) {
            self.unreadable.clear();
        }
        if percent(chance, 1) {
            self.throttled = below(chance, 6);
        }
        if percent(chance, 1) {
            self.failing = below(chance, 8);
        }
    }

    fn outcome(&mut self, at: u64) -> Outcome {
        if self.failing > 0 {
            self.failing -= 1;
            return match self.failing % 2 {
                0 => Outcome::BadSpec {
                    message: "line 3: unknown key".to_owned(),
                },
                _ => Outcome::Failed {
                    message: "DescribeVpcs failed".to_owned(),
                    hint: None,
                },
            };
        }
        if self.throttled > 0 {
            self.throttled -= 1;
            return Outcome::Throttled {
                retry_after: None,
                message: "RequestLimitExceeded".to_owned(),
            };
        }
        let mut seen = look(Vec::new());
        seen.at = at;
        seen.unreadable = self.unreadable.clone();
        for (id, finding) in &self.wrong {
            if self.accepted.contains(id) {
                seen.accepted.push(Accepted {
                    id: finding.id.clone(),
                    reason: None,
                    until: None,
                });
            } else if !hidden(finding, &self.unreadable) {
                seen.findings.push(finding.clone());
            }
        }
        Outcome::Seen(seen)
    }
}

/// The rule once more, in other words than those of the product.
pub(crate) fn hidden(finding: &Finding, unreadable: &[Unread]) -> bool {
    let (kind, _) = finding.key.split_once('/').unwrap();
    let field = finding
        .field
        .as_deref()
        .map(|field| field.split('.').next().unwrap());
    unreadable.iter().any(|one| match &one.field {
        None => one.kind == kind || finding.needs.contains(&one.kind),
        Some(blind) => one.kind == kind && field == Some(blind),
    })
}

struct Looker {
    world: World,
    clock: Clock,
}

impl Check for Looker {
    fn name(&self) -> &str {
        "killick.toml"
    }

    fn check<'a>(&'a mut self, _: &'a CancellationToken) -> Boxed<'a, Outcome> {
        Box::pin(async move {
            let takes = {
                let mut inner = self.world.0.borrow_mut();
                inner.looks += 1;
                inner.running += 1;
                assert_eq!(inner.running, 1, "two checks at a time");
                below(&mut inner.chance, 40)
            };
            let _running = Running(self.world.clone());
            tokio::time::sleep(Duration::from_secs(takes)).await;
            let mut inner = self.world.0.borrow_mut();
            inner.live();
            let outcome = inner.outcome(self.clock.now());
            inner.last = Some(outcome.clone());
            outcome
        })
    }
}

struct Running(World);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.borrow_mut().running -= 1;
    }
}
