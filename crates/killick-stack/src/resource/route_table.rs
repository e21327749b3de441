//! Route table: its routes and associations are fields.

use std::collections::BTreeMap;

use killick_core::{Change, Health, Key, Observed, PhysicalId, Value};
use killick_finding::Part;

use crate::acl::Blocking;
use crate::declare::{Link, ToValue, declare};
use crate::facts::{Count, Effort, Events, Facts, Names, Quota, state, tag_events};
use crate::observe::{Observe, tagged};
use crate::snapshot::{self, Route, Snapshot, Tagged};
use crate::tags::Tags;
use crate::view::StackView;

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

impl Observe for RouteTable {
    fn observe(seen: &StackView<'_>, _blocking: &[Blocking]) -> Vec<Observed> {
        let ours = stack_route_tables(seen);
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
                        // Who else follows it is none of a plan's business.
                        .filter(|association| seen.identity.key(&association.member).is_some())
                        .map(|association| seen.link(&association.member))
                        .collect(),
                    tags: table.tags.clone(),
                }
                .attrs(),
            })
            .collect()
    }

    fn tagged(snapshot: &Snapshot) -> Vec<&dyn Tagged> {
        tagged(&snapshot.route_tables)
    }
}

impl Facts for RouteTable {
    const PREFIX: &'static str = "rtb-";
    const NOUN: &'static str = "route table";
    const NAMES: Names = Names::Side;
    const PART: Part = Part::RouteTables;
    const QUOTA: Option<Quota> = Some(Quota {
        service: "vpc",
        code: "L-589F43AA",
        what: "route tables in a VPC",
        kind: Self::KIND,
        counted: Count::Vpc(|snapshot, vpc| {
            let tables = snapshot.route_tables.iter();
            tables.filter(|one| one.vpc == vpc).count()
        }),
    });

    fn absent(name: &str, what: Change) -> String {
        format!("the route table {name} {}", state(what))
    }

    fn events(field: Option<&str>, what: Change) -> Events {
        match field {
            Some("tags") => tag_events(what),
            Some("routes") => &["CreateRoute", "ReplaceRoute", "DeleteRoute"],
            Some("associations") => ASSOCIATION_EVENTS,
            None | Some(_) => &["DeleteRouteTable"],
        }
    }

    fn effort(_field: Option<&str>, _what: Change) -> Effort {
        Effort::SECONDS
    }
}

/// The events that change which table a subnet or a gateway follows.
pub(crate) const ASSOCIATION_EVENTS: Events = &[
    "AssociateRouteTable",
    "ReplaceRouteTableAssociation",
    "DisassociateRouteTable",
];

/// Every IPv4 destination that nothing more specific covers.
pub(crate) const DEFAULT_ROUTE: &str = "0.0.0.0/0";

/// Whether somebody made this route by hand or by call.
fn is_plain(route: &Route) -> bool {
    !matches!(
        route.origin.as_str(),
        "CreateRouteTable" | "EnableVgwRoutePropagation" | "Advertisement"
    ) && route.target != "local"
        && !(route.target.starts_with("vpce-") && route.destination.starts_with("pl-"))
}

/// A route that leads nowhere any more is that route's value.
fn target(seen: &StackView<'_>, route: &Route) -> Value {
    match route.state.as_str() {
        "blackhole" => Value::Text(format!("blackhole ({})", route.target)),
        _ => seen.link(&route.target).to_value(),
    }
}

/// The route tables of a stack, with their keys.
pub(crate) fn stack_route_tables<'a>(seen: &StackView<'a>) -> Vec<(Key, &'a snapshot::RouteTable)> {
    seen.ours(RouteTable::KIND, &seen.snapshot.route_tables, |table| {
        &table.id
    })
}
