"""SSM parameters: values, versions and conflicts."""

from itertools import count

from .checks import check, one, pluck, refused, require, same

NUMBERS = count(1)
MISSING = "ParameterNotFound"


def put(cloud, value="one", name=None, **params):
    """A parameter under a name of its own, deleted at the end; answers the name."""
    name = name or f"/probe/{next(NUMBERS)}"
    cloud.parameters.put_parameter(Name=name, Value=value, **{"Type": "String", **params})
    cloud.later(lambda: cloud.parameters.delete_parameter(Name=name))
    return name


def now(cloud, name):
    """A parameter as read."""
    return cloud.parameters.get_parameter(Name=name)["Parameter"]


@check
def put_answers_the_first_version(cloud):
    """A new parameter has version 1 and the standard tier."""
    name = f"/probe/{next(NUMBERS)}"
    answer = cloud.parameters.put_parameter(Name=name, Value="one", Type="String")
    cloud.later(lambda: cloud.parameters.delete_parameter(Name=name))
    same((answer["Version"], answer.get("Tier")), (1, "Standard"), "the version and the tier")


@check
def get_answers_the_value(cloud):
    """A parameter comes back with name, type, value, version, ARN and date."""
    name = put(cloud)
    found = now(cloud, name)
    wanted = {"Name": name, "Type": "String", "Value": "one", "Version": 1, "DataType": "text"}
    same({key: found.get(key) for key in wanted}, wanted, "the parameter")
    require(found["ARN"].endswith(f":parameter{name}"), f"the ARN is {found['ARN']}")
    require(found.get("LastModifiedDate"), "there is no date")


@check
def put_without_overwrite_is_a_conflict(cloud):
    """Without Overwrite an existing parameter is left as it is."""
    name = put(cloud)
    again = {"Name": name, "Value": "two", "Type": "String"}
    refused(cloud.parameters.put_parameter, "ParameterAlreadyExists", **again)
    same((now(cloud, name)["Value"], now(cloud, name)["Version"]), ("one", 1), "the value and the version")


@check
def overwrite_raises_the_version(cloud):
    """With Overwrite the value changes under the next version, without naming the type again."""
    name = put(cloud)
    same(cloud.parameters.put_parameter(Name=name, Value="two", Overwrite=True)["Version"], 2, "the version")
    found = now(cloud, name)
    same((found["Value"], found["Version"], found["Type"]), ("two", 2, "String"), "the parameter")


@check
def new_parameter_needs_a_type(cloud):
    """The type may be left out of an overwrite only."""
    refused(cloud.parameters.put_parameter, Name="/probe/untyped", Value="one")


@check
def unknown_name_is_refused(cloud):
    """Reading and deleting an unknown parameter name it as missing."""
    refused(cloud.parameters.get_parameter, MISSING, Name="/probe/absent")
    refused(cloud.parameters.delete_parameter, MISSING, Name="/probe/absent")
    refused(cloud.parameters.get_parameter_history, MISSING, Name="/probe/absent")


@check
def version_is_selected(cloud):
    """A former value is read by `name:version`; a version that never was is not found."""
    name = put(cloud)
    cloud.parameters.put_parameter(Name=name, Value="two", Overwrite=True)
    same(now(cloud, f"{name}:1")["Value"], "one", "the value of version 1")
    refused(cloud.parameters.get_parameter, "ParameterVersionNotFound", Name=f"{name}:3")


@check
def history_has_every_version(cloud):
    """The history lists the versions in order."""
    name = put(cloud)
    cloud.parameters.put_parameter(Name=name, Value="two", Overwrite=True)
    found = cloud.parameters.get_parameter_history(Name=name)["Parameters"]
    same([(item["Version"], item["Value"]) for item in found], [(1, "one"), (2, "two")], "the history")


@check
def delete_removes_it(cloud):
    """A deleted parameter is gone, and its name starts again at version 1."""
    name = put(cloud)
    cloud.parameters.delete_parameter(Name=name)
    refused(cloud.parameters.get_parameter, MISSING, Name=name)
    put(cloud, name=name)
    same(now(cloud, name)["Version"], 1, "the version of the new one")


@check
def several_are_read_at_once(cloud):
    """GetParameters answers what there is and lists the other names as invalid."""
    names = [put(cloud, "one"), put(cloud, "two")]
    found = cloud.parameters.get_parameters(Names=[*names, "/probe/absent"])
    same(sorted(pluck(found["Parameters"], "Value")), ["one", "two"], "the values")
    same(found["InvalidParameters"], ["/probe/absent"], "the invalid names")


