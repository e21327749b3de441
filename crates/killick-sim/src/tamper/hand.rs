//! Somebody at the console, or a deploy tool: makes calls, and things of their
//! own.

use ipnet::Ipv4Net;
use serde_json::Value;

use super::stack::Stack;
use crate::ec2::Subnet;
use crate::place::Place;
use crate::principal::Principal;
use crate::wire::{Request, Response};
use crate::world::{Millis, World};

/// What was done, or why it cannot be.
pub(super) type Done = Result<String, String>;

/// Makes a change.
pub(super) type Act = fn(&mut Hand<'_>, &Stack) -> Done;

/// The name of all that is made for a case.
const NAME: &str = "by hand";

/// Somebody with access to an account.
#[derive(Debug)]
pub(super) struct Hand<'a> {
    pub(super) world: &'a mut World,
    pub(super) now: Millis,
    pub(super) account: &'a str,
    pub(super) region: &'a str,
    /// Whose hand it is.
    pub(super) principal: Principal,
}

impl Hand<'_> {
    /// What is there now.
    pub(super) fn place(&mut self) -> &mut Place {
        self.world.place(self.account, self.region)
    }

    /// An id of something that is not simulated.
    pub(super) fn id(&mut self, prefix: &str) -> String {
        self.place().dice.id(prefix)
    }

    /// Calls EC2; gives the body of the answer.
    pub(super) fn ec2<K, V>(&mut self, action: &str, params: &[(K, V)]) -> Done
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        self.query(("ec2", "2016-11-15"), action, params)
    }

    /// Calls IAM; gives the body of the answer.
    pub(super) fn iam(&mut self, action: &str, params: &[(&str, &str)]) -> Done {
        self.query(("iam", "2010-05-08"), action, params)
    }

    fn query<K, V>(
        &mut self,
        (service, version): (&str, &str),
        action: &str,
        params: &[(K, V)],
    ) -> Done
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs([("Action", action), ("Version", version)]);
        let form = form.extend_pairs(params.iter().map(|(key, value)| (key, value)));
        let response = self.send(service, "POST", "/", form.finish().into_bytes());
        let body = String::from_utf8_lossy(&response.body).into_owned();
        if response.status < 300 {
            return Ok(body);
        }
        let part = |name| element(&body, name).unwrap_or_default();
        Err(refused(action, &part("Code"), &part("Message")))
    }

    /// Calls Lambda on a function.
    pub(super) fn lambda(
        &mut self,
        method: &str,
        function: &str,
        rest: &str,
        body: &Value,
    ) -> Result<Value, String> {
        let path = format!("/2015-03-31/functions/{function}/{rest}");
        let response = self.send("lambda", method, &path, body.to_string().into_bytes());
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        if response.status < 300 {
            return Ok(body);
        }
        let part = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        Err(refused(rest, part("__type"), part("message")))
    }

    fn send(&mut self, service: &str, method: &str, uri: &str, body: Vec<u8>) -> Response {
        let (account, region) = (self.account, self.region);
        let key = self.principal.key(account);
        let signed =
            format!("AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/{service}/aws4_request");
        let agent = self.principal.agent().to_owned();
        let request = Request {
            method: method.to_owned(),
            uri: uri.to_owned(),
            headers: vec![
                ("authorization".to_owned(), signed),
                ("user-agent".to_owned(), agent),
            ],
            body,
        };
        self.world.handle(self.now, &request)
    }

    /// Makes something of their own; gives the member of the answer that is
    /// its id.
    pub(super) fn make(
        &mut self,
        (action, kind): (&str, &str),
        params: &[(&str, &str)],
        member: &str,
    ) -> Done {
        let tags = [
            ("TagSpecification.1.ResourceType", kind),
            ("TagSpecification.1.Tag.1.Key", "Name"),
            ("TagSpecification.1.Tag.1.Value", NAME),
        ];
        let answer = self.ec2(action, &[params, &tags].concat())?;
        element(&answer, member).ok_or_else(|| format!("{action} gives no {member}"))
    }

    /// An address: its allocation.
    pub(super) fn address(&mut self) -> Done {
        self.make(("AllocateAddress", "elastic-ip"), &[], "allocationId")
    }

    /// The address of an allocation.
    pub(super) fn ip(&mut self, allocation: &str) -> String {
        let address = self.place().addresses.get(allocation);
        address
            .map(|address| address.ip.clone())
            .unwrap_or_default()
    }

    /// A NAT gateway with an address of its own: both ids.
    pub(super) fn nat_gateway(&mut self, subnet: &Subnet) -> Result<(String, String), String> {
        let address = self.address()?;
        let params = [("SubnetId", subnet.id.as_str()), ("AllocationId", &address)];
        let action = ("CreateNatGateway", "natgateway");
        Ok((self.make(action, &params, "natGatewayId")?, address))
    }

    /// A network interface on an instance: both ids.
    pub(super) fn instance(&mut self, subnet: &Subnet) -> Result<(String, String), String> {
        let action = ("CreateNetworkInterface", "network-interface");
        let params = [("SubnetId", subnet.id.as_str())];
        let interface = self.make(action, &params, "networkInterfaceId")?;
        let instance = self.id("i");
        let params = [
            ("NetworkInterfaceId", interface.as_str()),
            ("InstanceId", &instance),
            ("DeviceIndex", "1"),
        ];
        self.ec2("AttachNetworkInterface", &params)?;
        Ok((interface, instance))
    }

    /// A VPC.
    pub(super) fn vpc(&mut self) -> Done {
        self.make(
            ("CreateVpc", "vpc"),
            &[("CidrBlock", "10.99.0.0/24")],
            "vpcId",
        )
    }

    /// A small subnet at the end of what is free.
    pub(super) fn subnet(&mut self, vpc: &str, zone: &str) -> Done {
        let free = last_free(self.place(), vpc);
        let cidr = free.ok_or_else(|| format!("there is no room for a subnet in {vpc}"))?;
        let params = [
            ("VpcId", vpc),
            ("CidrBlock", &cidr.to_string()),
            ("AvailabilityZone", zone),
        ];
        self.make(("CreateSubnet", "subnet"), &params, "subnetId")
    }

    /// A route table.
    pub(super) fn route_table(&mut self, vpc: &str) -> Done {
        let action = ("CreateRouteTable", "route-table");
        self.make(action, &[("VpcId", vpc)], "routeTableId")
    }
}

/// The last /28 of a VPC that no subnet has.
fn last_free(place: &Place, vpc: &str) -> Option<Ipv4Net> {
    let others = place.subnets.all().filter(|subnet| subnet.vpc == vpc);
    let others: Vec<Ipv4Net> = others
        .filter_map(|subnet| subnet.cidr.parse().ok())
        .collect();
    let apart = |cidr: &Ipv4Net| {
        let mut others = others.iter();
        !others.any(|other| other.contains(cidr))
    };
    let networks = place.vpcs.get(vpc)?.networks();
    let mut cidrs = networks.filter_map(|network| network.subnets(28).ok());
    cidrs.find_map(|cidrs| cidrs.filter(apart).last())
}

fn refused(what: &str, code: &str, message: &str) -> String {
    format!("refused with {code} ({what}): {message}")
}

/// The text of the first element of a name.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once('<')?;
    let text = text.replace("&quot;", "\"").replace("&lt;", "<");
    Some(text.replace("&gt;", ">").replace("&amp;", "&"))
}
