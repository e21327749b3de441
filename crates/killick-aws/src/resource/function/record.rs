//! The calls that write down what a function had before.

use aws_sdk_ssm::types::ParameterType;
use killick_core::{FieldDiff, Key, PhysicalId, Value};
use killick_engine::{Class, CloudError, Rules};
use killick_stack::{PreviousConfig, Written, parameter};

use crate::call::call;
use crate::context::Context;
use crate::error::Operation;

/// Writes it down before the function is moved: what it had before, if that is
/// not written yet, and that it is put back once more, if somebody had changed
/// it.
pub(super) async fn write(
    cx: &Context<'_>,
    key: &Key,
    id: &PhysicalId,
    (subnets, former): (Option<&FieldDiff>, Option<&Value>),
) -> Result<(), CloudError> {
    let known = cx.record(key);
    let put_back = known.is_some() && cx.wants(key) && subnets.is_some_and(was_elsewhere);
    let written = match (former, known) {
        (Some(Value::Text(text)), known) => {
            let Ok(former) = text.parse::<PreviousConfig>() else {
                return Ok(());
            };
            Written::new(former, known.map_or(0, |known| known.resets))
        }
        (None, Some(known)) if put_back => Written::new(known.former.clone(), known.resets + 1),
        _ => return Ok(()),
    };
    let (name, text) = (parameter(cx.stack(), id.as_str()), written.text());
    let operation = Operation::ssm("PutParameter");
    let answer = call(cx.settler, Rules::REPEATABLE, operation, async || {
        let request = cx.session.ssm().put_parameter().name(&name).value(&text);
        let request = request.description("What killick puts back when it lets go of a function");
        request
            .r#type(ParameterType::String)
            .overwrite(true)
            .send()
            .await
    })
    .await;
    match answer {
        // Who was in no VPC has nothing to go back to.
        Err(error)
            if error.class == Class::Denied && written.formerly == PreviousConfig::default() =>
        {
            return Ok(());
        }
        answer => {
            answer?;
        }
    }
    forget_under(cx, key, |stack| stack != cx.stack()).await
}

/// Whether a function had left the stack's subnets altogether.
fn was_elsewhere(subnets: &FieldDiff) -> bool {
    subnets.live.refs().is_empty() && !subnets.desired.refs().is_empty()
}

/// Takes the record away once the function is back where it was.
pub(super) async fn forget(
    cx: &Context<'_>,
    key: &Key,
    former: Option<&Value>,
) -> Result<(), CloudError> {
    match former {
        Some(Value::Absent) => forget_under(cx, key, |_| true).await,
        _ => Ok(()),
    }
}

async fn forget_under(
    cx: &Context<'_>,
    key: &Key,
    which: impl Fn(&str) -> bool,
) -> Result<(), CloudError> {
    let operation = Operation::ssm("DeleteParameter");
    let records = cx
        .snapshot
        .records
        .iter()
        .filter(|record| record.function == key.name);
    for record in records.filter(|record| which(&record.stack)) {
        let name = parameter(&record.stack, &record.function);
        let gone = call(cx.settler, Rules::REPEATABLE, operation, async || {
            cx.session.ssm().delete_parameter().name(&name).send().await
        })
        .await;
        match gone {
            Err(error) if error.code == "ParameterNotFound" => {}
            gone => {
                gone?;
            }
        }
    }
    Ok(())
}
