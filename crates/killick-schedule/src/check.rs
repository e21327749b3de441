//! What a job must be like before anything is written of it.

use killick_text::is_hidden;

use crate::error::Error;
use crate::every::Every;
use crate::job::{Job, Target};
use crate::slot::Slot;

/// GitHub's documentation of the `schedule` event.
const GITHUB_LEAST: u32 = 5;
/// As in a spec.
const STACK_LENGTH: usize = 64;

pub(crate) fn job(target: Target, job: &Job) -> Result<(), Error> {
    values(job)?;
    extras(target, job)?;
    times(target, job)?;
    paths(target, job)
}

fn value(good: bool, what: &'static str, text: &str, hint: &'static str) -> Result<(), Error> {
    let text = text.to_owned();
    match good {
        true => Ok(()),
        false => Err(Error::Value { what, text, hint }),
    }
}

/// Whether `text` has characters of `allowed` only, and any.
fn all_of(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

fn values(job: &Job) -> Result<(), Error> {
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let stack = &job.stack;
    let proper = all_of(stack, lower) && stack.len() <= STACK_LENGTH && !stack.starts_with('-');
    value(
        proper,
        "the name of a stack",
        stack,
        "it is a name of files too: use 1 to 64 of a-z, 0-9 and `-`",
    )?;
    let region = all_of(&job.region, lower);
    value(
        region,
        "a region",
        &job.region,
        "write it as AWS does: ap-northeast-1",
    )?;
    for (what, path) in [("a program", &job.program), ("a path", &job.spec)] {
        let proper = all_of(path, |c| !c.is_control());
        value(proper, what, path, "give one, without control characters")?;
    }
    if let Some(role) = &job.role {
        let hint = "give its ARN: arn:aws:iam::123456789012:role/killick";
        value(is_role(role), "the ARN of a role", role, hint)?;
    }
    if let Some(image) = &job.image {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/:@".contains(c);
        let begins = |c: char| c.is_ascii_alphanumeric();
        value(
            image.starts_with(begins) && all_of(image, allowed),
            "a container image",
            image,
            "write it as registry/name:tag or registry/name@digest",
        )?;
    }
    if let Some(install) = &job.install {
        let allowed = |c: char| !c.is_control() || c == '\n' || c == '\t';
        value(
            all_of(install, allowed) && !install.trim().is_empty(),
            "a shell command",
            install,
            "give the commands that bring killick to a fresh runner",
        )?;
    }
    Ok(())
}

/// `arn:<partition>:iam::<account>:role/<path and name>`.
fn is_role(arn: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else {
        return false;
    };
    let partition = partition.strip_prefix("aws").is_some_and(|rest| {
        let lower = |c: char| c.is_ascii_lowercase() || c == '-';
        rest.is_empty() || (rest.starts_with('-') && rest.chars().all(lower))
    });
    let account = account.len() == 12 && account.chars().all(|c| c.is_ascii_digit());
    let name = resource.strip_prefix("role/").is_some_and(|name| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c);
        all_of(name, allowed) && !name.ends_with('/')
    });
    partition && account && name
}

fn extras(target: Target, job: &Job) -> Result<(), Error> {
    let useless = |what, hint| Err(Error::Useless { target, what, hint });
    let lacks = |what, hint| Err(Error::Lacks { target, what, hint });
    let own = matches!(target, Target::Systemd | Target::Cron);
    if own && job.role.is_some() {
        return useless(
            "a role",
            "let the machine have it, as an instance profile or by its AWS configuration",
        );
    }
    if target != Target::Github && job.install.is_some() {
        return useless("an install command", "only a workflow of github takes one");
    }
    match &job.image {
        Some(_) if target != Target::Kubernetes => {
            useless("a container image", "only kubernetes takes one")
        }
        None if target == Target::Kubernetes => lacks(
            "a container image",
            "give --image with one that holds killick",
        ),
        _ if job.install.is_some() && job.role.is_none() => lacks(
            "a role",
            "a fresh runner has no credentials: give --role with one that trusts the repository",
        ),
        _ => Ok(()),
    }
}

fn times(target: Target, job: &Job) -> Result<(), Error> {
    let every = job.every;
    match (target, Every::minutes(GITHUB_LEAST)) {
        (Target::Github, Some(least)) if every < least => Err(Error::TooOften { every, least }),
        (Target::Systemd, _) => Ok(()),
        _ if Slot::of(every, &job.stack).is_none() => Err(Error::Uneven { target, every }),
        _ => Ok(()),
    }
}

fn paths(target: Target, job: &Job) -> Result<(), Error> {
    let wrong = |what, path: &str, hint| {
        let path = path.to_owned();
        Err(Error::Path {
            target,
            what,
            path,
            hint,
        })
    };
    let (program, spec) = (job.program.as_str(), job.spec.as_str());
    // A bare name is looked up in the PATH.
    let bare = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let bare = all_of(program, bare) && program.starts_with(|c: char| c.is_ascii_alphanumeric());
    let absolute = program.starts_with('/') && !program.ends_with('/');
    if !(bare || absolute) {
        return wrong(
            "the program",
            program,
            "give an absolute path, or a name that is in the PATH there",
        );
    }
    match target {
        Target::Kubernetes => return Ok(()),
        Target::Github if spec.starts_with('/') || spec.split('/').any(|part| part == "..") => {
            return wrong(
                "the spec",
                spec,
                "give its path from the root of the repository",
            );
        }
        Target::Github => return Ok(()),
        Target::Systemd | Target::Cron => {}
    }
    if !spec.starts_with('/') || spec.ends_with('/') {
        return wrong(
            "the spec",
            spec,
            "it runs in another folder: give an absolute path",
        );
    }
    for (what, path) in [("the program", program), ("the spec", spec)] {
        if path.contains(is_hidden) {
            let hint = "it has characters that nobody sees: use a path without them";
            return wrong(what, path, hint);
        }
        let temporary = ["/tmp/", "/var/tmp/"];
        if target == Target::Systemd && temporary.iter().any(|folder| path.starts_with(folder)) {
            let hint = "the service sees a /tmp of its own: put it elsewhere, such as /etc/killick";
            return wrong(what, path, hint);
        }
        if target == Target::Systemd && what == "the program" && path.contains(['"', '\'', '\\']) {
            let hint = "systemd takes no program whose path has a quote or a backslash";
            return wrong(what, path, hint);
        }
        if target == Target::Cron && path.contains('\\') {
            let hint = "not every cron reads a backslash alike: use a path without one";
            return wrong(what, path, hint);
        }
    }
    Ok(())
}
