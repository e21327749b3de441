//! The set-up built by hand with the second client: what the checks of this crate are checked against.

use serde_json::{Value, json};

use crate::aws::Aws;
use crate::spec::Spec;

struct Builder<'a> {
    aws: &'a Aws,
    spec: &'a Spec,
    vpc: String,
}

impl Aws {
    /// Builds what `spec` asks for, functions included, as killick should.
    pub fn build(&self, spec: &Spec) {
        let mut builder = Builder {
            aws: self,
            spec,
            vpc: String::new(),
        };
        let cidr = json!({"CidrBlock": format!("10.{}.0.0/16", spec.net)});
        builder.vpc = builder.create("vpc", "vpc/main", "create_vpc", cidr, "/Vpc/VpcId");
        for attribute in ["EnableDnsSupport", "EnableDnsHostnames"] {
            let mut args = json!({"VpcId": builder.vpc});
            args[attribute] = json!({"Value": true});
            self.ec2("modify_vpc_attribute", args);
        }
        let igw = builder.gateway();
        let public = builder.table("public", "GatewayId", &igw);
        let group = builder.group();
        let zones = spec.zone_names();
        let publics: Vec<String> = zones
            .iter()
            .map(|zone| builder.subnet(zone, "public", &public))
            .collect();
        let nats: Vec<String> = spec
            .nat_zones()
            .iter()
            .zip(&publics)
            .map(|(zone, subnet)| builder.nat(zone, subnet))
            .collect();
        let mut privates = Vec::new();
        for (place, zone) in zones.iter().enumerate() {
            let nat = nats.get(place).unwrap_or(&nats[0]);
            let table = builder.table(&format!("private-{zone}"), "NatGatewayId", nat);
            privates.push(builder.subnet(zone, "private", &table));
        }
        for function in &spec.functions {
            self.create_function(function);
            self.set_vpc_config(function, &privates, std::slice::from_ref(&group));
        }
    }
}

impl Builder<'_> {
    fn create(&self, kind: &str, key: &str, operation: &str, mut args: Value, at: &str) -> String {
        let tags = json!([
            {"Key": "killick:stack", "Value": self.spec.stack},
            {"Key": "killick:key", "Value": key},
            {"Key": "Name", "Value": format!("{} {key}", self.spec.stack)},
        ]);
        args["TagSpecifications"] = json!([{"ResourceType": kind, "Tags": tags}]);
        self.aws.ec2_id(operation, args, at)
    }

    fn gateway(&self) -> String {
        let id = self.create(
            "internet-gateway",
            "internet_gateway/main",
            "create_internet_gateway",
            json!({}),
            "/InternetGateway/InternetGatewayId",
        );
        let args = json!({"InternetGatewayId": id, "VpcId": self.vpc});
        self.aws.ec2("attach_internet_gateway", args);
        id
    }

    fn table(&self, name: &str, target: &str, way_out: &str) -> String {
        let key = format!("route_table/{name}");
        let args = json!({"VpcId": self.vpc});
        let at = "/RouteTable/RouteTableId";
        let id = self.create("route-table", &key, "create_route_table", args, at);
        let mut route = json!({"RouteTableId": id, "DestinationCidrBlock": "0.0.0.0/0"});
        route[target] = json!(way_out);
        self.aws.ec2("create_route", route);
        id
    }

    fn subnet(&self, zone: &str, side: &str, table: &str) -> String {
        let args = json!({
            "VpcId": self.vpc, "AvailabilityZone": zone, "CidrBlock": self.spec.cidr(zone, side),
        });
        let key = format!("subnet/{side}-{zone}");
        let id = self.create("subnet", &key, "create_subnet", args, "/Subnet/SubnetId");
        let args = json!({"RouteTableId": table, "SubnetId": id});
        self.aws.ec2("associate_route_table", args);
        id
    }

    fn nat(&self, zone: &str, subnet: &str) -> String {
        let args = json!({"Domain": "vpc"});
        let key = format!("elastic_ip/{zone}");
        let eip = self.create(
            "elastic-ip",
            &key,
            "allocate_address",
            args,
            "/AllocationId",
        );
        let args = json!({"SubnetId": subnet, "AllocationId": eip});
        let (key, at) = (format!("nat_gateway/{zone}"), "/NatGateway/NatGatewayId");
        self.create("natgateway", &key, "create_nat_gateway", args, at)
    }

    fn group(&self) -> String {
        let args = json!({
            "GroupName": format!("{}-functions", self.spec.stack),
            "Description": "outbound only", "VpcId": self.vpc,
        });
        let key = "security_group/functions";
        self.create(
            "security-group",
            key,
            "create_security_group",
            args,
            "/GroupId",
        )
    }
}
