//! Rules of the VPC's default network ACL that keep functions from the
//! internet.

use killick_core::{FieldDiff, PhysicalId, Value};
use killick_engine::{CloudError, Rules};

use crate::call::call;
use crate::context::{Context, gone};
use crate::describe;
use crate::error::Operation;
use crate::tags::filter;

/// Takes those rules out.
pub(super) async fn clear(
    cx: &Context<'_>,
    id: &PhysicalId,
    changes: &[FieldDiff],
) -> Result<(), CloudError> {
    let extra = changes.iter().filter(|change| change.name == "network_acl");
    // A rule that somebody put in its place meanwhile is another one.
    let shown: Vec<(&str, &str)> = extra
        .filter_map(|change| {
            let place = change.entry.as_ref().and_then(Value::as_text)?;
            Some((place, change.live.as_text()?))
        })
        .collect();
    if shown.is_empty() {
        return Ok(());
    }
    let filters = vec![filter("vpc-id", [id.as_str()]), filter("default", ["true"])];
    let acls = describe::network_acls(cx.session.reader(), cx.settler, filters).await?;
    let default = acls
        .iter()
        .find(|acl| acl.default && acl.vpc == id.as_str());
    let entries = default.into_iter().flat_map(|acl| {
        let entries = acl.entries.iter().filter(|entry| !entry.allow);
        let wanted = entries.filter(|entry| {
            let (place, text) = (entry.place(), entry.to_string());
            shown.contains(&(place.as_str(), text.as_str()))
        });
        wanted.map(move |entry| (&acl.id, entry))
    });
    let operation = Operation::ec2("DeleteNetworkAclEntry");
    for (acl, entry) in entries {
        gone(
            call(cx.settler, Rules::REPEATABLE, operation, async || {
                let request = cx.session.ec2().delete_network_acl_entry();
                let request = request.network_acl_id(acl).egress(entry.egress);
                request.rule_number(entry.number).send().await
            })
            .await,
        )?;
    }
    Ok(())
}
