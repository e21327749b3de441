"""NAT gateways: their states, failures, addresses and the marks they leave."""

from types import SimpleNamespace

from botocore.exceptions import ClientError

from .checks import (
    check,
    code_of,
    dry_run,
    one,
    page_size_is_bounded,
    pages_hold,
    pluck,
    refused,
    require,
    same,
    tag_filter,
    tagged,
    tags_of,
    token_is_verified,
    unknown,
    where,
)

OVER = ("deleted", "failed")
HELD = ("AuthFailure", "InvalidIPAddress.InUse")


def place(cloud, cidr="10.0.0.0/16"):
    """A VPC with an attached gateway and a subnet, ready for NAT gateways."""
    vpc = cloud.vpc(cidr)
    return SimpleNamespace(vpc=vpc, gateway=cloud.gateway(vpc), subnet=cloud.subnet(vpc, cidr.replace("/16", "/24")))


def settled(cloud, nat):
    """Wait until a new NAT gateway is no longer pending and answer it as described."""
    return cloud.wait(lambda: cloud.nat_now(nat), lambda found: found["State"] != "pending", "still pending")


def available(cloud, nat):
    """Demand that a new NAT gateway comes up."""
    found = settled(cloud, nat)
    same(found["State"], "available", "the state")
    return found


def failed_with(cloud, code, **params):
    """Demand that a NAT gateway is accepted and then fails with a code."""
    found = settled(cloud, cloud.nat(**params)["NatGatewayId"])
    same((found["State"], found.get("FailureCode")), ("failed", code), "the state with its code")
    require(found.get("FailureMessage"), "there is no FailureMessage")


def living(cloud):
    """An available public NAT gateway, shared by the checks that leave it alone."""
    stage = place(cloud)
    stage.allocation = cloud.address()
    stage.asked = {
        "SubnetId": stage.subnet,
        "AllocationId": stage.allocation,
        "ClientToken": f"living-{stage.vpc}",
        "TagSpecifications": tagged("natgateway", purpose="living"),
    }
    stage.created = cloud.nat(**stage.asked)
    stage.nat = stage.created["NatGatewayId"]
    stage.found = available(cloud, stage.nat)
    return stage


def besieged(cloud):
    """Another gateway beside the living one, for the checks that try to take away what it stands on."""
    stage = cloud.stage(living)
    subnet = cloud.subnet(stage.vpc, "10.0.2.0/24")
    allocation = cloud.address()
    available(cloud, cloud.nat(SubnetId=subnet, AllocationId=allocation)["NatGatewayId"])
    return SimpleNamespace(vpc=stage.vpc, gateway=stage.gateway, subnet=subnet, allocation=allocation)


def dead(cloud):
    """The story of a NAT gateway that had a route and was deleted, written down step by step."""
    stage = place(cloud, "10.1.0.0/16")
    allocation = cloud.address()
    stage.nat = cloud.nat(SubnetId=stage.subnet, AllocationId=allocation)["NatGatewayId"]
    available(cloud, stage.nat)
    stage.table = cloud.table(stage.vpc)
    cloud.ec2.create_route(RouteTableId=stage.table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=stage.nat)
    cloud.ec2.delete_nat_gateway(NatGatewayId=stage.nat)
    try:
        cloud.ec2.release_address(AllocationId=allocation)
        stage.release = "accepted"
    except ClientError as error:
        stage.release = code_of(error)
    stage.after_delete = cloud.nat_now(stage.nat)["State"]
    stage.found = cloud.wait(lambda: cloud.nat_now(stage.nat), lambda nat: nat["State"] in OVER, "not deleted")
    stage.allocation = allocation
    return stage


@check
def create_answers_pending(cloud):
    """The answer of CreateNatGateway is a pending, public, zonal gateway with what was asked for."""
    stage = cloud.stage(living)
    created = stage.created
    require(created["NatGatewayId"].startswith("nat-"), f"the id is {created['NatGatewayId']}")
    same(created["State"], "pending", "the state")
    same(created.get("ConnectivityType"), "public", "the connectivity")
    same((created["VpcId"], created["SubnetId"]), (stage.vpc, stage.subnet), "the place")
    same(one(created["NatGatewayAddresses"], "addresses")["AllocationId"], stage.allocation, "the allocation")


