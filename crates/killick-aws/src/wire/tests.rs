#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::sync::Mutex;

use killick_engine::{Class, CloudError};

use super::*;
use crate::error::Operation;
use crate::{NO_ANSWER, NO_CONNECTION, Session};

const VPCS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>req-1</requestId>
  <vpcSet><item><vpcId>vpc-1</vpcId><cidrBlock>10.0.0.0/16</cidrBlock></item></vpcSet>
</DescribeVpcsResponse>"#;

/// Ends every request alike, and keeps them.
#[derive(Debug)]
struct Script {
    end: Result<WireAnswer, Cut>,
    heard: Mutex<Vec<WireRequest>>,
}

impl Script {
    fn new(end: Result<WireAnswer, Cut>) -> Arc<Self> {
        let heard = Mutex::default();
        Arc::new(Self { end, heard })
    }

    fn answering(status: u16, body: &str) -> Arc<Self> {
        Self::new(Ok(WireAnswer {
            status,
            headers: vec![("x-amzn-RequestId".to_owned(), "req-1".to_owned())],
            body: body.into(),
        }))
    }

    fn heard(&self) -> Vec<WireRequest> {
        self.heard.lock().unwrap().clone()
    }
}

impl Wire for Script {
    fn now(&self) -> u64 {
        0
    }

    fn send(&self, request: WireRequest) -> Sending {
        self.heard.lock().unwrap().push(request);
        let end = self.end.clone();
        Box::pin(async move { end })
    }
}

fn session(script: &Arc<Script>) -> Session {
    let wire = Arc::clone(script) as Arc<dyn Wire>;
    Session::over("ap-northeast-1", "AKIA000000000042", wire)
}

async fn vpc_ids(script: &Arc<Script>) -> Result<Vec<String>, CloudError> {
    let session = session(script);
    let answer = session.ec2().describe_vpcs().send().await;
    let answer = answer.map_err(|error| Operation::ec2("DescribeVpcs").failed(&error))?;
    let ids = answer.vpcs().iter().filter_map(|vpc| vpc.vpc_id());
    Ok(ids.map(str::to_owned).collect())
}

fn header<'a>(request: &'a WireRequest, wanted: &str) -> &'a str {
    let mut headers = request.headers.iter();
    &headers.find(|(name, _)| name == wanted).unwrap().1
}

#[tokio::test]
async fn an_answer_is_read_as_if_the_network_had_brought_it() {
    let script = Script::answering(200, VPCS);
    assert_eq!(vpc_ids(&script).await.unwrap(), ["vpc-1"]);
}

#[tokio::test]
async fn an_error_keeps_its_code_and_its_request_id() {
    let body = "<Response><Errors><Error><Code>RequestLimitExceeded</Code>\
        <Message>slow down</Message></Error></Errors><RequestID>req-1</RequestID></Response>";
    let error = vpc_ids(&Script::answering(503, body)).await.unwrap_err();
    assert_eq!(
        (error.class, error.message.as_str()),
        (Class::Throttled, "slow down")
    );
    assert_eq!(error.request_id.as_deref(), Some("req-1"));
}

#[tokio::test]
async fn a_request_is_signed_for_its_service_and_region() {
    let script = Script::answering(200, VPCS);
    let clients = session(&script);
    vpc_ids(&script).await.unwrap();
    let function = clients.lambda().get_function_configuration();
    function.function_name("billing-sync").send().await.ok();
    clients.reader().get_caller_identity().send().await.ok();

    let heard = script.heard();
    let services = ["ec2", "lambda", "sts"];
    assert_eq!(heard.len(), services.len(), "nothing is sent twice");
    for (request, service) in heard.iter().zip(services) {
        let host = format!("https://{service}.ap-northeast-1.amazonaws.com/");
        assert!(request.uri.starts_with(&host), "{}", request.uri);
        let signed = header(request, "authorization");
        assert!(signed.contains("Credential=AKIA000000000042/"), "{signed}");
        let scope = format!("/ap-northeast-1/{service}/aws4_request");
        assert!(signed.contains(&scope), "{signed}");
    }
    assert_eq!(heard[0].method, "POST");
    let form = String::from_utf8(heard[0].body.clone()).unwrap();
    assert!(form.starts_with("Action=DescribeVpcs&"), "{form}");
    assert_eq!(heard[1].method, "GET");
    assert!(heard[1].uri.contains("/functions/billing-sync/"));
}

#[tokio::test]
async fn a_cut_says_whether_the_request_may_have_been_heard() {
    for (cut, class, code) in [
        (Cut::Unreached, Class::Unreached, NO_CONNECTION),
        (Cut::Broken, Class::Unknown, NO_ANSWER),
    ] {
        let script = Script::new(Err(cut));
        let error = vpc_ids(&script).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (class, code), "{cut:?}");
        assert_eq!(script.heard().len(), 1, "the settler retries, not the SDK");
    }
}

#[tokio::test]
async fn an_answer_that_is_none_may_still_have_taken_effect() {
    let error = vpc_ids(&Script::answering(7, "")).await.unwrap_err();
    assert_eq!(error.class, Class::Unknown);
}
