//! The network part of EC2 but for routes, groups and NAT gateways, as a
//! client sees it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod address;
mod gateways;
mod interface;
mod region;
mod subnet;
mod tagging;
mod together;
mod vpc;

use killick_sim::{Request, Settings, World};

/// An account of a world, and the time.
pub(crate) struct Aws {
    pub(crate) world: World,
    pub(crate) now: u64,
}

/// An answer: the XML, or the error code and its message.
pub(crate) type Answer = Result<String, (String, String)>;

impl Aws {
    /// One without request limits.
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let settings = Settings {
            throttle: false,
            ..settings
        };
        Self {
            world: World::new(7, settings),
            now: 1_767_225_600_000,
        }
    }

    /// One call: `"Action Name=value Name=value"`.
    pub(crate) fn call(&mut self, call: &str) -> Answer {
        let scope = "AKIAIOSFODNN7EXAMPLE/20260101/ap-northeast-1/ec2/aws4_request";
        let signature = format!("AWS4-HMAC-SHA256 Credential={scope}, Signature=0");
        let request = Request {
            method: "POST".to_owned(),
            uri: "/".to_owned(),
            headers: vec![("authorization".to_owned(), signature)],
            body: format!("Version=2016-11-15&Action={}", call.replace(' ', "&")).into_bytes(),
        };
        let answer = self.world.handle(self.now, &request);
        let body = String::from_utf8(answer.body).expect("text");
        match answer.status {
            200 => Ok(body),
            _ => Err((one(&body, "Code"), one(&body, "Message"))),
        }
    }

    /// A call that succeeds.
    pub(crate) fn ok(&mut self, call: &str) -> String {
        self.call(call)
            .unwrap_or_else(|error| panic!("{call}: {error:?}"))
    }

    /// The code of a call that fails.
    pub(crate) fn code(&mut self, call: &str) -> String {
        match self.call(call) {
            Ok(body) => panic!("{call}: {body}"),
            Err((code, _)) => code,
        }
    }

    /// What a call answers in an element.
    pub(crate) fn get(&mut self, call: &str, element: &str) -> String {
        one(&self.ok(call), element)
    }

    /// What a call answers in all elements of a name.
    pub(crate) fn list(&mut self, call: &str, element: &str) -> Vec<String> {
        all(&self.ok(call), element)
    }

    pub(crate) fn vpc(&mut self) -> String {
        self.get("CreateVpc CidrBlock=10.0.0.0/16", "vpcId")
    }

    pub(crate) fn subnet(&mut self, vpc: &str, cidr: &str) -> String {
        let call = format!("CreateSubnet VpcId={vpc} CidrBlock={cidr}");
        self.get(&call, "subnetId")
    }

    /// An internet gateway on a VPC.
    pub(crate) fn gateway(&mut self, vpc: &str) -> String {
        let id = self.get("CreateInternetGateway", "internetGatewayId");
        self.ok(&format!(
            "AttachInternetGateway InternetGatewayId={id} VpcId={vpc}"
        ));
        id
    }

    pub(crate) fn interface(&mut self, subnet: &str) -> String {
        let call = format!("CreateNetworkInterface SubnetId={subnet}");
        self.get(&call, "networkInterfaceId")
    }

    /// The allocation id of a new Elastic IP.
    pub(crate) fn address(&mut self) -> String {
        self.get("AllocateAddress Domain=vpc", "allocationId")
    }
}

/// The text of the first element of a name; nothing for none.
pub(crate) fn one(body: &str, element: &str) -> String {
    all(body, element).into_iter().next().unwrap_or_default()
}

/// The texts of all elements of a name.
pub(crate) fn all(body: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    body.split(&open)
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(&close)?.0.to_owned()))
        .collect()
}
