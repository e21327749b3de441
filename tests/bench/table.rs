//! The figures on the screen: measured, allowed, and how they stand to each other.

use std::time::Duration;

use crate::Result;
use crate::args::Args;
use crate::measure::{Series, Spread};

/// One line of a table.
struct Figure {
    name: &'static str,
    unit: Unit,
    spread: Spread,
    /// What the number alone does not say.
    more: String,
}

#[derive(Clone, Copy)]
enum Unit {
    Seconds,
    Megabytes,
    Count,
}

impl Unit {
    fn show(self, size: f64) -> String {
        match self {
            Self::Seconds => format!("{size:.3} s"),
            Self::Megabytes => format!("{size:.1} MB"),
            Self::Count => size.to_string(),
        }
    }
}

/// What is compared: wall, CPU, peak memory, calls, waves.
fn figures(series: &Series) -> [Figure; 5] {
    let traffic = series.traffic();
    let sizes: Vec<String> = traffic.waves.iter().map(usize::to_string).collect();
    let sizes = match sizes.len() {
        ..=4 => format!("({})", sizes.join(" + ")),
        _ => String::new(),
    };
    let timed = |name, unit, spread: Spread| Figure {
        name,
        unit,
        spread,
        more: match unit {
            Unit::Megabytes => format!("({:.1} to {:.1})", spread.min, spread.max),
            _ => format!("({:.3} to {:.3})", spread.min, spread.max),
        },
    };
    let counted = |name, count, more| Figure {
        name,
        unit: Unit::Count,
        spread: Spread::single(count),
        more,
    };
    let peak = format!("({} at once)", traffic.peak);
    [
        timed("wall", Unit::Seconds, series.wall()),
        timed("CPU", Unit::Seconds, series.cpu()),
        timed("peak memory", Unit::Megabytes, series.memory()),
        counted("calls", traffic.calls, peak),
        counted("waves", traffic.waves.len(), sizes),
    ]
}

/// What `plan` and `drift` of the two-zone stack may cost, in the order of [`figures`]: two round trips
/// and 60 ms for all that killick does itself, and so on.
fn budgets(delay: Duration) -> [f64; 5] {
    let wall = 2 * delay + Duration::from_millis(60);
    [wall.as_secs_f64(), 0.05, 20.0, 14.0, 2.0]
}

/// The text so far, and what is over its budget.
pub(crate) struct Report {
    text: String,
    budgets: [f64; 5],
    floor: [f64; 5],
    over: Vec<String>,
}

impl Report {
    /// Begins with the probe, which all else is held against.
    pub(crate) fn new(args: &Args, probe: &Series) -> Self {
        let (delay, runs) = (args.delay.as_millis(), args.runs);
        let mut report = Self {
            text: format!(
                "two zones, one function, in sync; each AWS call takes {delay} ms; {runs} runs after a \
                 warm-up\nthe median (and the smallest and largest); counts are those of the busiest run\n"
            ),
            budgets: budgets(args.delay),
            floor: figures(probe).map(|figure| figure.spread.median),
            over: Vec::new(),
        };
        report.line("\nbare probe: the same calls as plain GETs", ["", "", ""]);
        for figure in figures(probe) {
            report.line(&figure.shown(), ["", "", ""]);
        }
        report.traffic(probe);
        report
    }

    /// One command of killick.
    pub(crate) fn command(&mut self, name: &str, series: &Series) {
        self.line(&format!("\n{name}"), ["budget", "of budget", "of probe"]);
        let held = self.budgets.into_iter().zip(self.floor);
        for (figure, (budget, floor)) in figures(series).into_iter().zip(held) {
            let ratio = figure.spread.median / budget;
            if ratio > 1.0 {
                let figure = figure.name;
                self.over
                    .push(format!("{name}: {figure}, {ratio:.2} of its budget"));
            }
            let floor = figure.spread.median / floor;
            let columns = [
                &figure.unit.show(budget),
                &format!("{ratio:.2}"),
                &format!("{floor:.2}"),
            ];
            self.line(&figure.shown(), columns.map(String::as_str));
        }
        self.traffic(series);
    }

    /// The whole text; the last word is what is over.
    pub(crate) fn finish(self) -> String {
        let verdict = match self.over.is_empty() {
            true => "all within budget".to_owned(),
            false => format!("over budget:\n  {}", self.over.join("\n  ")),
        };
        format!("{}\n{verdict}\n", self.text)
    }

    /// What has no budget.
    fn traffic(&mut self, series: &Series) {
        let connections = series.traffic().connections;
        self.line(
            &format!("  {:<14}{connections}", "connections"),
            ["", "", ""],
        );
        if series.learned() > 0 {
            let late = format!("  {} answers had to be learned: too slow", series.learned());
            self.line(&late, ["", "", ""]);
        }
    }

    fn line(&mut self, shown: &str, [budget, ratio, floor]: [&str; 3]) {
        // The line break at the front of a title takes no room.
        let width = 46 + shown.len() - shown.trim_start_matches('\n').len();
        let line = format!("{shown:<width$}{budget:>10}{ratio:>12}{floor:>11}");
        self.text += &format!("{}\n", line.trim_end());
    }
}

impl Figure {
    fn shown(&self) -> String {
        let size = self.unit.show(self.spread.median);
        format!("  {:<14}{size:<10} {}", self.name, self.more)
            .trim_end()
            .to_owned()
    }
}

/// Terraform's figures over those of `killick plan`, or why there are none.
pub(crate) fn beside(terraform: Result<Option<Series>>, plan: &Series) -> String {
    let terraform = match terraform {
        Ok(Some(terraform)) => terraform,
        Ok(None) => return "terraform: not installed, skipped".to_owned(),
        Err(error) => return format!("terraform: skipped, {error}"),
    };
    let mut text = format!("{:<46}{:>22}", "terraform plan -refresh", "of killick plan");
    for (theirs, ours) in figures(&terraform).into_iter().zip(figures(plan)) {
        let ratio = theirs.spread.median / ours.spread.median;
        text += &format!("\n{:<46}{ratio:>22.1}", theirs.shown());
    }
    // The kernel gives the largest of all processes, and terraform runs its provider as one of its own.
    text + "\n  peak memory is that of the larger of its two processes"
}
