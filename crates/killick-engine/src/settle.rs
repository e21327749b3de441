//! The only place that sleeps.

use std::cell::Cell;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::pace::Pace;
use crate::{Class, CloudError, Patience};

/// What a look at something on its way showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Poll<T> {
    /// It is there.
    Ready(T),
    /// Not yet: what is seen, for the person who waits.
    Pending(String),
}

/// Which failures of a call are worth another try, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    unanswered: Option<Patience>,
    not_yet_visible: Option<Patience>,
    in_use: Option<Patience>,
}

impl Rules {
    /// For a call that only reads.
    pub const READ: Self = Self {
        unanswered: Some(Patience::UNANSWERED),
        not_yet_visible: None,
        in_use: None,
    };
    /// For a look beforehand that nothing depends on.
    pub const PROBE: Self = Self {
        unanswered: None,
        not_yet_visible: None,
        in_use: None,
    };
    /// For a writing call that may be repeated without harm.
    pub const REPEATABLE: Self = Self {
        unanswered: Some(Patience::VISIBLE),
        not_yet_visible: Some(Patience::VISIBLE),
        in_use: None,
    };
    /// For a writing call that would act twice: without an answer it is not
    /// repeated, and [`crate::create_once`] finds out what happened.
    pub const ONCE: Self = Self {
        unanswered: None,
        not_yet_visible: Some(Patience::VISIBLE),
        in_use: None,
    };

    /// The same, and waits while something still uses the resource.
    pub const fn while_in_use(mut self, patience: Patience) -> Self {
        self.in_use = Some(patience);
        self
    }

    fn patience(&self, class: Class, in_step: bool) -> Option<Patience> {
        match class {
            Class::Throttled => Some(Patience::THROTTLED),
            Class::Unreached if in_step => Some(Patience::OUTAGE),
            Class::Unreached => Some(Patience::UNREACHED),
            Class::Busy => Some(Patience::BUSY),
            Class::Unknown if in_step => self.unanswered.map(|_| Patience::OUTAGE),
            Class::Unknown => self.unanswered,
            Class::NotYetVisible => self.not_yet_visible,
            Class::StillInUse => self.in_use,
            Class::Gone | Class::Denied | Class::Fatal => None,
        }
    }
}

/// Waits and retries for one step, and says what it waits for.
#[derive(Clone)]
pub struct Settler {
    cancel: CancellationToken,
    seed: u64,
    /// How many series of waits there were: each has jitter of its own, for
    /// calls that were made together and throttled together.
    series: Rc<Cell<u64>>,
    /// How many calls were made.
    calls: Rc<Cell<u64>>,
    pace: Pace,
    /// Whether work is under way that a short outage should not undo.
    in_step: bool,
    note: Rc<dyn Fn(&str)>,
    /// When the run began.
    born: Instant,
}

/// How a wait for something ended.
pub(crate) enum Seen<T> {
    /// It is there.
    Ready(T),
    /// Its time is up; what was seen last.
    Late(String),
    /// The user asked to stop; what was seen last.
    Stopped(String),
}

impl fmt::Debug for Settler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settler")
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

impl Settler {
    /// A settler that stops waiting when `cancel` is triggered. `seed` feeds
    /// the jitter: two runs with different seeds do not march in step.
    pub fn new(cancel: CancellationToken, seed: u64) -> Self {
        Self {
            cancel,
            seed,
            series: Rc::default(),
            calls: Rc::default(),
            pace: Pace::REAL,
            in_step: false,
            note: Rc::new(|_| ()),
            born: Instant::now(),
        }
    }

    /// The same settler for a cloud whose clock runs `pace` times as fast as
    /// ours: what takes a minute there is waited for a minute of its time. A
    /// pace that no clock can have becomes the nearest that one can.
    pub fn at_pace(&self, pace: f64) -> Self {
        Self {
            pace: Pace::new(pace),
            ..self.clone()
        }
    }

    /// The same settler, reporting what it waits for to `note`.
    pub fn noting(&self, note: impl Fn(&str) + 'static) -> Self {
        Self {
            note: Rc::new(note),
            ..self.clone()
        }
    }

    /// The same settler for one step, with jitter of its own for `name`. It
    /// sits out a network that is away for a while, where a command that has
    /// yet to begin says so at once.
    pub fn for_step(&self, name: &str, note: impl Fn(&str) + 'static) -> Self {
        Self {
            seed: hashed(&(self.seed, name)),
            series: Rc::default(),
            in_step: true,
            ..self.noting(note)
        }
    }

    /// The same settler, deaf to a request to stop: for what must go on until
    /// the steps in flight have ended.
    pub fn unstoppable(&self) -> Self {
        Self {
            cancel: CancellationToken::new(),
            ..self.clone()
        }
    }

    /// Whether the user asked to stop.
    pub fn cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// How many calls it and those made from it have made, repetitions
    /// included.
    pub fn calls(&self) -> u64 {
        self.calls.get()
    }

    /// How much of the cloud's time has gone by since then.
    pub fn since(&self, then: Instant) -> Duration {
        self.pace.there(then.elapsed())
    }

