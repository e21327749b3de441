//! What is told of a simulated AWS.

use std::path::Path;

use killick_finding::Severity;
use killick_sim::tamper::CASES;

use crate::reach::Simulator;
use crate::report::paint::{bold, dim, red, yellow};
use crate::report::text::words::list;
use crate::sandbox::{Sandbox, access_key_id};

/// Said before everything else, so that nobody takes it for the real one.
/// `unused` is what of the environment names a real one.
pub fn banner(file: &Path, unused: &[&str]) -> String {
    let sandbox = yellow("sandbox:");
    let file = file.display();
    let mut text = format!("{sandbox} simulated AWS in {file}; nothing real happens\n");
    if !unused.is_empty() {
        let names = unused.join(", ");
        text.push_str(&format!(
            "{sandbox} set in the environment and not used: {names}\n"
        ));
    }
    text
}

/// What a client needs to talk to a served sandbox.
pub fn served(url: &str, sandbox: &Sandbox) -> String {
    let (file, speed) = (sandbox.file().display(), sandbox.pace());
    let key = access_key_id("123456789012");
    format!(
        "kept in {file}; its clock runs at speed {speed}; Ctrl-C ends it\n\
         for any AWS client in another shell:\n  \
           export AWS_ENDPOINT_URL={url}\n  \
           export AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY=any AWS_REGION=ap-northeast-1 AWS_DEFAULT_REGION=ap-northeast-1\n"
    )
}

/// All changes that can be made by name.
pub fn cases() -> String {
    let width = CASES.iter().map(|case| case.name.len()).max().unwrap_or(0);
    let lines = CASES.iter().map(|case| {
        let severity = match case.severity {
            Severity::Critical => red("critical"),
            Severity::Warning => yellow("warning "),
            Severity::Info => dim("info    "),
        };
        format!("{:width$}  {severity}  {}\n", case.name, case.about)
    });
    lines.collect()
}

/// A heading of the demo.
pub fn title(text: &str) -> String {
    format!("{}\n\n", bold(format!("# {text}")))
}

/// A command line as somebody types it.
pub fn typed(line: &str) -> String {
    format!("{} {line}\n", dim("$"))
}

/// What the demo is.
pub fn prologue(speed: f64) -> String {
    format!(
        "{} a simulated AWS, {speed} times as fast as the real one; nothing real happens\n\n",
        yellow("demo:")
    )
}

/// What the demo showed, and where to go from here.
pub fn epilogue(addresses: &[String]) -> String {
    let addresses = list(addresses);
    let then = "killick --sandbox apply specs/lambda-fixed-ip.toml";
    format!(
        "{}{addresses} after the first apply, after the repair, and kept after destroy\n\n\
         what to try next:\n  \
           {then}  the same by hand, on a simulated AWS that stays\n  \
           {:width$}  what else can be broken\n  \
           {:width$}  the same for other AWS clients\n",
        title("The addresses never changed"),
        "killick sandbox tamper list",
        "killick sandbox serve",
        width = then.len(),
    )
}
