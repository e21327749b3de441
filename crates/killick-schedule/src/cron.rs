//! A file for `/etc/cron.d`.

use crate::error::Error;
use crate::job::{File, Job, Target};
use crate::quote::shell;
use crate::slot::Slot;

/// The command of a line in the cron of Debian (`MAX_COMMAND`); others take more.
const MOST: usize = 998;

pub(crate) fn files(job: &Job) -> Result<Vec<File>, Error> {
    let (target, every) = (Target::Cron, job.every);
    let slot = Slot::of(every, &job.stack).ok_or(Error::Uneven { target, every })?;
    let Job { stack, region, .. } = job;
    let name = format!("killick-{stack}");
    let command = command(job, &name);
    if command.len() > MOST {
        let (length, most) = (command.len(), MOST);
        return Err(Error::TooLong { length, most });
    }
    let times = slot.cron();
    let text = format!(
        "\
# Looks for drift of stack {stack} every {every}. Goes to /etc/cron.d/{name},
# where names have no dot. The minute comes from the name of the stack.
#
# The log has the report and then the exit code: 0 in sync, 2 drift, 3 something
# could not be read, 66 no spec, 75 the run before still goes on, 124 too long.
# `journalctl -t {name}` shows it. For a mail in place of the log, set MAILTO and
# take the pipe and what follows it from the line below.
SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
#MAILTO=ops@example.com
AWS_REGION={region}

# The user needs to read the spec and to have credentials; one of its own is
# better than nobody. The lock is on the spec, which is only read.
{times} nobody {command}
"
    );
    Ok(vec![File::new(name, text)])
}

/// The command; cron makes a newline of `%` unless a backslash is before it
/// (crontab(5)).
fn command(job: &Job, name: &str) -> String {
    let (program, spec) = (shell(&job.program), shell(&job.spec));
    let severity = match job.fail_on {
        Some(severity) => format!(" --fail-on {}", severity.word()),
        None => String::new(),
    };
    let check = format!("flock -n -E 75 {spec} timeout 300 {program} drift{severity} {spec}");
    let command = format!("{{ {check}; echo \"exit code $?\"; }} 2>&1 | logger -t {name}");
    command.replace('%', r"\%")
}
