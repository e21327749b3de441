//! The command line: commands, flags and their help.

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

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
}
