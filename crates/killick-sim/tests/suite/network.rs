//! The network part of EC2 but for routes, groups and NAT gateways, as a
//! client sees it.

mod address;
mod dependents;
mod gateways;
mod interface;
mod region;
mod subnet;
mod tagging;
mod together;
mod vpc;

use killick_sim::{Settings, World};

use crate::support::{BEGINNING, KEY, REGION, signed};
pub(crate) use crate::support::{all, one};

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
            now: BEGINNING,
        }
    }

    /// One call: `"Action Name=value Name=value"`.
    pub(crate) fn call(&mut self, call: &str) -> Answer {
        let body = format!("Version=2016-11-15&Action={}", call.replace(' ', "&"));
        let request = signed((KEY, REGION, "ec2"), ("POST", "/"), "", body);
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
