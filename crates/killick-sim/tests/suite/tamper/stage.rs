//! A stack that stands, and the time in it.

use killick_sim::tamper::{Case, tamper};
use killick_sim::{NatGateway, Place, RouteTable, Settings, Target, World};
use serde_json::{Value, json};

pub(crate) use crate::support::{ACCOUNT, REGION};
use crate::support::{BEGINNING, KEY, form, signed};

pub(crate) const STACK: &str = "partner-egress";
/// The first zone.
pub(crate) const A: &str = "ap-northeast-1a";
/// The second zone.
pub(crate) const C: &str = "ap-northeast-1c";
pub(crate) const FUNCTION: &str = "billing-sync";

/// Longer than anything takes but the giving back of interfaces.
const MINUTES: u64 = 5 * 60_000;

#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) now: u64,
}

impl Stage {
    /// A function without a network.
    pub(crate) fn empty() -> Self {
        let settings = Settings {
            throttle: false,
            ..Settings::default()
        };
        let mut stage = Self {
            world: World::new(7, settings),
            now: BEGINNING,
        };
        let now = stage.now;
        killick_sim::exist(stage.world.place(ACCOUNT, REGION), FUNCTION, now);
        stage
    }

    /// A stack of two zones with its function attached.
    pub(crate) fn standing() -> Self {
        let mut stage = Self::empty();
        stage.build();
        stage.attach();
        stage
    }

    /// The same with a version that was published before, behind an alias.
    pub(crate) fn with_old_version() -> Self {
        let mut stage = Self::empty();
        stage.lambda("POST", "versions", &json!({}));
        let alias = json!({"Name": "live", "FunctionVersion": "$LATEST"});
        stage.lambda("POST", "aliases", &alias);
        stage.build();
        stage.attach();
        stage
    }

    fn build(&mut self) {
        let vpc = self.make(
            "CreateVpc",
            "vpc",
            "vpc/main",
            &[("CidrBlock", "10.0.0.0/16")],
        );
        for attribute in ["EnableDnsSupport.Value", "EnableDnsHostnames.Value"] {
            self.ec2(
                "ModifyVpcAttribute",
                &[("VpcId", &vpc), (attribute, "true")],
            );
        }
        let gateway = self.make(
            "CreateInternetGateway",
            "internet-gateway",
            "internet_gateway/main",
            &[],
        );
        let params = [("InternetGatewayId", gateway.as_str()), ("VpcId", &vpc)];
        self.ec2("AttachInternetGateway", &params);
        let group = [
            ("VpcId", vpc.as_str()),
            ("GroupName", "partner-egress functions"),
            ("GroupDescription", "functions"),
        ];
        let kind = "security-group";
        self.make(
            "CreateSecurityGroup",
            kind,
            "security_group/functions",
            &group,
        );
        let public = self.table(&vpc, "route_table/public", ("GatewayId", &gateway));
        for (at, zone) in [A, C].into_iter().enumerate() {
            let subnet = self.subnet(&vpc, zone, "public", at * 2);
            self.follow(&subnet, &public);
            let address = self.make(
                "AllocateAddress",
                "elastic-ip",
                &format!("elastic_ip/{zone}"),
                &[],
            );
            let params = [("SubnetId", subnet.as_str()), ("AllocationId", &address)];
            let key = format!("nat_gateway/{zone}");
            let nat = self.make("CreateNatGateway", "natgateway", &key, &params);
            let key = format!("route_table/private-{zone}");
            let private = self.table(&vpc, &key, ("NatGatewayId", &nat));
            let subnet = self.subnet(&vpc, zone, "private", at * 2 + 1);
            self.follow(&subnet, &private);
        }
        self.wait();
    }

    fn subnet(&mut self, vpc: &str, zone: &str, kind: &str, third: usize) -> String {
        let cidr = format!("10.0.{third}.0/24");
        let params = [
            ("VpcId", vpc),
            ("CidrBlock", &cidr),
            ("AvailabilityZone", zone),
        ];
        let key = format!("subnet/{kind}-{zone}");
        self.make("CreateSubnet", "subnet", &key, &params)
    }

    fn table(&mut self, vpc: &str, key: &str, target: (&str, &str)) -> String {
        let table = self.make("CreateRouteTable", "route-table", key, &[("VpcId", vpc)]);
        let params = [
            ("RouteTableId", table.as_str()),
            ("DestinationCidrBlock", "0.0.0.0/0"),
            target,
        ];
        self.ec2("CreateRoute", &params);
        table
    }

    fn follow(&mut self, subnet: &str, table: &str) {
        let params = [("SubnetId", subnet), ("RouteTableId", table)];
        self.ec2("AssociateRouteTable", &params);
    }

    /// Puts the function into the private subnets.
    pub(crate) fn attach(&mut self) {
        let subnets = [A, C].map(|zone| self.subnet_id(&format!("private-{zone}")));
        let groups = [self.group_id()];
        let network = json!({"SubnetIds": subnets, "SecurityGroupIds": groups});
        self.lambda("PUT", "configuration", &json!({"VpcConfig": network}));
        self.wait();
    }

