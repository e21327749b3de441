//! Making endpoints.

use serde_json::{Value, json};

use super::{Endpoint, POLICY, can_join, change, is_policy, join, service, show};
use crate::agenda::Event;
use crate::ec2::{Call, Vpc, interface, security_group, token, vpc};
use crate::failure::Failure;
use crate::tags::Tags;
use crate::wire::Params;

/// Gateway endpoints in a region.
const QUOTA: usize = 20;

/// What a request asks for.
#[derive(Debug)]
struct Wanted {
    vpc: String,
    kind: String,
    service: String,
    policy: Option<String>,
    route_tables: Vec<String>,
    subnets: Vec<String>,
    groups: Vec<String>,
    private_dns: bool,
    address_type: String,
    tags: Tags,
}

impl Wanted {
    fn read(params: &mut Params) -> Result<Self, Failure> {
        let or = |text: Option<String>, other: &str| text.unwrap_or_else(|| other.to_owned());
        Ok(Self {
            vpc: params.need("VpcId")?,
            kind: or(params.text("VpcEndpointType"), "Gateway"),
            service: params.need("ServiceName")?,
            policy: params.text("PolicyDocument"),
            route_tables: params.list("RouteTableId"),
            subnets: params.list("SubnetId"),
            groups: params.list("SecurityGroupId"),
            private_dns: params.flag("PrivateDnsEnabled")?.unwrap_or(false),
            address_type: or(params.text("IpAddressType"), "ipv4"),
            tags: params.tags("vpc-endpoint")?,
        })
    }
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let wanted = Wanted::read(&mut call.params)?;
    let token = call.params.text("ClientToken");
    call.checked()?;
    let asked = format!("{wanted:?}");
    let made = token::made(call.place, token.as_deref(), "CreateVpcEndpoint", &asked)?;
    if let Some(endpoint) = made.and_then(|id| call.place.endpoints.get(&id)) {
        return Ok(json!({"vpcEndpoint": show(call.place, endpoint), "clientToken": token}));
    }
    let vpc = vpc::LISTING.need(call, &wanted.vpc);
    let vpc = vpc.map_err(another_spelling)?.clone();
    service::offered(call.place, &wanted.service, &wanted.kind)?;
    let policy = wanted.policy.as_deref().unwrap_or(POLICY);
    is_policy(policy)?;
    let endpoint = Endpoint {
        id: call.place.dice.id("vpce"),
        vpc: wanted.vpc,
        service: wanted.service,
        kind: wanted.kind,
        state: "pending".to_owned(),
        route_tables: Vec::new(),
        subnets: Vec::new(),
        groups: Vec::new(),
        interfaces: Vec::new(),
        private_dns: wanted.private_dns,
        address_type: wanted.address_type,
        policy: policy.to_owned(),
        created: call.now,
        tags: wanted.tags,
    };
    let endpoint = match endpoint.kind.as_str() {
        "Gateway" => gateway(call, endpoint, wanted.route_tables)?,
        _ => inside(call, endpoint, &vpc, wanted.subnets, wanted.groups)?,
    };
    let seen = call.seen();
    let place = &mut *call.place;
    let up = call.now.saturating_add(place.dice.between(2000, 15_000));
    let event = Event::EndpointSettled(endpoint.id.clone());
    place.agenda.at(up, event);
    place.endpoints.insert(&endpoint.id, endpoint.clone(), seen);
    let token = token.as_deref();
    token::remember(place, token, "CreateVpcEndpoint", &asked, &endpoint.id);
    Ok(json!({"vpcEndpoint": show(place, &endpoint), "clientToken": token}))
}

/// Endpoint calls spell the codes of a VPC in their own way.
fn another_spelling(failure: Failure) -> Failure {
    let code = failure.code.replace("VpcID", "VpcId");
    Failure { code, ..failure }
}

/// A gateway endpoint has a route in each of its tables.
fn gateway(
    call: &mut Call<'_>,
    mut endpoint: Endpoint,
    mut tables: Vec<String>,
) -> Result<Endpoint, Failure> {
    let alive = call.place.endpoints.all().filter(|one| one.alive());
    if alive.filter(|one| one.kind == "Gateway").count() >= QUOTA {
        let message = "The maximum number of VPC endpoints has been reached.";
        return Err(Failure::new("VpcEndpointLimitExceeded", message));
    }
    tables.sort();
    tables.dedup();
    can_join(call, &endpoint, &tables)?;
    let seen = call.seen();
    join(call.place, &endpoint, &tables, seen);
    endpoint.route_tables = tables;
    Ok(endpoint)
}

/// An interface endpoint has a network interface in each of its subnets.
fn inside(
    call: &mut Call<'_>,
    mut endpoint: Endpoint,
    vpc: &Vpc,
    mut subnets: Vec<String>,
    mut groups: Vec<String>,
) -> Result<Endpoint, Failure> {
    subnets.sort();
    subnets.dedup();
    for id in &subnets {
        let known = call.place.subnets.find(id, &call.eye);
        if known.is_none_or(|subnet| subnet.vpc != vpc.id) {
            let message = format!("The subnet ID '{id}' does not exist");
            return Err(Failure::new("InvalidSubnetId.NotFound", message));
        }
    }
    for id in &groups {
        if security_group::LISTING.need(call, id)?.vpc != vpc.id {
            let message = format!("Security group {id} does not belong to VPC {}", vpc.id);
            return Err(Failure::new("InvalidParameter", message));
        }
    }
    if groups.is_empty() {
        let all = call.place.security_groups.all();
        let own = all.filter(|group| group.vpc == vpc.id && group.name == "default");
        groups = own.map(|group| group.id.clone()).collect();
    }
    let seen = call.seen();
    let description = format!("VPC Endpoint Interface {}", endpoint.id);
    for subnet in &subnets {
        let wanted = interface::Wanted {
            subnet,
            kind: "vpc_endpoint",
            description: &description,
            groups: &groups,
            managed: true,
        };
        match interface::make(call.place, &wanted, seen) {
            Ok(made) => endpoint.interfaces.push(made.id),
            Err(failure) => {
                change::give_back(call.place, &endpoint);
                return Err(failure);
            }
        }
    }
    endpoint.subnets = subnets;
    endpoint.groups = groups;
    Ok(endpoint)
}
