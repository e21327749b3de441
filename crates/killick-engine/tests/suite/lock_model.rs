//! Whatever the delays, faults, kills and clocks, never two at once; and nobody
//! loses the lock to another, but only to a hand or to time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::support::desk::{BEGIN, Desk, Fate, Op, Table, taker};
use crate::support::{paused, secs};
use killick_engine::{CancellationToken, Class, Holder, Lock, LockError, Lost, Settler};
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep};

const ACTORS: usize = 3;
const LIVES: u64 = 100;
/// How long each life is.
const HOURS: u64 = 2;

/// The same numbers for the same seed (a multiplier, and the high bits).
struct Chance(Cell<u64>);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(Cell::new(seed.wrapping_mul(2).wrapping_add(1)))
    }

    fn below(&self, end: u64) -> u64 {
        let mut mixed = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(mixed);
        mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        (mixed ^ (mixed >> 32)) % end.max(1)
    }

    fn percent(&self, share: u64) -> bool {
        self.below(100) < share
    }

    fn up_to(&self, seconds: u64) -> Duration {
        Duration::from_millis(self.below(seconds * 1000))
    }

    fn delay(&self, longest: u64) -> Duration {
        match self.below(100) {
            0 => self.up_to(longest),
            1..=9 => self.up_to(10),
            _ => self.up_to(1),
        }
    }

    fn fate(&self, op: Op) -> Fate {
        // What ends a lock hits somebody else if it is later than the skew.
        let ends = matches!(op, Op::Free | Op::Delete);
        let longest = if ends { 50 } else { 250 };
        let fate = Fate {
            pause: self.delay(400),
            there: self.delay(longest),
            back: self.delay(100),
            ..Fate::GOOD
        };
        let (acts, fails) = match self.below(100) {
            0..=3 => (true, Some(Class::Unknown)),
            4..=7 => (false, Some(Class::Unknown)),
            8 => (false, Some(Class::Throttled)),
            9 => (false, Some(Class::Denied)),
            _ => (true, None),
        };
        Fate {
            acts,
            fails,
            ..fate
        }
    }
}

/// How often what happened.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    taken: u32,
    kept_long: u32,
    lost: u32,
    broken: u32,
    killed: u32,
    held_by_others: u32,
    failed: u32,
}

struct World {
    seed: u64,
    began: Instant,
    table: Rc<RefCell<Table>>,
    /// Whether somebody breaks locks by hand. Nobody lets one go then: what is
    /// already on its way when the lock is broken and taken hits the next one.
    by_hand: bool,
    holds: RefCell<[bool; ACTORS]>,
    /// Who holds it and was broken by hand, and which versions did that.
    broken: RefCell<[bool; ACTORS]>,
    hands: RefCell<Vec<u64>>,
    tally: Cell<Tally>,
}

impl World {
    fn believe(&self, actor: usize, holder: &Holder) {
        let texts = &self.table.borrow().texts;
        let place = texts.iter().position(|text| *text == holder.text());
        let last = self.hands.borrow().last().copied();
        let (mut holds, mut broken) = (self.holds.borrow_mut(), self.broken.borrow_mut());
        holds[actor] = true;
        // Version 1 is at place 0.
        broken[actor] = place.is_some_and(|place| last > Some(place as u64 + 1));
        let many = (0..ACTORS).filter(|&it| holds[it] && !broken[it]).count();
        let (seed, at) = (self.seed, self.began.elapsed());
        assert!(many < 2, "seed {seed}: {holds:?} {broken:?} after {at:?}");
    }

    /// What `unlock` does, at one stroke.
    fn unlock(&self) {
        let mut table = self.table.borrow_mut();
        let newest = table
            .newest()
            .map(|entry| Holder::read(&entry.text).unwrap());
        if let Some(holder) = newest.filter(|holder| !holder.is_free()) {
            let free = Holder {
                expires: 0,
                ..holder
            };
            self.hands.borrow_mut().push(table.write(&free.text()));
            *self.broken.borrow_mut() = [true; ACTORS];
        }
    }

    fn count(&self, what: impl FnOnce(&mut Tally)) {
        let mut tally = self.tally.get();
        what(&mut tally);
        self.tally.set(tally);
    }
}