    /// Ends when the user asks to stop.
    pub(crate) async fn stopped(&self) {
        self.cancel.cancelled().await;
    }

    /// Makes a call, again and again while its error is worth it. A request to
    /// stop cuts the waits between calls, never a call.
    ///
    /// # Errors
    /// The last error, when its class allows no further try, its time is up,
    /// or the user asked to stop.
    pub async fn retry<T>(
        &self,
        rules: Rules,
        mut call: impl AsyncFnMut() -> Result<T, CloudError>,
    ) -> Result<T, CloudError> {
        let mut series: Vec<(Class, Series)> = Vec::new();
        loop {
            self.calls.set(self.calls.get().wrapping_add(1));
            let error = match call().await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let Some(patience) = rules.patience(error.class, self.in_step) else {
                return Err(error);
            };
            let known = series.iter().position(|(class, _)| *class == error.class);
            let place = known.unwrap_or_else(|| {
                series.push((error.class, self.series(patience)));
                series.len() - 1
            });
            let pause = series.get_mut(place).and_then(|(_, series)| series.next());
            let Some(pause) = pause else {
                return Err(error);
            };
            (self.note)(&reason(&error));
            if !self.pause(pause).await {
                return Err(error);
            }
        }
    }

    /// Looks until something is there, its time is up, or the user asks to
    /// stop. The first look comes at once.
    ///
    /// # Errors
    /// What `look` failed with, or `late` with what was seen last.
    pub async fn until<T>(
        &self,
        patience: Patience,
        look: impl AsyncFnMut() -> Result<Poll<T>, CloudError>,
        late: impl FnOnce(&str) -> CloudError,
    ) -> Result<T, CloudError> {
        match self.watch(patience, look).await? {
            Seen::Ready(value) => Ok(value),
            Seen::Late(seen) => Err(late(&seen)),
            Seen::Stopped(seen) => Err(late(&format!("{seen}; stopped waiting on request"))),
        }
    }

    /// [`Settler::until`] for who must tell the ends apart.
    pub(crate) async fn watch<T>(
        &self,
        patience: Patience,
        mut look: impl AsyncFnMut() -> Result<Poll<T>, CloudError>,
    ) -> Result<Seen<T>, CloudError> {
        let mut series = self.series(patience);
        loop {
            let seen = match look().await? {
                Poll::Ready(value) => return Ok(Seen::Ready(value)),
                Poll::Pending(seen) => seen,
            };
            let Some(pause) = series.next() else {
                return Ok(Seen::Late(seen));
            };
            (self.note)(&seen);
            if !self.pause(pause).await {
                return Ok(Seen::Stopped(seen));
            }
        }
    }

    /// Whether the run is not that old yet.
    pub(crate) fn young(&self, age: Duration) -> bool {
        self.since(self.born) < age
    }

    /// Waits until the run is that old. False when the user asked to stop.
    pub(crate) async fn come_of_age(&self, age: Duration) -> bool {
        (self.note)("looking twice for what an earlier run may have left");
        self.pause(age.saturating_sub(self.since(self.born))).await
    }

    fn series(&self, patience: Patience) -> Series {
        let number = self.series.get();
        self.series.set(number.wrapping_add(1));
        Series {
            patience,
            seed: hashed(&(self.seed, number)),
            tries: 0,
            started: Instant::now(),
            pace: self.pace,
        }
    }

    /// Gives `work` that much of the cloud's time; `None` when it needs longer.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let limit = self.pace.here(limit);
        tokio::time::timeout(limit, work).await.ok()
    }

    /// Says what it waits for and sleeps that much of the cloud's time; false
    /// when the user asked to stop.
    pub(crate) async fn wait(&self, reason: &str, pause: Duration) -> bool {
        (self.note)(reason);
        self.pause(pause).await
    }

    /// Sleeps that much of the cloud's time; false when the user asked to stop.
    pub async fn pause(&self, pause: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.stopped() => false,
            () = tokio::time::sleep(self.pace.here(pause)) => true,
        }
    }
}

fn hashed(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn reason(error: &CloudError) -> String {
    match error.class {
        Class::Throttled => format!("{} was throttled", error.operation),
        Class::StillInUse => format!("still in use: {}", error.message),
        Class::Busy => "waiting for another change to end".to_owned(),
        Class::NotYetVisible => "waiting for AWS to show what was just made".to_owned(),
        Class::Unreached => format!("{} could not be sent", error.operation),
        _ => format!("{} had no answer", error.operation),
    }
}

/// The waits of one patience, as they come.
struct Series {
    patience: Patience,
    seed: u64,
    tries: u32,
    started: Instant,
    pace: Pace,
}

impl Series {
    /// The next wait, `None` when the time is up.
    fn next(&mut self) -> Option<Duration> {
        if self.pace.there(self.started.elapsed()) >= self.patience.total {
            return None;
        }
        self.tries += 1;
        let chance = (hashed(&(self.seed, self.tries)) % 1000) as f64 / 1000.0;
        let wait = self.patience.wait(self.tries);
        Some(wait.mul_f64(1.0 - self.patience.jitter * chance))
    }
}
