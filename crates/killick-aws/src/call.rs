//! Making a call: its error in our words, its pages to the end.

use std::error::Error;

use aws_sdk_ec2::config::http::HttpResponse;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use killick_engine::{CloudError, Rules, Settler};

use crate::error::Operation;

/// Makes one call under the retry rules.
///
/// # Errors
/// The failed call, after every retry that its class allows.
pub(crate) async fn call<T, E>(
    settler: &Settler,
    rules: Rules,
    operation: Operation,
    mut send: impl AsyncFnMut() -> Result<T, SdkError<E, HttpResponse>>,
) -> Result<T, CloudError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    settler
        .retry(rules, async || {
            send().await.map_err(|error| operation.failed(&error))
        })
        .await
}

/// A page: what was on it, and the token of the next one.
pub(crate) type Page<T> = (Vec<T>, Option<String>);

/// Reads every page of a describe call.
///
/// # Errors
/// The failed call, or an answer that names the same next page twice.
pub(crate) async fn pages<T, E>(
    settler: &Settler,
    operation: Operation,
    mut send: impl AsyncFnMut(Option<String>) -> Result<Page<T>, SdkError<E, HttpResponse>>,
) -> Result<Vec<T>, CloudError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let (mut all, mut token) = (Vec::new(), None::<String>);
    loop {
        let (items, next) = call(settler, Rules::READ, operation, async || {
            send(token.clone()).await
        })
        .await?;
        all.extend(items);
        let next = next.filter(|next| !next.is_empty());
        if next.is_none() {
            return Ok(all);
        }
        if next == token {
            return Err(operation.nonsense("new next page"));
        }
        token = next;
    }
}
