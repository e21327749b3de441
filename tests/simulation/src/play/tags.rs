//! What people do to tags: they take them off, copy them, and put them right
//! when killick asks for it.

use std::time::Duration;

use killick_sim::{Place, Tags};

use super::Player;
use crate::hand::Hand;
use crate::invariant::identities;
use crate::neighbour::belongings;
use crate::run::Ran;

/// The tags that say whose a thing is.
const IDENTITY: [&str; 2] = ["killick:stack", "killick:key"];

impl Player {
    /// Takes the tags off one thing of the stack.
    pub(super) async fn strip(&mut self, which: u8, name: bool) {
        let mut all = self.own();
        if all.is_empty() {
            return;
        }
        let (id, tags) = all.swap_remove(usize::from(which) % all.len());
        let mut gone = IDENTITY.to_vec();
        gone.extend(name.then_some("Name"));
        self.untag(&id, &gone);
        let key = tags.get("killick:key").cloned().unwrap_or_default();
        self.report
            .story
            .push(format!("  {gone:?} taken off {id} ({key})"));
        self.stripped.push((id, tags));
        // What changed in the same moment nobody could have seen.
        tokio::time::sleep(Duration::from_secs(5)).await;
    }

    /// Copies the tags of one thing of the stack to the neighbour's, if that has
    /// one of the kind.
    pub(super) async fn copy(&mut self, which: u8) {
        let mut all = self.own();
        if all.is_empty() {
            return;
        }
        let (from, tags) = all.swap_remove(usize::from(which) % all.len());
        let kind = from.split('-').next().unwrap_or_default().to_owned();
        let neighbour = self.neighbour.clone();
        let theirs = self.line.place(|place, _| {
            let things = tagged(place).into_iter();
            let mut things = things.filter(|(id, _)| id.starts_with(&kind));
            things.find(|(id, _)| {
                let kinds = neighbour.as_object().into_iter().flatten();
                kinds.into_iter().any(|(_, rows)| rows.get(id).is_some())
            })
        });
        let Some((to, had)) = theirs.filter(|(id, _)| self.copied.iter().all(|(one, _)| one != id))
        else {
            return;
        };
        let identity = IDENTITY.map(|tag| (tag.to_owned(), tags[tag].clone()));
        self.tag(&to, &identity.into());
        self.report
            .story
            .push(format!("  tags of {from} copied to the neighbour's {to}"));
        self.copied.push((to, had));
        tokio::time::sleep(Duration::from_secs(5)).await;
    }

    /// Somebody notices the copies, and takes them back.
    pub(super) async fn notice(&mut self) {
        let copied = std::mem::take(&mut self.copied);
        for (id, had) in &copied {
            self.untag(id, &IDENTITY);
            self.tag(id, had);
        }
        if !copied.is_empty() {
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
    }

    /// Where killick cannot know what is the stack's, the user says so by tags.
    pub(super) async fn consent(&mut self, ran: &Ran) {
        let asked = ["nothing proves", "claims to be the same one"];
        if ran.code != Some(4) || !asked.iter().any(|text| ran.stderr.contains(text)) {
            return;
        }
        self.notice().await;
        for (id, tags) in std::mem::take(&mut self.stripped) {
            if ran.stderr.contains(&id) {
                self.report.story.push(format!("  {id} is tagged again"));
                self.tag(&id, &tags);
            }
        }
        tokio::time::sleep(Duration::from_secs(10)).await;
    }

    /// All that carries the stack's tags, with all of its tags.
    fn own(&mut self) -> Vec<(String, Tags)> {
        let stacks = self.stacks();
        let copied = self.copied.clone();
        self.line.place(|place, _| {
            let ids = stacks.iter().flat_map(|stack| identities(place, stack));
            let ids: Vec<String> = ids.flat_map(|(_, ids)| ids).collect();
            let mut all = tagged(place);
            all.retain(|(id, tags)| {
                let whole = IDENTITY.iter().all(|tag| tags.contains_key(*tag));
                whole && ids.contains(id) && copied.iter().all(|(other, _)| other != id)
            });
            all
        })
    }

    fn tag(&self, id: &str, tags: &Tags) {
        let mut params = vec![("ResourceId.1".to_owned(), id.to_owned())];
        for (at, (key, value)) in (1..).zip(tags) {
            params.push((format!("Tag.{at}.Key"), key.clone()));
            params.push((format!("Tag.{at}.Value"), value.clone()));
        }
        if !tags.is_empty() {
            self.tagging("CreateTags", &params);
        }
    }

    fn untag(&self, id: &str, tags: &[&str]) {
        let mut params = vec![("ResourceId.1".to_owned(), id.to_owned())];
        for (at, key) in (1..).zip(tags) {
            params.push((format!("Tag.{at}.Key"), (*key).to_owned()));
        }
        self.tagging("DeleteTags", &params);
    }

    fn tagging(&self, action: &str, params: &[(String, String)]) {
        let params: Vec<(&str, &str)> = params
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.line.with(|sim, now| {
            // It may be gone by now.
            Hand { sim, now }.ec2(action, &params);
        });
    }
}

/// Everything that has tags, with them.
fn tagged(place: &Place) -> Vec<(String, Tags)> {
    let all = belongings(place);
    let rows = all.as_object().into_iter().flatten();
    let rows = rows.filter_map(|(_, rows)| rows.as_object()).flatten();
    let tags = rows.filter_map(|(id, row)| {
        let tags = serde_json::from_value(row.get("tags")?.clone()).ok()?;
        Some((id.clone(), tags))
    });
    tags.collect()
}
