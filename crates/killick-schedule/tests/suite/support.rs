//! Two jobs, and what each scheduler has of them.

use killick_finding::Severity;
use killick_schedule::{Error, Every, File, Job, Target, files};

pub(crate) fn every(text: &str) -> Every {
    text.parse().expect(text)
}

/// What most people would ask for.
pub(crate) fn plain(target: Target) -> Job {
    let own = matches!(target, Target::Systemd | Target::Cron);
    let role = "arn:aws:iam::123456789012:role/killick-drift".to_owned();
    Job {
        program: match own {
            true => "/usr/local/bin/killick".to_owned(),
            false => "killick".to_owned(),
        },
        spec: match own {
            true => "/etc/killick/partner.toml".to_owned(),
            false => "infra/killick.toml".to_owned(),
        },
        spec_text: include_str!("../../../../specs/lambda-fixed-ip.toml").to_owned(),
        stack: "partner-egress".to_owned(),
        region: "ap-northeast-1".to_owned(),
        every: every("5m"),
        fail_on: None,
        role: (!own).then_some(role),
        image: (target == Target::Kubernetes).then(|| "registry.example.com/killick:1".to_owned()),
        install: (target == Target::Github).then(|| {
            "aws s3 cp s3://example-tools/killick /usr/local/bin/killick\nchmod +x /usr/local/bin/killick".to_owned()
        }),
    }
}

/// All that has a meaning to somebody on the way, in every path.
pub(crate) const ODD: &str = "a b%20 $HOME ${{ x }} $(y) \"q\" 'é' #; ~*.toml";

/// The longest stack, which ends as no label may.
pub(crate) fn odd_stack() -> String {
    format!("0{}-", "a".repeat(62))
}

/// What is allowed and nobody expects.
pub(crate) fn nasty(target: Target) -> Job {
    let own = matches!(target, Target::Systemd | Target::Cron);
    Job {
        program: match target {
            // systemd takes no quotes there.
            Target::Systemd => format!("/opt/{}/killick", ODD.replace(['"', '\''], "")),
            _ => format!("/opt/{ODD}/killick"),
        },
        spec: match own {
            true => format!("/srv/{ODD}"),
            false => format!("-{ODD}"),
        },
        spec_text: format!("  # {ODD}\n\n\tstack = \"x\"   \n# 日本\n\n"),
        stack: odd_stack(),
        region: "us-gov-west-1".to_owned(),
        every: every("1d"),
        fail_on: Some(Severity::Critical),
        role: (!own).then(|| "arn:aws-us-gov:iam::123456789012:role/a/b+=,.@-_".to_owned()),
        install: (target == Target::Github).then(|| {
            "  echo \"${{ github.ref_name }}\" \"$HOME\" 'b%20 #; é'\n\ntrue\n".to_owned()
        }),
        ..plain(target)
    }
}

pub(crate) fn made(target: Target, job: &Job) -> Vec<File> {
    files(target, job).unwrap_or_else(|error| panic!("{target}: {error}"))
}

/// The only file, or the first.
pub(crate) fn text(target: Target, job: &Job) -> String {
    made(target, job).remove(0).text
}

pub(crate) fn refused(target: Target, job: &Job) -> Error {
    files(target, job).expect_err("nobody can run this")
}

/// What GitHub makes of a value whose expressions are all the same text.
pub(crate) fn evaluated(text: &str) -> String {
    let mut parts = text.split("${{");
    let mut out = parts.next().unwrap().to_owned();
    // Each expression holds the two characters that it begins with.
    while let Some(space) = parts.next() {
        let rest = parts.next().expect("an expression without a string");
        let rest = rest.strip_prefix("' }}").expect("another expression");
        assert_eq!(space, " '", "{text}");
        out += "${{";
        out += rest;
    }
    out
}