async fn session(world: &World, actor: usize, number: u64, chance: &Rc<Chance>, skew: u64) {
    let fates = Rc::clone(chance);
    let desk = Desk::with(&world.table, move |op| fates.fate(op));
    let clock = || BEGIN + skew + world.began.elapsed().as_secs() - 30;
    let settler = Settler::new(CancellationToken::new(), number);
    let timeout = secs([0, 30, 900][chance.below(3) as usize]);
    let who = taker(&format!("actor {actor}"));
    let nonce = format!("{actor}/{number}");
    let lock = match Lock::take(&desk, &settler, &clock, who, &nonce, timeout).await {
        Ok(lock) => lock,
        Err(LockError::Held(_)) => return world.count(|tally| tally.held_by_others += 1),
        Err(_) => return world.count(|tally| tally.failed += 1),
    };
    world.count(|tally| tally.taken += 1);
    world.believe(actor, lock.holder());
    let work = async {
        sleep(chance.up_to(500)).await;
        if chance.percent(25) {
            desk.down(chance.up_to(600), Class::Unknown);
        }
        sleep(chance.up_to(700)).await;
    };
    let began = Instant::now();
    let lost = tokio::select! {
        biased;
        lost = lock.keep() => Some(lost),
        () = work => None,
    };
    world.holds.borrow_mut()[actor] = false;
    if began.elapsed() > secs(400) {
        world.count(|tally| tally.kept_long += 1);
    }
    if lost.is_some() {
        world.count(|tally| tally.lost += 1);
    }
    if lost == Some(Lost::Broken) {
        let (seed, broken) = (world.seed, world.broken.borrow()[actor]);
        assert!(
            broken,
            "seed {seed}: {actor} after {:?}",
            world.began.elapsed()
        );
        world.count(|tally| tally.broken += 1);
    }
    if !world.by_hand && (lost.is_none() || chance.percent(50)) {
        let _ = match chance.percent(10) {
            true => lock.remove().await,
            false => lock.release().await,
        };
    }
}

async fn actor(world: Rc<World>, actor: usize) {
    let chance = Rc::new(Chance::new(world.seed * ACTORS as u64 + actor as u64));
    let skew = [0, 60, chance.below(61)][chance.below(3) as usize];
    for number in 0.. {
        sleep(chance.up_to(60)).await;
        if world.began.elapsed() > secs(HOURS * 3600) {
            return;
        }
        let end = match chance.percent(30) {
            true => chance.up_to(900),
            false => secs(u64::from(u32::MAX)),
        };
        tokio::select! {
            biased;
            () = session(&world, actor, number, &chance, skew) => {}
            () = sleep(end) => {
                world.holds.borrow_mut()[actor] = false;
                world.count(|tally| tally.killed += 1);
            }
        }
    }
}

async fn hand(world: Rc<World>) {
    let chance = Chance::new(world.seed);
    while world.by_hand && world.began.elapsed() < secs(HOURS * 3600) {
        // Who was broken before has noticed.
        sleep(secs(400) + chance.up_to(800)).await;
        world.unlock();
    }
}

fn life(seed: u64) -> Tally {
    paused(LocalSet::new().run_until(async {
        let world = Rc::new(World {
            seed,
            began: Instant::now(),
            table: Rc::default(),
            by_hand: seed % 2 == 1,
            holds: RefCell::default(),
            broken: RefCell::default(),
            hands: RefCell::default(),
            tally: Cell::default(),
        });
        let actors = (0..ACTORS).map(|number| actor(Rc::clone(&world), number));
        let actors: Vec<_> = actors.map(tokio::task::spawn_local).collect();
        tokio::task::spawn_local(hand(Rc::clone(&world)));
        for actor in actors {
            actor.await.unwrap();
        }
        world.tally.get()
    }))
}

#[test]
fn never_do_two_believe_that_they_hold_it() {
    let mut sum = Tally::default();
    for seed in 0..LIVES {
        let tally = life(seed);
        sum.taken += tally.taken;
        sum.kept_long += tally.kept_long;
        sum.lost += tally.lost;
        sum.broken += tally.broken;
        sum.killed += tally.killed;
        sum.held_by_others += tally.held_by_others;
        sum.failed += tally.failed;
    }
    // Everything that may happen did, and the lock is of use.
    let lives = LIVES as u32;
    let enough = sum.taken > 4 * lives && sum.kept_long > lives / 2 && sum.killed > lives;
    let lost = sum.lost > sum.broken + lives / 10 && sum.broken > lives / 10;
    assert!(enough && lost, "{sum:?}");
    assert!(sum.held_by_others > lives && sum.failed > lives, "{sum:?}");
}
