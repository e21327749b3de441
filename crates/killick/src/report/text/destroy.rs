//! The plan of a destroy, and what there is to say where there is none.

use std::fmt::Write;

use killick_aws::held;
use killick_core::{Action, Plan};

use crate::report::paint::{bold, red};
use crate::report::text::steps::{Why, steps};
use crate::report::text::words::{count, list};
use crate::world::World;

/// The plan of `destroy`.
pub fn destroy(world: &World, plan: &Plan, verbose: bool) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "stack {} goes", bold(world.title()));
    steps(&mut text, plan, Why::Plain, verbose);
    let ips = |kept: bool| -> Vec<String> {
        held(&world.seen(), &world.desired)
            .into_iter()
            .filter(|one| {
                let mut ids = plan.kept.iter().map(|(_, id)| id.as_str());
                ids.any(|id| id == one.allocation_id) == kept
            })
            .map(|one| one.ip)
            .collect()
    };
    let (kept, lost) = (ips(true), ips(false));
    text.push('\n');
    if !kept.is_empty() {
        let _ = writeln!(
            text,
            "kept: {}; the next apply takes them again, and they are billed until then",
            list(&kept)
        );
    }
    if !lost.is_empty() {
        let _ = writeln!(
            text,
            "{}",
            red(format!(
                "lost for good: {}; AWS does not give an address back",
                list(&lost)
            ))
        );
    }
    let detached = plan
        .steps()
        .filter(|(_, step)| step.action == Action::Release && step.key.kind == "function");
    let functions = detached.count();
    if functions > 0 {
        let functions = count(functions, "function");
        let _ = writeln!(text, "{functions} will leave by addresses that AWS picks");
    }
    text
}

/// There is no stack, or only its addresses are left of it.
pub fn nothing_to_destroy(world: &World) -> String {
    let kept: Vec<String> = held(&world.seen(), &world.desired)
        .into_iter()
        .map(|one| one.ip)
        .collect();
    let title = world.title();
    match kept.is_empty() {
        true => format!("nothing to destroy: there is nothing of stack {title}\n"),
        false => format!(
            "nothing to destroy: only the kept addresses of stack {title} are left: {} \
             (--release-addresses gives them up)\n",
            list(&kept)
        ),
    }
}
