//! The simulated AWS against moto: two imitations by different hands, asked the same, answer the same.
//!
//! [`except::TABLE`] says what is left out, and why.

mod addresses;
mod compare;
mod except;
mod functions;
mod groups;
mod network;
mod normal;
mod parameters;
mod routes;
mod tape;

use killick_tests::{Sandbox, Server};

use compare::{differences, needless};
use tape::{Script, Tape};

const SCRIPTS: &[(&str, Script)] = &[
    ("vpc", network::vpc),
    ("subnet", network::subnet),
    ("internet gateway", network::internet_gateway),
    ("address", addresses::elastic),
    ("nat gateway", addresses::nat_gateway),
    ("route table", routes::table),
    ("route", routes::route),
    ("association", routes::association),
    ("security group", groups::group),
    ("rules", groups::rules),
    ("function", functions::function),
    ("function in a vpc", functions::network),
    ("parameter", parameters::parameter),
    ("caller", parameters::caller),
];

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn both_answer_the_same() {
    let (moto, sandbox) = (Server::bare(), Sandbox::serve(1000));
    let (theirs, ours) = (moto.aws(), moto.aws().at(sandbox.url()));
    let pairs: Vec<_> = SCRIPTS
        .iter()
        .map(|(name, script)| {
            let play = |aws| Tape::of(aws, *script);
            (*name, play(&ours), play(&theirs))
        })
        .collect();
    let mut wrong = Vec::new();
    for (name, ours, theirs) in &pairs {
        let found = differences(ours, theirs, except::TABLE);
        wrong.extend(found.into_iter().map(|line| format!("{name}: {line}")));
    }
    let tapes: Vec<_> = pairs
        .iter()
        .map(|(_, ours, theirs)| (ours, theirs))
        .collect();
    for entry in needless(&tapes, except::TABLE) {
        wrong.push(format!("take it off the table: {entry:?}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
