"""Legal writes of another client: what somebody at the console might do to a stack, one at a time.

Each takes what it needs from describe answers, in an order that does not depend on ids, so that a seed means the same
in every run. A write that the simulated AWS refuses is no write.
"""

import random

from botocore.exceptions import ClientError

from .cloud import REGION

NETS = (
    "0.0.0.0/1",
    "128.0.0.0/1",
    "8.0.0.0/7",
    "52.0.0.0/8",
    "198.51.100.0/24",
    "198.51.100.0/25",
    "198.51.100.7/32",
    "203.0.113.0/24",
    "203.0.113.128/25",
    "192.0.2.0/24",
    "192.0.2.0/25",
    "192.0.2.64/26",
    "192.0.2.128/25",
    "10.99.0.0/16",
    "172.16.0.0/12",
)
PORTS = ((443, 443), (22, 22), (80, 8080), (1, 1023), (1024, 65535), (1024, 32767), (32768, 60999), (0, 65535))
MADE_UP = (("TransitGatewayId", "tgw-"), ("VpcPeeringConnectionId", "pcx-"), ("GatewayId", "vgw-"))
WRITES = []


class Refused(Exception):
    """There is nothing that this write could be done to."""


def write(weight):
    """Register a write, and how often it is drawn."""

    def keep(function):
        WRITES.extend([function] * weight)
        return function

    return keep


def drawn(seed, index):
    """The write of this number in the world of a seed: the same one whatever the other numbers do."""
    rng = random.Random(f"{seed} write {index}")
    return rng.choice(WRITES), rng


def perform(cloud, shape, seed, index):
    """Do one write; whether anything was done, and what it was."""
    function, rng = drawn(seed, index)
    before = len(cloud.calls)
    try:
        function(Hand(cloud, shape, rng))
    except Refused:
        return f"{function.__name__}: nothing to do it to", []
    except ClientError as error:
        code = error.response["Error"]["Code"]
        return f"{function.__name__}: {code}", cloud.calls[before:-1]
    return function.__name__, cloud.calls[before:]


