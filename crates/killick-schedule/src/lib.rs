//! Files that let a scheduler look for drift at regular times, for those who do
//! not want a process of killick's own that runs for ever.
//!
//! [`files`] turns a [`Job`] into the text of all that a [`Target`] needs. The
//! text depends on the job alone: the same job gives the same files, and the
//! minute at which a stack is looked at comes from its name, so that not all of
//! them start at once.
//!
//! The crate is pure: it reads and writes nothing, and runs nothing.
//!
//! ```
//! use killick_schedule::{Job, Target, files};
//!
//! let job = Job {
//!     program: "/usr/local/bin/killick".to_owned(),
//!     spec: "/etc/killick/partner.toml".to_owned(),
//!     spec_text: String::new(),
//!     stack: "partner-egress".to_owned(),
//!     region: "ap-northeast-1".to_owned(),
//!     every: "5m".parse()?,
//!     fail_on: None,
//!     role: None,
//!     image: None,
//!     install: None,
//! };
//! let files = files(Target::Systemd, &job)?;
//! let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
//! assert_eq!(names, ["killick-partner-egress.service", "killick-partner-egress.timer"]);
//! # Ok::<(), killick_schedule::Error>(())
//! ```

mod check;
mod cron;
mod error;
mod every;
mod github;
mod job;
mod kubernetes;
mod quote;
mod read;
mod slot;
mod systemd;
mod yaml;

pub use error::Error;
pub use every::Every;
pub use job::{File, Job, Target};

/// The files that make `target` run `job`.
///
/// # Errors
/// What the target cannot express, what it needs and the job does not say, and
/// what the job says though the target has no use for it.
pub fn files(target: Target, job: &Job) -> Result<Vec<File>, Error> {
    check::job(target, job)?;
    match target {
        Target::Systemd => systemd::files(job),
        Target::Cron => cron::files(job),
        Target::Github => github::files(job),
        Target::Kubernetes => kubernetes::files(job),
    }
}
