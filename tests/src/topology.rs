//! Is the set-up right? Read with the second client and checked against the spec, nothing assumed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::aws::Aws;
use crate::spec::Spec;
use crate::stack::Stack;
use crate::world::World;

struct Check<'a> {
    spec: &'a Spec,
    stack: Stack,
    world: World,
    wrong: Vec<String>,
}

impl Aws {
    /// Checks everything that `spec` asks for; the error lists all that is wrong.
    pub fn topology(&self, spec: &Spec) -> Result<(), String> {
        let stack = self.stack(&spec.stack);
        stack.unique()?;
        let missing: Vec<_> = spec
            .tagged_keys()
            .into_iter()
            .filter(|key| !stack.ids().contains_key(key))
            .collect();
        if !missing.is_empty() {
            return Err(format!("missing: {missing:?}, found: {:?}", stack.keys()));
        }
        let mut check = Check {
            spec,
            stack,
            world: self.world(),
            wrong: Vec::new(),
        };
        check.leftovers();
        check.network();
        check.zones();
        check.tables();
        check.group();
        check.functions();
        if check.wrong.is_empty() {
            Ok(())
        } else {
            Err(check.wrong.join("\n"))
        }
    }
}

impl Check<'_> {
    fn resource(&self, key: &str) -> &Value {
        let kind = key.split_once('/').map_or(key, |(kind, _)| kind);
        &self.world.of(kind)[self.stack.id(key)]
    }

    fn same(&mut self, what: &str, found: &Value, wanted: &Value) {
        if found != wanted {
            self.wrong.push(format!("{what}: {found}, not {wanted}"));
        }
    }

    /// Elastic IPs may outlive their zone; nothing else may.
    fn leftovers(&mut self) {
        let wanted: BTreeSet<String> = self.spec.tagged_keys().into_iter().collect();
        for key in self.stack.keys() {
            if !wanted.contains(&key) && !key.starts_with("elastic_ip/") {
                self.wrong.push(format!("{key} is left over"));
            }
        }
    }

    fn network(&mut self) {
        let vpc = self.resource("vpc/main").clone();
        self.same(
            "vpc CIDR",
            &vpc["CidrBlock"],
            &json!(format!("10.{}.0.0/16", self.spec.net)),
        );
        self.same("DNS support", &vpc["EnableDnsSupport"], &json!(true));
        self.same("DNS hostnames", &vpc["EnableDnsHostnames"], &json!(true));
        let igw = self.resource("internet_gateway/main").clone();
        let id = json!(self.stack.id("vpc/main"));
        self.same("attachment", &igw["Attachments"][0]["VpcId"], &id);
    }

    fn zones(&mut self) {
        let vpc = json!(self.stack.id("vpc/main"));
        for zone in self.spec.zone_names() {
            for side in ["public", "private"] {
                let key = format!("subnet/{side}-{zone}");
                let subnet = self.resource(&key).clone();
                self.same(&format!("{key} VPC"), &subnet["VpcId"], &vpc);
                self.same(
                    &format!("{key} zone"),
                    &subnet["AvailabilityZone"],
                    &json!(zone),
                );
                let cidr = json!(self.spec.cidr(&zone, side));
                self.same(&format!("{key} CIDR"), &subnet["CidrBlock"], &cidr);
                if side == "private" {
                    let mapped = &subnet["MapPublicIpOnLaunch"];
                    self.same(&format!("{key} public IP"), mapped, &json!(false));
                }
            }
        }
        for zone in self.spec.nat_zones() {
            let nat = self.resource(&format!("nat_gateway/{zone}")).clone();
            let subnet = json!(self.stack.id(&format!("subnet/public-{zone}")));
            let address = json!(self.stack.id(&format!("elastic_ip/{zone}")));
            self.same(&format!("NAT {zone} subnet"), &nat["SubnetId"], &subnet);
            self.same(
                &format!("NAT {zone} state"),
                &nat["State"],
                &json!("available"),
            );
            let addresses = &nat["NatGatewayAddresses"];
            self.same(
                &format!("NAT {zone} address"),
                &addresses[0]["AllocationId"],
                &address,
            );
            self.same(
                &format!("NAT {zone} second address"),
                &addresses[1],
                &Value::Null,
            );
        }
    }

    fn tables(&mut self) {
        let public = self
            .spec
            .zone_names()
            .iter()
            .map(|zone| format!("public-{zone}"))
            .collect();
        let igw = self.stack.id("internet_gateway/main").to_owned();
        self.table("route_table/public", &igw, public);
        let shared = self.spec.nat_zones();
        for zone in self.spec.zone_names() {
            let way_out = if self.spec.single { &shared[0] } else { &zone };
            let nat = self.stack.id(&format!("nat_gateway/{way_out}")).to_owned();
            let subnets = vec![format!("private-{zone}")];
            self.table(&format!("route_table/private-{zone}"), &nat, subnets);
        }
    }

    /// The table has its local route, the default route to `target`, these subnets and nothing else.
    fn table(&mut self, key: &str, target: &str, subnets: Vec<String>) {
        let table = self.resource(key).clone();
        let mut routes = BTreeSet::new();
        for route in table["Routes"].as_array().into_iter().flatten() {
            // The VPC may have an IPv6 network of somebody else.
            if route["GatewayId"] == "local" && route["DestinationCidrBlock"].is_null() {
                continue;
            }
            let to = route["NatGatewayId"]
                .as_str()
                .or(route["GatewayId"].as_str());
            let to = to.unwrap_or("?").to_owned();
            let destination = route["DestinationCidrBlock"]
                .as_str()
                .unwrap_or("?")
                .to_owned();
            routes.insert((
                destination,
                to,
                route["State"].as_str().unwrap_or("?").to_owned(),
            ));
        }
        let local = (
            format!("10.{}.0.0/16", self.spec.net),
            "local".into(),
            "active".into(),
        );
        let default = (
            "0.0.0.0/0".to_owned(),
            target.to_owned(),
            "active".to_owned(),
        );
        self.same(
            &format!("{key} routes"),
            &json!(routes),
            &json!(BTreeSet::from([local, default])),
        );
        let found: BTreeSet<&str> = table["Associations"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|association| association["SubnetId"].as_str())
            .collect();
        let wanted: BTreeSet<String> = subnets
            .iter()
            .map(|name| self.stack.id(&format!("subnet/{name}")).to_owned())
            .collect();
        self.same(
            &format!("{key} associations"),
            &json!(found),
            &json!(wanted),
        );
    }

    fn group(&mut self) {
        let group = self.resource("security_group/functions").clone();
        self.same("inbound rules", &group["IpPermissions"], &json!([]));
        let rules = &group["IpPermissionsEgress"];
        self.same("outbound protocol", &rules[0]["IpProtocol"], &json!("-1"));
        let anywhere = json!("0.0.0.0/0");
        self.same(
            "outbound range",
            &rules[0]["IpRanges"][0]["CidrIp"],
            &anywhere,
        );
        self.same("second outbound rule", &rules[1], &Value::Null);
    }

    fn functions(&mut self) {
        let zones = self.spec.zone_names();
        let mut subnets: Vec<&str> = zones
            .iter()
            .map(|zone| self.stack.id(&format!("subnet/private-{zone}")))
            .collect();
        subnets.sort_unstable();
        let (subnets, group) = (
            json!(subnets),
            json!([self.stack.id("security_group/functions")]),
        );
        for name in &self.spec.functions.clone() {
            let config = self.world.of("function")[name]["VpcConfig"].clone();
            self.same(&format!("{name} subnets"), &config["SubnetIds"], &subnets);
            self.same(
                &format!("{name} groups"),
                &config["SecurityGroupIds"],
                &group,
            );
        }
    }
}
