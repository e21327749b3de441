//! A `CronJob`, its service account and the spec.

use crate::error::Error;
use crate::job::{File, Job, Target};
use crate::slot::{Slot, hash};
use crate::yaml;

/// Kubernetes adds 11 characters to the name of a `CronJob`, and stays below 64
/// (its documentation of `CronJob`).
const NAME_LENGTH: usize = 52;
/// A check that takes longer hangs.
const DEADLINE: u32 = 300;

pub(crate) fn files(job: &Job) -> Result<Vec<File>, Error> {
    let (target, every) = (Target::Kubernetes, job.every);
    let slot = Slot::of(every, &job.stack).ok_or(Error::Uneven { target, every })?;
    let name = name(&job.stack);
    let text = [
        head(job),
        account(job, &name),
        config(job, &name),
        cron_job(job, &name, slot),
    ];
    let file = format!("killick-{}.yaml", job.stack);
    Ok(vec![File::new(file, text.concat())])
}

/// A label of RFC 1123 that no other stack has: with a digest where the name of
/// the stack is too long or ends in a hyphen.
fn name(stack: &str) -> String {
    let whole = format!("killick-{stack}");
    if whole.len() <= NAME_LENGTH && !whole.ends_with('-') {
        return whole;
    }
    let digest = format!("{:016x}", hash(stack));
    let room = NAME_LENGTH - 1 - digest.len();
    let start: String = whole.chars().take(room).collect();
    format!("{}-{digest}", start.trim_end_matches('-'))
}

fn labels(name: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    format!(
        "\
{margin}labels:
{margin}  app.kubernetes.io/name: killick
{margin}  app.kubernetes.io/instance: {name}
"
    )
}

fn head(job: &Job) -> String {
    let Job { stack, every, .. } = job;
    format!(
        "\
# Looks for drift of stack {stack} every {every}. `kubectl apply -f` takes it; the
# namespace is the one given there. A job fails with exit code 2 (drift) and 3
# (something could not be read) as well, which is meant: alert on failed jobs.
"
    )
}

fn account(job: &Job, name: &str) -> String {
    let role = match &job.role {
        Some(role) => format!(
            "  annotations:\n    eks.amazonaws.com/role-arn: {}\n",
            yaml::quoted(role)
        ),
        None => String::new(),
    };
    let labels = labels(name, 2);
    format!(
        "\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
{labels}{role}\
# The token for Kubernetes; the one for the role comes from EKS.
automountServiceAccountToken: false
---
"
    )
}

fn config(job: &Job, name: &str) -> String {
    let labels = labels(name, 2);
    let spec = yaml::lines(&job.spec_text, 4);
    format!(
        "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
{labels}\
data:
  killick.toml: {spec}
---
"
    )
}

fn cron_job(job: &Job, name: &str, slot: Slot) -> String {
    let image = yaml::quoted(job.image.as_deref().unwrap_or_default());
    let region = yaml::quoted(&job.region);
    // `$(NAME)` would be a variable.
    let program = yaml::quoted(&job.program.replace('$', "$$"));
    let severity = match job.fail_on {
        Some(severity) => format!("\"--fail-on\", \"{}\", ", severity.word()),
        None => String::new(),
    };
    let cron = slot.cron();
    // A run that could not start is of no use once the next one is due.
    let late = job.every.as_minutes().saturating_mul(60).min(DEADLINE);
    let (labels, inner) = (labels(name, 2), labels(name, 10));
    format!(
        "\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}
{labels}\
spec:
  # The minute comes from the name of the stack.
  schedule: \"{cron}\"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: {late}
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: 0
      activeDeadlineSeconds: {DEADLINE}
      template:
        metadata:
{inner}        spec:
          restartPolicy: Never
          serviceAccountName: {name}
          automountServiceAccountToken: false
          securityContext:
            runAsNonRoot: true
            runAsUser: 65532
            runAsGroup: 65532
            fsGroup: 65532
            seccompProfile:
              type: RuntimeDefault
          containers:
            - name: killick
              image: {image}
              command: [{program}]
              args: [\"drift\", {severity}\"/etc/killick/killick.toml\"]
              env:
                - name: AWS_REGION
                  value: {region}
              resources:
                requests:
                  cpu: 50m
                  memory: 64Mi
                limits:
                  memory: 256Mi
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [\"ALL\"]
              volumeMounts:
                - name: spec
                  mountPath: /etc/killick
                  readOnly: true
          volumes:
            - name: spec
              configMap:
                name: {name}
"
    )
}
