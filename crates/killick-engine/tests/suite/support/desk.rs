//! A store for one lock, and the desk from which each run calls it: with
//! calls that take their time, fail, or go on when nobody waits any more.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use killick_engine::{Class, CloudError, Entry, Holder, LockStore, Taker};
use tokio::time::{Instant, sleep};

use super::error;

/// When every test begins: 2026-11-22T12:03:10Z.
pub(crate) const BEGIN: u64 = 1_795_348_990;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Read,
    ReadVersion,
    Create,
    Replace,
    /// A replace by a record that says that nobody holds it.
    Free,
    Delete,
}

/// What becomes of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fate {
    /// How long it takes to be sent, to get there, and to come back.
    pub(crate) pause: Duration,
    pub(crate) there: Duration,
    pub(crate) back: Duration,
    /// Whether it happens.
    pub(crate) acts: bool,
    /// What is told instead of the result.
    pub(crate) fails: Option<Class>,
}

impl Fate {
    pub(crate) const GOOD: Self = Self {
        pause: Duration::ZERO,
        there: Duration::from_millis(100),
        back: Duration::from_millis(100),
        acts: true,
        fails: None,
    };
    /// It happened, but nobody was told.
    pub(crate) const UNTOLD: Self = Self {
        fails: Some(Class::Unknown),
        ..Self::GOOD
    };
    /// It did not happen, and nobody was told.
    pub(crate) const NOTHING: Self = Self::refused(Class::Unknown);

    pub(crate) const fn refused(class: Class) -> Self {
        Self {
            acts: false,
            fails: Some(class),
            ..Self::GOOD
        }
    }

    pub(crate) const fn there(self, there: Duration) -> Self {
        Self { there, ..self }
    }
}

/// All versions of the entry, and when it was written or deleted.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) texts: Vec<String>,
    pub(crate) writes: Vec<Instant>,
}

impl Table {
    fn at(&self, version: u64) -> Option<Entry> {
        let place = usize::try_from(version).unwrap().checked_sub(1)?;
        let text = self.texts.get(place)?.clone();
        Some(Entry { text, version })
    }

    pub(crate) fn version(&self) -> u64 {
        self.texts.len() as u64
    }

    pub(crate) fn newest(&self) -> Option<Entry> {
        self.at(self.version())
    }

    /// Whether it is there and says that nobody holds it.
    pub(crate) fn is_free(&self) -> bool {
        self.newest().is_some_and(|entry| is_free(&entry.text))
    }

    pub(crate) fn write(&mut self, text: &str) -> u64 {
        self.writes.push(Instant::now());
        self.texts.push(text.to_owned());
        self.version()
    }

    pub(crate) fn delete(&mut self) {
        self.writes.push(Instant::now());
        self.texts.clear();
    }
}

fn is_free(text: &str) -> bool {
    Holder::read(text).is_some_and(|holder| holder.is_free())
}

type Deed = Box<dyn FnOnce(&mut Table)>;

/// One run's way to the table.
pub(crate) struct Desk {
    pub(crate) table: Rc<RefCell<Table>>,
    fate: Box<dyn Fn(Op) -> Fate>,
    /// Fates of the next calls of a kind, before those that `fate` tells.
    next: RefCell<Vec<(Op, Fate)>>,
    /// What others do just before the next call of a kind gets there.
    before: RefCell<Vec<(Op, Deed)>>,
    /// Until when every call fails, and with what.
    down: Cell<Option<(Instant, Class)>>,
    pub(crate) calls: RefCell<Vec<Op>>,
}

impl Desk {
    pub(crate) fn new(table: &Rc<RefCell<Table>>) -> Self {
        Self::with(table, |_| Fate::GOOD)
    }

    pub(crate) fn with(table: &Rc<RefCell<Table>>, fate: impl Fn(Op) -> Fate + 'static) -> Self {
        Self {
            table: Rc::clone(table),
            fate: Box::new(fate),
            next: RefCell::default(),
            before: RefCell::default(),
            down: Cell::default(),
            calls: RefCell::default(),
        }
    }

