"""Tags on every type, the filters all listings share, and requests no SDK would send."""

from .checks import (
    check,
    dry_run,
    page_size_is_bounded,
    pages_hold,
    pluck,
    refused,
    require,
    same,
    status_of,
    tag_filter,
    tag_list,
    tagged,
    tags_of,
    token_is_verified,
    unknown,
    where,
)


def ground(cloud):
    """A VPC whose tags the checks may write, each with keys of its own."""
    return cloud.vpc()


def three(cloud):
    """Three subnets with a purpose each, for filters to tell apart."""
    vpc = cloud.vpc("10.1.0.0/16")
    made = {}
    for number, purpose in enumerate(("web-1", "web-22", "Web-3")):
        tags = tagged("subnet", purpose=purpose, number=str(number))
        made[purpose] = cloud.subnet(vpc, f"10.1.{number}.0/24", TagSpecifications=tags)
    return vpc, made


def purposes(cloud, *filters):
    """The purposes of the three subnets that filters find."""
    vpc, _ = cloud.stage(three)
    found = cloud.ec2.describe_subnets(Filters=[*where(vpc_id=vpc), *filters])["Subnets"]
    return sorted(tags_of(subnet)["purpose"] for subnet in found)


def tags(cloud, resource):
    """The tags of a resource as DescribeTags tells them."""
    found = cloud.ec2.describe_tags(Filters=where(resource_id=resource))["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def labelled(cloud, **tags):
    """An internet gateway with tags, for checks that count all of them."""
    gateway = cloud.gateway()
    cloud.ec2.create_tags(Resources=[gateway], Tags=tag_list(tags))
    return gateway


@check
def every_type_is_tagged_at_its_creation(cloud):
    """The parts of a network take tags in the call that makes them, and DescribeTags knows their types."""
    ec2 = cloud.ec2

    def spec(kind):
        return {"TagSpecifications": tagged(kind, purpose="birth")}

    vpc = cloud.vpc("10.2.0.0/16", **spec("vpc"))
    subnet = cloud.subnet(vpc, "10.2.1.0/24", **spec("subnet"))
    ec2.create_internet_gateway(**spec("internet-gateway"))
    cloud.address(**spec("elastic-ip"))
    cloud.table(vpc, **spec("route-table"))
    cloud.group(vpc, **spec("security-group"))
    cloud.interface(subnet, **spec("network-interface"))
    ec2.create_network_acl(VpcId=vpc, **spec("network-acl"))
    ec2.create_egress_only_internet_gateway(VpcId=vpc, **spec("egress-only-internet-gateway"))
    settings = [{"Key": "domain-name", "Values": ["example.internal"]}]
    ec2.create_dhcp_options(DhcpConfigurations=settings, **spec("dhcp-options"))
    wanted = [
        "dhcp-options",
        "egress-only-internet-gateway",
        "elastic-ip",
        "internet-gateway",
        "network-acl",
        "network-interface",
        "route-table",
        "security-group",
        "subnet",
        "vpc",
    ]
    found = where(key="purpose", value="birth")
    cloud.soon(lambda: sorted(pluck(ec2.describe_tags(Filters=found)["Tags"], "ResourceType")), wanted, "the types")


@check
def tags_of_another_type_are_refused(cloud):
    """The type in a TagSpecification has to be the one the call makes."""
    specification = tagged("subnet", purpose="wrong")
    refused(cloud.ec2.create_vpc, CidrBlock="10.3.0.0/16", TagSpecifications=specification)


@check
def create_answers_with_the_tags(cloud):
    """The answer of a creation carries the tags it was given."""
    created = cloud.ec2.create_route_table(
        VpcId=cloud.stage(ground), TagSpecifications=tagged("route-table", purpose="answer")
    )["RouteTable"]
    cloud.later(lambda: cloud.ec2.delete_route_table(RouteTableId=created["RouteTableId"]))
    same(tags_of(created), {"purpose": "answer"}, "the tags in the answer")


@check
def create_tags_writes_by_key(cloud):
    """CreateTags adds keys and overwrites values, on several resources at once."""
    gateways = [labelled(cloud, first="1", second="2"), cloud.gateway()]
    cloud.ec2.create_tags(Resources=gateways, Tags=tag_list({"second": "two", "third": ""}))
    cloud.soon(lambda: tags(cloud, gateways[0]), {"first": "1", "second": "two", "third": ""}, "the tags")
    cloud.soon(lambda: tags(cloud, gateways[1]), {"second": "two", "third": ""}, "the tags of the second")


@check
def delete_tags_by_key(cloud):
    """A key without a value is deleted whatever its value."""
    gateway = labelled(cloud, first="1", second="2")
    cloud.ec2.delete_tags(Resources=[gateway], Tags=[{"Key": "first"}])
    cloud.soon(lambda: tags(cloud, gateway), {"second": "2"}, "the tags")


@check
def delete_tags_by_value(cloud):
    """A key with a value is deleted only if it has that value."""
    gateway = labelled(cloud, first="1", second="2")
    cloud.ec2.delete_tags(Resources=[gateway], Tags=tag_list({"first": "1", "second": "other"}))
    cloud.soon(lambda: tags(cloud, gateway), {"second": "2"}, "the tags")


@check
def delete_tags_without_keys_wipes_all(cloud):
    """DeleteTags without any key takes every tag of the user."""
    gateway = labelled(cloud, first="1", second="2")
    cloud.ec2.delete_tags(Resources=[gateway])
    cloud.soon(lambda: tags(cloud, gateway), {}, "the tags")


@check
def tags_go_with_their_resource(cloud):
    """A deleted resource has no tags left."""
    gateway = labelled(cloud, first="1")
    cloud.ec2.delete_internet_gateway(InternetGatewayId=gateway)
    cloud.soon(lambda: tags(cloud, gateway), {}, "the tags")


@check
def tags_of_an_unknown_resource_are_refused(cloud):
    """CreateTags names the resource that is missing, and refuses an id of no kind."""
    text = tag_list({"purpose": "probe"})
    refused(cloud.ec2.create_tags, "InvalidVpcID.NotFound", Resources=[unknown("vpc")], Tags=text)
    refused(cloud.ec2.create_tags, "InvalidSubnetI[Dd].NotFound", Resources=[unknown("subnet")], Tags=text)
    refused(cloud.ec2.create_tags, "InvalidID", "InvalidID.*", Resources=["something"], Tags=text)


@check
def reserved_prefix_is_refused(cloud):
    """Keys that begin with `aws:` are AWS's."""
    vpc = cloud.stage(ground)
    refused(cloud.ec2.create_tags, "InvalidParameterValue", Resources=[vpc], Tags=tag_list({"aws:purpose": "probe"}))


@check
def tags_have_a_length(cloud):
    """A key is at most 127 characters and a value 256."""
    vpc = cloud.stage(ground)
    for key, value in (("k" * 129, "v"), ("k", "v" * 257)):
        refused(cloud.ec2.create_tags, Resources=[vpc], Tags=tag_list({key: value}))


@check
def fifty_first_tag_is_refused(cloud):
    """A resource has at most fifty tags."""
    gateway = labelled(cloud, **{f"key-{number}": "" for number in range(50)})
    refused(cloud.ec2.create_tags, "TagLimitExceeded", Resources=[gateway], Tags=tag_list({"one-more": ""}))


@check
def tag_dry_runs_change_nothing(cloud):
    """Dry runs of CreateTags and DeleteTags answer DryRunOperation."""
    gateway = labelled(cloud, first="1")
    dry_run(cloud.ec2.create_tags, Resources=[gateway], Tags=tag_list({"second": "2"}))
    dry_run(cloud.ec2.delete_tags, Resources=[gateway], Tags=[{"Key": "first"}])
    same(tags(cloud, gateway), {"first": "1"}, "the tags")


@check
def describe_tags_filters(cloud):
    """Tags are found by resource type, key and value together."""
    gateway = labelled(cloud, first="1", second="2")
    ours = where(resource_id=gateway, resource_type="internet-gateway", key="first", value="1")
    same(pluck(cloud.ec2.describe_tags(Filters=ours)["Tags"], "Key"), ["first"], "the keys found")
    other = where(resource_id=gateway, resource_type="vpc")
    same(cloud.ec2.describe_tags(Filters=other)["Tags"], [], "what another type finds")


@check
def describe_tags_comes_in_pages(cloud):
    """Seven tags make two pages of five."""
    keys = [f"key-{number}" for number in range(7)]
    gateway = labelled(cloud, **dict.fromkeys(keys, ""))
    pages_hold(cloud.ec2.describe_tags, "Tags", "Key", keys, Filters=where(resource_id=gateway))


@check
def describe_tags_page_is_bounded(cloud):
    """Pages hold 5 to 1000 tags, and an invented token is refused."""
    page_size_is_bounded(cloud, "DescribeTags", 5, 1000)
    token_is_verified(cloud.ec2.describe_tags)


@check
def values_of_a_filter_are_alternatives(cloud):
    """Several values mean any of them."""
    same(purposes(cloud, tag_filter("purpose", "web-1", "web-22")), ["web-1", "web-22"], "found")


@check
def filters_are_all_to_be_met(cloud):
    """Several filters mean all of them."""
    two = tag_filter("purpose", "web-1", "web-22"), tag_filter("number", "1")
    same(purposes(cloud, *two), ["web-22"], "found")


@check
def tag_values_are_case_sensitive(cloud):
    """`web-3` is not `Web-3`, in keys as in values."""
    same(purposes(cloud, tag_filter("purpose", "web-3")), [], "found by a value in other letters")
    same(purposes(cloud, tag_filter("Purpose", "Web-3")), [], "found by a key in other letters")


@check
def star_stands_for_any_text(cloud):
    """A star in a value stands for any text, none included."""
    same(purposes(cloud, tag_filter("purpose", "web-*")), ["web-1", "web-22"], "found by web-*")
    same(purposes(cloud, tag_filter("purpose", "*-3*")), ["Web-3"], "found by *-3*")


@check
def question_mark_stands_for_one_character(cloud):
    """A question mark in a value stands for exactly one character."""
    same(purposes(cloud, tag_filter("purpose", "web-?")), ["web-1"], "found by web-?")


@check
def tag_key_filter_ignores_the_value(cloud):
    """The filter tag-key finds whatever has the key."""
    same(purposes(cloud, *where(tag_key="purpose")), ["Web-3", "web-1", "web-22"], "found by the key")
    same(purposes(cloud, *where(tag_key="absent")), [], "found by a key nobody has")


@check
def tag_filter_without_a_match_is_empty(cloud):
    """No listing falls back to everything when no tag fits."""
    ec2 = cloud.ec2
    cloud.stage(three)
    nothing = [tag_filter("purpose", "nobody-has-this")]
    listings = (
        (ec2.describe_vpcs, "Vpcs"),
        (ec2.describe_internet_gateways, "InternetGateways"),
        (ec2.describe_addresses, "Addresses"),
        (ec2.describe_route_tables, "RouteTables"),
        (ec2.describe_security_groups, "SecurityGroups"),
        (ec2.describe_network_acls, "NetworkAcls"),
        (ec2.describe_network_interfaces, "NetworkInterfaces"),
        (ec2.describe_vpc_endpoints, "VpcEndpoints"),
        (ec2.describe_dhcp_options, "DhcpOptions"),
    )
    for call, key in listings:
        same(call(Filters=nothing)[key], [], f"what {key} finds")


@check
def unknown_filter_is_refused(cloud):
    """A filter of an unknown name is refused by every listing, not ignored."""
    ec2 = cloud.ec2
    odd = where(favourite_colour="blue")
    for call in (ec2.describe_vpcs, ec2.describe_subnets, ec2.describe_route_tables, ec2.describe_security_groups):
        refused(call, "InvalidParameterValue", "InvalidFilter", Filters=odd)
    refused(ec2.describe_nat_gateways, "InvalidParameterValue", "InvalidFilter", Filter=odd)


@check
def too_many_filter_values_are_refused(cloud):
    """A filter has at most 200 values."""
    many = [{"Name": "vpc-id", "Values": [f"vpc-{number:017x}" for number in range(1, 202)]}]
    refused(cloud.ec2.describe_vpcs, "FilterLimitExceeded", Filters=many)


@check
def unknown_parameter_is_refused(cloud):
    """A member that the action does not know is refused, in reads and in writes."""
    odd = {"FavouriteColour": "blue"}
    refused(cloud.raw, "UnknownParameter", operation="DescribeVpcs", body=odd)
    refused(cloud.raw, "UnknownParameter", operation="CreateVpc", body=odd, CidrBlock="10.3.0.0/16")


@check
def unknown_action_is_refused(cloud):
    """An action that EC2 does not have is invalid."""
    refused(cloud.raw, "InvalidAction", operation="DescribeVpcs", body={"Action": "PaintVpc"})


@check
def required_parameter_is_demanded(cloud):
    """A member that has to be there is missed by name of the error."""
    block = {"VpcId": "unused", "CidrBlock": "10.0.1.0/24"}
    refused(cloud.raw, "MissingParameter", operation="CreateSubnet", body={"VpcId": None}, **block)
    wire = {"RouteTableId": None}
    refused(cloud.raw, "MissingParameter", operation="DeleteRouteTable", body=wire, RouteTableId="unused")


@check
def errors_carry_a_request_id(cloud):
    """A refusal has HTTP status 400, a message and the id of the request."""
    error = refused(cloud.ec2.describe_vpcs, "InvalidVpcID.NotFound", VpcIds=[unknown("vpc")])
    same(status_of(error), 400, "the status")
    require(unknown("vpc") in error.response["Error"]["Message"], "the message does not name the VPC")
    require(error.response["ResponseMetadata"].get("RequestId"), "there is no request id")
