//! A script, played on one AWS, and what was answered.

use std::thread::sleep;
use std::time::{Duration, Instant};

use killick_tests::Aws;
use serde_json::{Value, json};

/// Calls, of which the later ones use what the earlier ones answered.
pub(crate) type Script = fn(&mut Tape);

/// How long a state may take, which is in a hurry here.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a script heard from one AWS.
pub(crate) struct Tape {
    aws: Aws,
    /// The operations with their answers, or refusals.
    pub(crate) answers: Vec<(&'static str, Value)>,
}

impl Tape {
    pub(crate) fn of(aws: &Aws, script: Script) -> Self {
        let mut tape = Self {
            aws: aws.clone(),
            answers: Vec::new(),
        };
        script(&mut tape);
        tape
    }

    /// Asks; the answer, or the refusal, is compared later.
    pub(crate) fn call(&mut self, service: &str, operation: &'static str, args: Value) -> Value {
        let answer = match self.aws.try_call(service, operation, args) {
            Ok(answer) => answer,
            Err(error) => json!({"Error": error.code, "Status": error.status}),
        };
        self.answers.push((operation, answer.clone()));
        answer
    }

    pub(crate) fn ec2(&mut self, operation: &'static str, args: Value) -> Value {
        self.call("ec2", operation, args)
    }

    pub(crate) fn lambda(&mut self, operation: &'static str, args: Value) -> Value {
        self.call("lambda", operation, args)
    }

    pub(crate) fn ssm(&mut self, operation: &'static str, args: Value) -> Value {
        self.call("ssm", operation, args)
    }

    /// Asks for what only one of the two needs; nobody compares the answers.
    pub(crate) fn prepare(&self, service: &str, operation: &str, args: Value) {
        self.aws.try_call(service, operation, args).ok();
    }

    /// Makes something of EC2; gives its id.
    pub(crate) fn make(&mut self, operation: &'static str, args: Value, at: &str) -> String {
        let answer = self.ec2(operation, args);
        let id = answer.pointer(at).and_then(Value::as_str);
        id.unwrap_or_else(|| panic!("{operation} answered no {at}: {answer}"))
            .to_owned()
    }

    /// Waits for a state, off the record.
    pub(crate) fn until(
        &self,
        service: &str,
        operation: &str,
        args: &Value,
        at: &str,
        state: &str,
    ) {
        let start = Instant::now();
        loop {
            let answer = self.aws.call(service, operation, args.clone());
            if answer.pointer(at).and_then(Value::as_str) == Some(state) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "never {state}: {answer}");
            sleep(Duration::from_millis(20));
        }
    }
}

/// EC2's filters.
pub(crate) fn filters<const N: usize>(pairs: [(&str, &str); N]) -> Value {
    let filters = pairs.map(|(name, value)| json!({"Name": name, "Values": [value]}));
    Value::Array(filters.into())
}

/// A tag for what is made.
pub(crate) fn tagged(kind: &str) -> Value {
    json!([{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": "ours"}, {"Key": "empty", "Value": ""}]}])
}
