//! No function is attached to a path that does not work, and none loses one
//! that works while there is another way out.

use std::collections::BTreeMap;

use killick_sim::{
    Call, Millis, Moment, NatState, Place, RouteTable, Target, Verdict, active, table_of,
};

/// Looks at the paths of all functions around every call.
#[derive(Debug, Default)]
pub struct Watch {
    /// What was done that must not be.
    pub broken: Vec<String>,
    before: Ways,
    /// Since when a subnet has had no way out.
    cut_off: BTreeMap<String, Millis>,
}

/// What changed more recently than this, in milliseconds, a reader may not
/// have seen.
const NEWS: Millis = 6000;

/// The ways out that count: by function, what it is told and what it uses.
#[derive(Clone, Debug, Default)]
struct Ways {
    /// The subnets of every function's config.
    told: BTreeMap<String, Vec<String>>,
    /// The subnets that its code runs in, and whether each has a way out.
    used: BTreeMap<String, Vec<(String, bool)>>,
}

impl Watch {
    /// The world just before a call.
    pub fn before(&mut self, place: &Place, now: Millis) {
        self.before = Ways::of(place);
        for (subnet, _) in place.subnets.iter() {
            match gateway(place, subnet) {
                Some(_) => drop(self.cut_off.remove(subnet)),
                None => drop(self.cut_off.entry(subnet.to_owned()).or_insert(now)),
            }
        }
    }

    /// The world just after it.
    pub fn after(&mut self, place: &Place, call: &Call) {
        if !acted(call) || !call.writes() {
            return;
        }
        let now = Ways::of(place);
        for (function, subnets) in &now.told {
            if self.before.told.get(function) == Some(subnets) {
                continue;
            }
            for subnet in subnets.iter().filter(|subnet| {
                let since = self.cut_off.get(*subnet);
                since.is_some_and(|since| since + NEWS < call.at)
            }) {
                let text = format!(
                    "{} attached {function} to {subnet}, which has no way out",
                    call.action
                );
                self.broken.push(text);
            }
        }
        for (function, subnets) in &now.used {
            for (subnet, works) in subnets {
                let had = self.before.works(function, subnet);
                if had && !works && another(place, subnet) {
                    let text = format!(
                        "{} took the way out of {function} in {subnet} while there was another",
                        call.action
                    );
                    self.broken.push(text);
                }
            }
        }
    }
}

/// Whether AWS heard of a call.
pub fn acted(call: &Call) -> bool {
    matches!(
        call.verdict,
        Verdict::Answered(_) | Verdict::CutAfter | Verdict::Killed(Moment::After)
    )
}

impl Ways {
    fn of(place: &Place) -> Self {
        let mut ways = Self::default();
        for (name, function) in place.functions.iter() {
            let told = function.latest.vpc_config.as_ref();
            let told = told.map_or(&[][..], |config| &config.subnets);
            ways.told.insert(name.to_owned(), told.to_vec());
            let used = function
                .effective()
                .map_or(&[][..], |config| &config.subnets);
            let used = used
                .iter()
                .map(|subnet| (subnet.clone(), gateway(place, subnet).is_some()));
            ways.used.insert(name.to_owned(), used.collect());
        }
        ways
    }

    fn works(&self, function: &str, subnet: &str) -> bool {
        let used = self.used.get(function).into_iter().flatten();
        used.clone().any(|(one, works)| one == subnet && *works)
    }
}

/// The NAT gateway that a subnet's traffic leaves by, if it gets out.
pub fn gateway<'a>(place: &'a Place, subnet: &str) -> Option<&'a str> {
    match default_target(place, table_of(place, subnet)?)? {
        ("natGatewayId", nat) if gets_out(place, nat) => Some(nat),
        _ => None,
    }
}

/// The address that a subnet's traffic leaves by, if it gets out.
pub fn leaves_by(place: &Place, subnet: &str) -> Option<String> {
    let nat = place.nat_gateways.get(gateway(place, subnet)?)?;
    nat.addresses.iter().find_map(|one| one.public_ip.clone())
}

/// Whether a NAT gateway is up and its own subnet reaches the internet.
fn gets_out(place: &Place, nat: &str) -> bool {
    let Some(nat) = place.nat_gateways.get(nat) else {
        return false;
    };
    let table = table_of(place, &nat.subnet);
    let door = table.and_then(|table| default_target(place, table));
    nat.state == NatState::Available
        && door.is_some_and(|(member, id)| member == "gatewayId" && id.starts_with("igw-"))
}

/// Where the default route of a table leads, if anywhere.
fn default_target<'a>(place: &Place, table: &'a RouteTable) -> Option<(&'a str, &'a str)> {
    let mut routes = table
        .routes
        .iter()
        .filter(|route| route.destination == "0.0.0.0/0");
    let route = routes.find(|route| active(place, table, route))?;
    match &route.target {
        Target::To(member, id) => Some((member, id)),
        Target::Local => None,
    }
}

/// Whether any NAT gateway of the subnet's VPC gets out.
fn another(place: &Place, subnet: &str) -> bool {
    let vpc = place.subnets.get(subnet).map(|subnet| subnet.vpc.as_str());
    let mut nats = place
        .nat_gateways
        .all()
        .filter(|nat| Some(nat.vpc.as_str()) == vpc);
    nats.any(|nat| gets_out(place, &nat.id))
}
