//! A world and its time.

use killick_sim::{Function, Response, Settings, World};
use serde_json::{Value, json};

pub(crate) use crate::support::{ACCOUNT, REGION};
use crate::support::{BEGINNING, KEY, one, signed};

pub(crate) const ARN: &str = "arn:aws:lambda:ap-northeast-1:123456789012:function";
pub(crate) const FUNCTIONS: &str = "/2015-03-31/functions";
pub(crate) const SECOND: u64 = 1000;
pub(crate) const MINUTE: u64 = 60 * SECOND;

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

    pub(crate) fn send(
        &mut self,
        service: &str,
        method: &str,
        uri: &str,
        body: String,
    ) -> Response {
        let request = signed((KEY, REGION, service), (method, uri), "", body);
        self.world.handle(self.now, &request)
    }

    pub(crate) fn call(&mut self, method: &str, uri: &str, body: &Value) -> (u16, Value) {
        let response = self.send("lambda", method, uri, body.to_string());
        let value = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
        (response.status, value)
    }

    pub(crate) fn get(&mut self, path: &str) -> (u16, Value) {
        let response = self.send(
            "lambda",
            "GET",
            &format!("{FUNCTIONS}{path}"),
            String::new(),
        );
        let value = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
        (response.status, value)
    }

    /// A status and an error code: 200 for success.
    pub(crate) fn code(&mut self, method: &str, path: &str, body: &Value) -> (u16, String) {
        let (status, value) = self.call(method, &format!("{FUNCTIONS}{path}"), body);
        let code = value["__type"].as_str().unwrap_or_default();
        (status, code.to_owned())
    }

    /// Makes a function and lets it become active.
    pub(crate) fn make(&mut self, name: &str) {
        let (status, shown) = self.call("POST", FUNCTIONS, &described(name));
        assert_eq!(status, 201, "{shown}");
        self.wait(10 * SECOND);
    }

    pub(crate) fn update(&mut self, name: &str, body: &Value) -> (u16, Value) {
        self.call("PUT", &format!("{FUNCTIONS}/{name}/configuration"), body)
    }

    /// Puts a function into a network and waits for the end.
    pub(crate) fn attach(&mut self, name: &str, subnets: &[&str], groups: &[&str]) {
        let (status, shown) = self.update(name, &network(subnets, groups));
        assert_eq!(status, 200, "{shown}");
        self.wait(4 * MINUTE);
    }

    pub(crate) fn detach(&mut self, name: &str) {
        self.attach(name, &[], &[]);
    }

    pub(crate) fn wait(&mut self, time: u64) {
        self.now += time;
        self.world.advance(self.now);
    }

    pub(crate) fn function(&mut self, name: &str) -> Function {
        let place = self.world.place(ACCOUNT, REGION);
        place.functions.get(name).expect("a function").clone()
    }

    /// How many network interfaces Lambda has.
    pub(crate) fn interfaces(&mut self) -> usize {
        let place = self.world.place(ACCOUNT, REGION);
        let lambda = place.interfaces.all().filter(|one| one.kind == "lambda");
        lambda.count()
    }

    /// One member of what EC2 answers.
    pub(crate) fn ec2(&mut self, action: &str, params: &[(&str, &str)], member: &str) -> String {
        let pairs: Vec<String> = params.iter().map(|(k, v)| format!("&{k}={v}")).collect();
        let body = format!("Action={action}&Version=2016-11-15{}", pairs.concat());
        let response = self.send("ec2", "POST", "/", body);
        let text = String::from_utf8(response.body).expect("text");
        one(&text, member)
    }

    /// A VPC with two subnets, the first of 11 addresses, and two groups.
    pub(crate) fn network(&mut self) -> Network {
        let vpc = self.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")], "vpcId");
        let zone = format!("{REGION}a");
        let mut subnet = |cidr| {
            let params = [
                ("VpcId", vpc.as_str()),
                ("CidrBlock", cidr),
                ("AvailabilityZone", &zone),
            ];
            self.ec2("CreateSubnet", &params, "subnetId")
        };
        let (small, big) = (subnet("10.0.0.0/28"), subnet("10.0.1.0/24"));
        let groups = [self.group(&vpc, "one"), self.group(&vpc, "two")];
        Network {
            vpc,
            small,
            big,
            groups,
        }
    }

    pub(crate) fn group(&mut self, vpc: &str, name: &str) -> String {
        let params = [
            ("VpcId", vpc),
            ("GroupName", name),
            ("GroupDescription", name),
        ];
        self.ec2("CreateSecurityGroup", &params, "groupId")
    }
}

pub(crate) struct Network {
    pub(crate) vpc: String,
    pub(crate) small: String,
    pub(crate) big: String,
    pub(crate) groups: [String; 2],
}

pub(crate) fn described(name: &str) -> Value {
    json!({
        "FunctionName": name,
        "Role": format!("arn:aws:iam::{ACCOUNT}:role/crawler"),
        "Runtime": "provided.al2023",
        "Handler": "bootstrap",
        "Code": {"ZipFile": "QUJD"},
    })
}

pub(crate) fn network(subnets: &[&str], groups: &[&str]) -> Value {
    json!({"VpcConfig": {"SubnetIds": subnets, "SecurityGroupIds": groups}})
}
