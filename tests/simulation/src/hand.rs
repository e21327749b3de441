//! Somebody at the console, past all faults.

use killick_sim::{Request, Sim};
use serde_json::{Value, json};

use crate::draft::{ACCOUNT, REGION};

/// Somebody at the console.
pub struct Hand<'a> {
    /// The account's AWS.
    pub sim: &'a mut Sim,
    /// When, in milliseconds since 1970.
    pub now: u64,
}

impl Hand<'_> {
    /// Makes a call of EC2; the answer's text.
    pub fn ec2(&mut self, action: &str, params: &[(&str, &str)]) -> String {
        self.query("ec2", "2016-11-15", action, params)
    }

    /// The same; it must work.
    pub fn must(&mut self, action: &str, params: &[(&str, &str)]) -> String {
        let answer = self.ec2(action, params);
        assert!(!answer.contains("<Error>"), "{action}: {answer}");
        answer
    }

    /// Makes a call of IAM; the answer's text.
    pub fn iam(&mut self, action: &str, params: &[(&str, &str)]) -> String {
        self.query("iam", "2010-05-08", action, params)
    }

    /// Deletes a function, if there is one.
    pub fn delete_function(&mut self, name: &str) {
        let path = format!("/2015-03-31/functions/{name}");
        self.call("lambda", "DELETE", &path, String::new());
    }

    /// Gives a function another VPC config, as its deploy tool would.
    pub fn connect(&mut self, name: &str, subnets: &[&str], groups: &[&str]) {
        let body = json!({"VpcConfig": {"SubnetIds": subnets, "SecurityGroupIds": groups}});
        self.lambda("PUT", name, "configuration", &body);
    }

    /// Calls Lambda on a function.
    pub fn lambda(&mut self, method: &str, function: &str, rest: &str, body: &Value) -> Value {
        let path = format!("/2015-03-31/functions/{function}/{rest}");
        let answer = self.call("lambda", method, &path, body.to_string());
        serde_json::from_str(&answer).unwrap_or_default()
    }

    /// Tags a function.
    pub fn tag_function(&mut self, name: &str, key: &str, value: &str) {
        let arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}");
        let path = format!("/2017-03-31/tags/{}", arn.replace(':', "%3A"));
        let body = json!({"Tags": {key: value}});
        let answer = self.call("lambda", "POST", &path, body.to_string());
        assert_eq!(answer, "", "TagResource");
    }

    /// Makes a call of SSM; the answer's text.
    pub fn ssm(&mut self, action: &str, body: &Value) -> String {
        let target = ("x-amz-target".to_owned(), format!("AmazonSSM.{action}"));
        self.send("ssm", "POST", "/", body.to_string(), Some(target))
    }

    fn query(
        &mut self,
        service: &str,
        version: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> String {
        let mut body = format!("Action={action}&Version={version}");
        for (name, value) in params {
            let value = value.replace(':', "%3A").replace('/', "%2F");
            body += &format!("&{name}={}", value.replace(' ', "+"));
        }
        self.call(service, "POST", "/", body)
    }

    fn call(&mut self, service: &str, method: &str, path: &str, body: String) -> String {
        self.send(service, method, path, body, None)
    }

    fn send(
        &mut self,
        service: &str,
        method: &str,
        path: &str,
        body: String,
        target: Option<(String, String)>,
    ) -> String {
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential=AKIA{ACCOUNT}/20260101/{REGION}/{service}/aws4_request"
        );
        let request = Request {
            method: method.to_owned(),
            uri: path.to_owned(),
            headers: std::iter::once(("authorization".to_owned(), scope))
                .chain(target)
                .collect(),
            body: body.into_bytes(),
        };
        let response = self.sim.world.handle(self.now, &request);
        String::from_utf8(response.body).expect("text")
    }

    /// A call of EC2 that must work; a member of the answer.
    pub fn id(&mut self, action: &str, params: &[(&str, &str)], member: &str) -> String {
        let answer = self.ec2(action, params);
        let (open, close) = (format!("<{member}>"), format!("</{member}>"));
        let rest = answer.split_once(&open).map(|(_, rest)| rest);
        let id = rest
            .and_then(|rest| rest.split_once(&close))
            .map(|(id, _)| id.to_owned());
        id.unwrap_or_else(|| panic!("{action}: {answer}"))
    }
}
