//! What people must have been told in the end.

use std::collections::{BTreeMap, BTreeSet};

use killick_watch::{Finding, Notification, Outcome, Reach};

use super::world::hidden;

/// Follows the checks and remembers every transition.
#[derive(Default)]
pub(crate) struct Model {
    open: BTreeMap<String, Finding>,
    failures: u32,
    down: bool,
    /// The life of each finding, as `opened`, `changed critical`, `resolved`.
    pub(crate) lives: BTreeMap<String, Vec<String>>,
    /// `unreachable` and `recovered`.
    pub(crate) reach: Vec<&'static str>,
}

impl Model {
    /// A check came to this, and was written down.
    pub(crate) fn saw(&mut self, outcome: &Outcome) {
        let Outcome::Seen(look) = outcome else {
            self.failures += 1;
            if self.failures == 3 {
                self.down = true;
                self.reach.push("unreachable");
            }
            return;
        };
        if self.down {
            self.reach.push("recovered");
        }
        (self.failures, self.down) = (0, false);
        let there: BTreeSet<&String> = look.findings.iter().map(|one| &one.id).collect();
        let accepted: BTreeSet<&String> = look.accepted.iter().map(|one| &one.id).collect();
        for finding in &look.findings {
            let step = match self.open.get(&finding.id) {
                None => "opened".to_owned(),
                Some(known) if known == finding => continue,
                Some(_) => "changed".to_owned(),
            };
            let life = self.lives.entry(finding.id.clone()).or_default();
            life.push(format!("{step} {} {}", finding.severity, finding.effect));
            self.open.insert(finding.id.clone(), finding.clone());
        }
        for id in self.open.keys().cloned().collect::<Vec<_>>() {
            let seen = accepted.contains(&id) || !hidden(&self.open[&id], &look.unreadable);
            if !there.contains(&id) && seen {
                let last = self.open.remove(&id).unwrap();
                let life = self.lives.entry(id).or_default();
                life.push(format!("resolved {} {}", last.severity, last.effect));
            }
        }
    }

    /// The ids of what is open.
    pub(crate) fn open(&self) -> Vec<String> {
        self.open.keys().cloned().collect()
    }

    /// How many transitions there were.
    pub(crate) fn transitions(&self) -> usize {
        self.lives.values().map(Vec::len).sum()
    }

    /// Whether that is what was told: each transition of each finding once and
    /// in order, those that were folded counted.
    pub(crate) fn assert_told(&self, who: &str, told: &[Notification]) {
        let mut ids = BTreeSet::new();
        let mut lives: BTreeMap<String, usize> = BTreeMap::new();
        let mut reach = 0;
        for notification in told {
            for one in &notification.transitions {
                assert!(ids.insert(&one.id), "{who}: {} under two ids", one.id);
                let finding = &one.transition.finding;
                let life = self.lives.get(&finding.id);
                let life = life.unwrap_or_else(|| panic!("{who}: {} never was", finding.id));
                let place = lives.entry(finding.id.clone()).or_default();
                if let Some(folded) = &one.folded {
                    let first = &life[*place];
                    assert!(
                        first.starts_with(&folded.first),
                        "{who}: {first} {folded:?}"
                    );
                    *place += usize::try_from(folded.transitions).unwrap();
                }
                let word = one.transition.change.word();
                let step = format!("{word} {} {}", finding.severity, finding.effect);
                assert_eq!(Some(&step), life.get(*place), "{who}: {}", finding.id);
                *place += 1;
            }
            if let Some(news) = &notification.reach {
                reach += usize::try_from(news.folded).unwrap();
                let word = match news.reach {
                    Reach::Unreachable { .. } => "unreachable",
                    Reach::Recovered { .. } => "recovered",
                };
                assert_eq!(Some(&word), self.reach.get(reach), "{who}");
                reach += 1;
            }
        }
        for (id, life) in &self.lives {
            let told = lives.get(id).copied().unwrap_or_default();
            assert_eq!(told, life.len(), "{who}: {id} lived {life:?}");
        }
        assert_eq!(reach, self.reach.len(), "{who}: {:?}", self.reach);
    }
}
