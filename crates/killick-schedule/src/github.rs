//! A workflow of GitHub Actions.

use crate::error::Error;
use crate::job::{File, Job, Target};
use crate::slot::Slot;
use crate::yaml;

pub(crate) fn files(job: &Job) -> Result<Vec<File>, Error> {
    let (target, every) = (Target::Github, job.every);
    let slot = Slot::of(every, &job.stack).ok_or(Error::Uneven { target, every })?;
    let text = [head(job, slot), ready(job), look(job)].concat();
    let name = format!("killick-{}.yml", job.stack);
    Ok(vec![File::new(name, text)])
}

/// A value that GitHub takes as it is: `${{` would begin an expression.
fn literal(text: &str) -> String {
    yaml::quoted(&text.replace("${{", "${{ '${{' }}"))
}

fn head(job: &Job, slot: Slot) -> String {
    let Job { stack, every, .. } = job;
    let cron = slot.cron();
    let (runner, minutes) = match job.install {
        Some(_) => ("ubuntu-latest", 30),
        None => ("self-hosted # one that has killick", 10),
    };
    let token = match job.role {
        Some(_) => "\n  id-token: write # for the role",
        None => "",
    };
    let region = literal(&job.region);
    let program = literal(&job.program);
    // Else it would be taken for a flag.
    let spec = match job.spec.starts_with('-') {
        true => literal(&format!("./{}", job.spec)),
        false => literal(&job.spec),
    };
    format!(
        "\
# Looks for drift of stack {stack} every {every}. Goes to .github/workflows on the
# default branch. GitHub starts it late when it is busy, and stops it in a public
# repository where nothing happens for 60 days.
name: \"Drift of {stack}\"

on:
  schedule:
    - cron: \"{cron}\" # the minute comes from the name of the stack
  workflow_dispatch:

permissions:
  actions: read # with contents, for the upload from a private repository
  contents: read{token}
  security-events: write # for the upload

concurrency:
  group: \"killick-{stack}\"
  cancel-in-progress: false

jobs:
  drift:
    runs-on: {runner}
    timeout-minutes: {minutes}
    env:
      AWS_REGION: {region}
      KILLICK: {program}
      SPEC: {spec}
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
"
    )
}

/// What comes before the check. The credentials are first: the program may be
/// in a bucket of the account.
fn ready(job: &Job) -> String {
    let mut text = String::new();
    if let Some(role) = &job.role {
        let (role, region) = (literal(role), literal(&job.region));
        text += &format!(
            "
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: {role}
          aws-region: {region}
"
        );
    }
    if let Some(install) = &job.install {
        let run = yaml::lines(&format!("{}\n", install.trim_end()), 10);
        text += &format!(
            "
      - name: Install killick
        shell: bash
        run: {run}
"
        );
    }
    text
}

fn look(job: &Job) -> String {
    let severity = match job.fail_on {
        Some(severity) => format!(" --fail-on {}", severity.word()),
        None => String::new(),
    };
    let stack = &job.stack;
    format!(
        "
      - name: Look for drift
        id: drift
        shell: bash
        timeout-minutes: 5
        run: |
          code=0
          \"$KILLICK\" drift --format sarif{severity} \"$SPEC\" > killick.sarif || code=$?
          echo \"code=$code\" >> \"$GITHUB_OUTPUT\"
          # 0 in sync, 2 drift, 3 something could not be read: there is a report. With any
          # other code the check itself went wrong.
          case $code in
            0 | 2 | 3) ;;
            *) exit \"$code\" ;;
          esac

      # The report again, for people. It reads the stack a second time, some 20 calls,
      # which a check without findings does not. The first one decides.
      - name: Write the summary
        if: steps.drift.outputs.code != '0'
        shell: bash
        run: |
          \"$KILLICK\" drift --format markdown \"$SPEC\" >> \"$GITHUB_STEP_SUMMARY\" || true

      # A report with gaps would close the alerts of what could not be seen.
      - name: Upload the report
        if: steps.drift.outputs.code != '3'
        uses: github/codeql-action/upload-sarif@v4
        with:
          sarif_file: killick.sarif
          category: \"killick-{stack}\"

      # Also where the upload failed.
      - name: Fail on drift
        if: ${{{{ !cancelled() && steps.drift.outcome == 'success' && steps.drift.outputs.code != '0' }}}}
        shell: bash
        env:
          CODE: ${{{{ steps.drift.outputs.code }}}}
        run: |
          case $CODE in
            2) echo \"::error::stack {stack} is not as declared\" ;;
            *) echo \"::error::something of stack {stack} could not be read\" ;;
          esac
          exit \"$CODE\"
"
    )
}