class Hand:
    """Somebody at the console: the stack in sight, and a die."""

    def __init__(self, cloud, shape, rng):
        self.cloud = cloud
        self.ec2 = cloud.ec2
        self.functions = cloud.functions
        self.shape = shape
        self.rng = rng
        function = shape.functions[0]
        subnets = self.ec2.describe_subnets()["Subnets"]
        self.subnets = {subnet["CidrBlock"]: subnet for subnet in subnets}
        net = "10.20" if shape.external else "10.0"
        self.vpc = shape.vpc
        self.public = [self.subnets[f"{net}.{2 * index}.0/24"]["SubnetId"] for index in range(len(shape.zones))]
        self.private = [self.subnets[f"{net}.{2 * index + 1}.0/24"]["SubnetId"] for index in range(len(shape.zones))]
        self.function = rng.choice(shape.functions) if rng.random() < 0.5 else function

    def pick(self, items):
        """One of some things, which must be in an order of their own."""
        items = list(items)
        if not items:
            raise Refused
        return self.rng.choice(items)

    def chance(self, share):
        """Whether something happens that happens so often."""
        return self.rng.random() < share

    def net(self):
        """A network of the internet; often all of it."""
        return "0.0.0.0/0" if self.chance(0.35) else self.pick(NETS)

    def made_up(self, prefix):
        """The id of something that the simulated AWS does not know and does not ask for."""
        return prefix + "0" + "".join(self.rng.choice("0123456789abcdef") for _ in range(16))

    def filters(self, **named):
        """Filters of a describe call; `__` stands for a dot, `_` for a dash."""
        pairs = {name.replace("__", ".").replace("_", "-"): value for name, value in named.items()}
        return [{"Name": name, "Values": [value]} for name, value in pairs.items()]

    # What is there

    def tables(self):
        """The tables of the VPC: those that the private subnets follow, then the public ones, then the others."""
        tables = self.ec2.describe_route_tables(Filters=self.filters(vpc_id=self.vpc))["RouteTables"]
        order = {subnet: place for place, subnet in enumerate(self.private + self.public)}

        def rank(table):
            followers = [order.get(item.get("SubnetId"), 90) for item in table["Associations"]]
            main = any(item.get("Main") for item in table["Associations"])
            return (min(followers, default=99), main, len(table["Routes"]))

        return sorted(tables, key=rank)

    def table(self):
        """A table, mostly one that functions follow."""
        tables = self.tables()
        return self.pick(tables[: len(self.shape.zones)] if self.chance(0.6) else tables)

    def nats(self, vpc=None):
        """The NAT gateways that are not gone, in the order of their addresses."""
        nats = self.ec2.describe_nat_gateways(Filter=self.filters(vpc_id=vpc or self.vpc))["NatGateways"]
        alive = [nat for nat in nats if nat["State"] in ("available", "pending")]
        return sorted(alive, key=lambda nat: (nat["SubnetId"] not in self.public, self.place(nat["SubnetId"])))

    def place(self, subnet):
        """Where a subnet comes among those of the stack."""
        known = self.public + self.private
        return known.index(subnet) if subnet in known else len(known)

    def acls(self):
        """The ACLs of the VPC, the default one first."""
        acls = self.ec2.describe_network_acls(Filters=self.filters(vpc_id=self.vpc))["NetworkAcls"]
        return sorted(acls, key=lambda acl: (not acl["IsDefault"], len(acl["Associations"]), len(acl["Entries"])))

    def gateway(self):
        """The internet gateway."""
        gateways = self.ec2.describe_internet_gateways(Filters=self.filters(attachment__vpc_id=self.vpc))
        return self.pick(item["InternetGatewayId"] for item in gateways["InternetGateways"])

    def config(self):
        """The network of the function at hand."""
        return self.functions.get_function_configuration(FunctionName=self.function).get("VpcConfig") or {}

    def group(self):
        """A group of the functions."""
        groups = self.config().get("SecurityGroupIds") or []
        return self.pick(self.ec2.describe_security_groups(GroupIds=groups)["SecurityGroups"] if groups else [])

    # What is made

    def new_group(self, vpc=None):
        """A security group, with the egress that AWS gives to each, or none of it."""
        name = "by hand " + "".join(self.rng.choice("abcdefgh") for _ in range(8))
        group = self.ec2.create_security_group(VpcId=vpc or self.vpc, GroupName=name, Description="by hand")["GroupId"]
        if self.chance(0.5):
            everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
            self.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
            if self.chance(0.5):
                self.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[self.permission()])
        return group

    def permission(self):
        """A rule of a security group."""
        if self.chance(0.25):
            rule = {"IpProtocol": "-1"}
        else:
            first, last = self.pick(PORTS)
            rule = {"IpProtocol": self.pick(("tcp", "tcp", "tcp", "udp")), "FromPort": first, "ToPort": last}
        if self.chance(0.15):
            lists = sorted(self.ec2.describe_prefix_lists()["PrefixLists"], key=lambda item: item["PrefixListName"])
            rule["PrefixListIds"] = [{"PrefixListId": self.pick(lists)["PrefixListId"]}]
        elif self.chance(0.1):
            rule["Ipv6Ranges"] = [{"CidrIpv6": "::/0"}]
        else:
            rule["IpRanges"] = [{"CidrIp": self.net()}]
        return rule

    def new_nat(self, subnet):
        """A NAT gateway with an address of its own, half of the time after it came up."""
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = self.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
        self.cloud.wait(5)
        return nat

    def target(self):
        """Something that a route may lead to, as the parameter of a call."""
        kind = self.pick(("nat", "nat", "nat", "igw", "made up", "interface", "interface endpoint"))
        if kind == "nat":
            return {"NatGatewayId": self.pick(self.nats())["NatGatewayId"]}
        if kind == "igw":
            return {"GatewayId": self.gateway()}
        if kind == "interface":
            made = self.ec2.create_network_interface(SubnetId=self.pick(self.public + self.private))
            return {"NetworkInterfaceId": made["NetworkInterface"]["NetworkInterfaceId"]}
        if kind == "interface endpoint":
            made = self.ec2.create_vpc_endpoint(
                VpcId=self.vpc,
                VpcEndpointType="Interface",
                ServiceName=f"com.amazonaws.{REGION}.sqs",
                SubnetIds=[self.pick(self.public)],
            )
            return {"VpcEndpointId": made["VpcEndpoint"]["VpcEndpointId"]}
        parameter, prefix = self.pick(MADE_UP)
        return {parameter: self.made_up(prefix)}


