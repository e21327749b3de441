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
            // Boxed: the SDK's futures are large, and this one is part of all
            // that wait for it.
            let answer = Box::pin(send()).await;
            answer.map_err(|error| operation.failed(&error))
        })
        .await
}

/// Waits for an answer that is wanted; what is not is not asked for.
///
/// # Errors
/// Those of the answer.
pub(crate) async fn when<T: Default>(
    wanted: bool,
    answer: impl Future<Output = Result<T, CloudError>>,
) -> Result<T, CloudError> {
    match wanted {
        true => answer.await,
        false => Ok(T::default()),
    }
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

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::operation::describe_vpcs::DescribeVpcsError;
    use killick_engine::CancellationToken;

    use super::*;

    type Answer = Result<Page<u32>, SdkError<DescribeVpcsError, HttpResponse>>;

    async fn read(next: impl Fn(Option<&str>) -> Page<u32>) -> Result<Vec<u32>, CloudError> {
        let settler = Settler::new(CancellationToken::new(), 0);
        let operation = Operation::ec2("DescribeVpcs");
        pages(
            &settler,
            operation,
            async |token: Option<String>| -> Answer { Ok(next(token.as_deref())) },
        )
        .await
    }

    #[tokio::test]
    async fn every_page_is_read() {
        let all = read(|token| match token {
            None => (vec![1, 2], Some("b".to_owned())),
            // A page may be empty and still not be the last one.
            Some("b") => (vec![], Some("c".to_owned())),
            Some("c") => (vec![3], Some(String::new())),
            Some(other) => (vec![99], Some(other.to_owned())),
        });
        assert_eq!(all.await, Ok(vec![1, 2, 3]));
    }

    #[tokio::test]
    async fn a_page_that_names_itself_is_refused() {
        let error = read(|_| (vec![1], Some("again".to_owned()))).await;
        assert!(error.is_err_and(|error| error.message.contains("next page")));
    }
}
