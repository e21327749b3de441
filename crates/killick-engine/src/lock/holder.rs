//! Who holds a lock: as text in the store, and for a person.

use std::fmt;

use killick_text::{clean, same_day, time_of_day, utc};
use serde::Deserialize;
use serde_json::json;

use super::limit::{LOCK_LIFE, LOCK_SKEW};

/// The only format there is so far.
const FORMAT: u64 = 1;

/// No name is shown longer than this.
const LONGEST: usize = 64;

/// Who wants the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taker {
    /// The person or role.
    pub who: String,
    /// The machine.
    pub host: String,
    /// The process id on that machine.
    pub process: u32,
    /// What it does: `apply`.
    pub command: String,
}

/// Who holds the lock, and for how long; or, with [`Holder::is_free`], who held
/// it last.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Holder {
    /// Tells this hold from every other one.
    pub nonce: String,
    /// The person or role.
    pub who: String,
    /// The machine.
    pub host: String,
    /// The process id on that machine.
    pub process: u32,
    /// What it does: `apply`.
    pub command: String,
    /// When it was taken, in seconds since 1970.
    pub taken: u64,
    /// Until when it is held if it is not renewed, in seconds since 1970; 0 when
    /// nobody holds it.
    pub expires: u64,
}

#[derive(Deserialize)]
struct Format {
    format: u64,
}

impl Holder {
    pub(super) fn new(taker: Taker, nonce: String, now: u64) -> Self {
        Self {
            nonce,
            who: taker.who,
            host: taker.host,
            process: taker.process,
            command: taker.command,
            taken: now,
            expires: 0,
        }
        .renewed(now)
    }

    /// The same, held for a whole life from now on.
    pub(super) fn renewed(&self, now: u64) -> Self {
        Self {
            expires: now.saturating_add(LOCK_LIFE.as_secs()),
            ..self.clone()
        }
    }

    /// The same, after it was let go.
    pub(super) fn freed(&self) -> Self {
        Self {
            expires: 0,
            ..self.clone()
        }
    }

    /// Free, and nobody knows since whom.
    pub(super) fn nobody() -> Self {
        Self {
            nonce: String::new(),
            who: String::new(),
            host: String::new(),
            process: 0,
            command: String::new(),
            taken: 0,
            expires: 0,
        }
    }

    /// Whether nobody holds it.
    pub fn is_free(&self) -> bool {
        self.expires == 0
    }

    /// As it is stored: JSON with the number of its format.
    pub fn text(&self) -> String {
        json!({
            "format": FORMAT,
            "nonce": self.nonce,
            "who": self.who,
            "host": self.host,
            "process": self.process,
            "command": self.command,
            "taken": self.taken,
            "expires": self.expires,
        })
        .to_string()
    }

    /// What [`Holder::text`] wrote; `None` when it is something else.
    pub fn read(text: &str) -> Option<Self> {
        let Format { format } = serde_json::from_str(text).ok()?;
        (format == FORMAT).then(|| serde_json::from_str(text).ok())?
    }

    /// Whether another one may take it over at that time, in seconds since
    /// 1970.
    pub(super) fn expired(&self, now: u64) -> bool {
        now >= self.expires.saturating_add(LOCK_SKEW.as_secs())
    }

    /// Whether it is that long over that nothing older can be in force, not
    /// even when it was a whole life under way.
    pub(super) fn long_expired(&self, now: u64) -> bool {
        self.expired(now.saturating_sub(LOCK_LIFE.as_secs()))
    }

    fn since(&self) -> String {
        match same_day(self.taken, self.expires) {
            true => format!("{} UTC", time_of_day(self.taken)),
            false => utc(self.taken),
        }
    }
}

/// For a person: `alice on build-7 (process 4711, apply), since 12:03:10 UTC,
/// until 12:08:10 UTC`.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} on {} (process {}, {}), since {}, until {} UTC",
            plain(&self.who),
            plain(&self.host),
            self.process,
            plain(&self.command),
            self.since(),
            time_of_day(self.expires),
        )
    }
}

