//! The record of a stack's resources: an SSM parameter beside the lock.

use aws_sdk_ssm::types::ParameterType;
use killick_engine::{CloudError, Rules, Settler};
use killick_stack::{ResourceRecord, Snapshot, resources_parameter};

use crate::call::call;
use crate::error::Operation;
use crate::session::Session;

/// Writes down what a stack has, if a snapshot shows another record, and takes
/// away the records under names that the stack had before. Without resources
/// there is no record.
///
/// # Errors
/// The failed call.
pub async fn write_down(
    session: &Session,
    settler: &Settler,
    (stack, record): (&str, &ResourceRecord),
    snapshot: &Snapshot,
) -> Result<(), CloudError> {
    let written = |stack: &str| snapshot.recorded.iter().any(|one| one.stack == stack);
    if record.resources.is_empty() {
        if written(stack) {
            delete(session, settler, stack).await?;
        }
    } else if !record.is_written(stack, snapshot) {
        put(session, settler, stack, &record.text()).await?;
    }
    let mut old: Vec<&str> = snapshot
        .recorded
        .iter()
        .map(|one| one.stack.as_str())
        .filter(|name| *name != stack)
        .collect();
    old.dedup();
    for name in old {
        delete(session, settler, name).await?;
    }
    Ok(())
}

async fn put(
    session: &Session,
    settler: &Settler,
    stack: &str,
    text: &str,
) -> Result<(), CloudError> {
    let operation = Operation::ssm("PutParameter");
    let name = resources_parameter(stack);
    call(settler, Rules::REPEATABLE, operation, async || {
        let request = session.ssm().put_parameter().name(&name).value(text);
        let request = request.description("The resources that killick manages for this stack");
        request
            .r#type(ParameterType::String)
            .overwrite(true)
            .send()
            .await
    })
    .await?;
    Ok(())
}

async fn delete(session: &Session, settler: &Settler, stack: &str) -> Result<(), CloudError> {
    let operation = Operation::ssm("DeleteParameter");
    let name = resources_parameter(stack);
    let gone = call(settler, Rules::REPEATABLE, operation, async || {
        session.ssm().delete_parameter().name(&name).send().await
    })
    .await;
    match gone {
        Err(error) if error.code != "ParameterNotFound" => Err(error),
        _ => Ok(()),
    }
}
