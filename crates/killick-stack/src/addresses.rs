//! The product: by which addresses functions leave, now and after a plan.

use killick_core::{Desired, Graph, Key, Value};
use killick_spec::Spec;
use serde::Serialize;

use crate::leaving::Leaving;
use crate::pins::{Moment, Origin, Pin, Pins};
use crate::resource::NatGateway;
use crate::routing::ip;
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
    /// The pinned ones, each as it is and as it would be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<PinnedAddress>,
}

/// A pinned address, as it is and as it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PinnedAddress {
    /// The address.
    pub ip: String,
    /// Where it is.
    pub now: &'static str,
    /// Where it would be.
    pub then: &'static str,
    /// What it means for partners then.
    pub standing: &'static str,
}

/// The addresses of the NAT gateways that should be.
pub(crate) fn wanted(seen: &StackView<'_>, desired: &Graph<Desired>) -> Vec<Option<String>> {
    let gateways = desired
        .iter()
        .filter(|node| node.key.kind == NatGateway::KIND);
    let addresses = gateways.map(|node| match node.attrs.get("address") {
        Some(Value::Ref(address)) => match seen.identity.id(address) {
            Some(id) => ip(seen, id),
            None => to_be_had_back(desired, address),
        },
        _ => None,
    });
    addresses.collect()
}

/// The outbound addresses as they are and as they would be.
pub(crate) fn outbound(
    spec: &Spec,
    leaving: &Leaving,
    then: Vec<Option<String>>,
    pins: &Pins,
) -> Outbound {
    let pinned = pins.pinned().filter_map(|pin| {
        Some(PinnedAddress {
            ip: pin.ip.clone()?,
            now: pin.state(Moment::Before).word(),
            then: pin.state(Moment::After).word(),
            standing: pin.judge(Moment::After).standing.word(),
        })
    });
    Outbound {
        changes: pins.danger().any(),
        promised: spec.addresses.iter().map(ToString::to_string).collect(),
        now: leaving.addresses.clone(),
        pins: pinned.collect(),
        then,
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
    /// Whether the spec pins it.
    pub pinned: bool,
    /// Whether functions leave by it, or its NAT gateway has it.
    pub in_use: bool,
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
pub(crate) fn held(pins: &Pins) -> Vec<HeldAddress> {
    let held = pins.all().iter().filter(|pin| pin.is_held());
    let mut all: Vec<HeldAddress> = held.filter_map(address).collect();
    all.sort_by(|a, b| a.zone.cmp(&b.zone));
    all
}

fn address(pin: &Pin) -> Option<HeldAddress> {
    Some(HeldAddress {
        ip: pin.ip.clone()?,
        zone: pin.zone.clone()?,
        allocation_id: pin.allocation.clone()?,
        state: pin.custody(),
        pinned: pin.is_pinned(),
        in_use: pin.is_used(),
        lent: pin.origin == Origin::External,
        holder: pin.holder.clone(),
    })
}