/// What somebody else has written goes to a terminal.
fn plain(name: &str) -> String {
    clean(name).chars().take(LONGEST).collect()
}

/// Who is in the way, as far as can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occupant {
    /// A run of killick.
    Holder(Holder),
    /// What the entry says is in no format that is known here: its text.
    Unreadable(String),
    /// Somebody who was faster at the same moment.
    Rival,
}

impl Occupant {
    pub(super) fn read(text: &str) -> Self {
        match Holder::read(text) {
            Some(holder) => Self::Holder(holder),
            None => Self::Unreadable(text.to_owned()),
        }
    }

    /// For a person who waits: what does not change with every renewal.
    pub(super) fn brief(&self) -> String {
        match self {
            Self::Holder(holder) => format!(
                "{} on {} since {}",
                plain(&holder.who),
                plain(&holder.host),
                holder.since()
            ),
            Self::Unreadable(_) => "a newer version or something else".to_owned(),
            Self::Rival => "another run that was faster".to_owned(),
        }
    }
}

impl fmt::Display for Occupant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holder(holder) => holder.fmt(f),
            Self::Unreadable(_) => f.write_str(
                "an entry that this version of killick cannot read; \
                 `unlock` overwrites it if nobody is at work",
            ),
            Self::Rival => f.write_str("another run that took it at the same moment"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder() -> Holder {
        let taker = Taker {
            who: "alice".to_owned(),
            host: "build-7".to_owned(),
            process: 4711,
            command: "apply".to_owned(),
        };
        Holder::new(taker, "n1".to_owned(), 1_795_348_990)
    }

    #[test]
    fn a_holder_for_a_person() {
        let mut holder = holder();
        assert_eq!(
            holder.to_string(),
            "alice on build-7 (process 4711, apply), since 12:03:10 UTC, until 12:08:10 UTC"
        );
        holder.taken -= 86_400;
        holder.who = format!("a\u{1b}[2J\u{202e}\u{200b}\u{e0041}l{}", "x".repeat(999));
        let text = holder.to_string();
        assert!(text.contains("since 2026-11-21T12:03:10Z"), "{text}");
        assert!(!text.contains('\u{1b}') && text.len() < 200, "{text}");
        assert!(!text.contains(killick_text::is_hidden), "{text}");
    }

    #[test]
    fn a_holder_is_read_as_it_was_written() {
        let text = holder().text();
        assert_eq!(
            text,
            "{\"command\":\"apply\",\"expires\":1795349290,\"format\":1,\"host\":\"build-7\",\
             \"nonce\":\"n1\",\"process\":4711,\"taken\":1795348990,\"who\":\"alice\"}"
        );
        assert_eq!(Holder::read(&text), Some(holder()));
        for (was, is) in [("\"format\":1", "\"format\":2"), ("4711", "-1"), ("}", "")] {
            assert_eq!(Holder::read(&text.replace(was, is)), None);
        }
        for foreign in ["", "locked", "{}", "{\"format\":1}", "[1]"] {
            assert_eq!(Holder::read(foreign), None);
        }
    }

    #[test]
    fn a_free_record_says_who_held_it_last_if_that_is_known() {
        assert!(!holder().is_free() && holder().freed().is_free());
        assert_eq!(holder().freed().renewed(1_795_348_990), holder());
        for free in [holder().freed(), Holder::nobody()] {
            assert_eq!(Holder::read(&free.text()), Some(free));
        }
    }

    #[test]
    fn no_time_is_too_far_away() {
        let mut holder = holder();
        holder.expires = u64::MAX;
        assert!(!holder.expired(1_795_348_990));
        assert_eq!(holder.renewed(u64::MAX).expires, u64::MAX);
        assert!(holder.to_string().len() < 200);
    }
}