# Routes


@write(6)
def create_route(hand):
    """A route for a network of the internet."""
    hand.ec2.create_route(
        RouteTableId=hand.table()["RouteTableId"], DestinationCidrBlock=hand.net(), **hand.target()
    )


@write(4)
def replace_route(hand):
    """A route leads elsewhere."""
    table = hand.table()
    route = hand.pick(routes(table))
    hand.ec2.replace_route(
        RouteTableId=table["RouteTableId"], DestinationCidrBlock=route["DestinationCidrBlock"], **hand.target()
    )


@write(2)
def delete_route(hand):
    """A route is deleted."""
    table = hand.table()
    route = hand.pick(routes(table))
    hand.ec2.delete_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock=route["DestinationCidrBlock"])


def routes(table):
    """The routes that a person may change."""
    mine = [route for route in table["Routes"] if route["Origin"] == "CreateRoute" and "DestinationCidrBlock" in route]
    return sorted(mine, key=lambda route: route["DestinationCidrBlock"])


@write(1)
def route_around_local(hand):
    """What comes back to a private subnet passes an interface first."""
    subnet = hand.pick(hand.private)
    cidr = next(net for net, item in hand.subnets.items() if item["SubnetId"] == subnet)
    made = hand.ec2.create_network_interface(SubnetId=hand.pick(hand.public))
    tables = [table for table in hand.tables() if hand.public[0] in followers(table)]
    hand.ec2.create_route(
        RouteTableId=hand.pick(tables)["RouteTableId"],
        DestinationCidrBlock=cidr,
        NetworkInterfaceId=made["NetworkInterface"]["NetworkInterfaceId"],
    )


@write(1)
def propagate(hand):
    """A virtual private gateway writes its routes into a table."""
    hand.ec2.enable_vgw_route_propagation(
        RouteTableId=hand.table()["RouteTableId"], GatewayId=hand.made_up("vgw-")
    )


@write(1)
def edge_table(hand):
    """What comes in by the internet gateway passes an interface first."""
    table = hand.ec2.create_route_table(VpcId=hand.vpc)["RouteTable"]["RouteTableId"]
    hand.ec2.associate_route_table(RouteTableId=table, GatewayId=hand.gateway())
    if hand.chance(0.7):
        public = hand.pick(hand.public)
        cidr = next(net for net, item in hand.subnets.items() if item["SubnetId"] == public)
        made = hand.ec2.create_network_interface(SubnetId=hand.pick(hand.public))
        hand.ec2.create_route(
            RouteTableId=table,
            DestinationCidrBlock=cidr,
            NetworkInterfaceId=made["NetworkInterface"]["NetworkInterfaceId"],
        )


# Which table a subnet follows


def followers(table):
    """The subnets that follow a table by an association of their own."""
    return [item["SubnetId"] for item in table["Associations"] if "SubnetId" in item]


def association(hand, subnet):
    """The table that a subnet follows, and the association that says so."""
    for table in hand.tables():
        for item in table["Associations"]:
            if item.get("SubnetId") == subnet:
                return item["RouteTableAssociationId"]
    raise Refused


@write(3)
def follow_another_table(hand):
    """A subnet follows another table; sometimes a new one with nothing in it."""
    subnet = hand.pick(hand.private + hand.private + hand.public)
    held = association(hand, subnet)
    if hand.chance(0.2):
        table = hand.ec2.create_route_table(VpcId=hand.vpc)["RouteTable"]["RouteTableId"]
    else:
        table = hand.pick(hand.tables())["RouteTableId"]
    hand.ec2.replace_route_table_association(AssociationId=held, RouteTableId=table)


