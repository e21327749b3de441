//! Holders that are attached to a VPC: endpoints, peering connections, gateways
//! of other types, network ACLs.

use super::{Collector, joined};
use crate::snapshot::{Dependent, DependentKind};

/// The endpoint that GuardDuty makes by itself wherever it watches a workload.
const GUARD_DUTY: &str = ".guardduty-data";

impl Collector<'_> {
    /// Everything that is attached to a VPC that goes.
    pub(super) fn attached(&mut self) {
        for one in &self.seen.snapshot.dependents.attached {
            if one.leaves() {
                continue;
            }
            // An association with another VPC keeps the group, not the VPC.
            let holds = match one.kind {
                DependentKind::SecurityGroupVpcAssociation => self.held([one.id.as_str()]),
                _ => self.held(one.vpcs.iter().map(String::as_str)),
            };
            let (about, remedy) = self.dependent(one);
            self.add((one.kind.name(), &one.id), about, holds, remedy);
        }
    }

    /// What there is to say of one, and what to do about it.
    pub(super) fn dependent(&self, one: &Dependent) -> (Option<String>, String) {
        let owner = self.elsewhere(one.owner.as_deref());
        let about = joined([one.about.clone(), owner]);
        (about, self.remedy(one))
    }

    fn remedy(&self, one: &Dependent) -> String {
        let (id, vpc) = (&one.id, one.vpcs.join(" "));
        let run = |what: &str, command: String| format!("{what}: {}", self.command(&command));
        match one.kind {
            DependentKind::VpcEndpoint => {
                let delete = format!("delete-vpc-endpoints --vpc-endpoint-ids {id}");
                let service = one.about.as_deref().unwrap_or_default();
                if service.contains(GUARD_DUTY) {
                    let off = "GuardDuty makes this endpoint by itself: turn off its automated \
                               agent configuration, then delete the endpoint";
                    return run(off, delete);
                }
                match one.requested {
                    true => {
                        "have the service of AWS that made it delete it: nobody else can".to_owned()
                    }
                    false => run("delete the endpoint", delete),
                }
            }
            DependentKind::VpcPeeringConnection => run(
                "delete the peering connection",
                format!("delete-vpc-peering-connection --vpc-peering-connection-id {id}"),
            ),
            DependentKind::VpnGateway => run(
                "detach the virtual private gateway",
                format!("detach-vpn-gateway --vpn-gateway-id {id} --vpc-id {vpc}"),
            ),
            DependentKind::EgressOnlyInternetGateway => run(
                "delete the gateway",
                format!(
                    "delete-egress-only-internet-gateway --egress-only-internet-gateway-id {id}"
                ),
            ),
            DependentKind::CarrierGateway => run(
                "delete the carrier gateway",
                format!("delete-carrier-gateway --carrier-gateway-id {id}"),
            ),
            DependentKind::NetworkAcl => run(
                "let its subnets follow the default ACL, then delete it",
                format!("delete-network-acl --network-acl-id {id}"),
            ),
            DependentKind::SecurityGroupVpcAssociation => run(
                "take the group off the other VPC",
                format!("disassociate-security-group-vpc --group-id {id} --vpc-id {vpc}"),
            ),
        }
    }
}
