"""Internet gateways and egress-only internet gateways."""

from types import SimpleNamespace

from .checks import check, dry_run, one, page_size_is_bounded, refused, require, same, token_is_verified, unknown, where

MISSING = ("InvalidInternetGatewayI[Dd].NotFound",)


def ground(cloud):
    """A VPC with an attached gateway, for checks that leave both as they are."""
    vpc = cloud.vpc()
    return SimpleNamespace(vpc=vpc, gateway=cloud.gateway(vpc))


def attachments(cloud, gateway):
    """The attachments of a gateway as pairs of VPC and state."""
    found = cloud.ec2.describe_internet_gateways(InternetGatewayIds=[gateway])["InternetGateways"][0]
    return [(attachment["VpcId"], attachment["State"]) for attachment in found.get("Attachments", [])]


@check
def new_gateway_is_unattached(cloud):
    """A gateway is born without attachments."""
    gateway = cloud.gateway()
    require(gateway.startswith("igw-"), f"the id is {gateway}")
    same(attachments(cloud, gateway), [], "the attachments")


@check
def attachment_is_available(cloud):
    """An attached gateway reports the state `available`, not `attached`."""
    stage = cloud.stage(ground)
    cloud.soon(lambda: attachments(cloud, stage.gateway), [(stage.vpc, "available")], "the attachments")


@check
def attachment_filters_find_it(cloud):
    """A gateway is found by its VPC and by the state of its attachment."""
    stage = cloud.stage(ground)
    ours = where(attachment__vpc_id=stage.vpc, attachment__state="available")
    found = cloud.ec2.describe_internet_gateways(Filters=ours)["InternetGateways"]
    same(one(found, "gateways of the VPC")["InternetGatewayId"], stage.gateway, "the gateway of the VPC")
    elsewhere = where(attachment__vpc_id=unknown("vpc"))
    same(cloud.ec2.describe_internet_gateways(Filters=elsewhere)["InternetGateways"], [], "found in an unknown VPC")


@check
def second_gateway_of_a_vpc_is_refused(cloud):
    """A VPC has one internet gateway."""
    stage = cloud.stage(ground)
    another = cloud.gateway()
    refused(cloud.ec2.attach_internet_gateway, InternetGatewayId=another, VpcId=stage.vpc)
    same(attachments(cloud, another), [], "the attachments of the second gateway")


@check
def attaching_again_is_refused(cloud):
    """Attaching to the same VPC again says that it is done already."""
    stage = cloud.stage(ground)
    again = {"InternetGatewayId": stage.gateway, "VpcId": stage.vpc}
    refused(cloud.ec2.attach_internet_gateway, "Resource.AlreadyAssociated", **again)


@check
def second_vpc_of_a_gateway_is_refused(cloud):
    """An attached gateway cannot be attached to another VPC as well."""
    another = {"InternetGatewayId": cloud.stage(ground).gateway, "VpcId": cloud.vpc("10.1.0.0/16")}
    refused(cloud.ec2.attach_internet_gateway, "Resource.AlreadyAssociated", **another)


@check
def attaching_to_an_unknown_vpc_is_refused(cloud):
    """Attaching names the VPC that is missing."""
    attach = cloud.ec2.attach_internet_gateway
    refused(attach, "InvalidVpcID.NotFound", InternetGatewayId=cloud.gateway(), VpcId=unknown("vpc"))


@check
def unknown_id_is_refused(cloud):
    """Reading, attaching and deleting an unknown gateway name it as missing."""
    gone = unknown("igw")
    refused(cloud.ec2.describe_internet_gateways, *MISSING, InternetGatewayIds=[gone])
    refused(cloud.ec2.attach_internet_gateway, *MISSING, InternetGatewayId=gone, VpcId=cloud.stage(ground).vpc)
    refused(cloud.ec2.delete_internet_gateway, *MISSING, InternetGatewayId=gone)


@check
def detach_frees_both(cloud):
    """After a detach the gateway is unattached and the VPC can be deleted."""
    vpc = cloud.vpc()
    gateway = cloud.gateway(vpc)
    cloud.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    cloud.soon(lambda: attachments(cloud, gateway), [], "the attachments")
    cloud.ec2.delete_vpc(VpcId=vpc)


@check
def detaching_the_unattached_is_refused(cloud):
    """Detaching from a VPC it is not attached to is refused."""
    pair = {"InternetGatewayId": cloud.gateway(), "VpcId": cloud.vpc()}
    refused(cloud.ec2.detach_internet_gateway, "Gateway.NotAttached", **pair)


@check
def mapped_address_holds_the_attachment(cloud):
    """A gateway cannot leave while an interface of the VPC has a public address."""
    vpc = cloud.vpc()
    gateway = cloud.gateway(vpc)
    interface = cloud.interface(cloud.subnet(vpc))
    cloud.ec2.associate_address(AllocationId=cloud.address(), NetworkInterfaceId=interface)
    pair = {"InternetGatewayId": gateway, "VpcId": vpc}
    refused(cloud.ec2.detach_internet_gateway, "DependencyViolation", **pair)