@write(2)
def follow_the_main_table(hand):
    """A subnet loses its association."""
    subnet = hand.pick(hand.private + hand.public)
    hand.ec2.disassociate_route_table(AssociationId=association(hand, subnet))


@write(1)
def another_main_table(hand):
    """Another table becomes the main one."""
    tables = hand.tables()
    held = next(item for table in tables for item in table["Associations"] if item.get("Main"))
    hand.ec2.replace_route_table_association(
        AssociationId=held["RouteTableAssociationId"], RouteTableId=hand.pick(tables)["RouteTableId"]
    )


@write(1)
def main_route(hand):
    """The main table gets a default route."""
    tables = hand.tables()
    main = next(table for table in tables if any(item.get("Main") for item in table["Associations"]))
    hand.ec2.create_route(RouteTableId=main["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", **hand.target())


# Network ACLs


def entry(hand, acl):
    """The parameters of an entry of an ACL."""
    protocol = hand.pick(("-1", "6", "6", "6", "17"))
    given = {
        "NetworkAclId": acl["NetworkAclId"],
        "RuleNumber": hand.pick((10, 50, 90, 95, 99, 110, 200)),
        "Egress": hand.chance(0.5),
        "Protocol": protocol,
        "RuleAction": "deny" if hand.chance(0.7) else "allow",
        "CidrBlock": hand.net() if hand.chance(0.85) else hand.pick(("10.0.0.0/8", *sorted(hand.subnets))),
    }
    if protocol != "-1":
        first, last = hand.pick(PORTS)
        given["PortRange"] = {"From": first, "To": last}
    return given


@write(5)
def create_acl_entry(hand):
    """An ACL gets an entry."""
    hand.ec2.create_network_acl_entry(**entry(hand, hand.pick(hand.acls())))


@write(1)
def replace_acl_entry(hand):
    """An entry of an ACL says something else."""
    acl = hand.pick(hand.acls())
    given = entry(hand, acl)
    given["RuleNumber"] = hand.pick(own_entries(acl))["RuleNumber"]
    hand.ec2.replace_network_acl_entry(**given)


@write(2)
def delete_acl_entry(hand):
    """An entry of an ACL goes, maybe the one that lets all through."""
    acl = hand.pick(hand.acls())
    gone = hand.pick(own_entries(acl))
    hand.ec2.delete_network_acl_entry(
        NetworkAclId=acl["NetworkAclId"], RuleNumber=gone["RuleNumber"], Egress=gone["Egress"]
    )


def own_entries(acl):
    """The entries that somebody made."""
    mine = [entry for entry in acl["Entries"] if entry["RuleNumber"] < 32767]
    return sorted(mine, key=lambda entry: (entry["RuleNumber"], entry["Egress"]))


@write(4)
def follow_another_acl(hand):
    """A subnet follows an ACL with a few entries, or another one that is there."""
    subnet = hand.pick(hand.private + hand.public)
    acls = hand.acls()
    held = next(item for acl in acls for item in acl["Associations"] if item["SubnetId"] == subnet)
    if hand.chance(0.7) or len(acls) == 1:
        acl = hand.ec2.create_network_acl(VpcId=hand.vpc)["NetworkAcl"]
        for egress in (False, True):
            if hand.chance(0.8):
                allow = {"RuleNumber": 100, "Egress": egress, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}
                if hand.chance(0.5):
                    allow |= {"Protocol": "-1"}
                else:
                    first, last = hand.pick(PORTS)
                    allow |= {"Protocol": "6", "PortRange": {"From": first, "To": last}}
                hand.ec2.create_network_acl_entry(NetworkAclId=acl["NetworkAclId"], **allow)
        if hand.chance(0.4):
            hand.ec2.create_network_acl_entry(**entry(hand, acl))
    else:
        acl = hand.pick(acls)
    hand.ec2.replace_network_acl_association(
        AssociationId=held["NetworkAclAssociationId"], NetworkAclId=acl["NetworkAclId"]
    )


# Security groups


@write(4)
def revoke_egress(hand):
    """An egress rule of the functions goes, and sometimes a narrower one comes."""
    group = hand.group()
    rule = hand.pick(group["IpPermissionsEgress"])
    hand.ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=[rule])
    if hand.chance(0.6):
        hand.ec2.authorize_security_group_egress(GroupId=group["GroupId"], IpPermissions=[hand.permission()])


