//! Route table: its routes and associations are fields.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::ResourceType;
use killick_core::{FieldDiff, Health, Key, Observed, PhysicalId, Value};
use killick_engine::{Class, CloudError, Patience, Rules};

use crate::call::call;
use crate::catalogue::Calls;
use crate::context::{Context, gone, made};
use crate::declare::{Link, ToValue, declare};
use crate::describe;
use crate::error::Operation;
use crate::seen::Seen;
use crate::snapshot::{Route, RouteTable as Found};
use crate::tags::{Tags, filter};

declare! {
    /// Where the traffic of its subnets goes.
    RouteTable = "route_table", Owned {
        /// The VPC.
        vpc: Link => Refuse,
        /// Targets by destination. The `local` route, propagated ones and
        /// those of endpoints are AWS's and not among them.
        routes: BTreeMap<String, Value> => Update.closed.stand_in,
        /// The subnets that it serves.
        associations: Vec<Link> => Update.closed.serves,
        /// Its tags.
        tags: Tags => Update.declared,
    }
}

/// Every IPv4 destination that nothing more specific covers.
pub(crate) const DEFAULT_ROUTE: &str = "0.0.0.0/0";

impl Calls for RouteTable {
    fn observe(seen: &Seen<'_>) -> Vec<Observed> {
        let ours = seen.ours(Self::KIND, &seen.snapshot.route_tables, |table| &table.id);
        ours.into_iter()
            .map(|(key, table)| Observed {
                key,
                id: PhysicalId::new(&table.id),
                health: Health::Ready,
                attrs: Self {
                    vpc: seen.link(&table.vpc),
                    routes: table
                        .routes
                        .iter()
                        .filter(|route| is_plain(route))
                        .map(|route| (route.destination.clone(), target(seen, route)))
                        .collect(),
                    associations: table
                        .associations
                        .iter()
                        .map(|association| seen.link(&association.member))
                        .collect(),
                    tags: table.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }

    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let operation = Operation::ec2("CreateRouteTable");
        let vpc = cx.resolve(&self.vpc.to_value())?.unwrap_or_default();
        let find = async || {
            let filters = cx.owner.filters(key);
            let found = describe::route_tables(cx.session, cx.settler, filters).await?;
            let here = found.into_iter().filter(|table| table.vpc == vpc);
            Ok(here.map(|table| (table.id, table.tags)).collect())
        };
        cx.create_once(key, find, async || {
            let answer = call(cx.settler, Rules::ONCE, operation, async || {
                let request = cx.session.ec2.create_route_table().vpc_id(&vpc);
                request
                    .client_token(cx.token(key, 0))
                    .tag_specifications(cx.tags(ResourceType::RouteTable, key))
                    .send()
                    .await
            })
            .await?;
            made(
                answer
                    .route_table()
                    .and_then(|table| table.route_table_id()),
                operation,
            )
        })
        .await
    }

    async fn update(
        cx: &Context<'_>,
        _key: &Key,
        id: &PhysicalId,
        changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        // Routes first: a subnet never joins a table that leads nowhere.
        for change in changes.iter().filter(|change| change.name == "routes") {
            route(cx, id, change).await?;
        }
        for change in changes
            .iter()
            .filter(|change| change.name == "associations")
        {
            associate(cx, id, change).await?;
        }
        Ok(())
    }

    async fn ready(_cx: &Context<'_>, _key: &Key, _id: &PhysicalId) -> Result<(), CloudError> {
        Ok(())
    }

    async fn delete(cx: &Context<'_>, key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        let operation = Operation::ec2("DeleteRouteTable");
        let refuse = |why: String| {
            let message = format!("{key} ({id}) {why}");
            Err(operation.error(Class::Fatal, "NotOurs", message))
        };
        let table = one(cx, id).await?;
        if table.as_ref().is_some_and(|table| table.main) {
            let why = "is the main table of its VPC by now; make another one the main table first";
            return refuse(why.to_owned());
        }
        let associations = table.map_or_else(Vec::new, |table| table.associations);
        if let Some(foreign) = associations
            .iter()
            .find(|entry| !cx.ids.holds(&entry.member))
        {
            return refuse(format!(
                "serves {}, which is not of this stack",
                foreign.member
            ));
        }
        for association in associations {
            disassociate(cx, &association.id).await?;
        }
        let rules = Rules::REPEATABLE.while_in_use(Patience::IN_USE);
        gone(
            call(cx.settler, rules, operation, async || {
                let request = cx.session.ec2.delete_route_table();
                request.route_table_id(id.as_str()).send().await
            })
            .await,
        )
    }
}

/// Whether somebody made this route by hand or by call.
fn is_plain(route: &Route) -> bool {
    !matches!(
        route.origin.as_str(),
        "CreateRouteTable" | "EnableVgwRoutePropagation" | "Advertisement"
    ) && route.target != "local"
        && !(route.target.starts_with("vpce-") && route.destination.starts_with("pl-"))
}

/// A route that leads nowhere any more is that route's value.
fn target(seen: &Seen<'_>, route: &Route) -> Value {
    match route.state.as_str() {
        "blackhole" => Value::Text(format!("blackhole ({})", route.target)),
        _ => seen.link(&route.target).to_value(),
    }
}

async fn one(cx: &Context<'_>, id: &PhysicalId) -> Result<Option<Found>, CloudError> {
    let filters = vec![filter("route-table-id", [id.as_str()])];
    let found = describe::route_tables(cx.session, cx.settler, filters).await?;
    Ok(found.into_iter().find(|table| table.id == id.as_str()))
}

async fn route(cx: &Context<'_>, id: &PhysicalId, change: &FieldDiff) -> Result<(), CloudError> {
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
            .ec2
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
            .ec2
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
                .ec2
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

async fn associate(
    cx: &Context<'_>,
    id: &PhysicalId,
    change: &FieldDiff,
) -> Result<(), CloudError> {
    let Some(member) = change.entry.as_ref() else {
        return Ok(());
    };
    if change.desired.is_absent() {
        return leave(cx, id, member).await;
    }
    let Some(subnet) = cx.resolve(member)? else {
        return Ok(());
    };
    let operation = Operation::ec2("AssociateRouteTable");
    let holder = association_of(cx, &subnet).await?;
    if let Some((table, _)) = &holder
        && table == id.as_str()
    {
        return Ok(());
    }
    let Some((_, association)) = holder else {
        let answer = call(cx.settler, Rules::REPEATABLE, operation, async || {
            let request = cx.session.ec2.associate_route_table();
            request
                .route_table_id(id.as_str())
                .subnet_id(&subnet)
                .send()
                .await
        })
        .await;
        return match answer {
            // A try whose answer was lost had associated it.
            Err(error) if error.code == "Resource.AlreadyAssociated" => {
                match association_of(cx, &subnet).await? {
                    Some((table, _)) if table == id.as_str() => Ok(()),
                    _ => Err(error),
                }
            }
            answer => answer.map(|_| ()),
        };
    };
    // Taking the old association away would drop the subnet to the main
    // table, and its functions' way out with it: swap in one call.
    let operation = Operation::ec2("ReplaceRouteTableAssociation");
    let answer = call(cx.settler, Rules::REPEATABLE, operation, async || {
        let request = cx.session.ec2.replace_route_table_association();
        request
            .association_id(&association)
            .route_table_id(id.as_str())
            .send()
            .await
    })
    .await;
    match answer {
        // Repeated after a lost answer: the association has a new id by now.
        Err(error) if error.code == "InvalidAssociationID.NotFound" => {
            match association_of(cx, &subnet).await? {
                Some((table, _)) if table == id.as_str() => Ok(()),
                _ => Err(error),
            }
        }
        answer => answer.map(|_| ()),
    }
}

/// The table and the association of a subnet, if it has an explicit one.
async fn association_of(
    cx: &Context<'_>,
    subnet: &str,
) -> Result<Option<(String, String)>, CloudError> {
    let filters = vec![filter("association.subnet-id", [subnet])];
    let tables = describe::route_tables(cx.session, cx.settler, filters).await?;
    Ok(tables.into_iter().find_map(|table| {
        let found = table
            .associations
            .into_iter()
            .find(|entry| entry.member == subnet)?;
        Some((table.id, found.id))
    }))
}

async fn leave(cx: &Context<'_>, id: &PhysicalId, member: &Value) -> Result<(), CloudError> {
    let Some(member) = cx.resolve(member)? else {
        return Ok(());
    };
    let table = one(cx, id).await?;
    let entries = table.into_iter().flat_map(|table| table.associations);
    for entry in entries.filter(|entry| entry.member == member) {
        disassociate(cx, &entry.id).await?;
    }
    Ok(())
}

async fn disassociate(cx: &Context<'_>, association: &str) -> Result<(), CloudError> {
    let operation = Operation::ec2("DisassociateRouteTable");
    gone(
        call(cx.settler, Rules::REPEATABLE, operation, async || {
            let request = cx.session.ec2.disassociate_route_table();
            request.association_id(association).send().await
        })
        .await,
    )
}