@check
def attached_gateway_cannot_be_deleted(cloud):
    """A gateway has to be detached before it is deleted."""
    gateway = cloud.stage(ground).gateway
    refused(cloud.ec2.delete_internet_gateway, "DependencyViolation", InternetGatewayId=gateway)


@check
def delete_removes_it(cloud):
    """A deleted gateway is gone, and a second delete says so."""
    gateway = cloud.gateway()
    cloud.ec2.delete_internet_gateway(InternetGatewayId=gateway)
    refused(cloud.ec2.delete_internet_gateway, *MISSING, InternetGatewayId=gateway)


@check
def dry_runs_change_nothing(cloud):
    """Dry runs of create, attach, detach and delete answer DryRunOperation."""
    stage = cloud.stage(ground)
    free = cloud.gateway()
    vpc = cloud.vpc("10.1.0.0/16")
    dry_run(cloud.ec2.create_internet_gateway)
    dry_run(cloud.ec2.attach_internet_gateway, InternetGatewayId=free, VpcId=vpc)
    dry_run(cloud.ec2.detach_internet_gateway, InternetGatewayId=stage.gateway, VpcId=stage.vpc)
    dry_run(cloud.ec2.delete_internet_gateway, InternetGatewayId=free)
    same(attachments(cloud, free), [], "the attachments of the free gateway")
    same(len(attachments(cloud, stage.gateway)), 1, "the number of attachments of the attached gateway")


@check
def max_results_is_bounded(cloud):
    """Pages hold 5 to 1000 gateways."""
    page_size_is_bounded(cloud, "DescribeInternetGateways", 5, 1000)


@check
def invented_token_is_refused(cloud):
    """NextToken is not free text."""
    token_is_verified(cloud.ec2.describe_internet_gateways)


@check
def sixth_gateway_is_refused(cloud):
    """The default quota is five internet gateways in a region."""

    def make_six():
        for _ in range(6):
            cloud.gateway()

    refused(make_six, "InternetGatewayLimitExceeded")


def egress_only(cloud, vpc, **params):
    """The id of a new egress-only gateway."""
    created = cloud.ec2.create_egress_only_internet_gateway(VpcId=vpc, **params)["EgressOnlyInternetGateway"]
    return created["EgressOnlyInternetGatewayId"]


@check
def egress_only_gateway_is_attached_at_birth(cloud):
    """An egress-only gateway belongs to its VPC from the start."""
    vpc = cloud.vpc()
    gateway = egress_only(cloud, vpc)
    require(gateway.startswith("eigw-"), f"the id is {gateway}")
    describe = cloud.ec2.describe_egress_only_internet_gateways
    found = describe(EgressOnlyInternetGatewayIds=[gateway])["EgressOnlyInternetGateways"]
    attachment = one(one(found, "gateways of the id")["Attachments"], "attachments")
    same(attachment["VpcId"], vpc, "the VPC of the attachment")


@check
def egress_only_token_returns_the_same(cloud):
    """The same client token makes no second gateway."""
    vpc = cloud.vpc()
    first = egress_only(cloud, vpc, ClientToken=f"same-{vpc}")
    second = egress_only(cloud, vpc, ClientToken=f"same-{vpc}")
    same(second, first, "the second answer")


@check
def egress_only_token_with_other_parameters_is_refused(cloud):
    """A client token binds its parameters."""
    vpc = cloud.vpc()
    egress_only(cloud, vpc, ClientToken=f"other-{vpc}")
    other = {"VpcId": cloud.vpc("10.1.0.0/16"), "ClientToken": f"other-{vpc}"}
    refused(cloud.ec2.create_egress_only_internet_gateway, "IdempotentParameterMismatch", **other)


@check
def egress_only_gateway_needs_a_known_vpc(cloud):
    """An egress-only gateway of an unknown VPC is refused."""
    refused(cloud.ec2.create_egress_only_internet_gateway, "InvalidVpcI[Dd].NotFound", VpcId=unknown("vpc"))


@check
def egress_only_gateway_is_deleted(cloud):
    """A deleted egress-only gateway is gone, and a second delete says so."""
    gateway = egress_only(cloud, cloud.vpc())
    delete = cloud.ec2.delete_egress_only_internet_gateway
    same(delete(EgressOnlyInternetGatewayId=gateway)["ReturnCode"], True, "the return code")
    refused(delete, "*NotFound", EgressOnlyInternetGatewayId=gateway)


@check
def egress_only_dry_runs_change_nothing(cloud):
    """Dry runs of create and delete answer DryRunOperation."""
    vpc = cloud.vpc()
    gateway = egress_only(cloud, vpc)
    dry_run(cloud.ec2.create_egress_only_internet_gateway, VpcId=vpc)
    dry_run(cloud.ec2.delete_egress_only_internet_gateway, EgressOnlyInternetGatewayId=gateway)
    found = cloud.ec2.describe_egress_only_internet_gateways()["EgressOnlyInternetGateways"]
    ours = [item for item in found if item["Attachments"][0]["VpcId"] == vpc]
    same(len(ours), 1, "the number of egress-only gateways")


@check
def egress_only_max_results_is_bounded(cloud):
    """Pages hold 5 to 255 egress-only gateways."""
    page_size_is_bounded(cloud, "DescribeEgressOnlyInternetGateways", 5, 255)
