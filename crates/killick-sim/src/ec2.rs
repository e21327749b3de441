//! EC2: the network part.

mod address;
#[cfg(test)]
mod bench;
mod call;
mod carrier_gateway;
mod cidr;
mod dhcp;
mod egress_only;
mod endpoint;
mod interface;
mod internet_gateway;
pub(crate) mod limit;
mod listing;
mod nat_gateway;
mod network_acl;
mod peering;
mod prefix_list;
mod region;
mod route_table;
mod security_group;
mod subnet;
mod tagging;
mod token;
mod vpc;
mod vpn_gateway;

use serde_json::Value;

pub use address::Address;
pub use carrier_gateway::CarrierGateway;
pub use egress_only::EgressOnlyGateway;
pub use endpoint::Endpoint;
pub use interface::Interface;
pub use internet_gateway::InternetGateway;
pub use nat_gateway::{NatGateway, NatState};
pub use network_acl::NetworkAcl;
pub use peering::Peering;
pub use route_table::{Route, RouteTable, Target, active, table_of};
pub use security_group::SecurityGroup;
pub use subnet::Subnet;
pub use vpc::Vpc;
pub use vpn_gateway::VpnGateway;

pub(crate) use address::{Removed, lost_for_good};
pub(crate) use call::Call;
pub(crate) use dhcp::DhcpOptions;
pub(crate) use interface::{Wanted, make as make_interface};
pub(crate) use listing::well_formed;
pub(crate) use token::Token;

use crate::agenda::Event;
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::{Params, Request, Response, ec2_answer, ec2_failure};
use crate::world::{Asked, Millis};

/// Carries out one action: reads its parameters, says so with
/// [`Call::checked`], and only then looks at the world.
type Action = fn(&mut Call<'_>) -> Result<Value, Failure>;

/// Every action, by resource.
const ACTIONS: &[&[(&str, Action)]] = &[
    address::ACTIONS,
    carrier_gateway::ACTIONS,
    dhcp::ACTIONS,
    egress_only::ACTIONS,
    endpoint::ACTIONS,
    interface::ACTIONS,
    internet_gateway::ACTIONS,
    nat_gateway::ACTIONS,
    network_acl::ACTIONS,
    peering::ACTIONS,
    prefix_list::ACTIONS,
    region::ACTIONS,
    route_table::ACTIONS,
    security_group::ACTIONS,
    subnet::ACTIONS,
    tagging::ACTIONS,
    vpc::ACTIONS,
    vpn_gateway::ACTIONS,
];

/// Answers a request.
pub(crate) fn answer(place: &mut Place, asked: &Asked, request: &Request) -> Response {
    let mut params = Params::parse(&request.body);
    let name = params.text("Action").unwrap_or_default();
    params.text("Version");
    match carry_out(place, asked, params, &name) {
        Ok(value) => ec2_answer(&name, &asked.request_id, &value),
        Err(failure) => ec2_failure(&failure, &asked.request_id),
    }
}

fn carry_out(
    place: &mut Place,
    asked: &Asked,
    params: Params,
    name: &str,
) -> Result<Value, Failure> {
    let mut actions = ACTIONS.iter().flat_map(|actions| actions.iter());
    let Some((_, action)) = actions.find(|(known, _)| *known == name) else {
        let message = format!("The action {name} is not valid for this web service.");
        return Err(Failure::new("InvalidAction", message));
    };
    let narrow = params.has("Filter") || params.has("MaxResults");
    let throttled = asked.settings.throttle && !place.buckets.take("ec2", name, narrow, asked.now);
    if throttled {
        let failure = Failure::new("RequestLimitExceeded", "Request limit exceeded.");
        return Err(failure.status(503));
    }
    action(&mut Call::new(place, asked, params))
}

/// Lets something happen that was put down in the agenda.
pub(crate) fn happen(place: &mut Place, event: Event, when: Millis) {
    match event {
        Event::Available(id) if id.starts_with("vpc-") => vpc::available(place, &id),
        Event::Available(id) => subnet::available(place, &id),
        Event::NatUp(id) => nat_gateway::up(place, &id, when),
        Event::NatGone(id) => nat_gateway::gone(place, &id, when),
        Event::NatForgotten(id) => nat_gateway::forgotten(place, &id),
        Event::NatDrained(id, allocation) => nat_gateway::drained(place, &id, &allocation),
        Event::EndpointSettled(id) => endpoint::settled(place, &id, when),
        Event::AddressFree(_) | Event::FunctionUpdated(_) | Event::InterfacesReclaimed => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    /// An action that does not say [`Call::checked`] would swallow typing
    /// errors and act on a dry run.
    #[test]
    fn every_action_refuses_what_it_does_not_know() {
        let asked = Asked {
            now: 0,
            call: 0,
            request_id: String::new(),
            settings: Settings::default(),
        };
        for (name, action) in ACTIONS.iter().flat_map(|actions| actions.iter()) {
            let mut place = Place::default();
            let params = Params::parse(b"NoSuchThing=1");
            let answer = action(&mut Call::new(&mut place, &asked, params));
            let code = answer.map_err(|failure| failure.code).err();
            let refused = matches!(
                code.as_deref(),
                Some("UnknownParameter" | "MissingParameter")
            );
            assert!(refused, "{name}: {code:?}");
        }
    }
}