@check
def available_gateway_tells_its_addresses(cloud):
    """Once available, the primary address has an interface, a public and a private side, and succeeded."""
    address = one(cloud.stage(living).found["NatGatewayAddresses"], "addresses")
    for member in ("PublicIp", "PrivateIp", "NetworkInterfaceId"):
        require(address.get(member), f"there is no {member}")
    same((address.get("IsPrimary"), address.get("Status")), (True, "succeeded"), "IsPrimary and Status")


@check
def gateway_is_zonal_by_default(cloud):
    """AvailabilityMode is echoed as `zonal`."""
    same(cloud.stage(living).found.get("AvailabilityMode"), "zonal", "the availability mode")


@check
def interface_is_managed(cloud):
    """The gateway's interface is AWS's: found in the subnet, managed, and described with the gateway's id."""
    stage = cloud.stage(living)
    found = cloud.ec2.describe_network_interfaces(Filters=where(subnet_id=stage.subnet))["NetworkInterfaces"]
    interface = one(found, "interfaces in the subnet")
    require(stage.nat in interface["Description"], f"the description is {interface['Description']!r}")
    same(interface["RequesterManaged"], True, "RequesterManaged")
    require(interface["InterfaceType"] in ("nat_gateway", "natGateway"), f"the type is {interface['InterfaceType']}")


@check
def address_is_associated(cloud):
    """The address of a gateway shows an association with the gateway's interface."""
    stage = cloud.stage(living)
    address = cloud.ec2.describe_addresses(AllocationIds=[stage.allocation])["Addresses"][0]
    require(address.get("AssociationId"), "there is no association")
    wanted = stage.found["NatGatewayAddresses"][0].get("NetworkInterfaceId")
    same(address.get("NetworkInterfaceId"), wanted, "the interface of the address")


@check
def held_address_cannot_be_released(cloud):
    """The address of a living gateway stays."""
    refused(cloud.ec2.release_address, *HELD, AllocationId=cloud.stage(besieged).allocation)


@check
def held_address_cannot_be_disassociated(cloud):
    """The address of a living gateway does not leave it by DisassociateAddress."""
    ours = where(allocation_id=cloud.stage(besieged).allocation)
    address = one(cloud.ec2.describe_addresses(Filters=ours)["Addresses"], "addresses")
    association = address.get("AssociationId")
    require(association, "there is no association")
    refused(cloud.ec2.disassociate_address, "AuthFailure", "OperationNotPermitted", AssociationId=association)


@check
def gateway_holds_its_subnet(cloud):
    """The subnet of a living gateway cannot be deleted."""
    refused(cloud.ec2.delete_subnet, "DependencyViolation", SubnetId=cloud.stage(besieged).subnet)


@check
def gateway_holds_the_internet_gateway(cloud):
    """An internet gateway cannot leave while a NAT gateway has its public address."""
    stage = cloud.stage(besieged)
    pair = {"InternetGatewayId": stage.gateway, "VpcId": stage.vpc}
    cloud.later(lambda: cloud.ec2.attach_internet_gateway(**pair))
    refused(cloud.ec2.detach_internet_gateway, "DependencyViolation", **pair)


@check
def token_returns_the_same(cloud):
    """The same client token with the same parameters makes no second gateway."""
    stage = cloud.stage(living)
    same(cloud.nat(**stage.asked)["NatGatewayId"], stage.nat, "the second answer")


@check
def token_with_other_parameters_is_refused(cloud):
    """A client token binds its parameters."""
    asked = {**cloud.stage(living).asked, "ConnectivityType": "private"}
    del asked["AllocationId"]
    refused(cloud.nat, "IdempotentParameterMismatch", **asked)


@check
def filters_find_it(cloud):
    """A gateway is found by VPC, subnet, state and id together."""
    stage = cloud.stage(living)
    ours = where(vpc_id=stage.vpc, subnet_id=stage.subnet, state="available", nat_gateway_id=stage.nat)
    found = cloud.ec2.describe_nat_gateways(Filter=ours)["NatGateways"]
    same(pluck(found, "NatGatewayId"), [stage.nat], "the gateways found")


@check
def tag_filters_are_honoured(cloud):
    """A gateway is tagged at its creation, found by the tag, and not by another value."""
    stage = cloud.stage(living)
    same(tags_of(stage.found), {"purpose": "living"}, "the tags")
    describe = cloud.ec2.describe_nat_gateways
    found = describe(Filter=[*where(vpc_id=stage.vpc), tag_filter("purpose", "living")])["NatGateways"]
    same(pluck(found, "NatGatewayId"), [stage.nat], "the gateways with the tag")
    same(describe(Filter=[tag_filter("purpose", "dying")])["NatGateways"], [], "what another value finds")


