"""Lambda's control plane: functions, their network, versions and aliases."""

import base64
import hashlib
from itertools import count
from types import SimpleNamespace

from .checks import check, one, pluck, refused, require, same, status_of, unknown, where
from .cloud import attempt, tiny_zip

NUMBERS = count(1)
BAD_VALUE = ("InvalidParameterValueException", "ValidationException")
TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"lambda.amazonaws.com"}}]}'
)


VPC_ACCESS = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


def role(cloud, name="probe-function"):
    """The execution role; made where the endpoint has IAM, since some insist on its existence."""
    attempt(lambda: cloud.iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST))
    cloud.later(lambda: cloud.iam.delete_role(RoleName=name))
    attempt(lambda: cloud.iam.attach_role_policy(RoleName=name, PolicyArn=VPC_ACCESS))
    cloud.later(lambda: cloud.iam.detach_role_policy(RoleName=name, PolicyArn=VPC_ACCESS))
    return f"arn:aws:iam::123456789012:role/{name}"


def network(cloud):
    """A VPC with two subnets and a group for functions to live in."""
    vpc = cloud.vpc()
    subnets = [cloud.subnet(vpc, f"10.0.{number}.0/24") for number in (1, 2)]
    return SimpleNamespace(vpc=vpc, subnets=subnets, group=cloud.group(vpc))


def inside(stage):
    """The VpcConfig of a function in a network."""
    return {"SubnetIds": stage.subnets, "SecurityGroupIds": [stage.group]}


OUTSIDE = {"SubnetIds": [], "SecurityGroupIds": []}


def create(cloud, **params):
    """Create a function with a name of its own, deleted at the end, and answer what AWS answered."""
    defaults = {
        "FunctionName": f"probe-{next(NUMBERS)}",
        "Runtime": "provided.al2023",
        "Role": cloud.stage(role),
        "Handler": "bootstrap",
        "Code": {"ZipFile": tiny_zip()},
    }
    created = cloud.functions.create_function(**{**defaults, **params})
    name = created["FunctionName"]
    cloud.later(lambda: cloud.persist(lambda: cloud.functions.delete_function(FunctionName=name)))
    return created


def now(cloud, name, **params):
    """The configuration of a function."""
    return cloud.functions.get_function_configuration(FunctionName=name, **params)


def revision(cloud, name):
    """The RevisionId of a function, which has to be there."""
    found = now(cloud, name).get("RevisionId")
    require(found, "there is no RevisionId")
    return found


def ready(cloud, name):
    """Wait until a function is active and its last update successful."""

    def at_rest(found):
        return found.get("State") == "Active" and found.get("LastUpdateStatus") == "Successful"

    return cloud.wait(lambda: now(cloud, name), at_rest, "neither active nor updated")


def fresh(cloud, **params):
    """The name of a function that is ready."""
    name = create(cloud, **params)["FunctionName"]
    ready(cloud, name)
    return name


def update(cloud, name, **params):
    """Change the configuration and wait until it is done."""
    cloud.functions.update_function_configuration(FunctionName=name, **params)
    return ready(cloud, name)


def place(configuration):
    """Subnets and groups of a function, as sets; no VpcConfig is the same as an empty one."""
    found = configuration.get("VpcConfig") or {}
    return set(found.get("SubnetIds") or []), set(found.get("SecurityGroupIds") or [])


def interfaces(cloud, stage):
    """Lambda's interfaces in the subnets of a network."""
    found = cloud.ec2.describe_network_interfaces(Filters=where(subnet_id=stage.subnets))["NetworkInterfaces"]
    return [interface for interface in found if interface["Description"].startswith("AWS Lambda VPC ENI")]


@check
def create_echoes_what_was_made(cloud):
    """The answer of CreateFunction carries the defaults and the digest of the code."""
    made = create(cloud)
    wanted = {
        "Version": "$LATEST",
        "MemorySize": 128,
        "Timeout": 3,
        "Architectures": ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "TracingConfig": {"Mode": "PassThrough"},
        "PackageType": "Zip",
        "CodeSize": len(tiny_zip()),
        "CodeSha256": base64.b64encode(hashlib.sha256(tiny_zip()).digest()).decode(),
    }
    same({key: made.get(key) for key in wanted}, wanted, "the function")
    require(made["FunctionArn"].endswith(f":function:{made['FunctionName']}"), f"the ARN is {made['FunctionArn']}")
    require(made.get("RevisionId"), "there is no RevisionId")


@check
def becomes_active(cloud):
    """A new function is Pending, then Active."""
    made = create(cloud)
    same(made.get("State"), "Pending", "the state at first")
    ready(cloud, made["FunctionName"])


