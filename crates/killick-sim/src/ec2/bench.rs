//! A small AWS to send requests to, for tests.

use crate::place::Place;
use crate::settings::Settings;
use crate::wire::Request;
use crate::world::{Millis, World};

/// A world with a VPC that requests are sent to.
pub(super) struct Bench {
    pub(super) world: World,
    pub(super) now: Millis,
    pub(super) vpc: String,
    /// Its internet gateway.
    pub(super) igw: String,
    subnets: Vec<String>,
    addresses: Vec<String>,
}

/// What a request was answered with: the body, or the error's code.
pub(super) type Answer = Result<String, String>;

impl Bench {
    /// A VPC with an internet gateway, two subnets in one zone and one in
    /// another, and three addresses.
    pub(super) fn new(settings: Settings) -> Self {
        let mut bench = Self {
            world: World::new(7, Settings::default()),
            now: 1_800_000_000_000,
            vpc: String::new(),
            igw: String::new(),
            subnets: Vec::new(),
            addresses: Vec::new(),
        };
        bench.vpc = bench.made("CreateVpc", "CidrBlock=10.0.0.0/16", "vpcId");
        bench.igw = bench.made("CreateInternetGateway", "", "internetGatewayId");
        let attach = format!("InternetGatewayId={}&VpcId={}", bench.igw, bench.vpc);
        bench.must("AttachInternetGateway", &attach);
        for (cidr, zone) in [
            ("10.0.1.0/24", 'a'),
            ("10.0.2.0/24", 'a'),
            ("10.0.3.0/24", 'c'),
        ] {
            bench.add_subnet(cidr, zone);
        }
        for _ in 0..3 {
            let address = bench.made("AllocateAddress", "Domain=vpc", "allocationId");
            bench.addresses.push(address);
        }
        bench.world.settings = settings;
        bench
    }

    pub(super) fn add_subnet(&mut self, cidr: &str, zone: char) {
        let zone = format!("AvailabilityZone=ap-northeast-1{zone}");
        let parameters = format!("VpcId={}&CidrBlock={cidr}&{zone}", self.vpc);
        let subnet = self.made("CreateSubnet", &parameters, "subnetId");
        self.subnets.push(subnet);
    }

    /// A subnet, from 1; past the last one an id that nothing has.
    pub(super) fn subnet(&self, number: usize) -> String {
        let known = self.subnets.get(number - 1).cloned();
        known.unwrap_or_else(|| format!("subnet-{number:017}"))
    }

    /// An address, from 1; past the last one an id that nothing has.
    pub(super) fn eip(&self, number: usize) -> String {
        let known = self.addresses.get(number - 1).cloned();
        known.unwrap_or_else(|| format!("eipalloc-{number:017}"))
    }

    /// Makes something, and gives its id.
    pub(super) fn made(&mut self, action: &str, parameters: &str, id: &str) -> String {
        only(&self.must(action, parameters), id)
    }

    pub(super) fn place(&mut self) -> &mut Place {
        self.world.place("123456789012", "ap-northeast-1")
    }

    pub(super) fn ask(&mut self, action: &str, parameters: &str) -> Answer {
        let scope = "AKIAIOSFODNN7EXAMPLE/20260101/ap-northeast-1/ec2/aws4_request";
        let request = Request {
            method: "POST".to_owned(),
            uri: "/".to_owned(),
            headers: vec![(
                "authorization".to_owned(),
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
            )],
            body: format!("Action={action}&Version=2016-11-15&{parameters}").into_bytes(),
        };
        let response = self.world.handle(self.now, &request);
        let body = String::from_utf8_lossy(&response.body).into_owned();
        match response.status {
            200 => Ok(body),
            _ => Err(only(&body, "Code")),
        }
    }

    /// The same, for what must work.
    pub(super) fn must(&mut self, action: &str, parameters: &str) -> String {
        let answer = self.ask(action, parameters);
        assert!(answer.is_ok(), "{action} {parameters}: {answer:?}");
        answer.unwrap_or_default()
    }

    pub(super) fn pass(&mut self, seconds: Millis) {
        self.now += seconds * 1000;
        self.world.advance(self.now);
    }

    pub(super) fn nat(&mut self, subnet: usize, address: usize) -> String {
        let (subnet, address) = (self.subnet(subnet), self.eip(address));
        let parameters = format!("SubnetId={subnet}&AllocationId={address}");
        self.made("CreateNatGateway", &parameters, "natGatewayId")
    }
}

/// The texts between the tags of that name.
pub(super) fn all(body: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = body.split(&open).skip(1);
    let texts = parts.filter_map(|part| part.split(&close).next());
    texts.map(str::to_owned).collect()
}

pub(super) fn only(body: &str, name: &str) -> String {
    all(body, name).into_iter().next().unwrap_or_default()
}