@write(2)
def authorize_egress(hand):
    """The functions get an egress rule."""
    hand.ec2.authorize_security_group_egress(GroupId=hand.group()["GroupId"], IpPermissions=[hand.permission()])


@write(2)
def authorize_ingress(hand):
    """Somebody is let in."""
    hand.ec2.authorize_security_group_ingress(GroupId=hand.group()["GroupId"], IpPermissions=[hand.permission()])


@write(1)
def modify_rule(hand):
    """An egress rule says something else under the same id."""
    group = hand.group()["GroupId"]
    found = hand.ec2.describe_security_group_rules(Filters=hand.filters(group_id=group))["SecurityGroupRules"]
    rule = hand.pick(sorted((item for item in found if item["IsEgress"]), key=lambda item: item.get("CidrIpv4", "")))
    first, last = hand.pick(PORTS)
    changed = {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, "CidrIpv4": hand.net()}
    hand.ec2.modify_security_group_rules(
        GroupId=group,
        SecurityGroupRules=[{"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "SecurityGroupRule": changed}],
    )


# The VPC


@write(4)
def gateway_endpoint(hand):
    """S3 or DynamoDB is reached by an endpoint, from some tables."""
    tables = [table["RouteTableId"] for table in hand.tables()]
    chosen = [table for table in tables if hand.chance(0.5)] or tables[:1]
    service = hand.pick(("s3", "s3", "dynamodb"))
    hand.ec2.create_vpc_endpoint(
        VpcId=hand.vpc, ServiceName=f"com.amazonaws.{REGION}.{service}", RouteTableIds=chosen
    )


@write(1)
def endpoint_tables(hand):
    """An endpoint is taken off a table, or deleted."""
    endpoints = hand.ec2.describe_vpc_endpoints(Filters=hand.filters(vpc_id=hand.vpc))["VpcEndpoints"]
    endpoint = hand.pick(sorted(endpoints, key=lambda item: (item["ServiceName"], item["VpcEndpointType"])))
    if hand.chance(0.5) and endpoint.get("RouteTableIds"):
        known = [table["RouteTableId"] for table in hand.tables() if table["RouteTableId"] in endpoint["RouteTableIds"]]
        hand.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint["VpcEndpointId"], RemoveRouteTableIds=[hand.pick(known)])
    else:
        hand.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])


@write(1)
def dhcp_options(hand):
    """The VPC asks another name server, or none."""
    if hand.chance(0.2):
        hand.ec2.associate_dhcp_options(DhcpOptionsId="default", VpcId=hand.vpc)
        return
    servers = hand.pick((["198.51.100.53"], ["10.20.0.2"], ["AmazonProvidedDNS"], ["169.254.169.253"]))
    options = hand.ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name-servers", "Values": servers}])
    hand.ec2.associate_dhcp_options(DhcpOptionsId=options["DhcpOptions"]["DhcpOptionsId"], VpcId=hand.vpc)


@write(1)
def dns(hand):
    """Names are resolved no more, or hosts get none."""
    if hand.chance(0.6):
        hand.ec2.modify_vpc_attribute(VpcId=hand.vpc, EnableDnsHostnames={"Value": False})
        hand.ec2.modify_vpc_attribute(VpcId=hand.vpc, EnableDnsSupport={"Value": False})
    else:
        hand.ec2.modify_vpc_attribute(VpcId=hand.vpc, EnableDnsHostnames={"Value": hand.chance(0.5)})


@write(1)
def block_public_access(hand):
    """The region is closed, one way or both, or opened again."""
    mode = hand.pick(("block-bidirectional", "block-ingress", "off"))
    hand.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode=mode)


