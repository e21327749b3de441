"""Subnets with their attributes and addresses, and the network interfaces in them."""

from types import SimpleNamespace

from .checks import (
    check,
    dry_run,
    one,
    page_size_is_bounded,
    pages_hold,
    pluck,
    refused,
    require,
    same,
    token_is_verified,
    unknown,
    where,
)


def ground(cloud):
    """The VPC and the subnet that checks share as long as they leave them as they are."""
    vpc = cloud.vpc()
    return SimpleNamespace(vpc=vpc, subnet=cloud.subnet(vpc, "10.0.250.0/24"))


def now(cloud, subnet):
    """A subnet as described."""
    return cloud.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]


def interface_now(cloud, interface):
    """A network interface as described."""
    return cloud.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"][0]


def removed(cloud, interface):
    """Delete an interface at the end of the check, for those made in the shared subnet."""
    cloud.later(lambda: cloud.ec2.delete_network_interface(NetworkInterfaceId=interface))
    return interface


@check
def create_echoes_what_was_made(cloud):
    """The answer of CreateSubnet carries the identity and the defaults."""
    vpc = cloud.vpc()
    zone = f"{cloud.region}a"
    subnet = cloud.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone=zone)["Subnet"]
    wanted = {
        "VpcId": vpc,
        "CidrBlock": "10.0.1.0/24",
        "AvailabilityZone": zone,
        "AvailableIpAddressCount": 251,
        "DefaultForAz": False,
        "MapPublicIpOnLaunch": False,
        "AssignIpv6AddressOnCreation": False,
    }
    same({key: subnet.get(key) for key in wanted}, wanted, "the subnet")
    require(subnet["SubnetArn"].endswith(f":subnet/{subnet['SubnetId']}"), f"the ARN is {subnet['SubnetArn']}")
    require(subnet.get("AvailabilityZoneId"), "there is no zone id")


@check
def becomes_available(cloud):
    """A new subnet ends up `available`."""
    subnet = cloud.subnet(cloud.vpc())
    cloud.wait(lambda: now(cloud, subnet)["State"], lambda state: state == "available", "not available")


@check
def cidr_is_canonicalised(cloud):
    """Host bits are cleared."""
    same(now(cloud, cloud.subnet(cloud.vpc(), "10.0.1.77/24"))["CidrBlock"], "10.0.1.0/24", "the block")


@check
def smallest_subnet_has_eleven_addresses(cloud):
    """Five of the sixteen addresses of a /28 are reserved."""
    same(now(cloud, cloud.subnet(cloud.vpc(), "10.0.1.0/28"))["AvailableIpAddressCount"], 11, "the addresses left")


@check
def overlap_is_refused(cloud):
    """Subnets of a VPC may not overlap."""
    vpc = cloud.vpc()
    cloud.subnet(vpc, "10.0.0.0/20")
    refused(cloud.ec2.create_subnet, "InvalidSubnet.Conflict", VpcId=vpc, CidrBlock="10.0.8.0/24")


@check
def block_must_lie_in_the_vpc(cloud):
    """A block outside the VPC is out of range."""
    vpc = cloud.stage(ground).vpc
    refused(cloud.ec2.create_subnet, "InvalidSubnet.Range", VpcId=vpc, CidrBlock="10.1.0.0/24")


@check
def block_size_is_bounded(cloud):
    """A /29 is too small for a subnet."""
    vpc = cloud.stage(ground).vpc
    refused(cloud.ec2.create_subnet, "InvalidSubnet.Range", VpcId=vpc, CidrBlock="10.0.100.0/29")


@check
def unknown_vpc_is_refused(cloud):
    """A subnet needs a VPC that exists."""
    refused(cloud.ec2.create_subnet, "InvalidVpcID.NotFound", VpcId=unknown("vpc"), CidrBlock="10.0.1.0/24")


@check
def unknown_zone_is_refused(cloud):
    """A subnet needs a zone of its region."""
    asked = {"VpcId": cloud.stage(ground).vpc, "CidrBlock": "10.0.101.0/24", "AvailabilityZone": f"{cloud.region}z"}
    refused(cloud.ec2.create_subnet, "InvalidParameterValue", **asked)


@check
def zone_is_chosen_when_left_out(cloud):
    """Without a zone AWS picks one of the region."""
    subnet = cloud.ec2.create_subnet(VpcId=cloud.vpc(), CidrBlock="10.0.1.0/24")["Subnet"]
    require(subnet["AvailabilityZone"].startswith(cloud.region), f"the zone is {subnet['AvailabilityZone']}")


@check
def hostname_type_is_ip_name(cloud):
    """Hostnames on launch are made of the address unless asked otherwise."""
    options = now(cloud, cloud.stage(ground).subnet)["PrivateDnsNameOptionsOnLaunch"]
    same(options["HostnameType"], "ip-name", "the hostname type")


@check
def public_address_on_launch_can_be_enabled(cloud):
    """ModifySubnetAttribute changes the attribute."""
    subnet = cloud.subnet(cloud.vpc())
    cloud.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    cloud.soon(lambda: now(cloud, subnet)["MapPublicIpOnLaunch"], True, "MapPublicIpOnLaunch")


