"""Elastic IP addresses on their own and on network interfaces."""

from ipaddress import IPv4Address
from types import SimpleNamespace

from .checks import check, dry_run, one, pluck, refused, require, same, tag_filter, tagged, unknown, where

MISSING = ("InvalidAllocationID.NotFound",)


def ground(cloud):
    """A VPC with a gateway and two interfaces, one for keeping an address and one for taking it."""
    vpc = cloud.vpc()
    cloud.gateway(vpc)
    subnet = cloud.subnet(vpc)
    return SimpleNamespace(vpc=vpc, subnet=subnet, first=cloud.interface(subnet), second=cloud.interface(subnet))


def now(cloud, allocation):
    """An address as described."""
    return cloud.ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]


def associated(cloud):
    """An address on the first interface, with the id of the association."""
    interface = cloud.stage(ground).first
    allocation = cloud.address()
    answer = cloud.ec2.associate_address(AllocationId=allocation, NetworkInterfaceId=interface)
    return allocation, answer["AssociationId"]


@check
def allocate_echoes_what_was_made(cloud):
    """The answer of AllocateAddress carries the address, its pool and its border group."""
    address = cloud.ec2.allocate_address()
    require(address["AllocationId"].startswith("eipalloc-"), f"the id is {address['AllocationId']}")
    IPv4Address(address["PublicIp"])
    same(address["Domain"], "vpc", "the domain")
    same(address.get("PublicIpv4Pool"), "amazon", "the pool")
    same(address.get("NetworkBorderGroup"), cloud.region, "the border group")


