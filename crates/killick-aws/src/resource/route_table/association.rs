//! The calls that change which table a subnet follows.

use killick_core::{FieldDiff, PhysicalId, Value};
use killick_engine::{CloudError, Rules};
use killick_stack::MAIN;

use super::one;
use crate::call::call;
use crate::context::{Context, gone};
use crate::describe;
use crate::error::Operation;
use crate::tags::filter;

pub(super) async fn change(
    cx: &Context<'_>,
    id: &PhysicalId,
    change: &FieldDiff,
) -> Result<(), CloudError> {
    let Some(member) = change.entry.as_ref() else {
        return Ok(());
    };
    if change.desired.is_absent() {
        return leave(cx, id, member).await;
    }
    let Some(subnet) = cx.resolve(member)? else {
        return Ok(());
    };
    let operation = Operation::ec2("AssociateRouteTable");
    let holder = association_of(cx, &subnet).await?;
    if let Some((table, _)) = &holder
        && table == id.as_str()
    {
        return Ok(());
    }
    let Some((_, association)) = holder else {
        let answer = call(cx.settler, Rules::REPEATABLE, operation, async || {
            let request = cx.session.ec2().associate_route_table();
            request
                .route_table_id(id.as_str())
                .subnet_id(&subnet)
                .send()
                .await
        })
        .await;
        return match answer {
            // A try whose answer was lost had associated it.
            Err(error) if error.code == "Resource.AlreadyAssociated" => {
                match association_of(cx, &subnet).await? {
                    Some((table, _)) if table == id.as_str() => Ok(()),
                    _ => Err(error),
                }
            }
            answer => answer.map(|_| ()),
        };
    };
    // Taking the old association away would drop the subnet to the main
    // table, and its functions' way out with it: swap in one call.
    let operation = Operation::ec2("ReplaceRouteTableAssociation");
    let answer = call(cx.settler, Rules::REPEATABLE, operation, async || {
        let request = cx.session.ec2().replace_route_table_association();
        request
            .association_id(&association)
            .route_table_id(id.as_str())
            .send()
            .await
    })
    .await;
    match answer {
        // Repeated after a lost answer: the association has a new id by now.
        Err(error) if error.code == "InvalidAssociationID.NotFound" => {
            match association_of(cx, &subnet).await? {
                Some((table, _)) if table == id.as_str() => Ok(()),
                _ => Err(error),
            }
        }
        answer => answer.map(|_| ()),
    }
}

/// The table and the association of a subnet, if it has an explicit one.
async fn association_of(
    cx: &Context<'_>,
    subnet: &str,
) -> Result<Option<(String, String)>, CloudError> {
    let filters = vec![filter("association.subnet-id", [subnet])];
    let tables = describe::route_tables(cx.session.reader(), cx.settler, filters).await?;
    Ok(tables.into_iter().find_map(|table| {
        let found = table
            .associations
            .into_iter()
            .find(|entry| entry.member == subnet)?;
        Some((table.id, found.id))
    }))
}

async fn leave(cx: &Context<'_>, id: &PhysicalId, member: &Value) -> Result<(), CloudError> {
    let Some(member) = cx.resolve(member)? else {
        return Ok(());
    };
    let table = one(cx, id).await?;
    let entries = table.into_iter().flat_map(|table| table.associations);
    for entry in entries.filter(|entry| entry.member == member) {
        disassociate(cx, &entry.id).await?;
    }
    Ok(())
}

/// Gives somebody else's subnet the table back that it had before. Where that
/// is gone, or was the main table, it follows the main table.
pub(super) async fn put_back(
    cx: &Context<'_>,
    association: &str,
    former: &str,
) -> Result<(), CloudError> {
    let filters = vec![filter("route-table-id", [former])];
    let tables = match former {
        MAIN => Vec::new(),
        _ => describe::route_tables(cx.session.reader(), cx.settler, filters).await?,
    };
    if !tables.iter().any(|table| table.id == former) {
        return disassociate(cx, association).await;
    }
    let operation = Operation::ec2("ReplaceRouteTableAssociation");
    let answer = call(cx.settler, Rules::REPEATABLE, operation, async || {
        let request = cx.session.ec2().replace_route_table_association();
        let request = request.association_id(association);
        request.route_table_id(former).send().await
    })
    .await;
    match answer {
        // Repeated after a lost answer: the association has a new id by now.
        Err(error) if error.code == "InvalidAssociationID.NotFound" => Ok(()),
        answer => answer.map(|_| ()),
    }
}

pub(super) async fn disassociate(cx: &Context<'_>, association: &str) -> Result<(), CloudError> {
    let operation = Operation::ec2("DisassociateRouteTable");
    gone(
        call(cx.settler, Rules::REPEATABLE, operation, async || {
            let request = cx.session.ec2().disassociate_route_table();
            request.association_id(association).send().await
        })
        .await,
    )
}