@check
def attributes_change_one_per_call(cloud):
    """Two attributes in one call are refused."""
    two = {"MapPublicIpOnLaunch": {"Value": True}, "AssignIpv6AddressOnCreation": {"Value": False}}
    subnet = cloud.stage(ground).subnet
    refused(cloud.ec2.modify_subnet_attribute, "InvalidParameter*", SubnetId=subnet, **two)
    same(now(cloud, subnet)["MapPublicIpOnLaunch"], False, "MapPublicIpOnLaunch after the refusal")


@check
def unknown_id_is_refused(cloud):
    """Reading, changing and deleting an unknown subnet name it as missing."""
    gone = unknown("subnet")
    missing = "InvalidSubnetI[Dd].NotFound"
    refused(cloud.ec2.describe_subnets, missing, SubnetIds=[gone])
    refused(cloud.ec2.modify_subnet_attribute, missing, SubnetId=gone, MapPublicIpOnLaunch={"Value": True})
    refused(cloud.ec2.delete_subnet, missing, SubnetId=gone)


@check
def filters_narrow_the_list(cloud):
    """The filters on VPC, exact block, zone and state combine."""
    vpc = cloud.vpc()
    first = cloud.subnet(vpc, "10.0.1.0/24")
    cloud.subnet(vpc, "10.0.2.0/24")
    zone = f"{cloud.region}a"
    exact = where(vpc_id=vpc, cidr_block="10.0.1.0/24", availability_zone=zone, state="available")
    cloud.soon(lambda: pluck(cloud.ec2.describe_subnets(Filters=exact)["Subnets"], "SubnetId"), [first], "found")
    wider = where(vpc_id=vpc, cidr_block="10.0.0.0/16")
    same(cloud.ec2.describe_subnets(Filters=wider)["Subnets"], [], "what a wider block finds")


@check
def list_comes_in_pages(cloud):
    """Seven subnets make two pages of five."""
    vpc = cloud.vpc()
    made = [cloud.subnet(vpc, f"10.0.{number}.0/24") for number in range(7)]
    pages_hold(cloud.ec2.describe_subnets, "Subnets", "SubnetId", made, Filters=where(vpc_id=vpc))


@check
def max_results_is_bounded(cloud):
    """Pages hold 5 to 1000 subnets."""
    page_size_is_bounded(cloud, "DescribeSubnets", 5, 1000)


@check
def invented_token_is_refused(cloud):
    """NextToken is not free text."""
    token_is_verified(cloud.ec2.describe_subnets)


@check
def dry_runs_change_nothing(cloud):
    """Dry runs of create and delete answer DryRunOperation."""
    vpc = cloud.vpc()
    subnet = cloud.subnet(vpc)
    dry_run(cloud.ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.2.0/24")
    dry_run(cloud.ec2.delete_subnet, SubnetId=subnet)
    found = cloud.ec2.describe_subnets(Filters=where(vpc_id=vpc))["Subnets"]
    same(pluck(found, "SubnetId"), [subnet], "the subnets")


@check
def delete_removes_it(cloud):
    """A deleted subnet is gone and its block is free."""
    vpc = cloud.vpc()
    cloud.ec2.delete_subnet(SubnetId=cloud.subnet(vpc))
    cloud.soon(lambda: cloud.ec2.describe_subnets(Filters=where(vpc_id=vpc))["Subnets"], [], "what is left")
    cloud.subnet(vpc)


@check
def interface_holds_it(cloud):
    """A subnet with a network interface cannot be deleted."""
    subnet = cloud.subnet(cloud.vpc())
    cloud.interface(subnet)
    refused(cloud.ec2.delete_subnet, "DependencyViolation", SubnetId=subnet)


@check
def interface_has_its_defaults(cloud):
    """A new interface is free, ours, in the default group, and has a private address."""
    stage = cloud.stage(ground)
    interface = removed(cloud, cloud.interface(stage.subnet, Description="a probe"))
    cloud.soon(lambda: interface_now(cloud, interface)["Status"], "available", "the status")
    found = interface_now(cloud, interface)
    same(found["VpcId"], stage.vpc, "the VPC")
    same(found["Description"], "a probe", "the description")
    same(found["RequesterManaged"], False, "RequesterManaged")
    same(found["InterfaceType"], "interface", "the type")
    same(pluck(found["Groups"], "GroupName"), ["default"], "the groups")
    require(found["PrivateIpAddress"].startswith("10.0.250."), f"the address is {found['PrivateIpAddress']}")


@check
def interface_takes_an_address(cloud):
    """Every interface costs its subnet one address, and gives it back."""
    subnet = cloud.subnet(cloud.vpc(), "10.0.1.0/28")
    interface = cloud.interface(subnet)
    cloud.soon(lambda: now(cloud, subnet)["AvailableIpAddressCount"], 10, "the addresses left")
    cloud.ec2.delete_network_interface(NetworkInterfaceId=interface)
    cloud.soon(lambda: now(cloud, subnet)["AvailableIpAddressCount"], 11, "the addresses after the delete")


@check
def interface_gets_the_address_asked_for(cloud):
    """A given private address is taken, once."""
    subnet = cloud.stage(ground).subnet
    interface = removed(cloud, cloud.interface(subnet, PrivateIpAddress="10.0.250.77"))
    same(interface_now(cloud, interface)["PrivateIpAddress"], "10.0.250.77", "the address")
    again = cloud.ec2.create_network_interface
    refused(again, "InvalidIPAddress.InUse", SubnetId=subnet, PrivateIpAddress="10.0.250.77")


@check
def interface_gets_no_address_outside_its_subnet(cloud):
    """A private address must lie in the subnet."""
    subnet = cloud.stage(ground).subnet
    refused(cloud.ec2.create_network_interface, SubnetId=subnet, PrivateIpAddress="10.0.9.9")


@check
def full_subnet_is_refused(cloud):
    """When all eleven addresses are taken, the twelfth interface is refused."""
    subnet = cloud.subnet(cloud.vpc(), "10.0.1.0/28")
    for _ in range(11):
        cloud.ec2.create_network_interface(SubnetId=subnet)
    refused(cloud.ec2.create_network_interface, "InsufficientFreeAddressesInSubnet", SubnetId=subnet)


@check
def interface_changes_its_groups(cloud):
    """ModifyNetworkInterfaceAttribute replaces the groups, which the filter then finds."""
    vpc = cloud.vpc()
    group = cloud.group(vpc)
    interface = cloud.interface(cloud.subnet(vpc))
    cloud.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[group])
    cloud.soon(lambda: pluck(interface_now(cloud, interface)["Groups"], "GroupId"), [group], "the groups")
    found = cloud.ec2.describe_network_interfaces(Filters=where(group_id=group))["NetworkInterfaces"]
    same(one(found, "interfaces of the group")["NetworkInterfaceId"], interface, "the interface of the group")


