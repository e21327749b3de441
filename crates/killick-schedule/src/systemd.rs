//! A service that looks once, and a timer that starts it.

use crate::error::Error;
use crate::job::{File, Job};
use crate::quote::{systemd_argument, systemd_program};
use crate::slot::Slot;

/// What a check needs none of.
const CONFINED: &str = "\
DynamicUser=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
LockPersonality=yes
MemoryDenyWriteExecute=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
UMask=0077
";

pub(crate) fn files(job: &Job) -> Result<Vec<File>, Error> {
    let name = format!("killick-{}", job.stack);
    Ok(vec![
        File::new(format!("{name}.service"), service(job, &name)),
        File::new(format!("{name}.timer"), timer(job)),
    ])
}

fn service(job: &Job, name: &str) -> String {
    let Job { stack, region, .. } = job;
    let mut command = format!("{} drift", systemd_program(&job.program));
    if let Some(severity) = job.fail_on {
        command += &format!(" --fail-on {}", severity.word());
    }
    let spec = systemd_argument(&job.spec);
    let home = home(job);
    format!(
        "\
# Looks for drift of stack {stack} once; {name}.timer starts it.
#
# The unit fails with exit code 2 (drift) and 3 (something could not be read) as
# well, which is meant: `systemctl --failed` shows it, and OnFailure= can tell
# somebody. Do not add them to SuccessExitStatus=.

[Unit]
Description=Look for drift of killick stack {stack}
Wants=network-online.target
After=network-online.target
# A unit of your own that passes it on:
#OnFailure=alert@%n.service

[Service]
Type=oneshot
ExecStart={command} {spec}
TimeoutStartSec=300
Environment=AWS_REGION={region}
# Credentials, where the machine has no role; not readable for others.
EnvironmentFile=-/etc/killick/{stack}.env

# It reads its spec and talks to AWS, and nothing else.
{CONFINED}{home}"
    )
}

/// Homes are out of sight unless something is in one.
fn home(job: &Job) -> &'static str {
    let homes = ["/home/", "/root/", "/run/user/"];
    let inside = |path: &String| homes.iter().any(|home| path.starts_with(home));
    if inside(&job.program) || inside(&job.spec) {
        "\
# The program or the spec is in a home, where the user of this service must be
# allowed to read it.
ProtectHome=read-only
"
    } else {
        "ProtectHome=yes\n"
    }
}

fn timer(job: &Job) -> String {
    let Job { stack, every, .. } = job;
    let minutes = every.as_minutes();
    let times = match Slot::of(*every, stack) {
        Some(slot) => format!(
            "\
# The minute comes from the name of the stack.
OnCalendar={}
# One that was missed while the machine was off is made up for.
Persistent=yes
",
            slot.calendar()
        ),
        None => format!(
            "\
# No times of the clock are {every} apart, so it counts from the last run.
OnBootSec=2min
OnUnitActiveSec={minutes}min
"
        ),
    };
    // A tenth of the time, at most five minutes.
    let delay = (minutes * 6).min(300);
    format!(
        "\
# Looks for drift of stack {stack} every {every}.

[Unit]
Description=Look for drift of killick stack {stack} every {every}

[Timer]
{times}RandomizedDelaySec={delay}s
AccuracySec=5s

[Install]
WantedBy=timers.target
"
    )
}
