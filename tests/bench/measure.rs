//! Whole processes, as the kernel accounts for them.

use std::fs::File;
use std::io::{Read, Seek};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use crate::Result;
use crate::proxy::Proxy;
use crate::traffic::Traffic;

/// One run of a process.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    wall: Duration,
    /// User and system time of the process and all it waited for.
    cpu: Duration,
    /// The largest resident set, in bytes. The kernel counts from the moment of the fork, so this is
    /// never less than what the bench itself holds: keep the bench small.
    memory: u64,
    pub(crate) traffic: Traffic,
}

/// The runs of one command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Series(pub(crate) Vec<Sample>);

/// Runs `command`, which asks `proxy` and must end well.
pub(crate) fn run(mut command: Command, proxy: &Proxy) -> Result<Sample> {
    // Files and not pipes: nobody has to read them while the clock runs.
    let mut output: File = tempfile::tempfile()?;
    command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output.try_clone()?);
    proxy.traffic();
    let start = Instant::now();
    let used = command.spawn()?.wait4()?;
    let wall = start.elapsed();
    if !used.status.success() {
        let mut text = String::new();
        output.rewind()?;
        output.read_to_string(&mut text)?;
        return Err(format!("{command:?} ended with {}\n{text}", used.status).into());
    }
    Ok(Sample {
        wall,
        cpu: used.rusage.utime + used.rusage.stime,
        memory: used.rusage.maxrss,
        traffic: proxy.traffic(),
    })
}

/// The middle one of several figures, and the outermost two.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// Of a figure that does not vary.
    #[allow(
        clippy::cast_precision_loss,
        reason = "a run makes fewer than 2^52 calls"
    )]
    pub(crate) fn single(count: usize) -> Self {
        let (median, min, max) = (count as f64, count as f64, count as f64);
        Self { median, min, max }
    }
}

impl Series {
    /// Seconds from start to end.
    pub(crate) fn wall(&self) -> Spread {
        self.spread(|sample| sample.wall.as_secs_f64())
    }

    /// Seconds of CPU time.
    pub(crate) fn cpu(&self) -> Spread {
        self.spread(|sample| sample.cpu.as_secs_f64())
    }

    /// Megabytes.
    #[allow(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
    pub(crate) fn memory(&self) -> Spread {
        self.spread(|sample| sample.memory as f64 / 1e6)
    }

    /// The traffic of the run that had most of it.
    pub(crate) fn traffic(&self) -> Traffic {
        let most = self.0.iter().map(|sample| &sample.traffic);
        let most = most.max_by_key(|traffic| (traffic.waves.len(), traffic.calls));
        most.cloned().unwrap_or_default()
    }

    /// Answers that had to be learned while the clock ran.
    pub(crate) fn learned(&self) -> usize {
        self.0.iter().map(|sample| sample.traffic.learned).sum()
    }

    fn spread(&self, figure: impl Fn(&Sample) -> f64) -> Spread {
        let mut all: Vec<f64> = self.0.iter().map(figure).collect();
        all.sort_by(f64::total_cmp);
        let at = |place: usize| all.get(place).copied().unwrap_or_default();
        let last = all.len().saturating_sub(1);
        Spread {
            // Of an even number, the mean of the two in the middle.
            median: f64::midpoint(at(last / 2), at(last - last / 2)),
            min: at(0),
            max: at(last),
        }
    }
}
