//! The command line: commands, flags and their help.

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

use crate::sandbox::{FILE, PACE};

const EXIT_CODES: &str = "\
Exit codes:
  0    done: nothing to report, in sync, or applied and proven
  1    error: bad spec, no credentials, AWS refused, not everything could be determined
  2    differences: drift found some; plan --detailed-exitcode has steps
  3    partial: steps failed or were skipped, not converged, or something could not be read
  4    refused by a guard, nothing written
  130  interrupted: what was in flight was finished and reported";

/// Fixed outbound IP addresses for AWS Lambda functions.
///
/// A small TOML spec says what should be: the network, its zones, and the functions that must leave
/// by fixed addresses. killick reads what is, shows the difference (plan), puts it right (apply) and
/// watches for drift (drift).
///
/// Credentials and endpoints come from the standard AWS environment (AWS_PROFILE,
/// AWS_ENDPOINT_URL, SSO, roles); the region comes from the spec.
///
/// To try it without an account: `killick demo` plays the whole story in a simulated AWS, and
/// `killick --sandbox plan` and its like work on one that is kept in .killick/sandbox.json.
#[derive(Clone, Debug, Parser)]
#[command(
    bin_name = "killick",
    name = "killick",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_long_help = EXIT_CODES
)]
pub struct Args {
    /// What applies to every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What applies to every command.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Insist on this region; the spec's region is the one that is used
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,
    /// Use this profile of the AWS configuration files
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Talk to this endpoint in place of AWS's own
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Use the simulated AWS in this file in place of AWS; nothing real happens
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = FILE
    )]
    pub sandbox: Option<PathBuf>,
    /// Say more: all fields and the order of steps; twice, what goes on inside
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// When to use colours; NO_COLOR is honoured
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Also into files and pipes.
    Always,
    /// Not at all.
    Never,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Show what apply would do, and write nothing
    ///
    /// Reads the account, compares it with the spec and lists every step in the order in which
    /// apply would carry it out, each with its reason; then the outbound addresses now and after.
    /// Never writes to AWS.
    Plan(Plan),
    /// Make AWS as the spec says
    ///
    /// Shows the plan, asks, carries out exactly those steps, then reads again and proves that
    /// nothing is left to do. Without a terminal it needs --yes or --plan. Ctrl-C finishes what is
    /// in flight and starts nothing new; a second Ctrl-C stops at once. The next apply goes on
    /// where this one stopped.
    Apply(Apply),
    /// Report what is not as the spec says, and write nothing
    ///
    /// Compares every declared field, and lists the functions of the region to find those of
    /// others in this stack's subnets. Exits 0 with one line when all is as declared, 2 when
    /// something differs, 3 when something could not be read. Never writes to AWS.
    Drift(Drift),
    /// Take the stack down, and keep its addresses
    ///
    /// Detaches the functions of the spec, then deletes everything that killick made but the
    /// Elastic IPs: the next apply takes the same ones again. They are billed while they wait.
    Destroy(Destroy),
    /// List the addresses to hand to the partner, one a line
    Ips(Ips),
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

const SPEC: &str = "killick.toml";

/// Arguments of `plan`.
#[derive(Clone, Debug, clap::Args)]
pub struct Plan {
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// Save the plan, for `killick apply --plan FILE`
    ///
    /// The file holds the spec and a digest of all that the plan was computed from; apply refuses
    /// it when any of that has changed.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
    /// Exit with 2 when there are steps
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Remove routes, associations and rules that nobody declared
    #[arg(long)]
    pub prune: bool,
}

/// Arguments of `apply`.
#[derive(Clone, Debug, clap::Args)]
pub struct Apply {
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// Apply this saved plan, if the facts behind it have not changed; does not ask
    #[arg(long, value_name = "FILE", conflicts_with_all = ["spec", "prune"])]
    pub plan: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Print one JSON event a line
    #[arg(long)]
    pub json: bool,
    /// Remove routes, associations and rules that nobody declared
    #[arg(long)]
    pub prune: bool,
}

/// Arguments of `drift`.
#[derive(Clone, Debug, clap::Args)]
pub struct Drift {
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `destroy`.
#[derive(Clone, Debug, clap::Args)]
pub struct Destroy {
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Give up the Elastic IPs as well: they are lost for good
    #[arg(long)]
    pub release_addresses: bool,
}

/// Arguments of `ips`.
#[derive(Clone, Debug, clap::Args)]
pub struct Ips {
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
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
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_saved_plan_excludes_what_it_already_holds() {
        for rest in [&["killick.toml"][..], &["--prune"]] {
            let line = ["killick", "apply", "--plan", "p"].iter().chain(rest);
            assert!(Args::try_parse_from(line).is_err(), "{rest:?}");
        }
        assert!(Args::try_parse_from(["killick", "apply", "--plan", "p", "--yes"]).is_ok());
    }

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