@check
def free_address_has_no_holder(cloud):
    """Members that tell of a holder are absent, not empty, while there is none."""
    found = now(cloud, cloud.address())
    holders = ("AssociationId", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress", "NetworkInterfaceOwnerId")
    same([key for key in holders if key in found], [], "the members present")


@check
def tags_are_kept(cloud):
    """An address is tagged at its allocation and found by the tag."""
    allocation = cloud.address(TagSpecifications=tagged("elastic-ip", purpose="probe"))
    found = cloud.ec2.describe_addresses(Filters=[tag_filter("purpose", "probe")])["Addresses"]
    same(one(found, "addresses with the tag")["AllocationId"], allocation, "the address with the tag")


@check
def filters_find_it(cloud):
    """An address is found by allocation and by public address."""
    allocation = cloud.address()
    cloud.address()
    public = now(cloud, allocation)["PublicIp"]
    for filters in (where(allocation_id=allocation), where(public_ip=public)):
        found = cloud.ec2.describe_addresses(Filters=filters)["Addresses"]
        same(pluck(found, "AllocationId"), [allocation], "the addresses found")


@check
def unknown_id_is_refused(cloud):
    """Reading, associating and releasing an unknown address name it as missing."""
    gone = unknown("eipalloc")
    refused(cloud.ec2.describe_addresses, *MISSING, AllocationIds=[gone])
    refused(cloud.ec2.release_address, *MISSING, AllocationId=gone)
    holder = cloud.stage(ground).first
    refused(cloud.ec2.associate_address, *MISSING, AllocationId=gone, NetworkInterfaceId=holder)


@check
def unknown_public_address_is_refused(cloud):
    """A public address that is not ours is not found."""
    refused(cloud.ec2.describe_addresses, "InvalidAddress.NotFound", PublicIps=["203.0.113.9"])


@check
def listing_has_no_pages(cloud):
    """DescribeAddresses knows no MaxResults at all."""
    refused(cloud.raw, "UnknownParameter", operation="DescribeAddresses", body={"MaxResults": "5"})


@check
def sixth_address_is_refused(cloud):
    """The default quota is five addresses in a region."""

    def allocate_six():
        for _ in range(6):
            cloud.address()

    refused(allocate_six, "AddressLimitExceeded")


@check
def release_gives_it_away(cloud):
    """A released address is gone, and a second release says so."""
    allocation = cloud.address()
    cloud.ec2.release_address(AllocationId=allocation)
    refused(cloud.ec2.release_address, *MISSING, AllocationId=allocation)


@check
def dry_runs_change_nothing(cloud):
    """Dry runs of allocate, associate and release answer DryRunOperation."""
    allocation = cloud.address()
    count = len(cloud.ec2.describe_addresses()["Addresses"])
    dry_run(cloud.ec2.allocate_address, Domain="vpc")
    holder = cloud.stage(ground).first
    dry_run(cloud.ec2.associate_address, AllocationId=allocation, NetworkInterfaceId=holder)
    dry_run(cloud.ec2.release_address, AllocationId=allocation)
    same(len(cloud.ec2.describe_addresses()["Addresses"]), count, "the number of addresses")
    require(not now(cloud, allocation).get("AssociationId"), "the dry run associated the address")


@check
def association_shows_on_the_address(cloud):
    """An associated address names its interface and the private address behind it."""
    allocation, association = associated(cloud)
    require(association.startswith("eipassoc-"), f"the association is {association}")
    cloud.soon(lambda: now(cloud, allocation).get("AssociationId"), association, "the association")
    found = now(cloud, allocation)
    same(found.get("NetworkInterfaceId"), cloud.stage(ground).first, "the interface")
    require(found.get("PrivateIpAddress", "").startswith("10.0.1."), "the private address is missing")


@check
def association_shows_on_the_interface(cloud):
    """The interface names the address it was given."""
    allocation, _ = associated(cloud)
    describe = cloud.ec2.describe_network_interfaces
    found = describe(NetworkInterfaceIds=[cloud.stage(ground).first])["NetworkInterfaces"][0]
    same(found.get("Association", {}).get("AllocationId"), allocation, "the address of the interface")


@check
def associating_again_is_harmless(cloud):
    """AssociateAddress is idempotent: the same pair is no error and stays a pair."""
    allocation, _ = associated(cloud)
    interface = cloud.stage(ground).first
    again = cloud.ec2.associate_address(AllocationId=allocation, NetworkInterfaceId=interface)
    cloud.soon(lambda: now(cloud, allocation).get("AssociationId"), again["AssociationId"], "the association")
    same(now(cloud, allocation).get("NetworkInterfaceId"), interface, "the interface")


@check
def reassociation_can_be_forbidden(cloud):
    """With AllowReassociation off, an address in use is not moved."""
    allocation, _ = associated(cloud)
    move = {"AllocationId": allocation, "NetworkInterfaceId": cloud.stage(ground).second, "AllowReassociation": False}
    refused(cloud.ec2.associate_address, "Resource.AlreadyAssociated", **move)
    same(now(cloud, allocation).get("NetworkInterfaceId"), cloud.stage(ground).first, "the interface")


@check
def reassociation_moves_it(cloud):
    """With AllowReassociation an address changes its interface."""
    allocation, association = associated(cloud)
    second = cloud.stage(ground).second
    move = {"AllocationId": allocation, "NetworkInterfaceId": second, "AllowReassociation": True}
    moved = cloud.ec2.associate_address(**move)["AssociationId"]
    require(moved != association, "the association kept its id")
    cloud.soon(lambda: now(cloud, allocation).get("NetworkInterfaceId"), second, "the interface")


@check
def address_in_use_cannot_be_released(cloud):
    """An address has to be disassociated before its release."""
    allocation, _ = associated(cloud)
    refused(cloud.ec2.release_address, "InvalidIPAddress.InUse", "AuthFailure", AllocationId=allocation)


@check
def disassociation_frees_it(cloud):
    """A disassociated address has no holder and can be released."""
    allocation, association = associated(cloud)
    cloud.ec2.disassociate_address(AssociationId=association)
    cloud.soon(lambda: now(cloud, allocation).get("AssociationId"), None, "the association")
    cloud.ec2.release_address(AllocationId=allocation)


@check
def unknown_association_is_refused(cloud):
    """Disassociating needs an association that has existed."""
    refused(cloud.ec2.disassociate_address, "InvalidAssociationID.NotFound", AssociationId=unknown("eipassoc"))


@check
def vpc_needs_a_gateway(cloud):
    """An interface gets no public address in a VPC without an internet gateway."""
    interface = cloud.interface(cloud.subnet(cloud.vpc()))
    pair = {"AllocationId": cloud.address(), "NetworkInterfaceId": interface}
    refused(cloud.ec2.associate_address, "Gateway.NotAttached", **pair)


@check
def released_address_can_be_had_again(cloud):
    """As long as nobody else got it, a released address is recovered by name, under a new id."""
    allocation = cloud.address()
    public = now(cloud, allocation)["PublicIp"]
    cloud.ec2.release_address(AllocationId=allocation)
    again = cloud.ec2.allocate_address(Address=public)
    same(again["PublicIp"], public, "the address")
    require(again["AllocationId"] != allocation, "the allocation kept its id")


@check
def strange_address_cannot_be_had(cloud):
    """An address that was never ours, or is ours now, is not recovered."""
    held = now(cloud, cloud.address())["PublicIp"]
    for public in (held, "203.0.113.254"):
        refused(cloud.ec2.allocate_address, "InvalidAddress.NotFound", Address=public)


@check
def transfers_are_listed_while_they_stand(cloud):
    """An offer to another account is pending until it is withdrawn."""
    allocation = cloud.address()
    offers = cloud.ec2.describe_address_transfers
    same(offers(AllocationIds=[allocation])["AddressTransfers"], [], "the transfers")
    cloud.ec2.enable_address_transfer(AllocationId=allocation, TransferAccountId="111122223333")
    found = one(offers(AllocationIds=[allocation])["AddressTransfers"], "transfers")
    wanted = ("111122223333", "pending", allocation)
    shown = (found["TransferAccountId"], found["AddressTransferStatus"], found["AllocationId"])
    same(shown, wanted, "the transfer")
    cloud.ec2.disable_address_transfer(AllocationId=allocation)
    same(offers(AllocationIds=[allocation])["AddressTransfers"], [], "the transfers")