@check
def name_is_unique(cloud):
    """A second function of the name is a conflict."""
    name = fresh(cloud)
    error = refused(create, "ResourceConflictException", cloud=cloud, FunctionName=name)
    same(status_of(error), 409, "the HTTP status")


@check
def get_tells_configuration_code_and_tags(cloud):
    """GetFunction has the configuration, where the code lies, and the tags; an ARN is as good as a name."""
    made = create(cloud, Tags={"purpose": "probe"})
    found = cloud.functions.get_function(FunctionName=made["FunctionArn"])
    same(found["Configuration"]["FunctionName"], made["FunctionName"], "the name")
    same(found["Code"]["RepositoryType"], "S3", "the repository")
    require(found["Code"].get("Location"), "there is no location of the code")
    same(found.get("Tags"), {"purpose": "probe"}, "the tags")


@check
def unknown_name_is_refused(cloud):
    """Reading, changing and deleting an unknown function is a 404."""
    api = cloud.functions
    calls = (api.get_function, api.get_function_configuration, api.update_function_configuration, api.delete_function)
    for call in calls:
        same(status_of(refused(call, "ResourceNotFoundException", FunctionName="absent")), 404, "the HTTP status")


@check
def list_comes_in_pages(cloud):
    """Three functions do not fit on a page of two."""
    made = {create(cloud)["FunctionName"] for _ in range(3)}
    found, marker = [], {}
    for _ in range(50):
        page = cloud.functions.list_functions(MaxItems=2, **marker)
        require(len(page["Functions"]) <= 2, f"{len(page['Functions'])} functions came on a page of two")
        found += pluck(page["Functions"], "FunctionName")
        if not page.get("NextMarker"):
            break
        marker = {"Marker": page["NextMarker"]}
    require(made <= set(found) and len(found) == len(set(found)), f"the pages hold {found}")


@check
def update_changes_the_configuration(cloud):
    """An update is in progress, then successful, under another RevisionId."""
    name = fresh(cloud)
    before = revision(cloud, name)
    change = {"FunctionName": name, "Description": "changed", "Timeout": 9}
    same(cloud.functions.update_function_configuration(**change).get("LastUpdateStatus"), "InProgress", "the status")
    found = ready(cloud, name)
    same((found["Description"], found["Timeout"], found["MemorySize"]), ("changed", 9, 128), "the configuration")
    require(revision(cloud, name) != before, "the RevisionId stayed")


@check
def stale_revision_is_refused(cloud):
    """A RevisionId that is no longer the newest fails with 412 and changes nothing."""
    name = fresh(cloud)
    old = revision(cloud, name)
    update(cloud, name, Description="first")
    stale = {"FunctionName": name, "Description": "second", "RevisionId": old}
    error = refused(cloud.functions.update_function_configuration, "PreconditionFailedException", **stale)
    same(status_of(error), 412, "the HTTP status")
    same(now(cloud, name)["Description"], "first", "the description")
    update(cloud, name, Description="third", RevisionId=revision(cloud, name))


@check
def bad_values_are_refused(cloud):
    """Memory and timeout have their bounds, and runtimes are a closed list."""
    for bad in ({"MemorySize": 10241}, {"Timeout": 901}, {"Runtime": "cobol85"}):
        refused(create, *BAD_VALUE, cloud=cloud, **bad)


@check
def code_is_updated(cloud):
    """UpdateFunctionCode changes the digest; its dry run does not."""
    name = fresh(cloud)
    before = now(cloud, name)["CodeSha256"]
    change = {"FunctionName": name, "ZipFile": tiny_zip("#!/bin/sh\nexit 1\n")}
    cloud.functions.update_function_code(DryRun=True, **change)
    same(now(cloud, name)["CodeSha256"], before, "the digest after the dry run")
    cloud.functions.update_function_code(**change)
    require(ready(cloud, name)["CodeSha256"] != before, "the digest stayed")


@check
def tags_are_written_and_removed(cloud):
    """TagResource and UntagResource work on the ARN of the function."""
    arn = create(cloud)["FunctionArn"]
    cloud.functions.tag_resource(Resource=arn, Tags={"first": "1", "second": "2"})
    cloud.functions.untag_resource(Resource=arn, TagKeys=["first"])
    same(cloud.functions.list_tags(Resource=arn)["Tags"], {"second": "2"}, "the tags")


@check
def delete_removes_it(cloud):
    """A deleted function is gone, and a second delete says so."""
    name = fresh(cloud)
    cloud.functions.delete_function(FunctionName=name)
    refused(cloud.functions.get_function, "ResourceNotFoundException", FunctionName=name)
    refused(cloud.functions.delete_function, "ResourceNotFoundException", FunctionName=name)


