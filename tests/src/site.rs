//! An account with a spec's functions in it, and killick pointed at it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::aws::Aws;
use crate::killick::{Killick, Output};
use crate::server::{Server, writes};
use crate::spec::Spec;
use crate::stack::Stack;

/// Everything that a test of one stack needs.
pub struct Site {
    /// The emulated AWS.
    pub server: Server,
    /// The observing client.
    pub aws: Aws,
    /// killick in a working directory with the spec.
    pub killick: Killick,
    /// The spec as written there.
    pub spec: Spec,
}

impl Site {
    /// The functions exist, nothing else does.
    pub fn new(spec: Spec) -> Self {
        let server = Server::start();
        let aws = server.aws();
        for function in &spec.functions {
            aws.create_function(function);
        }
        let killick = Killick::new(&server, &spec);
        Self {
            server,
            aws,
            killick,
            spec,
        }
    }

    /// Applied once, found right, and the log of calls empty again.
    pub fn deployed(spec: Spec) -> Self {
        let site = Self::new(spec);
        site.apply();
        site.server.reset_calls();
        site
    }

    /// Starts over in the same server: an empty account with the functions in it.
    pub fn restart(&self) {
        self.server.reset();
        for function in &self.spec.functions {
            self.aws.create_function(function);
        }
    }

    /// Another spec from now on.
    pub fn respec(&mut self, spec: Spec) {
        self.killick.respec(&spec);
        self.spec = spec;
    }

    /// Applies, and checks with the other client that everything is as the spec says.
    #[track_caller]
    pub fn apply(&self) -> Output {
        self.apply_with(&[])
    }

    /// As [`Site::apply`], with these flags as well.
    #[track_caller]
    pub fn apply_with(&self, flags: &[&str]) -> Output {
        let args = [&["apply", "--yes"], flags].concat();
        let output = self.killick.run(&args).code(0);
        if let Err(wrong) = self.aws.topology(&self.spec) {
            panic!("apply ended well, but:\n{wrong}\n{output}");
        }
        output
    }

    /// Applies without any flag, which must be refused and not touch anything. The log of calls is empty
    /// before.
    #[track_caller]
    pub fn refuses(&self) -> Output {
        self.server.reset_calls();
        let before = self.aws.world();
        let output = self.killick.run(&["apply", "--yes"]).code(4);
        assert_eq!(self.writes(), [""; 0], "something was written\n{output}");
        assert_eq!(before, self.aws.world(), "{output}");
        assert!(output.stderr.contains("nothing was written"), "{output}");
        assert!(output.stderr.contains("hint:"), "{output}");
        output
    }

    /// As [`Site::refuses`], and this flag would allow it.
    #[track_caller]
    pub fn needs(&self, flag: &str) -> Output {
        let output = self.refuses();
        assert!(
            output.stderr.contains(flag),
            "{flag} is not named\n{output}"
        );
        output
    }

    /// The plan; it must not write.
    #[track_caller]
    pub fn plan(&self) -> Value {
        self.server.reset_calls();
        let output = self.killick.run(&["plan", "--json"]).code(0);
        assert_eq!(self.writes(), [""; 0], "plan wrote\n{output}");
        output.json()
    }

    /// The drift report; it must not write, and its findings must be as the contract promises.
    pub fn drift(&self, code: i32) -> Result<Value, String> {
        self.server.reset_calls();
        let output = self.killick.run(&["drift", "--json"]).check(code)?;
        let writes = self.writes();
        if !writes.is_empty() {
            return Err(format!("drift wrote: {writes:?}"));
        }
        let drift = output.json();
        if code == 2 {
            well_formed(&drift).map_err(|wrong| format!("{wrong}\n{drift:#}"))?;
        }
        Ok(drift)
    }

    /// There is no drift, and drift says so in one line.
    pub fn in_sync(&self) -> Result<(), String> {
        let output = self.killick.run(&["drift"]).check(0)?;
        match output.stdout.lines().count() {
            1 => Ok(()),
            lines => Err(format!("one line was expected, not {lines}\n{output}")),
        }
    }

    /// What the stack owns now.
    pub fn stack(&self) -> Stack {
        self.aws.stack(&self.spec.stack)
    }

    /// The writing calls since the log was emptied.
    pub fn writes(&self) -> Vec<String> {
        writes(&self.server.calls())
            .into_iter()
            .map(str::to_owned)
            .collect()
    }
}

/// Every finding has what the contract promises, and no two share an id.
fn well_formed(drift: &Value) -> Result<(), String> {
    let one_of =
        |value: &Value, allowed: &[&str]| value.as_str().is_some_and(|v| allowed.contains(&v));
    if drift["in_sync"] != false || drift["format"] != 1 {
        return Err("in_sync must be false and format 1".into());
    }
    let mut ids = BTreeSet::new();
    for finding in drift["findings"].as_array().into_iter().flatten() {
        let fine = one_of(&finding["what"], &["missing", "extra", "changed", "broken"])
            && one_of(&finding["severity"], &["critical", "warning", "info"])
            && one_of(&finding["repair"], &["automatic", "guarded", "report"])
            && finding["effect"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
            && finding["id"]
                .as_str()
                .is_some_and(|id| id.starts_with("d-"));
        if !fine {
            return Err(format!("a finding is not well-formed: {finding:#}"));
        }
        if !ids.insert(finding["id"].to_string()) {
            return Err(format!("two findings have the id {}", finding["id"]));
        }
    }
    Ok(())
}

/// The ids of a plan's steps, in order.
pub fn step_ids(plan: &Value) -> Vec<&str> {
    let steps = plan["steps"].as_array().map_or(&[][..], Vec::as_slice);
    steps
        .iter()
        .filter_map(|step| step["id"].as_str())
        .collect()
}

/// The finding about this key whose field begins so; the empty field stands for the whole resource.
pub fn finding<'v>(drift: &'v Value, key: &str, field: &str) -> Option<&'v Value> {
    drift["findings"].as_array()?.iter().find(|finding| {
        let found = finding["field"].as_str().unwrap_or_default();
        let fits = if field.is_empty() {
            found.is_empty()
        } else {
            found.starts_with(field)
        };
        finding["key"] == key && fits
    })
}
