//! What an account has beside its network: roles, quotas, functions by tags.

mod faults;
mod quotas;
mod resources;
mod roles;
mod simulate;
mod vpc_access;

use killick_sim::{Response, Settings, World};
use serde_json::{Value, json};

pub(crate) use crate::support::{ACCOUNT, REGION, all, one};
use crate::support::{BEGINNING, form, signed};

pub(crate) const VPC_ACCESS: &str =
    "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
pub(crate) const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"lambda.amazonaws.com"}}}"#;

/// A world and its time.
pub(crate) struct Sky {
    pub(crate) world: World,
    pub(crate) now: u64,
}

impl Sky {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            world: World::new(7, settings),
            now: BEGINNING,
        }
    }

    pub(crate) fn calm() -> Self {
        Self::new(Settings {
            throttle: false,
            ..Settings::default()
        })
    }

    pub(crate) fn wait(&mut self, time: u64) {
        self.now += time;
        self.world.advance(self.now);
    }

    fn send(
        &mut self,
        scope: (&str, &str, &str),
        line: (&str, &str),
        target: &str,
        body: String,
    ) -> Response {
        let request = signed(scope, line, target, body);
        self.world.handle(self.now, &request)
    }

    fn query(
        &mut self,
        scope: (&str, &str, &str),
        action: &str,
        params: &[(&str, &str)],
    ) -> (u16, String) {
        let response = self.send(scope, ("POST", "/"), "", form(action, params));
        let text = String::from_utf8(response.body).expect("text");
        (response.status, text)
    }

    /// Asks IAM under a key.
    pub(crate) fn iam_as(
        &mut self,
        key: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> (u16, String) {
        self.query((key, "us-east-1", "iam"), action, params)
    }

    /// What IAM answers.
    pub(crate) fn iam(&mut self, action: &str, params: &[(&str, &str)]) -> String {
        let (status, text) = self.iam_as("AKIA", action, params);
        assert_eq!(status, 200, "{action}: {text}");
        text
    }

    /// How IAM refuses.
    pub(crate) fn no(&mut self, action: &str, params: &[(&str, &str)]) -> (u16, String) {
        let (status, text) = self.iam_as("AKIA", action, params);
        assert!(status >= 400, "{action}: {text}");
        (status, one(&text, "Code"))
    }

    /// One member of what EC2 answers.
    pub(crate) fn ec2(&mut self, action: &str, params: &[(&str, &str)], member: &str) -> String {
        let (status, text) = self.query(("AKIA", REGION, "ec2"), action, params);
        assert_eq!(status, 200, "{action}: {text}");
        one(&text, member)
    }

    /// Asks a service of the JSON protocol.
    pub(crate) fn json(&mut self, service: &str, target: &str, body: &Value) -> (u16, Value) {
        let scope = ("AKIA", REGION, service);
        let response = self.send(scope, ("POST", "/"), target, body.to_string());
        let value = serde_json::from_slice(&response.body).expect("JSON");
        (response.status, value)
    }

    /// Asks Lambda about functions.
    pub(crate) fn lambda(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let uri = format!("/2015-03-31/functions{path}");
        let scope = ("AKIA", REGION, "lambda");
        let response = self.send(scope, (method, &uri), "", body.to_string());
        let value = serde_json::from_slice(&response.body).unwrap_or_default();
        (response.status, value)
    }

    /// A function with a role, ready for more.
    pub(crate) fn function(&mut self, name: &str, role: &str) {
        let (status, answer) = self.lambda("POST", "", &described(name, role));
        assert_eq!(status, 201, "{answer}");
        self.wait(10_000);
    }
}

pub(crate) fn described(name: &str, role: &str) -> Value {
    json!({
        "FunctionName": name,
        "Role": format!("arn:aws:iam::{ACCOUNT}:role/{role}"),
        "Runtime": "provided.al2023",
        "Handler": "bootstrap",
        "Code": {"ZipFile": "QUJD"},
    })
}