@check
def path_is_read_level_by_level(cloud):
    """GetParametersByPath stays on its level unless it is recursive."""
    root = f"/probe/path-{next(NUMBERS)}"
    for tail in ("a", "b", "deep/c"):
        put(cloud, name=f"{root}/{tail}")
    read = cloud.parameters.get_parameters_by_path
    flat, deep = read(Path=root)["Parameters"], read(Path=root, Recursive=True)["Parameters"]
    same(sorted(pluck(flat, "Name")), [f"{root}/a", f"{root}/b"], "the names of the level")
    same(sorted(pluck(deep, "Name")), [f"{root}/a", f"{root}/b", f"{root}/deep/c"], "the names below")


@check
def path_comes_in_pages(cloud):
    """Three parameters do not fit on a page of two."""
    root = f"/probe/pages-{next(NUMBERS)}"
    made = [put(cloud, name=f"{root}/{number}") for number in range(3)]
    first = cloud.parameters.get_parameters_by_path(Path=root, MaxResults=2)
    same(len(first["Parameters"]), 2, "the length of the first page")
    require(first.get("NextToken"), "there is no NextToken")
    rest = cloud.parameters.get_parameters_by_path(Path=root, MaxResults=2, NextToken=first["NextToken"])
    same(sorted(pluck(first["Parameters"] + rest["Parameters"], "Name")), made, "the names")


@check
def describe_tells_the_description(cloud):
    """DescribeParameters has the description and never the value."""
    name = put(cloud, Description="a probe")
    filters = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
    found = one(cloud.parameters.describe_parameters(ParameterFilters=filters)["Parameters"], "parameters")
    same((found["Description"], found.get("Value")), ("a probe", None), "the description and the value")


@check
def large_value_is_refused(cloud):
    """A standard parameter holds 4096 characters."""
    put(cloud, "x" * 4096)
    refused(put, "ValidationException", cloud=cloud, value="x" * 4097)


@check
def reserved_names_are_refused(cloud):
    """A name may begin neither with aws nor with ssm."""
    for name in ("aws-probe", "/ssm/probe"):
        refused(put, cloud=cloud, name=name)


@check
def pattern_is_enforced(cloud):
    """A value that does not fit the AllowedPattern is refused."""
    refused(put, "ParameterPatternMismatchException", cloud=cloud, value="abc", AllowedPattern="^[0-9]+$")


@check
def unknown_label_is_not_found(cloud):
    """A label that no version has is a version that is not found."""
    name = put(cloud)
    refused(cloud.parameters.get_parameter, "ParameterVersionNotFound", Name=f"{name}:live")


@check
def old_versions_are_dropped(cloud):
    """Of a hundred versions the oldest goes with every new one."""
    name = put(cloud)
    for number in range(2, 103):
        cloud.parameters.put_parameter(Name=name, Value=str(number), Overwrite=True)
    same(now(cloud, f"{name}:3")["Value"], "3", "the oldest value")
    refused(cloud.parameters.get_parameter, "ParameterVersionNotFound", Name=f"{name}:2")


@check
def path_has_ten_to_a_page(cloud):
    """Without MaxResults a page of a path holds ten; more cannot be asked for."""
    root = f"/probe/ten-{next(NUMBERS)}"
    for number in range(11):
        put(cloud, name=f"{root}/{number}")
    first = cloud.parameters.get_parameters_by_path(Path=root)
    same((len(first["Parameters"]), bool(first.get("NextToken"))), (10, True), "the first page")
    refused(cloud.parameters.get_parameters_by_path, "ValidationException", Path=root, MaxResults=11)


@check
def path_is_filtered_by_type(cloud):
    """GetParametersByPath filters by type, and not by name."""
    root = f"/probe/typed-{next(NUMBERS)}"
    put(cloud, name=f"{root}/plain")
    put(cloud, name=f"{root}/list", Type="StringList")
    read = cloud.parameters.get_parameters_by_path
    found = read(Path=root, ParameterFilters=[{"Key": "Type", "Values": ["StringList"]}])["Parameters"]
    same(pluck(found, "Name"), [f"{root}/list"], "the names")
    named = [{"Key": "Name", "Values": ["plain"]}]
    refused(read, "InvalidFilterKey", Path=root, ParameterFilters=named)


@check
def version_is_not_deleted_alone(cloud):
    """A parameter goes as a whole: a version of it cannot be deleted."""
    name = put(cloud)
    refused(cloud.parameters.delete_parameter, Name=f"{name}:1")
    same(now(cloud, name)["Value"], "one", "the value")