@check
def unknown_id_is_refused(cloud):
    """Reading and deleting an unknown gateway name it as missing."""
    gone = unknown("nat")
    refused(cloud.ec2.describe_nat_gateways, "NatGatewayNotFound", NatGatewayIds=[gone])
    refused(cloud.ec2.delete_nat_gateway, "NatGatewayNotFound", NatGatewayId=gone)


@check
def malformed_id_is_refused(cloud):
    """An id of the wrong shape is malformed, not missing."""
    refused(cloud.ec2.describe_nat_gateways, "NatGatewayMalformed", NatGatewayIds=["gateway"])


@check
def unknown_subnet_is_refused(cloud):
    """A gateway in an unknown subnet is refused at once."""
    asked = {"SubnetId": unknown("subnet"), "AllocationId": cloud.address()}
    refused(cloud.nat, "InvalidSubnet", "InvalidSubnetI[Dd].NotFound", **asked)


@check
def public_gateway_needs_an_address(cloud):
    """A public gateway without an allocation is refused."""
    refused(cloud.nat, SubnetId=cloud.stage(living).subnet)


@check
def taken_address_makes_it_fail(cloud):
    """A gateway that wants the address of another one is accepted and fails."""
    stage = cloud.stage(living)
    asked = {"SubnetId": stage.subnet, "AllocationId": stage.allocation}
    failed_with(cloud, "Resource.AlreadyAssociated", **asked)


@check
def unknown_address_is_reported(cloud):
    """An unknown allocation is told at once or by the failure of the gateway."""
    asked = {"SubnetId": cloud.stage(living).subnet, "AllocationId": unknown("eipalloc")}
    try:
        failed_with(cloud, "InvalidAllocationID.NotFound", **asked)
    except ClientError as error:
        same(code_of(error), "InvalidAllocationID.NotFound", "the code")


@check
def missing_internet_gateway_makes_it_fail(cloud):
    """A public gateway in a VPC without an internet gateway is accepted and fails."""
    subnet = cloud.subnet(cloud.vpc("10.2.0.0/16"), "10.2.1.0/24")
    failed_with(cloud, "Gateway.NotAttached", SubnetId=subnet, AllocationId=cloud.address())


@check
def full_subnet_is_reported(cloud):
    """A gateway finds no room in a full subnet: told at once or by its failure."""
    subnet = cloud.subnet(cloud.stage(living).vpc, "10.0.9.0/28")
    for _ in range(11):
        cloud.ec2.create_network_interface(SubnetId=subnet)
    try:
        failed_with(cloud, "InsufficientFreeAddressesInSubnet", SubnetId=subnet, AllocationId=cloud.address())
    except ClientError as error:
        same(code_of(error), "InsufficientFreeAddressesInSubnet", "the code")


@check
def private_gateway_has_no_public_address(cloud):
    """A private gateway comes up with a private address alone."""
    nat = cloud.nat(SubnetId=cloud.stage(living).subnet, ConnectivityType="private")["NatGatewayId"]
    found = available(cloud, nat)
    same(found["ConnectivityType"], "private", "the connectivity")
    address = one(found["NatGatewayAddresses"], "addresses")
    require(address.get("PrivateIp"), "there is no private address")
    same(address.get("PublicIp"), None, "the public address")


@check
def secondary_address_comes_and_goes(cloud):
    """A second address is associated and succeeds, then is disassociated; the primary one never leaves."""
    ec2 = cloud.ec2
    nat = cloud.stage(living).nat
    allocation = cloud.address()

    def addresses():
        return {address.get("AllocationId"): address for address in cloud.nat_now(nat)["NatGatewayAddresses"]}

    ec2.associate_nat_gateway_address(NatGatewayId=nat, AllocationIds=[allocation])
    second = cloud.wait(
        lambda: addresses().get(allocation, {}), lambda found: found.get("Status") == "succeeded", "not succeeded"
    )
    same(second.get("IsPrimary"), False, "IsPrimary of the second address")
    primary = addresses()[cloud.stage(living).allocation]["AssociationId"]
    refused(ec2.disassociate_nat_gateway_address, NatGatewayId=nat, AssociationIds=[primary])
    leaving = {"AssociationIds": [second["AssociationId"]], "MaxDrainDurationSeconds": 1}
    ec2.disassociate_nat_gateway_address(NatGatewayId=nat, **leaving)
    cloud.wait(lambda: sorted(addresses()), lambda found: allocation not in found, "the second address stays")