@write(1)
def ipv6(hand):
    """A private subnet has IPv6; maybe a way out by it, and maybe a function that uses it."""
    vpc = hand.ec2.describe_vpcs(VpcIds=[hand.vpc])["Vpcs"][0]
    if not vpc.get("Ipv6CidrBlockAssociationSet"):
        hand.ec2.associate_vpc_cidr_block(VpcId=hand.vpc, AmazonProvidedIpv6CidrBlock=True)
        hand.cloud.wait(1)
        vpc = hand.ec2.describe_vpcs(VpcIds=[hand.vpc])["Vpcs"][0]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].removesuffix("00::/56")
    for index, subnet in enumerate(hand.private):
        if hand.chance(0.9):
            hand.ec2.associate_subnet_cidr_block(SubnetId=subnet, Ipv6CidrBlock=f"{block}{index:02x}::/64")
    if hand.chance(0.7):
        if hand.chance(0.6):
            made = hand.ec2.create_egress_only_internet_gateway(VpcId=hand.vpc)["EgressOnlyInternetGateway"]
            target = {"EgressOnlyInternetGatewayId": made["EgressOnlyInternetGatewayId"]}
        else:
            target = {"GatewayId": hand.gateway()}
        hand.ec2.create_route(
            RouteTableId=hand.table()["RouteTableId"], DestinationIpv6CidrBlock="::/0", **target
        )
    if hand.chance(0.5):
        rule = {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
        hand.ec2.authorize_security_group_egress(GroupId=hand.group()["GroupId"], IpPermissions=[rule])
    if hand.chance(0.7):
        hand.cloud.wait(1)
        config = hand.config()
        update_function(hand, config["SubnetIds"], config["SecurityGroupIds"], ipv6=True)


@write(1)
def public_addresses(hand):
    """What is launched in a private subnet gets a public address."""
    hand.ec2.modify_subnet_attribute(SubnetId=hand.pick(hand.private), MapPublicIpOnLaunch={"Value": True})


@write(1)
def another_network(hand):
    """The VPC gets another network, of its own or of the internet, and a subnet in it that follows the main table."""
    net, part = hand.pick((("10.77.0.0/16", "10.77.1.0/24"), ("198.51.100.0/24", "198.51.100.64/26")))
    hand.ec2.associate_vpc_cidr_block(VpcId=hand.vpc, CidrBlock=net)
    hand.cloud.wait(1)
    hand.ec2.create_subnet(VpcId=hand.vpc, CidrBlock=part, AvailabilityZone=hand.pick(hand.shape.zones))


# NAT gateways, addresses and the internet gateway


@write(2)
def delete_nat(hand):
    """A NAT gateway is deleted; the route to it is a blackhole."""
    hand.ec2.delete_nat_gateway(NatGatewayId=hand.pick(hand.nats())["NatGatewayId"])
    if hand.chance(0.7):
        hand.cloud.wait(5)


@write(2)
def remake_nat(hand):
    """A NAT gateway is made again, with its address or another one, and routes are led there."""
    old = hand.pick(hand.nats())
    subnet, address = old["SubnetId"], old["NatGatewayAddresses"][0]["AllocationId"]
    hand.ec2.delete_nat_gateway(NatGatewayId=old["NatGatewayId"])
    hand.cloud.wait(5)
    if hand.chance(0.5):
        made = hand.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
        hand.cloud.wait(5)
    else:
        made = hand.new_nat(subnet)
    lead(hand, old["NatGatewayId"], made)


def lead(hand, old, new):
    """Lead the routes to one NAT gateway to another one."""
    for table in hand.tables():
        for route in routes(table):
            if route.get("NatGatewayId") == old and hand.chance(0.85):
                hand.ec2.replace_route(
                    RouteTableId=table["RouteTableId"],
                    DestinationCidrBlock=route["DestinationCidrBlock"],
                    NatGatewayId=new,
                )


@write(2)
def foreign_nat(hand):
    """Somebody puts a NAT gateway into a subnet, and maybe leads a route there."""
    made = hand.new_nat(hand.pick(hand.public + hand.public + hand.private))
    if hand.chance(0.7):
        table, net = hand.table()["RouteTableId"], hand.net()
        call = hand.ec2.replace_route if net == "0.0.0.0/0" else hand.ec2.create_route
        call(RouteTableId=table, DestinationCidrBlock=net, NatGatewayId=made)


@write(2)
def further_address(hand):
    """A NAT gateway gets a second address: a new one, or one that is free."""
    nat = hand.pick(hand.nats())
    free = [item for item in hand.ec2.describe_addresses()["Addresses"] if not item.get("AssociationId")]
    if free and hand.chance(0.5):
        address = hand.pick(sorted(free, key=lambda item: item["PublicIp"]))["AllocationId"]
    else:
        address = hand.ec2.allocate_address(Domain="vpc")["AllocationId"]
    hand.ec2.associate_nat_gateway_address(NatGatewayId=nat["NatGatewayId"], AllocationIds=[address])
    if hand.chance(0.8):
        hand.cloud.wait(2)


@write(1)
def take_back_address(hand):
    """A NAT gateway loses its second address."""
    held = [
        (nat["NatGatewayId"], item["AssociationId"])
        for nat in hand.nats()
        for item in nat["NatGatewayAddresses"]
        if not item.get("IsPrimary") and item.get("AssociationId")
    ]
    nat, association = hand.pick(held)
    hand.ec2.disassociate_nat_gateway_address(NatGatewayId=nat, AssociationIds=[association])


@write(1)
def release_address(hand):
    """An address that nothing holds is released, maybe given to an interface before, or offered to somebody."""
    free = [item for item in hand.ec2.describe_addresses()["Addresses"] if not item.get("AssociationId")]
    address = hand.pick(sorted(free, key=lambda item: item["PublicIp"]))["AllocationId"]
    what = hand.pick(("release", "take", "offer"))
    if what == "release":
        hand.ec2.release_address(AllocationId=address)
    elif what == "take":
        made = hand.ec2.create_network_interface(SubnetId=hand.pick(hand.public))
        hand.ec2.associate_address(
            AllocationId=address, NetworkInterfaceId=made["NetworkInterface"]["NetworkInterfaceId"]
        )
    else:
        hand.ec2.enable_address_transfer(AllocationId=address, TransferAccountId="210987654321")


@write(1)
def detach_gateway(hand):
    """The internet gateway is detached, after all that had public addresses is gone; maybe it or another one comes."""
    gateway = hand.gateway()
    for nat in hand.nats():
        hand.ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    hand.cloud.wait(5)
    hand.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=hand.vpc)
    if hand.chance(0.3):
        gateway = hand.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    if hand.chance(0.6):
        hand.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=hand.vpc)


