//! A second AWS client, boto3 behind the harness server, to check and to tamper with.

use std::fmt;

use serde_json::{Value, json};

use crate::http;

/// A zip file with one `handler.py` in it.
const HANDLER_ZIP: &str = "UEsDBBQAAAAAAAAAIVDL141fLQAAAC0AAAAKAAAAaGFuZGxlci5weWRlZiBoYW5kbGVyKGV2ZW50LCBjb250\
     ZXh0KToKICAgIHJldHVybiAib2siClBLAQIUAxQAAAAAAAAAIVDL141fLQAAAC0AAAAKAAAAAAAAAAAAAACAAQAAAABoYW5kbGVyLnB5\
     UEsFBgAAAAABAAEAOAAAAFUAAAAAAA==";

/// AWS's own policy for the execution role of a function in a VPC.
pub const VPC_ACCESS: &str = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";

/// A client of the emulated account, in one region.
#[derive(Debug, Clone)]
pub struct Aws {
    port: u16,
    observer: bool,
    region: String,
    /// Of another AWS than the emulator.
    endpoint: Option<String>,
}

/// What AWS refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsError {
    /// The error code, or the kind of failure if there was no answer.
    pub code: String,
    /// The text of the refusal.
    pub message: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u64>,
}

impl fmt::Display for AwsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.code, self.message)
    }
}

impl Aws {
    pub(crate) fn new(port: u16) -> Self {
        Self {
            port,
            observer: true,
            region: "ap-northeast-1".to_owned(),
            endpoint: None,
        }
    }

    /// The same client as an ordinary one: faults apply to it and its calls are logged.
    #[must_use]
    pub fn ordinary(mut self) -> Self {
        self.observer = false;
        self
    }

    /// The same client in another region.
    #[must_use]
    pub fn region(mut self, region: &str) -> Self {
        region.clone_into(&mut self.region);
        self
    }

    /// The same client of another AWS.
    #[must_use]
    pub fn at(mut self, endpoint: &str) -> Self {
        self.endpoint = Some(endpoint.to_owned());
        self
    }

    /// Calls boto3's `operation` of `service`.
    pub fn try_call(&self, service: &str, operation: &str, args: Value) -> Result<Value, AwsError> {
        let request = json!({
            "service": service, "operation": operation, "args": args,
            "region": self.region, "observer": self.observer, "endpoint": self.endpoint,
        });
        let mut answer = http::post(self.port, "aws", &request).unwrap_or_else(|e| panic!("{e}"));
        match answer.get("error") {
            Some(error) => Err(AwsError {
                code: error["code"].as_str().unwrap_or_default().to_owned(),
                message: error["message"].as_str().unwrap_or_default().to_owned(),
                status: error["status"].as_u64(),
            }),
            None => Ok(answer["ok"].take()),
        }
    }

    /// As [`Aws::try_call`]; the test fails if AWS refuses.
    pub fn call(&self, service: &str, operation: &str, args: Value) -> Value {
        let shown = args.to_string();
        self.try_call(service, operation, args)
            .unwrap_or_else(|error| panic!("{service}.{operation}({shown}): {error}"))
    }

    /// An EC2 operation.
    pub fn ec2(&self, operation: &str, args: Value) -> Value {
        self.call("ec2", operation, args)
    }

    /// A Lambda operation.
    pub fn lambda(&self, operation: &str, args: Value) -> Value {
        self.call("lambda", operation, args)
    }

    /// An EC2 create; gives the id at the JSON pointer `at`.
    pub fn ec2_id(&self, operation: &str, args: Value, at: &str) -> String {
        let answer = self.ec2(operation, args);
        let id = answer.pointer(at).and_then(Value::as_str);
        id.unwrap_or_else(|| panic!("{operation} answered no {at}: {answer}"))
            .to_owned()
    }

    /// Deploys a function as another tool would: outside every VPC.
    pub fn create_function(&self, name: &str) {
        let role = self.function_role();
        self.lambda(
            "create_function",
            json!({
                "FunctionName": name, "Runtime": "python3.13", "Role": role,
                "Handler": "handler.handler", "Code": {"ZipFile": {"$base64": HANDLER_ZIP}},
            }),
        );
    }

    /// Sets the VPC config of a function; two empty lists take it out of its VPC.
    pub fn set_vpc_config(&self, name: &str, subnets: &[String], groups: &[String]) {
        let config = json!({"SubnetIds": subnets, "SecurityGroupIds": groups});
        self.lambda(
            "update_function_configuration",
            json!({"FunctionName": name, "VpcConfig": config}),
        );
    }

    /// The VPC config of a function as (subnets, security groups), sorted.
    pub fn vpc_config(&self, name: &str) -> (Vec<String>, Vec<String>) {
        let answer = self.lambda("get_function_configuration", json!({"FunctionName": name}));
        let sorted = |field: &str| {
            let mut ids = strings(&answer["VpcConfig"][field]);
            ids.sort();
            ids
        };
        (sorted("SubnetIds"), sorted("SecurityGroupIds"))
    }

    /// The emulator insists that roles exist; what has no IAM does not. It may do what a function in a VPC
    /// needs, so that nothing is to be said about it.
    fn function_role(&self) -> &'static str {
        let role = json!({"RoleName": "function", "AssumeRolePolicyDocument": "{}"});
        self.try_call("iam", "create_role", role).ok();
        let policy = json!({"RoleName": "function", "PolicyArn": VPC_ACCESS});
        self.try_call("iam", "attach_role_policy", policy).ok();
        "arn:aws:iam::123456789012:role/function"
    }
}

/// The strings of a JSON list; empty if it is not one.
pub(crate) fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
