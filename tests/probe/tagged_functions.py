"""The tagging API of Resource Groups: functions found by their tags."""

from itertools import count

from .checks import check, refused, same
from .functions import create, role

KEYS = count(1)
FUNCTIONS = {"ResourceTypeFilters": ["lambda:function"]}


def key():
    """The key of a tag that nothing else has."""
    return f"probe-key-{next(KEYS)}"


def worker(cloud):
    """A role of these functions' own."""
    return role(cloud, "probe-tagged")


def tagged(cloud, **tags):
    """The ARN of a new function with tags."""
    return create(cloud, Role=cloud.stage(worker), Tags=tags)["FunctionArn"]


def found(cloud, *filters, **params):
    """The functions that fit, with their tags."""
    wanted = [{"Key": name, "Values": values} for name, *values in filters]
    answer = cloud.tagging.get_resources(TagFilters=wanted, **{**FUNCTIONS, **params})
    mapped = answer["ResourceTagMappingList"]
    return {item["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in item["Tags"]} for item in mapped}


@check
def tags_come_with_the_function(cloud):
    """A function is found by a tag, and shows all its tags."""
    ours = key()
    arn = tagged(cloud, **{ours: "one", "other": "two"})
    cloud.soon(lambda: found(cloud, (ours,)), {arn: {ours: "one", "other": "two"}}, "what is found")


@check
def values_are_alternatives_and_filters_add_up(cloud):
    """One value of a filter is enough, but every filter has to fit."""
    ours, other = key(), key()
    first = tagged(cloud, **{ours: "red", other: "live"})
    second = tagged(cloud, **{ours: "blue"})
    third = tagged(cloud, **{ours: "green", other: "live"})
    for filters, wanted in (
        (((ours,),), {first, second, third}),
        (((ours, "red", "blue"),), {first, second}),
        (((ours, "blue", "green"), (other, "live")), {third}),
        (((ours, "RED"),), set()),
        (((ours.upper(),),), set()),
    ):
        cloud.soon(lambda: set(found(cloud, *filters)), wanted, f"what {filters} finds")


@check
def untagged_functions_are_not_found(cloud):
    """A function that never had a tag is not listed at all."""
    arn = tagged(cloud)
    cloud.soon(lambda: arn in found(cloud), False, "whether it is listed")


@check
def types_tell_services_apart(cloud):
    """A type may be a whole service; another service has no functions."""
    ours = key()
    arn = tagged(cloud, **{ours: "one"})
    cloud.soon(lambda: set(found(cloud, (ours,), ResourceTypeFilters=["lambda"])), {arn}, "what the service has")
    same(found(cloud, (ours,), ResourceTypeFilters=["ec2:vpc"]), {}, "what VPCs have")


@check
def changed_tags_are_followed(cloud):
    """A tag that is taken away or changed is found as it is now."""
    ours = key()
    arn = tagged(cloud, **{ours: "one", "kept": "yes"})
    cloud.functions.tag_resource(Resource=arn, Tags={ours: "two"})
    cloud.soon(lambda: found(cloud, (ours, "one")), {}, "what the old value finds")
    cloud.functions.untag_resource(Resource=arn, TagKeys=[ours])
    cloud.soon(lambda: found(cloud, (ours,)), {}, "what the old key finds")


@check
def functions_come_in_pages(cloud):
    """Pages end with an empty PaginationToken."""
    ours = key()
    arns = {tagged(cloud, **{ours: "one"}) for _ in range(3)}
    cloud.soon(lambda: set(found(cloud, (ours,))), arns, "what is found")
    ask = {"TagFilters": [{"Key": ours}], "ResourcesPerPage": 2, **FUNCTIONS}
    first = cloud.tagging.get_resources(**ask)
    same(len(first["ResourceTagMappingList"]), 2, "the length of the first page")
    rest = cloud.tagging.get_resources(PaginationToken=first["PaginationToken"], **ask)
    same(rest.get("PaginationToken", ""), "", "the token of the last page")
    both = first["ResourceTagMappingList"] + rest["ResourceTagMappingList"]
    same({item["ResourceARN"] for item in both}, arns, "what the pages hold")


@check
def page_size_is_limited(cloud):
    """A page holds from 1 to 100 functions."""
    for size in (0, 101):
        refused(cloud.tagging.get_resources, "InvalidParameterException", ResourcesPerPage=size)