# The functions


def update_function(hand, subnets, groups, ipv6=False):
    """Give the function at hand another network, and wait for it most of the time."""
    network = {"SubnetIds": subnets, "SecurityGroupIds": groups}
    if ipv6:
        network["Ipv6AllowedForDualStack"] = True
    hand.functions.update_function_configuration(FunctionName=hand.function, VpcConfig=network)
    if hand.chance(0.8):
        hand.cloud.wait(5)


@write(3)
def function_subnets(hand):
    """A deploy tool gives a function other subnets of the VPC, or takes it out of the VPC."""
    groups = hand.config().get("SecurityGroupIds") or []
    chosen = [subnet for subnet in hand.private if hand.chance(0.5)]
    if hand.chance(0.15):
        chosen.append(hand.pick(hand.public))
    update_function(hand, chosen, groups if chosen else [])


@write(3)
def function_groups(hand):
    """A function gets one more security group, or another one."""
    config = hand.config()
    if not config.get("SubnetIds"):
        raise Refused
    kept = config["SecurityGroupIds"] if hand.chance(0.6) else []
    update_function(hand, config["SubnetIds"], [*kept, hand.new_group()])


@write(1)
def function_elsewhere(hand):
    """A function moves to another VPC, with or without an exit of its own."""
    ec2 = hand.ec2
    vpc = ec2.create_vpc(CidrBlock="10.88.0.0/16")["Vpc"]["VpcId"]
    hand.cloud.wait(1)
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.88.1.0/24", AvailabilityZone=hand.shape.zones[0])
    subnet = subnet["Subnet"]["SubnetId"]
    public = ec2.create_subnet(VpcId=vpc, CidrBlock="10.88.0.0/24", AvailabilityZone=hand.shape.zones[0])
    public = public["Subnet"]["SubnetId"]
    hand.cloud.wait(1)
    if hand.chance(0.5):
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        ec2.associate_route_table(RouteTableId=table, SubnetId=public)
        nat = hand.new_nat(public)
        main = ec2.describe_route_tables(Filters=hand.filters(vpc_id=vpc, association__main="true"))["RouteTables"]
        ec2.create_route(
            RouteTableId=main[0]["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat
        )
    update_function(hand, [subnet], [hand.new_group(vpc)])


@write(2)
def alias(hand):
    """A version is published, an alias leads to it, and often the function goes on to another network."""
    version = hand.functions.publish_version(FunctionName=hand.function)["Version"]
    hand.functions.create_alias(FunctionName=hand.function, Name="live", FunctionVersion=version)
    if hand.chance(0.5):
        config = hand.config()
        if config.get("SubnetIds"):
            update_function(hand, config["SubnetIds"][:1], config["SecurityGroupIds"])


@write(1)
def stale_alias(hand):
    """An alias leads to a version of a function that was in no VPC, or had a closed group."""
    config = hand.config()
    if not config.get("SubnetIds"):
        raise Refused
    closed = hand.chance(0.5)
    update = hand.functions.update_function_configuration
    away = {"SubnetIds": config["SubnetIds"], "SecurityGroupIds": [hand.new_group()]} if closed else {}
    update(FunctionName=hand.function, VpcConfig=away or {"SubnetIds": [], "SecurityGroupIds": []})
    hand.cloud.wait(5)
    version = hand.functions.publish_version(FunctionName=hand.function)["Version"]
    hand.functions.create_alias(FunctionName=hand.function, Name="old", FunctionVersion=version)
    back = {"SubnetIds": config["SubnetIds"], "SecurityGroupIds": config["SecurityGroupIds"]}
    hand.cloud.wait(1)
    update(FunctionName=hand.function, VpcConfig=back)
    hand.cloud.wait(5)


@write(1)
def failed_update(hand):
    """A function is to get a subnet that has no free address: its update fails, and it stays where it was."""
    config = hand.config()
    if not config.get("SubnetIds"):
        raise Refused
    net = "10.20" if hand.shape.external else "10.0"
    made = hand.ec2.create_subnet(
        VpcId=hand.vpc, CidrBlock=f"{net}.200.0/28", AvailabilityZone=hand.pick(hand.shape.zones)
    )
    full = made["Subnet"]["SubnetId"]
    hand.cloud.wait(1)
    for _ in range(11):
        hand.ec2.create_network_interface(SubnetId=full)
    update_function(hand, [*config["SubnetIds"], full], config["SecurityGroupIds"])


@write(1)
def delete_function(hand):
    """A function is deleted."""
    hand.functions.delete_function(FunctionName=hand.function)


@write(2)
def foreign_tags(hand):
    """A cost scanner tags a few things, or somebody takes all tags off one of them."""
    things = [nat["NatGatewayId"] for nat in hand.nats()] + [table["RouteTableId"] for table in hand.tables()]
    things += [*hand.private, *hand.public, hand.vpc, hand.group()["GroupId"]]
    things += [exit_["allocation"] for exit_ in hand.shape.exits.values()]
    thing = hand.pick(things)
    if hand.chance(0.5):
        hand.ec2.create_tags(Resources=[thing], Tags=[{"Key": "cost-center", "Value": "4711"}])
    else:
        hand.ec2.delete_tags(Resources=[thing])