@check
def network_is_attached(cloud):
    """A function moves into subnets, and its VpcId follows from them."""
    stage = cloud.stage(network)
    name = fresh(cloud)
    change = {"FunctionName": name, "VpcConfig": inside(stage)}
    same(cloud.functions.update_function_configuration(**change).get("LastUpdateStatus"), "InProgress", "the status")
    found = ready(cloud, name)
    same(place(found), (set(stage.subnets), {stage.group}), "the subnets and groups")
    same(found["VpcConfig"].get("VpcId"), stage.vpc, "the VPC")


@check
def update_in_progress_is_a_conflict(cloud):
    """While an update is in progress, another update and a publication are conflicts."""
    name = fresh(cloud)
    cloud.functions.update_function_configuration(FunctionName=name, VpcConfig=inside(cloud.stage(network)))
    change = {"FunctionName": name, "Description": "too early"}
    error = refused(cloud.functions.update_function_configuration, "ResourceConflictException", **change)
    same(status_of(error), 409, "the HTTP status")
    refused(cloud.functions.publish_version, "ResourceConflictException", FunctionName=name)
    same(ready(cloud, name).get("Description", ""), "", "the description")


@check
def other_updates_leave_the_network(cloud):
    """An update without VpcConfig keeps it."""
    stage = cloud.stage(network)
    name = fresh(cloud, VpcConfig=inside(stage))
    found = update(cloud, name, Description="changed")
    same(place(found), (set(stage.subnets), {stage.group}), "the subnets and groups")


@check
def network_is_detached(cloud):
    """Empty lists take a function out of its VPC."""
    name = fresh(cloud, VpcConfig=inside(cloud.stage(network)))
    same(place(update(cloud, name, VpcConfig=OUTSIDE)), (set(), set()), "the subnets and groups")


@check
def network_has_to_exist(cloud):
    """Unknown subnets and groups are invalid values."""
    stage = cloud.stage(network)
    for bad in ({"SubnetIds": [unknown("subnet")]}, {"SecurityGroupIds": [unknown("sg")]}):
        refused(create, "InvalidParameterValueException", cloud=cloud, VpcConfig={**inside(stage), **bad})


@check
def network_is_one_vpc(cloud):
    """Subnets of two VPCs are an invalid value."""
    stage = cloud.stage(network)
    foreign = cloud.subnet(cloud.vpc("10.1.0.0/16"), "10.1.1.0/24")
    mixed = {**inside(stage), "SubnetIds": [stage.subnets[0], foreign]}
    refused(create, "InvalidParameterValueException", cloud=cloud, VpcConfig=mixed)


@check
def subnets_are_limited_to_sixteen(cloud):
    """A function lies in at most sixteen subnets."""
    vpc = cloud.vpc("10.1.0.0/16")
    subnets = [cloud.subnet(vpc, f"10.1.{number}.0/24") for number in range(17)]
    config = {"SubnetIds": subnets, "SecurityGroupIds": [cloud.group(vpc)]}
    refused(create, *BAD_VALUE, cloud=cloud, VpcConfig=config)


@check
def interfaces_appear_in_the_subnets(cloud):
    """Lambda keeps an interface of its own in each subnet of a function, in the function's groups."""
    stage = cloud.stage(network)
    fresh(cloud, VpcConfig=inside(stage))
    cloud.wait(
        lambda: {interface["SubnetId"] for interface in interfaces(cloud, stage)},
        lambda subnets: subnets == set(stage.subnets),
        "not an interface in each subnet",
        limit=3,
    )
    for interface in interfaces(cloud, stage):
        same(interface["InterfaceType"], "lambda", "the type")
        same(pluck(interface["Groups"], "GroupId"), [stage.group], "the groups")
        same((interface.get("Attachment") or {}).get("InstanceOwnerId"), "amazon-aws", "the owner of the attachment")


@check
def interfaces_are_held_after_the_detach(cloud):
    """When a function has left, its interfaces go on holding group and subnet for a while."""
    stage = network(cloud)
    name = fresh(cloud, VpcConfig=inside(stage))
    update(cloud, name, VpcConfig=OUTSIDE)
    require(interfaces(cloud, stage), "no interface is left right after the detach")
    refused(cloud.ec2.delete_security_group, "DependencyViolation", GroupId=stage.group)
    refused(cloud.ec2.delete_subnet, "DependencyViolation", SubnetId=stage.subnets[0])


