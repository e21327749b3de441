//! An apply as it happens.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use killick_core::Plan;
use killick_engine::Event;
use tokio::time::Instant;

use crate::report::Out;
use crate::report::paint::{bold, dim, green, red, yellow};
use killick_text::shown;

/// How often a wait that goes on is told again.
const AGAIN: Duration = Duration::from_secs(30);
/// How long a read may wait before anybody is told.
const PATIENCE: Duration = Duration::from_secs(3);
const TICK: Duration = Duration::from_millis(120);

/// Which waits are worth a line.
#[derive(Debug, Default)]
pub struct Waits {
    told: RefCell<HashMap<String, (String, Instant)>>,
    quiet_until: Option<Instant>,
}

impl Waits {
    /// For reads, where a short wait is nobody's business.
    pub fn reading() -> Self {
        Self {
            quiet_until: Instant::now().checked_add(PATIENCE),
            ..Self::default()
        }
    }

    /// Whether to tell why `who` waits: when the reason is new, and every now
    /// and then.
    pub fn worth(&self, who: &str, reason: &str) -> bool {
        let now = Instant::now();
        if self.quiet_until.is_some_and(|until| now < until) {
            return false;
        }
        let mut told = self.told.borrow_mut();
        let fresh = told
            .get(who)
            .is_none_or(|(last, at)| last != reason || now.duration_since(*at) >= AGAIN);
        if fresh {
            told.insert(who.to_owned(), (reason.to_owned(), now));
        }
        fresh
    }
}

/// Shows events: as JSON lines on standard output, as a line per running step
/// on a terminal, as plain lines elsewhere.
#[derive(Debug)]
pub struct Progress {
    out: Rc<Out>,
    shape: Shape,
    steps: usize,
    pace: f64,
    ended: RefCell<usize>,
}

#[derive(Debug)]
enum Shape {
    Json,
    Lines(Waits),
    Bars(RefCell<HashMap<String, ProgressBar>>),
}

impl Progress {
    /// The progress of one plan.
    pub fn new(out: Rc<Out>, json: bool, plan: &Plan) -> Self {
        let shape = if json {
            Shape::Json
        } else if out.watched() {
            Shape::Bars(RefCell::default())
        } else {
            Shape::Lines(Waits::default())
        };
        Self {
            out,
            shape,
            steps: plan.len(),
            pace: 1.0,
            ended: RefCell::new(0),
        }
    }

    /// The same for a cloud where that many seconds go by in one of ours:
    /// running steps tell its time.
    #[must_use]
    pub fn at_pace(self, pace: f64) -> Self {
        Self { pace, ..self }
    }

    /// Shows one event.
    pub fn show(&self, event: &Event) {
        match &self.shape {
            Shape::Json => self.out.event(event),
            Shape::Lines(waits) => self.line(event, waits),
            Shape::Bars(bars) => self.bar(event, bars),
        }
    }

    /// Takes away what is still drawn.
    pub fn end(&self) {
        if let Shape::Bars(bars) = &self.shape {
            for (_, bar) in bars.borrow_mut().drain() {
                bar.finish_and_clear();
            }
        }
    }

    fn line(&self, event: &Event, waits: &Waits) {
        match event {
            Event::Started { step } => {
                self.out
                    .note(&format!("{}   {}", dim("start"), shown(step)));
            }
            Event::Waiting { step, reason } => {
                if waits.worth(step, reason) {
                    let (step, reason) = (shown(step), shown(reason));
                    self.out
                        .note(&format!("{}    {step}: {reason}", dim("wait")));
                }
            }
            other => self.ended(other),
        }
    }

    fn bar(&self, event: &Event, bars: &RefCell<HashMap<String, ProgressBar>>) {
        match event {
            Event::Started { step } => {
                let bar = self.out.bars().add(ProgressBar::new_spinner());
                if let Ok(style) =
                    ProgressStyle::with_template("  {spinner} {prefix} {elapsed} {wide_msg}")
                {
                    let pace = self.pace;
                    let elapsed = move |state: &ProgressState, to: &mut dyn fmt::Write| {
                        let seconds = state.elapsed().as_secs_f64() * pace;
                        // Into a string: that cannot fail.
                        write!(to, "{seconds:.0}s").ok();
                    };
                    let style = style.with_key("elapsed", elapsed);
                    bar.set_style(style.tick_chars("|/-\\ "));
                }
                bar.set_prefix(shown(step));
                bar.enable_steady_tick(TICK);
                bars.borrow_mut().insert(step.clone(), bar);
            }
            Event::Waiting { step, reason } => {
                if let Some(bar) = bars.borrow().get(step) {
                    bar.set_message(shown(reason));
                }
            }
            Event::Finished { step, .. } | Event::Failed { step, .. } => {
                if let Some(bar) = bars.borrow_mut().remove(step) {
                    bar.finish_and_clear();
                }
                self.ended(event);
            }
            other => self.ended(other),
        }
    }

    /// What stays on the screen in every shape.
    fn ended(&self, event: &Event) {
        let count = || {
            let mut ended = self.ended.borrow_mut();
            *ended += 1;
            dim(format!("[{ended}/{}]", self.steps))
        };
        self.out.note(&match event {
            Event::Finished {
                step,
                physical_id,
                seconds,
            } => {
                let step = shown(step);
                let id = physical_id.as_ref().map(|id| format!(" ({})", shown(id)));
                let id = id.unwrap_or_default();
                format!("{}    {step}{id} {seconds:.1}s {}", green("done"), count())
            }
            Event::Failed { step, error } => {
                let step = shown(step);
                let (operation, code) = (error.operation, shown(&error.code));
                format!("{}  {step}: {operation}: {code} {}", red("failed"), count())
            }
            Event::Skipped { step, because } => {
                let (step, because) = (shown(step), shown(because));
                format!(
                    "{} {step}, because {because} failed {}",
                    yellow("skipped"),
                    count()
                )
            }
            Event::Interrupted { not_started } => {
                let left = not_started.len();
                format!(
                    "{}: finishing what is in flight, starting none of the other {left}; \
                     Ctrl-C again stops at once",
                    bold("interrupted")
                )
            }
            Event::Started { .. } | Event::Waiting { .. } => return,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_once_until_its_reason_changes() {
        let waits = Waits::default();
        assert!(waits.worth("a", "pending"));
        assert!(!waits.worth("a", "pending"));
        assert!(waits.worth("b", "pending"));
        assert!(waits.worth("a", "in use"));
    }

    #[test]
    fn a_short_wait_of_a_read_is_not_told() {
        assert!(!Waits::reading().worth("read", "throttled"));
    }
}
