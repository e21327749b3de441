//! Route table: its routes and associations are fields.

mod association;
mod route;

use aws_sdk_ec2::types::ResourceType;
use killick_core::{FieldDiff, Key, PhysicalId};
use killick_engine::{Class, CloudError, Rules};
use killick_stack::resource::RouteTable;
use killick_stack::{FORMERLY, ToValue, snapshot};

use crate::call::call;
use crate::calls::Calls;
use crate::context::{Context, gone, made};
use crate::describe;
use crate::error::Operation;
use crate::limits;
use crate::tags::{filter, filters, specification};

impl Calls for RouteTable {
    async fn create(&self, cx: &Context<'_>, key: &Key) -> Result<PhysicalId, CloudError> {
        let operation = Operation::ec2("CreateRouteTable");
        let vpc = cx.resolve(&self.vpc.to_value())?.unwrap_or_default();
        let find = async || {
            let filters = filters(cx.owner, key);
            let mut found =
                describe::route_tables(cx.session.reader(), cx.settler, filters).await?;
            found.retain(|table| table.vpc == vpc);
            Ok(found)
        };
        cx.create_once(key, find, async || {
            let answer = call(cx.settler, Rules::ONCE, operation, async || {
                let request = cx.session.ec2().create_route_table().vpc_id(&vpc);
                request
                    .client_token(cx.token(key, 0))
                    .tag_specifications(specification(ResourceType::RouteTable, &self.tags))
                    .send()
                    .await
            })
            .await?;
            made(
                answer
                    .route_table()
                    .and_then(|table| table.route_table_id()),
                operation,
            )
        })
        .await
    }

    async fn update(
        cx: &Context<'_>,
        _key: &Key,
        id: &PhysicalId,
        changes: &[FieldDiff],
    ) -> Result<(), CloudError> {
        // Routes first: a subnet never joins a table that leads nowhere.
        for change in changes.iter().filter(|change| change.name == "routes") {
            route::change(cx, id, change).await?;
        }
        for change in changes
            .iter()
            .filter(|change| change.name == "associations")
        {
            association::change(cx, id, change).await?;
        }
        Ok(())
    }

    async fn delete(cx: &Context<'_>, key: &Key, id: &PhysicalId) -> Result<(), CloudError> {
        let operation = Operation::ec2("DeleteRouteTable");
        let refuse = |why: String| {
            let message = format!("{key} ({id}) {why}");
            Err(operation.error(Class::Fatal, "NotOurs", message))
        };
        let table = one(cx, id).await?;
        if table.as_ref().is_some_and(|table| table.main) {
            let why = "is the main table of its VPC by now; make another one the main table first";
            return refuse(why.to_owned());
        }
        let formerly = table
            .as_ref()
            .and_then(|table| table.tags.get(FORMERLY).cloned());
        let associations = table.map_or_else(Vec::new, |table| table.associations);
        if let Some(foreign) = associations
            .iter()
            .find(|entry| !cx.ids.holds(&entry.member))
        {
            return refuse(format!(
                "serves {}, which is not of this stack",
                foreign.member
            ));
        }
        for entry in associations {
            match &formerly {
                Some(former) => association::put_back(cx, &entry.id, former).await?,
                None => association::disassociate(cx, &entry.id).await?,
            }
        }
        let rules = Rules::REPEATABLE.while_in_use(limits::IN_USE);
        gone(
            call(cx.settler, rules, operation, async || {
                let request = cx.session.ec2().delete_route_table();
                request.route_table_id(id.as_str()).send().await
            })
            .await,
        )
    }
}

async fn one(
    cx: &Context<'_>,
    id: &PhysicalId,
) -> Result<Option<snapshot::RouteTable>, CloudError> {
    let filters = vec![filter("route-table-id", [id.as_str()])];
    let found = describe::route_tables(cx.session.reader(), cx.settler, filters).await?;
    Ok(found.into_iter().find(|table| table.id == id.as_str()))
}
