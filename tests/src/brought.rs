//! A network of somebody else that lends itself to a stack: what killick may use and never change.

use serde_json::json;

use crate::aws::Aws;

/// A VPC with two zones, two addresses and a security group.
#[derive(Debug, Clone)]
pub struct Brought {
    /// The VPC.
    pub vpc: String,
    /// Its internet gateway.
    pub gateway: String,
    /// The public subnets of zones a and c, which lead to the internet gateway.
    pub public: [String; 2],
    /// The private subnets of zones a and c: the first has a table of its own, the second the main one.
    pub private: [String; 2],
    /// The table of the first private subnet.
    pub table: String,
    /// Two Elastic IPs that nothing uses.
    pub addresses: [String; 2],
    /// A security group.
    pub group: String,
}

impl Aws {
    /// Makes it in 10.`net`.0.0/16. Nothing of it carries a tag.
    pub fn create_brought(&self, net: u8) -> Brought {
        let args = json!({"CidrBlock": format!("10.{net}.0.0/16")});
        let vpc = self.ec2_id("create_vpc", args, "/Vpc/VpcId");
        let at = "/InternetGateway/InternetGatewayId";
        let gateway = self.ec2_id("create_internet_gateway", json!({}), at);
        let args = json!({"InternetGatewayId": gateway, "VpcId": vpc});
        self.ec2("attach_internet_gateway", args);
        let subnet = |zone: char, third: u8| self.create_subnet(&vpc, net, zone, third);
        let public = [subnet('a', 0), subnet('c', 2)];
        let private = [subnet('a', 1), subnet('c', 3)];
        let leading_out = self.create_table(&vpc, &public);
        let args = json!({
            "RouteTableId": leading_out, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway,
        });
        self.ec2("create_route", args);
        let table = self.create_table(&vpc, &private[..1]);
        let args = json!({"GroupName": "theirs", "Description": "theirs", "VpcId": vpc});
        let group = self.ec2_id("create_security_group", args, "/GroupId");
        Brought {
            gateway,
            public,
            private,
            table,
            addresses: [self.create_address(), self.create_address()],
            group,
            vpc,
        }
    }

    /// An Elastic IP without tags; gives its allocation id.
    pub fn create_address(&self) -> String {
        self.ec2_id(
            "allocate_address",
            json!({"Domain": "vpc"}),
            "/AllocationId",
        )
    }

    /// A subnet 10.`net`.`third`.0/24 without tags, in the Tokyo zone with this letter.
    pub fn create_subnet(&self, vpc: &str, net: u8, zone: char, third: u8) -> String {
        let args = json!({
            "VpcId": vpc, "CidrBlock": format!("10.{net}.{third}.0/24"),
            "AvailabilityZone": format!("ap-northeast-1{zone}"),
        });
        self.ec2_id("create_subnet", args, "/Subnet/SubnetId")
    }

    fn create_table(&self, vpc: &str, subnets: &[String]) -> String {
        let at = "/RouteTable/RouteTableId";
        let table = self.ec2_id("create_route_table", json!({"VpcId": vpc}), at);
        for subnet in subnets {
            let args = json!({"RouteTableId": table, "SubnetId": subnet});
            self.ec2("associate_route_table", args);
        }
        table
    }

    /// The address of an allocation.
    pub fn ip(&self, allocation: &str) -> String {
        let args = json!({"AllocationIds": [allocation]});
        let answer = self.ec2("describe_addresses", args);
        let ip = answer.pointer("/Addresses/0/PublicIp");
        ip.and_then(|ip| ip.as_str())
            .unwrap_or_else(|| panic!("{allocation} has no address: {answer}"))
            .to_owned()
    }
}

impl Brought {
    /// A spec in which nothing but NAT gateways and route tables is left for killick to make.
    pub fn to_toml(&self, functions: &[&str]) -> String {
        let mut text = format!(
            "stack  = \"partner-egress\"\nregion = \"ap-northeast-1\"\n\n[network]\nvpc = \"{}\"\n",
            self.vpc
        );
        for (place, zone) in ['a', 'c'].into_iter().enumerate() {
            let (public, private) = (&self.public[place], &self.private[place]);
            let address = &self.addresses[place];
            text += &format!(
                "\n[[zone]]\nname    = \"ap-northeast-1{zone}\"\npublic  = \"{public}\"\n\
                 private = \"{private}\"\naddress = \"{address}\"\n"
            );
        }
        text += &format!("\n[egress]\nsecurity_groups = [\"{}\"]\n", self.group);
        for function in functions {
            text += &format!("\n[[function]]\nname = \"{function}\"\n");
        }
        text
    }

    /// Every id of it.
    pub fn ids(&self) -> Vec<&str> {
        let lists = [&self.public, &self.private, &self.addresses];
        let singles = [&self.vpc, &self.gateway, &self.table, &self.group];
        let all = lists.into_iter().flatten().chain(singles);
        all.map(String::as_str).collect()
    }
}
