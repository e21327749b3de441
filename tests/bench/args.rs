//! The command line.

use std::net::SocketAddr;
use std::time::Duration;

use crate::Result;

pub(crate) const USAGE: &str = "\
usage: bench [--runs N] [--delay-ms MS]

  --runs N       measured runs of each command, after one to warm up (default 11)
  --delay-ms MS  how long each AWS call takes (default 80)
";

/// What to do.
pub(crate) enum Mode {
    Help,
    Bench(Args),
    /// The bench starts itself like this, to measure a process that does next to nothing.
    Probe {
        address: SocketAddr,
        waves: Vec<usize>,
    },
}

pub(crate) struct Args {
    pub(crate) runs: usize,
    pub(crate) delay: Duration,
}

pub(crate) fn parse(mut given: impl Iterator<Item = String>) -> Result<Mode> {
    let mut args = Args {
        runs: 11,
        delay: Duration::from_millis(80),
    };
    while let Some(name) = given.next() {
        let mut value = || given.next().ok_or(format!("{name} needs a value"));
        match name.as_str() {
            "-h" | "--help" => return Ok(Mode::Help),
            "--runs" => args.runs = value()?.parse()?,
            "--delay-ms" => args.delay = Duration::from_millis(value()?.parse()?),
            "--probe" => {
                let address = value()?.parse()?;
                let sizes = value()?;
                let waves = sizes
                    .split(',')
                    .map(str::parse)
                    .collect::<std::result::Result<_, _>>();
                let waves = waves?;
                return Ok(Mode::Probe { address, waves });
            }
            other => return Err(format!("there is no option {other}\n\n{USAGE}").into()),
        }
    }
    if args.runs == 0 {
        return Err("--runs must be at least 1".into());
    }
    Ok(Mode::Bench(args))
}