@check
def interface_refuses_a_group_of_another_vpc(cloud):
    """Interface and group have to be in one VPC."""
    group = cloud.group(cloud.vpc("10.1.0.0/16"))
    refused(cloud.ec2.create_network_interface, SubnetId=cloud.stage(ground).subnet, Groups=[group])


@check
def interface_needs_a_known_subnet(cloud):
    """An interface in an unknown subnet is refused."""
    make = cloud.ec2.create_network_interface
    refused(make, "InvalidSubnetI[Dd].NotFound", SubnetId=unknown("subnet"))


@check
def interface_unknown_id_is_refused(cloud):
    """Reading and deleting an unknown interface name it as missing."""
    gone = unknown("eni")
    missing = "InvalidNetworkInterfaceI[Dd].NotFound"
    refused(cloud.ec2.describe_network_interfaces, missing, NetworkInterfaceIds=[gone])
    refused(cloud.ec2.delete_network_interface, missing, NetworkInterfaceId=gone)


@check
def interface_dry_runs_change_nothing(cloud):
    """Dry runs of create and delete answer DryRunOperation."""
    subnet = cloud.subnet(cloud.vpc())
    interface = cloud.interface(subnet)
    dry_run(cloud.ec2.create_network_interface, SubnetId=subnet)
    dry_run(cloud.ec2.delete_network_interface, NetworkInterfaceId=interface)
    found = cloud.ec2.describe_network_interfaces(Filters=where(subnet_id=subnet))["NetworkInterfaces"]
    same(pluck(found, "NetworkInterfaceId"), [interface], "the interfaces")


@check
def interfaces_come_in_pages(cloud):
    """Six interfaces make two pages of five, and page size and ids exclude each other."""
    subnet = cloud.subnet(cloud.vpc())
    made = [cloud.interface(subnet) for _ in range(6)]
    describe = cloud.ec2.describe_network_interfaces
    pages_hold(describe, "NetworkInterfaces", "NetworkInterfaceId", made, Filters=where(subnet_id=subnet))
    refused(describe, "InvalidParameterCombination", NetworkInterfaceIds=made[:1], MaxResults=5)


@check
def free_addresses_are_counted(cloud):
    """AvailableIpAddressCount falls with every interface and NAT gateway, and rises when they go."""
    subnet = cloud.subnet(cloud.vpc(), "10.0.9.0/28")

    def free():
        return cloud.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"]

    same(free(), 11, "the count of an empty subnet")
    interface = cloud.interface(subnet)
    cloud.soon(free, 10, "the count with an interface")
    nat = {"SubnetId": subnet, "ConnectivityType": "private", "SecondaryPrivateIpAddressCount": 2}
    gateway = cloud.nat(**nat)["NatGatewayId"]
    cloud.soon(free, 7, "the count with a NAT gateway of three addresses")
    cloud.drop_nat(gateway)
    cloud.ec2.delete_network_interface(NetworkInterfaceId=interface)
    cloud.soon(free, 11, "the count of an empty subnet")