@check
def regional_gateway_belongs_to_the_vpc(cloud):
    """A regional gateway takes a VPC instead of a subnet and brings a route table of its own."""
    vpc = cloud.stage(living).vpc
    nat = cloud.nat(VpcId=vpc, AvailabilityMode="regional")["NatGatewayId"]
    found = available(cloud, nat)
    same((found.get("VpcId"), found.get("AvailabilityMode")), (vpc, "regional"), "the VPC and the mode")
    same(found.get("SubnetId"), None, "the subnet")
    require(found.get("RouteTableId", "").startswith("rtb-"), "there is no route table")


@check
def dry_runs_change_nothing(cloud):
    """Dry runs of create and delete answer DryRunOperation."""
    stage = cloud.stage(living)

    def living_ones():
        states = where(vpc_id=stage.vpc, state=["pending", "available"])
        return sorted(pluck(cloud.ec2.describe_nat_gateways(Filter=states)["NatGateways"], "NatGatewayId"))

    before = living_ones()
    dry_run(cloud.nat, SubnetId=stage.subnet, ConnectivityType="private")
    dry_run(cloud.ec2.delete_nat_gateway, NatGatewayId=stage.nat)
    same(living_ones(), before, "the living gateways")


@check
def deletion_passes_through_deleting(cloud):
    """A deleted gateway is `deleting` before it is `deleted`."""
    same(cloud.stage(dead).after_delete, "deleting", "the state right after the delete")


@check
def address_is_held_while_deleting(cloud):
    """While the gateway is deleting, its address cannot be released."""
    require(cloud.stage(dead).release in HELD, f"the release was {cloud.stage(dead).release}")


@check
def deleted_gateway_stays_listed(cloud):
    """A tombstone with its DeleteTime is listed after the end."""
    stage = cloud.stage(dead)
    same(stage.found["State"], "deleted", "the state")
    require(stage.found.get("DeleteTime"), "there is no DeleteTime")
    found = cloud.ec2.describe_nat_gateways(Filter=where(vpc_id=stage.vpc))["NatGateways"]
    require(stage.nat in pluck(found, "NatGatewayId"), "the tombstone is not listed")


@check
def route_turns_into_a_blackhole(cloud):
    """The route to a deleted gateway stays, as a blackhole."""
    stage = cloud.stage(dead)

    def state():
        table = cloud.ec2.describe_route_tables(RouteTableIds=[stage.table])["RouteTables"][0]
        return [route["State"] for route in table["Routes"] if route.get("NatGatewayId") == stage.nat]

    cloud.soon(state, ["blackhole"], "the state of the route")


@check
def address_is_free_after_the_end(cloud):
    """The address of a deleted gateway is free within a while, and so is the subnet."""
    stage = cloud.stage(dead)
    require(stage.release in HELD, f"the release while deleting was {stage.release}")
    cloud.wait(
        lambda: cloud.ec2.describe_addresses(AllocationIds=[stage.allocation])["Addresses"][0].get("AssociationId"),
        lambda association: association is None,
        "still associated",
    )
    cloud.persist(lambda: cloud.ec2.release_address(AllocationId=stage.allocation))
    cloud.persist(lambda: cloud.ec2.delete_subnet(SubnetId=stage.subnet))


@check
def list_comes_in_pages(cloud):
    """Six gateways make two pages of five, failed ones included.

    They are made in a zone of their own and in two parts, since five gateways a zone may be under way.
    """
    zone = cloud.ec2.describe_availability_zones()["AvailabilityZones"][-1]["ZoneName"]
    subnet = cloud.subnet(cloud.vpc("10.2.0.0/16"), "10.2.1.0/24", AvailabilityZone=zone)
    asked = {"SubnetId": subnet, "AllocationId": cloud.address()}
    made = [cloud.nat(**asked)["NatGatewayId"] for _ in range(5)]
    for nat in made:
        settled(cloud, nat)
    made.append(cloud.nat(**asked)["NatGatewayId"])
    filters = where(subnet_id=subnet)
    pages_hold(cloud.ec2.describe_nat_gateways, "NatGateways", "NatGatewayId", made, Filter=filters)


@check
def max_results_is_bounded(cloud):
    """Pages hold 5 to 1000 gateways."""
    page_size_is_bounded(cloud, "DescribeNatGateways", 5, 1000)


@check
def invented_token_is_refused(cloud):
    """NextToken is not free text."""
    token_is_verified(cloud.ec2.describe_nat_gateways)
