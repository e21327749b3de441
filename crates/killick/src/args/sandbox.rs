//! Arguments of what works on a simulated AWS.

use std::path::PathBuf;

use clap::Subcommand;

use super::SPEC;

/// Where a sandbox is kept unless the user says otherwise.
pub const FILE: &str = ".killick/sandbox.json";

/// How many of its seconds go by in one of ours: a NAT gateway comes up in
/// half a second, and Lambda gives its interfaces back in some ten.
pub const PACE: f64 = 200.0;

/// What works on a simulated AWS.
#[derive(Clone, Debug, Subcommand)]
pub enum Simulated {
    /// Play the whole story in a simulated AWS
    ///
    /// Runs plan, apply, drift, ips and destroy on a spec that comes with killick, and breaks
    /// something on the way. The simulated AWS is part of this process and gone afterwards: no
    /// account, no credentials and no file of yours has a part in it.
    Demo(Demo),
    /// Serve, change or remove the simulated AWS that --sandbox uses
    ///
    /// It knows EC2 networking, Lambda, STS and SSM as far as killick needs them, and is kept in
    /// a file. Its time stands still while nobody uses it.
    Sandbox(Sandbox),
}

/// Arguments of `demo`.
#[derive(Clone, Debug, clap::Args)]
pub struct Demo {
    /// How many simulated seconds go by in a second
    #[arg(long, value_name = "N", default_value_t = PACE, value_parser = speed)]
    pub speed: f64,
}

/// Arguments of `sandbox`.
#[derive(Clone, Debug, clap::Args)]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Sandbox {
    /// Where it is kept; .killick/sandbox.json unless given
    #[arg(long, global = true, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// What to do with it.
    #[command(subcommand)]
    pub command: SandboxCommand,
}

/// What to do with the sandbox.
#[derive(Clone, Debug, Subcommand)]
pub enum SandboxCommand {
    /// Let any AWS client on this machine talk to it
    ///
    /// Listens on 127.0.0.1 until Ctrl-C. Signatures are not checked; an access key id that ends
    /// in twelve digits belongs to that account.
    Serve(Serve),
    /// Change something behind killick's back, as others might
    ///
    /// Then run `killick --sandbox drift` and see. Without a case, or with `list`, shows what can
    /// be changed.
    Tamper(Tamper),
    /// Let time go by in it
    ///
    /// Its time stands still between two commands, and some things take theirs: a NAT gateway is
    /// gone after a minute or two, and Lambda keeps network interfaces for half an hour.
    Wait(Wait),
    /// Remove it, with everything in it
    Reset(Reset),
}

/// Arguments of `sandbox serve`.
#[derive(Clone, Debug, clap::Args)]
pub struct Serve {
    /// The port; 0 takes a free one and prints it
    #[arg(long, value_name = "PORT", default_value_t = 4600)]
    pub port: u16,
    /// How many simulated seconds go by in a second
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
}

/// Arguments of `sandbox tamper`.
#[derive(Clone, Debug, clap::Args)]
pub struct Tamper {
    /// The name of the change
    #[arg(value_name = "CASE", default_value = "list", hide_default_value = true)]
    pub case: String,
    /// The spec of the stack
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
}

/// Arguments of `sandbox wait`.
#[derive(Clone, Debug, clap::Args)]
pub struct Wait {
    /// How long
    #[arg(value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub minutes: u32,
}

/// Arguments of `sandbox reset`.
#[derive(Clone, Debug, clap::Args)]
pub struct Reset {
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

/// A clock can run slower or faster, but not stand still.
fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().map_err(|_| "not a number".to_owned())?;
    match (0.01..=100_000.0).contains(&speed) {
        true => Ok(speed),
        false => Err("it must be between 0.01 and 100000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Args;

    #[test]
    fn the_sandbox_is_a_flag_that_may_name_a_file() {
        for (line, file) in [
            (&["--sandbox", "plan"][..], Some(FILE)),
            (&["plan", "--sandbox", "a.toml"], Some(FILE)),
            (&["plan", "--sandbox=x.json"], Some("x.json")),
            (&["plan"], None),
        ] {
            let line = ["killick"].iter().chain(line);
            let args = Args::try_parse_from(line).map(|args| args.global.sandbox);
            assert_eq!(args.ok(), Some(file.map(PathBuf::from)));
        }
    }

    #[test]
    fn clocks_do_not_stand_still() {
        assert_eq!(speed("0.5"), Ok(0.5));
        for bad in ["0", "-1", "nan", "inf", "1e9", "fast"] {
            assert!(speed(bad).is_err(), "{bad}");
        }
    }
}
