"""What an account says of itself to a client that knows nothing of killick: the answers of describe calls."""

from dataclasses import dataclass, field
from ipaddress import ip_network

from botocore.exceptions import ClientError


@dataclass
class Account:
    """One region as its describe calls show it, by id."""

    vpcs: dict = field(default_factory=dict)
    subnets: dict = field(default_factory=dict)
    tables: dict = field(default_factory=dict)
    acls: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)
    nats: dict = field(default_factory=dict)
    addresses: dict = field(default_factory=dict)
    gateways: dict = field(default_factory=dict)
    egress_only: dict = field(default_factory=dict)
    endpoints: dict = field(default_factory=dict)
    interfaces: dict = field(default_factory=dict)
    lists: dict = field(default_factory=dict)
    resolvers: dict = field(default_factory=dict)
    dns_support: dict = field(default_factory=dict)
    block_mode: str = "off"
    functions: list = field(default_factory=list)


@dataclass(frozen=True)
class Deployed:
    """A function, or a published version of it that an alias leads to, with the network that it has."""

    function: str
    alias: str | None
    network: dict
    settled: bool


def describe(cloud, names):
    """Read all that moves packets, and the functions of these names."""
    ec2 = cloud.ec2

    def table(operation, key, identity):
        pages = ec2.get_paginator(operation).paginate() if ec2.can_paginate(operation) else [getattr(ec2, operation)()]
        return {item[identity]: item for page in pages for item in page[key]}

    account = Account(
        vpcs=table("describe_vpcs", "Vpcs", "VpcId"),
        subnets=table("describe_subnets", "Subnets", "SubnetId"),
        tables=table("describe_route_tables", "RouteTables", "RouteTableId"),
        acls=table("describe_network_acls", "NetworkAcls", "NetworkAclId"),
        groups=table("describe_security_groups", "SecurityGroups", "GroupId"),
        nats=table("describe_nat_gateways", "NatGateways", "NatGatewayId"),
        addresses=table("describe_addresses", "Addresses", "AllocationId"),
        gateways=table("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
        egress_only=table(
            "describe_egress_only_internet_gateways", "EgressOnlyInternetGateways", "EgressOnlyInternetGatewayId"
        ),
        endpoints=table("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
        interfaces=table("describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
        resolvers=table("describe_dhcp_options", "DhcpOptions", "DhcpOptionsId"),
    )
    for item in ec2.describe_prefix_lists()["PrefixLists"]:
        account.lists[item["PrefixListId"]] = [ip_network(cidr) for cidr in item["Cidrs"]]
    for vpc in account.vpcs:
        answer = ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsSupport")
        account.dns_support[vpc] = answer["EnableDnsSupport"]["Value"]
    options = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    account.block_mode = options["InternetGatewayBlockMode"]
    for name in names:
        account.functions += deployments(cloud.functions, name)
    return account


def deployments(functions, name):
    """What runs under a name: the function itself, and each version that an alias leads to."""
    try:
        latest = functions.get_function_configuration(FunctionName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return []
    found = [deployed(latest, None)]
    for alias in functions.list_aliases(FunctionName=name)["Aliases"]:
        led_to = {alias["FunctionVersion"], *alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})}
        for version in sorted(led_to - {"$LATEST"}):
            config = functions.get_function_configuration(FunctionName=name, Qualifier=version)
            found.append(deployed(config, alias["Name"]))
    return found


def deployed(config, alias):
    """One of them. Until an update of its network ends, and if it fails, invocations keep the network from before."""
    settled = config.get("LastUpdateStatus", "Successful") == "Successful" and config.get("State", "Active") in (
        "Active",
        "Inactive",
    )
    return Deployed(config["FunctionName"], alias, config.get("VpcConfig") or {}, settled)
