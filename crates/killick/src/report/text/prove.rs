//! By which addresses functions leave: a table, and the way of each as a tree.

use std::fmt::Write;

use killick_path::{Class, Judgement, Path, Proof, Verdict};

use crate::assess::{Accepted, DriftReport, World, hidden};
use crate::report::paint::{bold, dim, green, red, yellow};
use crate::report::text::words::{count, list};
use killick_text::shown;

/// The proofs of a stack. `question` is what was asked beyond the whole
/// internet.
pub fn prove(
    world: &World,
    report: &DriftReport,
    proofs: &[Proof],
    question: Option<&str>,
) -> String {
    let mut text = String::new();
    let paths = || proofs.iter().flat_map(|proof| &proof.paths);
    let bad = paths()
        .filter(|path| path.judgement == Judgement::Refuted)
        .count();
    let unknown = paths()
        .filter(|path| path.judgement == Judgement::Unknown)
        .count();
    let (number, title) = (paths().count(), bold(world.title()));
    let total = count(number, "way");
    let leave = if number == 1 { "leaves" } else { "leave" };
    let what = question.map_or_else(String::new, |question| format!(" to {question}"));
    let hidden = hidden(&world.snapshot.unreadable);
    let _ = match (bad, unknown) {
        (0, 0) if hidden => writeln!(
            text,
            "{}: {total}{what} of stack {title} {leave} by the fixed addresses, but not all functions \
             and versions could be read",
            yellow("not proven")
        ),
        _ if proofs.is_empty() => writeln!(
            text,
            "{}: the spec of stack {title} means no function that exists",
            yellow("nothing to prove")
        ),
        (0, 0) => writeln!(
            text,
            "{}: {total}{what} of stack {title} {leave} by the fixed addresses",
            green("proven")
        ),
        (0, unknown) => writeln!(
            text,
            "{}: {unknown} of {total}{what} of stack {title} could not be followed to the end",
            yellow("not proven")
        ),
        (bad, _) => writeln!(
            text,
            "{}: {bad} of {total}{what} of stack {title} {} as the spec says",
            red("refuted"),
            if bad == 1 { "is not" } else { "are not" }
        ),
    };
    table(&mut text, proofs);
    for proof in proofs {
        let _ = writeln!(text, "\n{}", bold(runner(proof)));
        for path in &proof.paths {
            tree(&mut text, world, path, &report.accepted_on(proof, path));
        }
    }
    let set = world.outbound();
    let promised = match set.promised.is_empty() {
        true => set.then.iter().flatten().cloned().collect(),
        false => set.promised.clone(),
    };
    let _ = writeln!(text, "\nthe fixed addresses: {}", list(&promised));
    text
}

/// `billing-sync`, or `billing-sync:live -> 3` for the version behind an alias.
pub(crate) fn runner(proof: &Proof) -> String {
    let name = shown(&proof.runner);
    match &proof.version {
        Some((alias, version)) => format!("{name}:{alias} -> {version}"),
        None => name,
    }
}

/// What becomes of what is sent this way.
pub(crate) fn verdict(path: &Path) -> String {
    let classes = path.classes.iter();
    let told: Vec<String> = match path.classes.as_slice() {
        [one] => vec![one.verdict.sentence()],
        _ => classes.map(|class| class.to_string()).collect(),
    };
    let mut told = told.join("; ");
    let leaves = |class: &Class| matches!(class.verdict, Verdict::Leaves { .. });
    if path.judgement != Judgement::Proven && path.classes.iter().all(leaves) {
        for note in &path.notes {
            let _ = write!(told, "; but {note}");
        }
    }
    if let Some((from, to)) = &path.crosses_zones {
        let _ = write!(told, "; crosses from {from} to {to}, which is billed");
    }
    told
}

fn table(text: &mut String, proofs: &[Proof]) {
    let rows: Vec<[String; 3]> = proofs
        .iter()
        .flat_map(|proof| {
            proof.paths.iter().map(|path| {
                let zone = path.zone.clone().or_else(|| path.subnet.clone());
                [
                    runner(proof),
                    zone.map_or_else(|| "no VPC".to_owned(), |zone| shown(&zone)),
                    verdict(path),
                ]
            })
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let width = |column: usize, title: &str| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
            .max(title.len())
    };
    let (first, second) = (width(0, "function"), width(1, "zone"));
    let _ = writeln!(
        text,
        "\n{}",
        dim(format!(
            "{:first$}  {:second$}  way out",
            "function", "zone"
        ))
    );
    for [runner, zone, verdict] in &rows {
        let _ = writeln!(text, "{runner:first$}  {zone:second$}  {}", shown(verdict));
    }
}

fn tree(text: &mut String, world: &World, path: &Path, accepted: &[&Accepted]) {
    let seen = world.seen();
    let called = |id: &str| match seen.name(id) {
        name if name == id => id.to_owned(),
        name => format!("{name} ({id})"),
    };
    let place = match (&path.zone, &path.subnet) {
        (Some(zone), Some(subnet)) => format!("from {zone}, {}", called(subnet)),
        (None, Some(subnet)) => subnet.clone(),
        _ => "outside of any VPC".to_owned(),
    };
    let mark = match path.judgement {
        Judgement::Proven => green("proven"),
        Judgement::Unknown => yellow("not known"),
        Judgement::Refuted => red("refuted"),
    };
    let _ = writeln!(text, "  {}: {mark}", shown(&place));
    let mut lines: Vec<String> = path
        .hops
        .iter()
        .map(|hop| {
            let kind = hop.kind.word();
            match hop.id.is_empty() {
                true => format!("{kind}: {}", hop.words),
                false if seen.name(&hop.id) != hop.id => {
                    format!("{}: {}", called(&hop.id), hop.words)
                }
                false => format!("{kind} {}: {}", hop.id, hop.words),
            }
        })
        .collect();
    lines.extend(path.classes.iter().map(|class| format!("=> {class}")));
    lines.extend(path.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(accepted.iter().map(|one| {
        let (id, until, reason) = (&one.finding.id, &one.accept.until, &one.accept.reason);
        format!("accepted until {until}: {reason} ({id})")
    }));
    let last = lines.len().saturating_sub(1);
    for (number, line) in lines.iter().enumerate() {
        let branch = if number == last { "└─" } else { "├─" };
        let _ = writeln!(text, "    {} {}", dim(branch), shown(line));
    }
}
