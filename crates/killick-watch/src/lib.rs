//! Looks at stacks again and again, and tells people what changed.
//!
//! What a look is comes from outside, as a [`Check`]; whom to tell is a
//! [`Target`]. In between: [`Every`] says when to look next, [`transitions`]
//! what is different from the last look, [`State`] what must survive a restart.

mod board;
mod clock;
mod finding;
mod line;
pub mod metrics;
mod notification;
pub mod notify;
mod outbox;
mod serve;
mod spec_file;
mod state;
mod transition;
mod watch;

use std::pin::Pin;

pub use board::{Board, Health};
pub use clock::{Chance, Clock, Every, EveryError, Rhythm};
pub use finding::{Accepted, Finding, Look, Outcome, Repair, Unread};
pub use killick_engine::CancellationToken;
pub use line::Verdict;
pub use notification::{Folded, Notification, Reach, ReachNews, Stack, Told};
pub use notify::{SendError, Target};
pub use outbox::{COALESCE_AT, Outbox, Pending};
pub use serve::Listener;
pub use spec_file::{Loaded, SpecFile};
pub use state::{Absorbed, State, StateError, Store, Streak, Watched};
pub use transition::{Before, Held, Known, Transition, TransitionKind, replay, transitions};
pub use watch::{Check, Ending, Options, WatchError, run};

/// A future of a trait that is used as an object; one thread runs everything.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
