//! The network ACL that a subnet follows, where it keeps functions from the
//! internet.

use killick_core::{FieldDiff, PhysicalId};
use killick_engine::{Class, CloudError, Rules};

use crate::call::call;
use crate::context::Context;
use crate::describe;
use crate::error::Operation;
use crate::tags::filter;

const REPLACE: Operation = Operation::ec2("ReplaceNetworkAclAssociation");

/// Gives the subnet the default ACL of its VPC back.
pub(super) async fn give_back(
    cx: &Context<'_>,
    id: &PhysicalId,
    changes: &[FieldDiff],
) -> Result<(), CloudError> {
    if changes.iter().all(|change| change.name != "network_acl") {
        return Ok(());
    }
    let mut subnets = cx.snapshot.subnets.iter();
    let vpc = subnets.find(|subnet| subnet.id == id.as_str());
    let vpc = vpc.map_or("", |subnet| subnet.vpc.as_str());
    let filters = vec![filter("vpc-id", [vpc])];
    let acls = describe::network_acls(cx.session.reader(), cx.settler, filters).await?;
    let inside = || acls.iter().filter(|acl| acl.vpc == vpc);
    let association = inside()
        .flat_map(|acl| &acl.associations)
        .find(|one| one.subnet == id.as_str());
    let default = inside().find(|acl| acl.default);
    let (Some(association), Some(default)) = (association, default) else {
        let message = format!("{vpc} shows no default network ACL, or none for {id}");
        return Err(REPLACE.error(Class::Fatal, "NoNetworkAcl", message));
    };
    if default.has(id.as_str()) {
        return Ok(());
    }
    call(cx.settler, Rules::REPEATABLE, REPLACE, async || {
        let request = cx.session.ec2().replace_network_acl_association();
        let request = request.association_id(&association.id);
        request.network_acl_id(&default.id).send().await
    })
    .await?;
    Ok(())
}
