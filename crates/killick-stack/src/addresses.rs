//! The product: by which addresses functions leave, now and after a plan.

use killick_core::{Desired, Graph, Key, Value};
use killick_spec::Spec;
use serde::Serialize;

use crate::egress::Ways;
use crate::leaving::Leaving;
use crate::pins::{Danger, Promise, danger};
use crate::resource::{ElasticIp, NatGateway};
use crate::routing::{Holder, holder, ip};
use crate::view::StackView;

/// The outbound addresses before and after a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outbound {
    /// Those that functions leave by, as far as they are known: see `Leaving`.
    pub now: Vec<String>,
    /// Those of the NAT gateways that should be; `None` for one that AWS has
    /// yet to choose.
    pub then: Vec<Option<String>>,
    /// Whether that is another set than the one that partners know: what
    /// `--change-addresses` is for.
    pub changes: bool,
    /// Those that the spec promises to partners.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub promised: Vec<String>,
    /// What makes it another set.
    #[serde(skip)]
    pub danger: Danger,
}

/// The outbound addresses as they are and as they would be.
pub(crate) fn outbound(
    spec: &Spec,
    seen: &StackView<'_>,
    desired: &Graph<Desired>,
    ways: &Ways,
    leaving: &Leaving,
    broken: &[Promise],
) -> Outbound {
    let then: Vec<Option<String>> = desired
        .iter()
        .filter(|node| node.key.kind == NatGateway::KIND)
        .map(|node| match node.attrs.get("address") {
            Some(Value::Ref(address)) => match seen.identity.id(address) {
                Some(id) => ip(seen, id),
                None => to_be_had_back(desired, address),
            },
            _ => None,
        })
        .collect();
    let danger = danger(spec, seen, ways, broken, &then);
    Outbound {
        changes: danger.any(),
        promised: spec.addresses.iter().map(ToString::to_string).collect(),
        now: leaving.addresses.clone(),
        then,
        danger,
    }
}

/// The address that a create will ask for by name.
fn to_be_had_back(desired: &Graph<Desired>, address: &Key) -> Option<String> {
    match desired.get(address)?.attrs.get("public")? {
        Value::Map(public) => public.get("ip")?.as_text().map(str::to_owned),
        _ => None,
    }
}

/// An Elastic IP of the stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldAddress {
    /// The address.
    pub ip: String,
    /// The zone that it was allocated for.
    pub zone: String,
    /// `eipalloc-…`
    pub allocation_id: String,
    /// `in-use` on its NAT gateway, or on another one that functions leave by;
    /// `idle` and waiting for its own; `taken` by something else; `kept` though
    /// the spec no longer wants it.
    pub state: &'static str,
    /// Whether it is somebody else's, and so never given up.
    #[serde(skip)]
    pub lent: bool,
    /// What has it besides its NAT gateway: of an idle one a gateway that lets
    /// go of it by itself, of one that is taken or in use something that does
    /// not.
    #[serde(skip)]
    pub holder: Option<String>,
}

impl HeldAddress {
    /// What has it that is not the stack's and does not let go of it.
    pub fn taken_by(&self) -> Option<&str> {
        let taken = matches!(self.state, "in-use" | "taken");
        self.holder.as_deref().filter(|_| taken)
    }
}

/// Every Elastic IP of the stack, by zone.
pub(crate) fn held(
    seen: &StackView<'_>,
    desired: &Graph<Desired>,
    leaving: &Leaving,
) -> Vec<HeldAddress> {
    let mut all: Vec<HeldAddress> = seen
        .ours(ElasticIp::KIND, &seen.snapshot.addresses, |address| {
            &address.id
        })
        .into_iter()
        .map(|(key, address)| {
            let on = holder(seen, address);
            let state = match (&on, desired.contains(&key)) {
                (Holder::Ours, _) => "in-use",
                (Holder::Other(_), _) if leaving.by(&address.ip) => "in-use",
                (Holder::Other(_), _) => "taken",
                (Holder::Nobody | Holder::LettingGo(_), true) => "idle",
                (Holder::Nobody | Holder::LettingGo(_), false) => "kept",
            };
            let holder = match on {
                Holder::Nobody | Holder::Ours => None,
                Holder::LettingGo(nat) => Some(nat.id.clone()),
                Holder::Other(id) => Some(id.to_owned()),
            };
            HeldAddress {
                ip: address.ip.clone(),
                lent: seen.identity.is_lent(&key),
                zone: key.name,
                allocation_id: address.id.clone(),
                state,
                holder,
            }
        })
        .collect();
    all.sort_by(|a, b| a.zone.cmp(&b.zone));
    all
}
