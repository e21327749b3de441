//! What proves that something at a place of the stack is the stack's.
//!
//! Whoever may tag can forge tags, so what carries them proves little about
//! its neighbours. What hangs on resources of the stack from two sides was put
//! there by the stack, or by somebody who may do much more than tag.

use killick_core::Key;

use crate::identity::Identity;
use crate::keys::vpc_key;
use crate::resource::Subnet;
use crate::routing::default_target;
use crate::snapshot::{self, Snapshot};

use super::recorded::Recorded;

impl Identity {
    /// Whether an id is the stack's, or named by the spec.
    pub(super) fn has(&self, id: &str) -> bool {
        self.key(id).is_some()
    }

    /// Whether more than its own tags says that a VPC is the stack's: the spec,
    /// the record, or two resources of the stack in it that hang together.
    pub(super) fn rooted(&self, snapshot: &Snapshot, recorded: &Recorded, vpc: &str) -> bool {
        if recorded.has(vpc) || (self.is_lent(&vpc_key()) && self.id(&vpc_key()) == Some(vpc)) {
            return true;
        }
        let mut tables = snapshot.route_tables.iter();
        let joined = tables.any(|table| {
            let own = table.vpc == vpc && self.has(&table.id);
            own && (self.serves_own(table) || default_target(table).is_some_and(|id| self.has(id)))
        });
        let mut nats = snapshot.nat_gateways.iter().filter(|nat| nat.exists());
        joined
            || nats.any(|nat| {
                let subnet = nat.subnet.as_deref();
                nat.vpc == vpc && self.has(&nat.id) && subnet.is_some_and(|id| self.has(id))
            })
    }

    fn serves_own(&self, table: &snapshot::RouteTable) -> bool {
        let mut entries = table.associations.iter();
        entries.any(|entry| self.has(&entry.member))
    }

    /// Whether something of the stack hangs on a subnet from inside: a NAT
    /// gateway, a table that is the stack's or leads to a gateway of the
    /// stack, or a function that the stack attached.
    pub(super) fn joined(&self, snapshot: &Snapshot, subnet: &str) -> bool {
        let mut nats = snapshot.nat_gateways.iter();
        let holds = nats
            .any(|nat| nat.exists() && nat.subnet.as_deref() == Some(subnet) && self.has(&nat.id));
        let mut tables = snapshot.route_tables.iter();
        let follows = tables.any(|table| {
            let mut entries = table.associations.iter();
            let serves = entries.any(|entry| entry.member == subnet);
            let leads = default_target(table).is_some_and(|id| self.has(id));
            serves && (self.has(&table.id) || leads)
        });
        let recorded = |name: &str| snapshot.records.iter().any(|one| one.function == name);
        let mut functions = snapshot.functions.iter();
        let runs = functions
            .any(|one| recorded(&one.name) && one.subnets.iter().any(|member| member == subnet));
        holds || follows || runs
    }

    /// Whether a subnet of the stack leaves by a gateway.
    pub(super) fn leaves_by(&self, snapshot: &Snapshot, gateway: &str) -> bool {
        let mut tables = snapshot.route_tables.iter();
        tables.any(|table| {
            let mut entries = table.associations.iter();
            let subnet = |key: &Key| key.kind == Subnet::KIND;
            let serves = entries.any(|entry| self.own(&entry.member).is_some_and(subnet));
            serves && default_target(table) == Some(gateway)
        })
    }
}
