//! Arguments of what works on a simulated AWS.

use std::path::PathBuf;

use clap::Subcommand;

use super::SPEC;
use super::value::speed;
use crate::sandbox::PACE;

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
