//! What may be the stack's and what is like the stack's: reasons not to begin.

use killick_core::{Plan, Policy};
use killick_stack::{Doubt, RefusalCode, Why, noun, tag};

use crate::assess::World;
use crate::commands::guard::{Reason, refusal};
use crate::error::Error;
use crate::report::text::contract::told_alike;

/// The plan. Where there is none because of what is in doubt, that is the reason:
/// a subnet of the stack in a VPC of which nobody knows whose it is.
///
/// # Errors
/// As for [`World::plan`].
pub(crate) fn planned(world: &World, policy: Policy) -> Result<Plan, Error> {
    // What could not be read may be what would prove it.
    world.readable(policy)?;
    match (world.plan(policy), unproven(world)) {
        (Err(error), Some(reason)) => Err(refusal(vec![reason]).unwrap_or(error)),
        (plan, _) => plan,
    }
}

/// Resources that may be the stack's, and nothing proves it: neither changed nor
/// doubled.
pub(crate) fn unproven(world: &World) -> Option<Reason> {
    let doubts = world.identity.doubts();
    let lines = doubts.iter().map(|one| match &one.why {
        Why::Place => format!("{} would be taken over as {}", named(one), one.key),
        Why::Inside => format!("{} would be in the stack's network", named(one)),
        Why::Elsewhere { vpc } => {
            let home = world.identity.id(&killick_core::Key::new("vpc", "main"));
            let home = home.unwrap_or("the stack's VPC");
            format!(
                "{} carries the tags of {} and is in {vpc}, not in {home}",
                named(one),
                one.key
            )
        }
    });
    let (region, stack) = (&world.spec.region, &world.spec.stack);
    let first = doubts.first()?;
    let call = tag(&first.id, stack, &first.key);
    Some(Reason {
        code: RefusalCode::ResourcesUnproven,
        resources: doubts.iter().map(|one| one.id.clone()).collect(),
        what: "nothing proves that these resources are this stack's".to_owned(),
        lines: lines.collect(),
        hint: match first.why {
            Why::Place => format!(
                "tag each one that is this stack's, for example: aws {call} --region {region}; delete or \
                 move each other one"
            ),
            Why::Inside => format!(
                "if the VPC is not this stack's, take its tags off: aws ec2 delete-tags --region {region} \
                 --tags Key=killick:stack Key=killick:key --resources ID; if it is, tag what is the \
                 stack's in it"
            ),
            Why::Elsewhere { .. } => format!(
                "take the tags off what is not this stack's: aws ec2 delete-tags --region {region} \
                 --tags Key=killick:stack Key=killick:key --resources ID"
            ),
        },
        flag: None,
    })
}

fn named(one: &Doubt) -> String {
    format!("the {} {}", noun(one.key.kind), one.id)
}

/// A second network by accident.
pub(crate) fn alike(world: &World) -> Option<Reason> {
    let alike = world.assessment.alike();
    (!alike.is_empty()).then(|| Reason {
        code: RefusalCode::NetworkAlike,
        resources: alike.iter().map(|one| one.vpc.clone()).collect(),
        what: "a network that is like this stack's is there already, and apply would make a second one"
            .to_owned(),
        lines: alike.iter().flat_map(told_alike).collect(),
        hint: "if it is this stack's and lost its tags, tag the VPC and what is in it; if the stack \
               should live in it, name it by `vpc` in [network]; give --second-network to make another \
               one beside it"
            .to_owned(),
        flag: Some("--second-network"),
    })
}