    /// Another run's way to the same table.
    pub(crate) fn other(&self) -> Self {
        Self::new(&self.table)
    }

    pub(crate) fn next(self, op: Op, fate: Fate) -> Self {
        self.plan(op, fate);
        self
    }

    pub(crate) fn plan(&self, op: Op, fate: Fate) {
        self.next.borrow_mut().push((op, fate));
    }

    pub(crate) fn before(&self, op: Op, deed: impl FnOnce(&mut Table) + 'static) {
        self.before.borrow_mut().push((op, Box::new(deed)));
    }

    pub(crate) fn down(&self, time: Duration, class: Class) {
        self.down.set(Some((Instant::now() + time, class)));
    }

    pub(crate) fn count(&self, op: Op) -> usize {
        self.calls.borrow().iter().filter(|&&it| it == op).count()
    }

    fn fate(&self, op: Op) -> Fate {
        let mut next = self.next.borrow_mut();
        let planned = next.iter().position(|(it, _)| *it == op);
        let fate = planned.map_or_else(|| (self.fate)(op), |place| next.remove(place).1);
        match self.down.get() {
            Some((until, class)) if Instant::now() < until => Fate::refused(class),
            _ => fate,
        }
    }

    async fn call<T: 'static>(
        &self,
        op: Op,
        act: impl FnOnce(&mut Table) -> T + 'static,
    ) -> Result<T, CloudError> {
        let mut fate = self.fate(op);
        sleep(fate.pause).await;
        self.calls.borrow_mut().push(op);
        // Whose cable is cut during the pause has still not sent it.
        if fate.pause > Duration::ZERO && self.fate(op).fails.is_some() {
            fate = Fate::NOTHING;
        }
        let deed = {
            let mut before = self.before.borrow_mut();
            let planned = before.iter().position(|(it, _)| *it == op);
            planned.map(|place| before.remove(place).1)
        };
        let table = Rc::clone(&self.table);
        // It goes on when the caller is gone.
        let under_way = tokio::task::spawn_local(async move {
            sleep(fate.there).await;
            let mut table = table.borrow_mut();
            if let Some(deed) = deed {
                deed(&mut table);
            }
            fate.acts.then(|| act(&mut table))
        });
        let done = under_way.await.unwrap();
        sleep(fate.back).await;
        match fate.fails {
            Some(class) => Err(error(class)),
            None => Ok(done.unwrap()),
        }
    }
}

impl LockStore for Desk {
    async fn read(&self) -> Result<Option<Entry>, CloudError> {
        self.call(Op::Read, |table| table.newest()).await
    }

    async fn read_version(&self, version: u64) -> Result<Option<Entry>, CloudError> {
        let act = move |table: &mut Table| table.at(version);
        self.call(Op::ReadVersion, act).await
    }

    async fn create(&self, text: &str) -> Result<Option<u64>, CloudError> {
        let text = text.to_owned();
        let act = move |table: &mut Table| table.texts.is_empty().then(|| table.write(&text));
        self.call(Op::Create, act).await
    }

    async fn replace(&self, text: &str) -> Result<u64, CloudError> {
        let text = text.to_owned();
        let op = if is_free(&text) {
            Op::Free
        } else {
            Op::Replace
        };
        let act = move |table: &mut Table| table.write(&text);
        self.call(op, act).await
    }

    async fn delete(&self) -> Result<(), CloudError> {
        self.call(Op::Delete, Table::delete).await
    }
}

pub(crate) fn taker(who: &str) -> Taker {
    Taker {
        who: who.to_owned(),
        host: "build-7".to_owned(),
        process: 4711,
        command: "apply".to_owned(),
    }
}

/// The cloud's clock, in whole seconds.
pub(crate) fn clock() -> impl Fn() -> u64 {
    let began = Instant::now();
    move || BEGIN + began.elapsed().as_secs()
}
