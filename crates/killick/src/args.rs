//! The command line: commands, flags and their help.

mod look;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod value;

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use killick_core::Policy;

use value::duration;

pub use look::{
    Drawing, Drift, Format, Graph, Policy as PolicyArgs, Prove, Reader, Schedule, Scheduler, Watch,
};

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
#[cfg_attr(
    feature = "sandbox",
    doc = "",
    doc = " To try it without an account: `killick demo` plays the whole story in a simulated AWS, and",
    doc = " `killick --sandbox plan` and its like work on one that is kept in .killick/sandbox.json."
)]
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
    #[cfg(feature = "sandbox")]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = sandbox::FILE
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
    /// Compares every declared field, and looks at what else moves the traffic: network ACLs, other
    /// route tables, endpoints, name servers, versions and roles of the functions, and what others
    /// have in this stack's network. Each finding says what it does to the functions. Exits 0 with
    /// one line when all is as declared, 2 when something differs, 3 when something could not be
    /// read. Never writes to AWS.
    Drift(Drift),
    /// Prove by which addresses each function leaves, and write nothing
    ///
    /// Follows the packets of every function, and of every version that an alias leads to, from
    /// each of its subnets: security group, network ACL, route table, NAT gateway, internet gateway,
    /// address, and the replies back. Exits 0 only if every way leaves by the fixed addresses, 2 if
    /// one does not, 3 if something on a way could not be read. Never writes to AWS.
    Prove(Prove),
    /// Report drift again and again, and tell people what changed
    ///
    /// Prints one line of JSON a check and never writes to AWS but to an SNS topic that it is
    /// given. People are told when a finding comes, changes or goes, each time once; what could
    /// not be delivered is kept in a file and tried again, also after a restart. SIGTERM ends it.
    Watch(Watch),
    /// Draw the network of a spec as a picture
    ///
    /// As the spec says, as it is (--live), or as a plan would change it (--plan).
    Graph(Graph),
    /// Print files that run `killick drift` on a schedule
    ///
    /// For those who have a scheduler already; `killick watch` is one process that needs none.
    Schedule(Schedule),
    /// Print the IAM policy that a reading command needs
    Policy(PolicyArgs),
    /// Take the stack down, and keep its addresses
    ///
    /// Detaches the functions of the spec, then deletes everything that killick made but the
    /// Elastic IPs: the next apply takes the same ones again. They are billed while they wait.
    Destroy(Destroy),
    /// List the addresses to hand to the partner, one a line
    Ips(Ips),
    /// Break the lock of a stack
    ///
    /// apply and destroy take it, renew it while they run and give it back. One that was killed
    /// leaves it behind, for six minutes at most; this ends it at once. If its holder still runs,
    /// it notices within a minute and stops.
    Unlock(Unlock),
    /// What works on a simulated AWS.
    #[cfg(feature = "sandbox")]
    #[command(flatten)]
    Simulated(sandbox::Simulated),
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
    /// What to put right besides.
    #[command(flatten)]
    pub allow: Allow,
}

/// What a plan may put right that somebody else may rely on.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Allow {
    /// Remove what nobody declared: routes, rules, further addresses, network ACLs in the way
    ///
    /// Routes and rules of this stack's tables and group, further addresses of its NAT gateways,
    /// offers of its addresses to other accounts, and network ACLs that keep its functions from
    /// the internet. `plan --prune` shows what that is.
    #[arg(long)]
    pub prune: bool,
    /// Give functions' roles what a function in a VPC needs
    ///
    /// Attaches the managed policy AWSLambdaVPCAccessExecutionRole to a role that may not make
    /// network interfaces.
    #[arg(long)]
    pub grant: bool,
}

impl Allow {
    /// The same, for a plan.
    pub fn policy(self) -> Policy {
        Policy {
            prune: self.prune,
            grant: self.grant,
            release_kept: false,
        }
    }
}

/// Arguments of `apply`.
#[derive(Clone, Debug, clap::Args)]
pub struct Apply {
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// Apply this saved plan, if the facts behind it have not changed; does not ask
    #[arg(long, value_name = "FILE", conflicts_with_all = ["spec", "prune", "grant"])]
    pub plan: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Print one JSON event a line
    #[arg(long)]
    pub json: bool,
    /// What to put right besides.
    #[command(flatten)]
    pub allow: Allow,
    /// Allow another set of outbound addresses than the one that partners know
    #[arg(long)]
    pub change_addresses: bool,
    /// Allow to move functions out of a VPC that is not this stack's
    ///
    /// They lose their way to what is in that VPC, a database for example. What they had is
    /// written down, and put back when they leave the spec or the stack goes.
    #[arg(long)]
    pub move_functions: bool,
    /// Make a network beside one in this account that is like it
    ///
    /// apply refuses to build a second network where a VPC without tags has the CIDR and subnets of
    /// the spec, or functions of the spec leave by the NAT gateways of one: it may be this stack's,
    /// and have lost its tags.
    #[arg(long)]
    pub second_network: bool,
    /// One writer at a time.
    #[command(flatten)]
    pub lock: Lock,
}

/// How a writing command takes the lock of its stack.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Lock {
    /// Wait that long for the lock of another run, such as 30s or 10m
    #[arg(long, value_name = "TIME", default_value = "0s", hide_default_value = true, value_parser = duration)]
    pub lock_timeout: Duration,
    /// Stop when the lock cannot be taken for want of a permission
    #[arg(long)]
    pub require_lock: bool,
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
    /// Print one JSON event a line
    #[arg(long)]
    pub json: bool,
    /// One writer at a time.
    #[command(flatten)]
    pub lock: Lock,
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
    /// Write the addresses into the spec, as what was promised to partners
    ///
    /// From then on apply refuses whatever would make them others, and drift tells when one is
    /// lost. Comments and layout of the file stay.
    #[arg(long)]
    pub pin: bool,
    /// With --pin: replace other addresses that the spec promises
    #[arg(long, requires = "pin")]
    pub change_addresses: bool,
}

/// Arguments of `unlock`.
#[derive(Clone, Debug, clap::Args)]
pub struct Unlock {
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
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
