//! The lock of a stack: an SSM parameter, which nobody has to set up first.

use aws_sdk_ssm::types::ParameterType;
use killick_engine::{CloudError, Entry, LockStore, Rules, Settler};
use killick_stack::folder;

use crate::call::call;
use crate::error::Operation;
use crate::session::Session;

/// `/killick/<stack>/lock`, read and written one call at a time.
#[derive(Debug)]
pub struct StackLock<'a> {
    session: &'a Session,
    settler: &'a Settler,
    name: String,
}

impl<'a> StackLock<'a> {
    /// The lock of a stack, held by somebody or not.
    pub fn new(session: &'a Session, settler: &'a Settler, stack: &str) -> Self {
        Self {
            session,
            settler,
            name: format!("{}/lock", folder(stack)),
        }
    }

    /// The parameter's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One parameter, or `name:version`.
    async fn get(&self, name: &str) -> Result<Option<Entry>, CloudError> {
        let operation = Operation::ssm("GetParameter");
        let answer = call(self.settler, Rules::READ, operation, async || {
            self.session
                .reader()
                .get_parameter()
                .name(name)
                .send()
                .await
        })
        .await;
        let answer = match answer {
            Err(error) if is_missing(&error) => return Ok(None),
            answer => answer?,
        };
        let parameter = answer.parameter();
        let value = parameter.and_then(|parameter| parameter.value());
        match (value, parameter.map(|parameter| parameter.version())) {
            (Some(text), Some(version)) => Ok(Some(Entry {
                text: text.to_owned(),
                version: number(version),
            })),
            _ => Err(operation.nonsense("Parameter")),
        }
    }

    async fn put(&self, text: &str, overwrite: bool) -> Result<u64, CloudError> {
        let operation = Operation::ssm("PutParameter");
        let answer = call(self.settler, Rules::ONCE, operation, async || {
            let request = self
                .session
                .ssm()
                .put_parameter()
                .name(&self.name)
                .value(text);
            let request = request.description("Who changes this stack now");
            request
                .r#type(ParameterType::String)
                .overwrite(overwrite)
                .send()
                .await
        })
        .await?;
        Ok(number(answer.version()))
    }
}

/// A version counts from 1; what is less is no version.
fn number(version: i64) -> u64 {
    u64::try_from(version).unwrap_or_default()
}

fn is_missing(error: &CloudError) -> bool {
    matches!(
        error.code.as_str(),
        "ParameterNotFound" | "ParameterVersionNotFound"
    )
}

impl LockStore for StackLock<'_> {
    async fn read(&self) -> Result<Option<Entry>, CloudError> {
        self.get(&self.name).await
    }

    async fn read_version(&self, version: u64) -> Result<Option<Entry>, CloudError> {
        self.get(&format!("{}:{version}", self.name)).await
    }

    async fn create(&self, text: &str) -> Result<Option<u64>, CloudError> {
        match self.put(text, false).await {
            Ok(version) => Ok(Some(version)),
            Err(error) if error.code == "ParameterAlreadyExists" => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn replace(&self, text: &str) -> Result<u64, CloudError> {
        self.put(text, true).await
    }

    async fn delete(&self) -> Result<(), CloudError> {
        let operation = Operation::ssm("DeleteParameter");
        let answer = call(self.settler, Rules::ONCE, operation, async || {
            self.session
                .ssm()
                .delete_parameter()
                .name(&self.name)
                .send()
                .await
        })
        .await;
        match answer {
            Err(error) if is_missing(&error) => Ok(()),
            answer => answer.map(|_| ()),
        }
    }
}
