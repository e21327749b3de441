//! Arguments of the commands that only look.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use ipnet::IpNet;
use killick_finding::Severity;

use super::SPEC;
use super::value::destination;

/// Arguments of `drift`.
#[derive(Clone, Debug, clap::Args)]
pub struct Drift {
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// Print one JSON document; the same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// How to print the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,
    /// Exit with 2 for findings that are at least this bad
    #[arg(long, value_parser = severity(), value_name = "SEVERITY", default_value_t)]
    pub fail_on: Severity,
    /// Ask CloudTrail who did it
    ///
    /// Two lookups a second are all that AWS allows, so it takes a while where there are many
    /// findings. CloudTrail is some minutes behind.
    #[arg(long)]
    pub who: bool,
}

impl Drift {
    /// How to print the report.
    pub fn format(&self) -> Format {
        match self.json {
            true => Format::Json,
            false => self.format,
        }
    }
}

/// How to print a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    #[default]
    Text,
    /// One JSON document.
    Json,
    /// For a comment or a job summary.
    Markdown,
    /// For the test reports of a CI.
    Junit,
    /// For code scanning.
    Sarif,
    /// One page with a picture, without outside requests.
    Html,
}

/// The severities as values of a flag.
fn severity() -> impl TypedValueParser<Value = Severity> {
    let help = |severity| match severity {
        Severity::Critical => "No way out, or by a wrong address",
        Severity::Warning => "Redundancy, cost, or a fault in waiting",
        Severity::Info => "Worth knowing",
    };
    let values = Severity::ALL.map(|one| PossibleValue::new(one.word()).help(help(one)));
    PossibleValuesParser::new(values).try_map(|word| word.parse::<Severity>())
}

/// Arguments of `prove`.
#[derive(Clone, Debug, clap::Args)]
pub struct Prove {
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// Only the way to this partner: an address or a network
    #[arg(long, value_name = "CIDR", value_parser = destination)]
    pub destination: Option<IpNet>,
    /// Only this TCP port; without it any port will do
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `watch`.
#[derive(Clone, Debug, clap::Args)]
pub struct Watch {
    /// The specs
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub specs: Vec<PathBuf>,
    /// How often: 90s, 5m, 1h; at least 30s
    #[arg(long, value_name = "TIME", default_value = "5m")]
    pub every: String,
    /// Where to keep what is known and who has yet to be told
    #[arg(long, value_name = "FILE", default_value = ".killick/watch.json")]
    pub state: PathBuf,
    /// Answer /metrics (OpenMetrics) and /healthz here, such as 127.0.0.1:9464
    #[arg(long, value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,
    /// Post JSON to this URL
    #[arg(
        long,
        value_name = "URL",
        env = "KILLICK_WEBHOOK",
        hide_env_values = true
    )]
    pub webhook: Vec<String>,
    /// Post to this Slack-compatible URL
    #[arg(
        long,
        value_name = "URL",
        env = "KILLICK_SLACK",
        hide_env_values = true
    )]
    pub slack: Vec<String>,
    /// Publish to this SNS topic
    #[arg(long, value_name = "ARN")]
    pub sns: Vec<String>,
    /// Run this command with the notification as JSON on its standard input
    #[arg(long, value_name = "COMMAND")]
    pub exec: Vec<String>,
    /// Look once at each spec, tell what there is to tell, and end with drift's exit code
    #[arg(long)]
    pub once: bool,
}

/// Arguments of `graph`.
#[derive(Clone, Debug, clap::Args)]
pub struct Graph {
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// Draw what is, with what differs from the spec
    #[arg(long, conflicts_with = "plan")]
    pub live: bool,
    /// Draw what apply would do
    #[arg(long)]
    pub plan: bool,
    /// What to draw it as
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Drawing,
}

/// What to draw a picture as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Drawing {
    /// A picture for browsers.
    #[default]
    Svg,
    /// Text that GitHub and others turn into a picture.
    Mermaid,
    /// Text for Graphviz.
    Dot,
}

/// Arguments of `schedule`.
#[derive(Clone, Debug, clap::Args)]
pub struct Schedule {
    /// Which scheduler
    #[arg(value_enum, value_name = "SCHEDULER")]
    pub scheduler: Scheduler,
    /// The spec
    #[arg(value_name = "SPEC", default_value = SPEC)]
    pub spec: PathBuf,
    /// How often: 5m, 2h, 1d
    #[arg(long, value_name = "TIME", default_value = "15m")]
    pub every: String,
    /// Let the job fail for findings that are at least this bad
    #[arg(long, value_parser = severity(), value_name = "SEVERITY")]
    pub fail_on: Option<Severity>,
    /// Where killick is on the machine that runs the job
    #[arg(long, value_name = "PATH")]
    pub program: Option<String>,
    /// The IAM role of the job, for github and kubernetes
    #[arg(long, value_name = "ARN")]
    pub role: Option<String>,
    /// The container image that holds killick, for kubernetes
    #[arg(long, value_name = "IMAGE")]
    pub image: Option<String>,
    /// A command that installs killick, for github; without it the job runs where killick is
    #[arg(long, value_name = "COMMAND")]
    pub install: Option<String>,
    /// Write the files into this folder; none is overwritten
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
}

/// What runs a job on a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scheduler {
    /// A service and a timer.
    Systemd,
    /// A line for /etc/cron.d.
    Cron,
    /// A GitHub workflow.
    Github,
    /// A CronJob.
    Kubernetes,
}

/// Arguments of `policy`.
#[derive(Clone, Debug, clap::Args)]
pub struct Policy {
    /// For which command
    #[arg(value_enum, value_name = "COMMAND")]
    pub command: Reader,
    /// Also what `drift --who` asks
    #[arg(long)]
    pub who: bool,
}

/// A command that only looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reader {
    /// Shows what apply would do.
    Plan,
    /// Reports what differs.
    Drift,
    /// Proves the ways out.
    Prove,
    /// Reports what differs, again and again.
    Watch,
    /// Lists the addresses.
    Ips,
}
