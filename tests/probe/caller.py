"""Who calls and where: the caller's identity, zones and account attributes."""

from .checks import check, dry_run, one, pluck, refused, require, same, where


def zones(cloud, **params):
    """The availability zones of the region."""
    return cloud.ec2.describe_availability_zones(**params)["AvailabilityZones"]


@check
def identity_is_told(cloud):
    """GetCallerIdentity answers the account, an ARN in it and a user id."""
    found = cloud.sts.get_caller_identity()
    account = found["Account"]
    require(len(account) == 12 and account.isdigit(), f"the account is {account}")
    kind, partition, service, _, owner, *_ = found["Arn"].split(":")
    same((kind, partition, owner), ("arn", "aws", account), "the parts of the ARN")
    require(service in ("iam", "sts"), f"the ARN is {found['Arn']}")
    require(found.get("UserId"), "there is no user id")


@check
def resources_belong_to_the_caller(cloud):
    """What the caller makes is owned by the caller's account."""
    vpc = cloud.vpc()
    owner = cloud.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["OwnerId"]
    same(owner, cloud.sts.get_caller_identity()["Account"], "the owner of the VPC")


@check
def zones_are_available(cloud):
    """A region has several zones, each available, with a name and an id."""
    found = zones(cloud)
    require(len(found) >= 2, f"there are {len(found)} zones")
    for zone in found:
        same((zone["State"], zone["RegionName"]), ("available", cloud.region), "the state and the region")
        require(zone["ZoneName"].startswith(cloud.region), f"the name is {zone['ZoneName']}")
        require("-az" in zone.get("ZoneId", ""), f"the id is {zone.get('ZoneId')}")


@check
def zones_are_of_the_common_type(cloud):
    """The filter on the zone type keeps local zones out."""
    found = zones(cloud, Filters=where(zone_type="availability-zone"))
    require(found, "no zone is of the common type")
    same({zone.get("ZoneType") for zone in found}, {"availability-zone"}, "the types")


@check
def zone_is_asked_for_by_name(cloud):
    """A zone is found by name, and by id through a filter."""
    name = f"{cloud.region}a"
    zone = one(zones(cloud, ZoneNames=[name]), "zones of the name")
    same(zone["ZoneName"], name, "the name")
    by_id = zones(cloud, Filters=where(zone_id=zone["ZoneId"]))
    same(pluck(by_id, "ZoneName"), [name], "the zones of the id")


@check
def zones_need_no_opt_in(cloud):
    """Zones of the common type belong to everybody, also among all zones."""
    common = where(zone_type="availability-zone")
    found = zones(cloud, Filters=common)
    same({zone["OptInStatus"] for zone in found}, {"opt-in-not-required"}, "the opt-in status")
    every = zones(cloud, Filters=common, AllAvailabilityZones=True)
    same(sorted(pluck(every, "ZoneName")), sorted(pluck(found, "ZoneName")), "all zones")
    name = f"{cloud.region}a"
    same(pluck(zones(cloud, Filters=where(zone_name=name)), "ZoneName"), [name], "the zones of the name")


@check
def unknown_zone_filter_is_refused(cloud):
    """A filter that zones do not have is an invalid value."""
    refused(cloud.ec2.describe_availability_zones, "InvalidParameterValue", Filters=where(colour="red"))


@check
def public_access_is_not_blocked(cloud):
    """Block Public Access is off until somebody turns it on, and nothing is excluded."""
    found = cloud.ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    same((found["State"], found["InternetGatewayBlockMode"]), ("default-state", "off"), "the options")
    same(found["AwsRegion"], cloud.region, "the region")
    read = cloud.ec2.describe_vpc_block_public_access_exclusions
    same(read()["VpcBlockPublicAccessExclusions"], [], "the exclusions")
    refused(read, "InvalidParameterValue", Filters=where(colour="red"))


@check
def unknown_zone_is_refused(cloud):
    """A zone the region does not have is an invalid value."""
    refused(cloud.ec2.describe_availability_zones, "InvalidParameterValue", ZoneNames=[f"{cloud.region}z"])


@check
def account_attributes_are_told(cloud):
    """Without names all attributes come, the limits on addresses among them."""
    found = cloud.ec2.describe_account_attributes()["AccountAttributes"]
    values = {item["AttributeName"]: pluck(item["AttributeValues"], "AttributeValue") for item in found}
    for name in ("max-elastic-ips", "vpc-max-elastic-ips", "vpc-max-security-groups-per-interface"):
        require(name in values, f"there is no {name}")
    same(values["vpc-max-elastic-ips"], ["5"], "the limit on addresses")


@check
def account_attribute_is_asked_for_by_name(cloud):
    """With a name only that attribute comes."""
    found = cloud.ec2.describe_account_attributes(AttributeNames=["supported-platforms"])["AccountAttributes"]
    same(pluck(found, "AttributeName"), ["supported-platforms"], "the attributes")


@check
def unknown_account_attribute_is_refused(cloud):
    """A name that is no attribute is refused."""
    refused(cloud.ec2.describe_account_attributes, AttributeNames=["favourite-colour"])


@check
def dry_runs_answer_as_such(cloud):
    """Reads of zones and account attributes answer DryRunOperation as well."""
    dry_run(cloud.ec2.describe_availability_zones)
    dry_run(cloud.ec2.describe_account_attributes)
