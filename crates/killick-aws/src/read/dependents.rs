//! What only `destroy` needs: what can keep AWS from deleting the stack's VPC.
//! Whatever one of these calls fails with, the others are worth having.

use std::collections::BTreeSet;

use killick_engine::{CloudError, Settler};
use killick_finding::Part;
use killick_stack::snapshot::{Dependent, NetworkInterface, Snapshot};
use tokio::join;

use super::{Answered, Refused, Request};
use crate::describe;
use crate::reader::Reader;
use crate::tags::filter;

type Answer<T> = Result<T, CloudError>;

/// What was answered about some VPCs.
pub(super) struct Dependents {
    interfaces: Answer<Vec<NetworkInterface>>,
    attached: Vec<Answer<Vec<Dependent>>>,
}

/// Reads what is in the VPCs of the stack and what is attached to them.
pub(super) async fn read(
    reader: &Reader,
    settler: &Settler,
    request: &Request<'_>,
    vpcs: &BTreeSet<String>,
) -> Option<Dependents> {
    if !request.dependents || vpcs.is_empty() {
        return None;
    }
    let of = |name: &str| vec![filter(name, vpcs)];
    let (interfaces, endpoints, acls, carriers, vpns, egress_only, peerings, groups) = join!(
        describe::network_interfaces(reader, settler, of("vpc-id")),
        describe::attached_endpoints(reader, settler, of("vpc-id")),
        describe::custom_acls(reader, settler, of("vpc-id")),
        describe::carrier_gateways(reader, settler, of("vpc-id")),
        describe::vpn_gateways(reader, settler, of("attachment.vpc-id")),
        // These know no filter that fits: of the VPC on either side, or of a
        // group that is read in the same wave.
        describe::egress_only_internet_gateways(reader, settler, Vec::new()),
        describe::peering_connections(reader, settler, Vec::new()),
        describe::group_associations(reader, settler, Vec::new()),
    );
    Some(Dependents {
        interfaces,
        attached: vec![
            endpoints,
            acls,
            carriers,
            vpns,
            egress_only,
            peerings,
            groups,
        ],
    })
}

impl Answered for Option<Dependents> {
    fn place(self, snapshot: &mut Snapshot, refused: &mut Refused) -> Answer<()> {
        let Some(found) = self else { return Ok(()) };
        let interfaces = known(found.interfaces);
        snapshot.dependents.interfaces = refused.optional(interfaces, Part::Dependents);
        for answer in found.attached {
            let attached = refused.optional(known(answer), Part::Dependents);
            snapshot.dependents.attached.extend(attached);
        }
        Ok(())
    }
}

/// Where a partition has no such call there is no such resource either.
fn known<T>(answer: Answer<Vec<T>>) -> Answer<Vec<T>> {
    match answer {
        Err(error) if ABSENT.contains(&error.code.as_str()) => Ok(Vec::new()),
        answer => answer,
    }
}

const ABSENT: [&str; 3] = [
    "InvalidAction",
    "UnsupportedOperation",
    "UnknownOperationException",
];