def publish(cloud, name, **params):
    """Publish a version and wait until nothing of the function is under way any more."""
    version = cloud.functions.publish_version(FunctionName=name, **params)["Version"]
    ready(cloud, name)
    return version


@check
def published_version_is_frozen(cloud):
    """A version keeps the network it was published with."""
    stage = cloud.stage(network)
    name = fresh(cloud, VpcConfig=inside(stage), Description="then")
    same(publish(cloud, name), "1", "the version")
    update(cloud, name, VpcConfig=OUTSIDE, Description="now")
    found = now(cloud, name, Qualifier="1")
    same((found["Version"], found["Description"]), ("1", "then"), "the version and its description")
    same(place(found), (set(stage.subnets), {stage.group}), "the subnets and groups of the version")
    same(place(now(cloud, name)), (set(), set()), "the subnets and groups of $LATEST")


@check
def unchanged_function_is_published_once(cloud):
    """Publishing again without a change answers the version there is; after one, the next."""
    name = fresh(cloud)
    same([publish(cloud, name), publish(cloud, name)], ["1", "1"], "the versions")
    update(cloud, name, Description="changed")
    same(publish(cloud, name), "2", "the version after the change")
    listed = cloud.functions.list_versions_by_function(FunctionName=name)["Versions"]
    same(pluck(listed, "Version"), ["$LATEST", "1", "2"], "the versions listed")


@check
def version_is_deleted_alone(cloud):
    """A version can be deleted without its function."""
    name = fresh(cloud)
    version = publish(cloud, name)
    cloud.functions.delete_function(FunctionName=name, Qualifier=version)
    listed = cloud.functions.list_versions_by_function(FunctionName=name)["Versions"]
    same(pluck(listed, "Version"), ["$LATEST"], "the versions listed")


@check
def alias_points_at_a_version(cloud):
    """An alias is made, read, listed, moved and deleted."""
    name = fresh(cloud)
    api = cloud.functions
    publish(cloud, name)
    ours = {"FunctionName": name, "Name": "live"}
    made = api.create_alias(FunctionVersion="1", **ours)
    require(made["AliasArn"].endswith(f":function:{name}:live"), f"the ARN is {made['AliasArn']}")
    same(now(cloud, name, Qualifier="live")["Version"], "1", "the version behind the alias")
    update(cloud, name, Description="changed")
    api.update_alias(FunctionVersion=publish(cloud, name), **ours)
    same(api.get_alias(**ours)["FunctionVersion"], "2", "the version after the move")
    same(one(api.list_aliases(FunctionName=name)["Aliases"], "aliases")["Name"], "live", "the alias listed")
    api.delete_alias(**ours)
    refused(api.get_alias, "ResourceNotFoundException", **ours)


@check
def alias_is_unique_and_needs_a_version(cloud):
    """A second alias of the name is a conflict, an unknown version is not found."""
    name = fresh(cloud)
    publish(cloud, name)
    make = cloud.functions.create_alias
    make(FunctionName=name, Name="live", FunctionVersion="1")
    refused(make, "ResourceConflictException", FunctionName=name, Name="live", FunctionVersion="1")
    refused(make, "ResourceNotFoundException", FunctionName=name, Name="next", FunctionVersion="7")


@check
def aliased_version_stays(cloud):
    """A version that an alias points at cannot be deleted."""
    name = fresh(cloud)
    publish(cloud, name)
    cloud.functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    refused(cloud.functions.delete_function, "ResourceConflictException", FunctionName=name, Qualifier="1")


@check
def role_has_to_be_allowed_to_make_interfaces(cloud):
    """A function whose role may not make interfaces is not attached; it can be once the role may."""
    name = "probe-function-without"
    cloud.iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    cloud.later(lambda: cloud.iam.delete_role(RoleName=name))
    function = fresh(cloud, Role=f"arn:aws:iam::123456789012:role/{name}")
    attach = {"FunctionName": function, "VpcConfig": inside(cloud.stage(network))}
    configure = cloud.functions.update_function_configuration
    error = refused(configure, "InvalidParameterValueException", **attach)
    require("CreateNetworkInterface" in str(error), f"the message is {error}")
    same(place(now(cloud, function)), (set(), set()), "the network")
    cloud.iam.attach_role_policy(RoleName=name, PolicyArn=VPC_ACCESS)
    cloud.later(lambda: cloud.iam.detach_role_policy(RoleName=name, PolicyArn=VPC_ACCESS))
    update(cloud, **{"name": function, "VpcConfig": attach["VpcConfig"]})
    same(place(now(cloud, function))[0], set(cloud.stage(network).subnets), "the subnets")
