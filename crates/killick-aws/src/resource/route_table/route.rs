//! The calls that change one route.

use killick_core::{FieldDiff, PhysicalId, Value};
use killick_engine::{CloudError, Rules};

use crate::call::call;
use crate::context::{Context, gone};
use crate::error::Operation;

pub(super) async fn change(
    cx: &Context<'_>,
    id: &PhysicalId,
    change: &FieldDiff,
) -> Result<(), CloudError> {
    let Some(destination) = change.entry.as_ref().and_then(Value::as_text) else {
        return Ok(());
    };
    match cx.resolve(&change.desired)? {
        None => delete_route(cx, id, destination).await,
        Some(target) if change.live.is_absent() => {
            match create_route(cx, id, destination, &target).await {
                // A try whose answer was lost had made it, or somebody else did.
                Err(error) if error.code == "RouteAlreadyExists" => {
                    replace_route(cx, id, destination, &target).await
                }
                answer => answer,
            }
        }
        // One call, no gap between the old target and the new one.
        Some(target) => match replace_route(cx, id, destination, &target).await {
            Err(error) if no_such_route(&error) => create_route(cx, id, destination, &target).await,
            answer => answer,
        },
    }
}

/// The words for a missing destination are a parameter error (fact sheet
/// section 5), which only its text tells from others.
fn no_such_route(error: &CloudError) -> bool {
    error.code == "InvalidRoute.NotFound"
        || (error.code == "InvalidParameterValue" && error.message.contains("no route"))
}

/// A destination in the member that its kind goes into.
struct Destination {
    cidr: Option<String>,
    ipv6: Option<String>,
    prefix_list: Option<String>,
}

impl Destination {
    fn new(text: &str) -> Self {
        let here = |yes: bool| yes.then(|| text.to_owned());
        let (list, ipv6) = (text.starts_with("pl-"), text.contains(':'));
        Self {
            cidr: here(!list && !ipv6),
            ipv6: here(ipv6),
            prefix_list: here(list),
        }
    }
}

/// A target in the member that its kind goes into.
struct Target {
    nat_gateway: Option<String>,
    gateway: Option<String>,
}

impl Target {
    fn new(id: &str) -> Self {
        let nat = id.starts_with("nat-");
        Self {
            nat_gateway: nat.then(|| id.to_owned()),
            gateway: (!nat).then(|| id.to_owned()),
        }
    }
}

async fn create_route(
    cx: &Context<'_>,
    id: &PhysicalId,
    destination: &str,
    target: &str,
) -> Result<(), CloudError> {
    let operation = Operation::ec2("CreateRoute");
    call(cx.settler, Rules::REPEATABLE, operation, async || {
        let (destination, target) = (Destination::new(destination), Target::new(target));
        cx.session
            .ec2()
            .create_route()
            .route_table_id(id.as_str())
            .set_destination_cidr_block(destination.cidr)
            .set_destination_ipv6_cidr_block(destination.ipv6)
            .set_destination_prefix_list_id(destination.prefix_list)
            .set_nat_gateway_id(target.nat_gateway)
            .set_gateway_id(target.gateway)
            .send()
            .await
    })
    .await?;
    Ok(())
}

async fn replace_route(
    cx: &Context<'_>,
    id: &PhysicalId,
    destination: &str,
    target: &str,
) -> Result<(), CloudError> {
    let operation = Operation::ec2("ReplaceRoute");
    call(cx.settler, Rules::REPEATABLE, operation, async || {
        let (destination, target) = (Destination::new(destination), Target::new(target));
        cx.session
            .ec2()
            .replace_route()
            .route_table_id(id.as_str())
            .set_destination_cidr_block(destination.cidr)
            .set_destination_ipv6_cidr_block(destination.ipv6)
            .set_destination_prefix_list_id(destination.prefix_list)
            .set_nat_gateway_id(target.nat_gateway)
            .set_gateway_id(target.gateway)
            .send()
            .await
    })
    .await?;
    Ok(())
}

async fn delete_route(
    cx: &Context<'_>,
    id: &PhysicalId,
    destination: &str,
) -> Result<(), CloudError> {
    let operation = Operation::ec2("DeleteRoute");
    gone(
        call(cx.settler, Rules::REPEATABLE, operation, async || {
            let destination = Destination::new(destination);
            cx.session
                .ec2()
                .delete_route()
                .route_table_id(id.as_str())
                .set_destination_cidr_block(destination.cidr)
                .set_destination_ipv6_cidr_block(destination.ipv6)
                .set_destination_prefix_list_id(destination.prefix_list)
                .send()
                .await
        })
        .await,
    )
}