    /// Lets time go by.
    pub(crate) fn wait(&mut self) {
        self.now += MINUTES;
        self.world.advance(self.now);
    }

    /// Makes the change of a case.
    pub(crate) fn tamper(&mut self, name: &str) -> Result<String, String> {
        let case = Case::named(name).unwrap();
        tamper(&mut self.world, self.now, ACCOUNT, REGION, STACK, case)
    }

    /// Makes it, and says what was done.
    pub(crate) fn done(&mut self, name: &str) -> String {
        let done = self.tamper(name);
        done.unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    fn make(&mut self, action: &str, kind: &str, key: &str, params: &[(&str, &str)]) -> String {
        let tags = [
            ("TagSpecification.1.ResourceType", kind),
            ("TagSpecification.1.Tag.1.Key", "killick:stack"),
            ("TagSpecification.1.Tag.1.Value", STACK),
            ("TagSpecification.1.Tag.2.Key", "killick:key"),
            ("TagSpecification.1.Tag.2.Value", key),
        ];
        self.ec2(action, &[params, &tags].concat());
        self.id_of(key)
    }

    /// Calls EC2, which must not refuse.
    pub(crate) fn ec2(&mut self, action: &str, params: &[(&str, &str)]) {
        let (status, body) = self.ask(action, params);
        assert_eq!(status, 200, "{action} {params:?}: {body}");
    }

    pub(crate) fn ask(&mut self, action: &str, params: &[(&str, &str)]) -> (u16, String) {
        self.send("ec2", "POST", "/", form(action, params).into_bytes())
    }

    fn lambda(&mut self, method: &str, rest: &str, body: &Value) {
        let path = format!("/2015-03-31/functions/{FUNCTION}/{rest}");
        let (status, body) = self.send("lambda", method, &path, body.to_string().into());
        assert!(status < 300, "{rest}: {body}");
    }

    fn send(&mut self, service: &str, method: &str, uri: &str, body: Vec<u8>) -> (u16, String) {
        let request = signed((KEY, REGION, service), (method, uri), "", body);
        let response = self.world.handle(self.now, &request);
        (response.status, String::from_utf8(response.body).unwrap())
    }

    pub(crate) fn place(&mut self) -> &Place {
        self.world.place(ACCOUNT, REGION)
    }

    /// The id of a thing of the stack.
    pub(crate) fn id_of(&mut self, key: &str) -> String {
        let place = self.place();
        let vpcs = place.vpcs.iter().map(|(id, one)| (id, &one.tags));
        let subnets = place.subnets.iter().map(|(id, one)| (id, &one.tags));
        let gateways = place.internet_gateways.iter();
        let gateways = gateways.map(|(id, one)| (id, &one.tags));
        let groups = place.security_groups.iter();
        let groups = groups.map(|(id, one)| (id, &one.tags));
        let tables = place.route_tables.iter().map(|(id, one)| (id, &one.tags));
        let addresses = place.addresses.iter().map(|(id, one)| (id, &one.tags));
        let nats = place.nat_gateways.iter().map(|(id, one)| (id, &one.tags));
        let all = vpcs.chain(subnets).chain(gateways).chain(groups);
        let mut all = all.chain(tables).chain(addresses).chain(nats);
        let found = all.find(|(_, tags)| tags.get("killick:key").is_some_and(|tag| tag == key));
        found.unwrap_or_else(|| panic!("no {key}")).0.to_owned()
    }

    pub(crate) fn subnet_id(&mut self, name: &str) -> String {
        self.id_of(&format!("subnet/{name}"))
    }

    pub(crate) fn group_id(&mut self) -> String {
        self.id_of("security_group/functions")
    }

    pub(crate) fn nat(&mut self, zone: &str) -> NatGateway {
        let id = self.id_of(&format!("nat_gateway/{zone}"));
        self.place().nat_gateways.get(&id).unwrap().clone()
    }

    /// `public` or `private-…`.
    pub(crate) fn route_table(&mut self, name: &str) -> RouteTable {
        let id = self.id_of(&format!("route_table/{name}"));
        self.place().route_tables.get(&id).unwrap().clone()
    }

    /// Where a table leads a destination.
    pub(crate) fn hop(&mut self, table: &str, destination: &str) -> Option<String> {
        let table = self.route_table(table);
        let mut routes = table.routes.into_iter();
        let route = routes.find(|route| route.destination == destination)?;
        match route.target {
            Target::Local => Some("local".to_owned()),
            Target::To(_, id) => Some(id),
        }
    }

    /// The table that a subnet of the stack follows.
    pub(crate) fn followed(&mut self, subnet: &str) -> RouteTable {
        let subnet = self.subnet_id(subnet);
        killick_sim::table_of(self.place(), &subnet)
            .unwrap()
            .clone()
    }
}
