"""Security groups and their rules."""

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
    tagged,
    tags_of,
    token_is_verified,
    unknown,
    where,
)

IN_USE = ("DependencyViolation", "InvalidGroup.InUse")
NO_GROUP = ("InvalidGroup.NotFound", "InvalidGroupI[Dd].NotFound", "InvalidSecurityGroupID.NotFound")
NO_RULE = ("InvalidSecurityGroupRuleI[Dd].NotFound",)


def ground(cloud):
    """The VPC the groups of most checks live in."""
    return cloud.vpc()


def fresh(cloud, name="probe", **params):
    """A group of the shared VPC, deleted at the end of the check."""
    group = cloud.group(cloud.stage(ground), name, **params)
    cloud.later(lambda: cloud.ec2.delete_security_group(GroupId=group))
    return group


def now(cloud, group):
    """A group as described."""
    return cloud.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]


def rules(cloud, group, egress=False):
    """The rules of a group in one direction."""
    found = cloud.ec2.describe_security_group_rules(Filters=where(group_id=group))["SecurityGroupRules"]
    return [rule for rule in found if rule["IsEgress"] == egress]


def permission(port=443, cidr="192.0.2.0/24", protocol="tcp", **described):
    """One permission from an IPv4 block to a port."""
    ranges = [{"CidrIp": cidr, **described}]
    return {"IpProtocol": protocol, "FromPort": port, "ToPort": port, "IpRanges": ranges}


def allow(cloud, group, *permissions, **params):
    """Authorise ingress and answer the rules that came of it."""
    ask = {"GroupId": group, "IpPermissions": list(permissions), **params}
    return cloud.ec2.authorize_security_group_ingress(**ask).get("SecurityGroupRules", [])


def from_group(group):
    """A permission for the members of a group."""
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": group}]}


@check
def default_group_comes_with_the_vpc(cloud):
    """A VPC has a group `default` that lets its members in and everything out."""
    found = cloud.ec2.describe_security_groups(Filters=where(vpc_id=cloud.vpc("10.1.0.0/16")))["SecurityGroups"]
    group = one(found, "groups of a new VPC")
    same(group["GroupName"], "default", "the name")
    ingress = one(group["IpPermissions"], "ingress permissions")
    same((ingress["IpProtocol"], pluck(ingress["UserIdGroupPairs"], "GroupId")), ("-1", [group["GroupId"]]), "ingress")
    egress = one(group["IpPermissionsEgress"], "egress permissions")
    same((egress["IpProtocol"], pluck(egress["IpRanges"], "CidrIp")), ("-1", ["0.0.0.0/0"]), "egress")


@check
def new_group_lets_everything_out(cloud):
    """A new group has no ingress rule and the one egress rule for everything."""
    group = fresh(cloud)
    same(rules(cloud, group), [], "the ingress rules")
    rule = one(rules(cloud, group, egress=True), "egress rules")
    found = tuple(rule.get(key) for key in ("IpProtocol", "FromPort", "ToPort", "CidrIpv4"))
    same(found, ("-1", -1, -1, "0.0.0.0/0"), "the egress rule")


@check
def create_echoes_what_was_made(cloud):
    """A group comes back with name, description, VPC and owner."""
    group = fresh(cloud)
    found = now(cloud, group)
    require(group.startswith("sg-"), f"the id is {group}")
    same((found["GroupName"], found["Description"]), ("probe", "a probe"), "the name and the description")
    same(found["VpcId"], cloud.stage(ground), "the VPC")
    require(len(found["OwnerId"]) == 12, "the owner is not an account id")


@check
def name_is_unique_in_the_vpc(cloud):
    """A second group of the name is refused, whatever the case of its letters."""
    fresh(cloud)
    for name in ("probe", "PROBE"):
        refused(fresh, "InvalidGroup.Duplicate", cloud=cloud, name=name)


@check
def name_may_repeat_in_another_vpc(cloud):
    """The name binds within its VPC only."""
    fresh(cloud)
    cloud.group(cloud.vpc("10.1.0.0/16"))


@check
def reserved_names_are_refused(cloud):
    """Neither `default` nor a name that looks like an id can be had."""
    refused(fresh, "InvalidGroup.Reserved", "InvalidParameterValue", cloud=cloud, name="default")
    refused(fresh, "InvalidParameterValue", cloud=cloud, name="sg-probe")


@check
def description_has_a_closed_alphabet(cloud):
    """A description with other characters, or too many, is refused."""
    create = cloud.ec2.create_security_group
    for text in ("an <angle>", "x" * 256):
        refused(create, "InvalidParameterValue", VpcId=cloud.stage(ground), GroupName="odd", Description=text)


@check
def unknown_vpc_is_refused(cloud):
    """A group needs a VPC that exists."""
    create = cloud.ec2.create_security_group
    refused(create, "InvalidVpcID.NotFound", VpcId=unknown("vpc"), GroupName="probe", Description="a probe")


@check
def unknown_id_is_refused(cloud):
    """Reading, filling and deleting an unknown group name it as missing."""
    gone = unknown("sg")
    refused(cloud.ec2.describe_security_groups, *NO_GROUP, GroupIds=[gone])
    refused(cloud.ec2.authorize_security_group_ingress, *NO_GROUP, GroupId=gone, IpPermissions=[permission()])
    refused(cloud.ec2.delete_security_group, *NO_GROUP, GroupId=gone)


@check
def authorize_answers_the_rules(cloud):
    """Each rule gets an id in the answer, and is described under it."""
    group = fresh(cloud)
    rule = one(allow(cloud, group, permission(Description="the probe")), "rules in the answer")
    require(rule["SecurityGroupRuleId"].startswith("sgr-"), f"the id is {rule['SecurityGroupRuleId']}")
    described = one(rules(cloud, group), "ingress rules")
    same(described["SecurityGroupRuleId"], rule["SecurityGroupRuleId"], "the id described")
    found = tuple(described.get(key) for key in ("IpProtocol", "FromPort", "ToPort", "CidrIpv4", "Description"))
    same(found, ("tcp", 443, 443, "192.0.2.0/24", "the probe"), "the rule")


@check
def one_block_makes_one_rule(cloud):
    """A permission with blocks of both families makes a rule of each, in one permission of the group."""
    group = fresh(cloud)
    ranges = {"IpRanges": [{"CidrIp": "192.0.2.0/24"}], "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]}
    allow(cloud, group, {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 81, **ranges})
    found = sorted(rule.get("CidrIpv4") or rule.get("CidrIpv6") for rule in rules(cloud, group))
    same(found, ["192.0.2.0/24", "2001:db8::/32"], "the blocks of the rules")
    one(now(cloud, group)["IpPermissions"], "permissions of the group")


@check
def protocol_is_lower_cased(cloud):
    """`TCP` and its number come back as `tcp`."""
    group = fresh(cloud)
    allow(cloud, group, permission(80, protocol="TCP"), permission(81, protocol="6"))
    same(pluck(rules(cloud, group), "IpProtocol"), ["tcp", "tcp"], "the protocols")


@check
def block_is_canonicalised(cloud):
    """Host bits are cleared, and a duplicate is one after that."""
    group = fresh(cloud)
    allow(cloud, group, permission(cidr="100.68.0.18/18"))
    same(one(rules(cloud, group), "rules")["CidrIpv4"], "100.68.0.0/18", "the block")
    again = {"GroupId": group, "IpPermissions": [permission(cidr="100.68.0.0/18")]}
    refused(cloud.ec2.authorize_security_group_ingress, "InvalidPermission.Duplicate", **again)


@check
def duplicate_rule_is_refused(cloud):
    """The same rule is refused, with another description as well."""
    group = fresh(cloud)
    allow(cloud, group, permission(Description="one"))
    again = {"GroupId": group, "IpPermissions": [permission(Description="two")]}
    refused(cloud.ec2.authorize_security_group_ingress, "InvalidPermission.Duplicate", **again)
    one(rules(cloud, group), "rules")


@check
def bad_rules_are_refused(cloud):
    """Ports the wrong way round, a block that is none and an unknown protocol make no rule."""
    group = fresh(cloud)
    backwards = {**permission(), "FromPort": 81, "ToPort": 80}
    for bad in (backwards, permission(cidr="192.0.2.300/24"), permission(protocol="pigeon")):
        refused(cloud.ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[bad])
    same(rules(cloud, group), [], "the rules")


@check
def failed_call_leaves_no_rule(cloud):
    """One bad permission makes the whole call fail."""
    group = fresh(cloud)
    allow(cloud, group, permission(80))
    both = {"GroupId": group, "IpPermissions": [permission(81), permission(80)]}
    refused(cloud.ec2.authorize_security_group_ingress, "InvalidPermission.Duplicate", **both)
    same(pluck(rules(cloud, group), "FromPort"), [80], "the ports of the rules")


@check
def rule_names_another_group(cloud):
    """A rule for a group refers to it; an unknown group is refused."""
    group, source = fresh(cloud), fresh(cloud, "source")
    cloud.later(lambda: cloud.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[from_group(source)]))
    allow(cloud, group, from_group(source))
    referenced = one(rules(cloud, group), "rules").get("ReferencedGroupInfo", {})
    same(referenced.get("GroupId"), source, "the group referred to")
    bad = [from_group(unknown("sg"))]
    refused(cloud.ec2.authorize_security_group_ingress, *NO_GROUP, GroupId=group, IpPermissions=bad)


@check
def egress_is_apart(cloud):
    """Egress rules are added and taken without touching ingress."""
    group = fresh(cloud)
    cloud.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission()])
    same(len(rules(cloud, group, egress=True)), 2, "the number of egress rules")
    same(rules(cloud, group), [], "the ingress rules")
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    cloud.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
    same(pluck(rules(cloud, group, egress=True), "CidrIpv4"), ["192.0.2.0/24"], "the egress blocks left")


@check
def revoke_by_match(cloud):
    """A rule is revoked by its exact parts, and then missing."""
    group = fresh(cloud)
    allow(cloud, group, permission(80), permission(81))
    gone = {"GroupId": group, "IpPermissions": [permission(80)]}
    cloud.ec2.revoke_security_group_ingress(**gone)
    cloud.soon(lambda: pluck(rules(cloud, group), "FromPort"), [81], "the ports left")
    refused(cloud.ec2.revoke_security_group_ingress, "InvalidPermission.NotFound", **gone)


@check
def revoke_by_id(cloud):
    """A rule is revoked by its id, and then missing."""
    group = fresh(cloud)
    rule = allow(cloud, group, permission())[0]["SecurityGroupRuleId"]
    cloud.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule])
    cloud.soon(lambda: rules(cloud, group), [], "the rules")
    revoke = cloud.ec2.revoke_security_group_ingress
    refused(revoke, *NO_RULE, "InvalidPermission.NotFound", GroupId=group, SecurityGroupRuleIds=[rule])


@check
def unknown_rule_is_refused(cloud):
    """Reading a rule that does not exist names it as missing."""
    refused(cloud.ec2.describe_security_group_rules, *NO_RULE, SecurityGroupRuleIds=[unknown("sgr")])


@check
def modify_keeps_the_id(cloud):
    """ModifySecurityGroupRules changes ports, block and description of the same rule."""
    group = fresh(cloud)
    rule = allow(cloud, group, permission())[0]["SecurityGroupRuleId"]
    change = {"IpProtocol": "udp", "FromPort": 53, "ToPort": 54, "CidrIpv4": "203.0.113.0/24", "Description": "changed"}
    update = [{"SecurityGroupRuleId": rule, "SecurityGroupRule": change}]
    cloud.ec2.modify_security_group_rules(GroupId=group, SecurityGroupRules=update)
    found = one(rules(cloud, group), "rules")
    same({key: found.get(key) for key in change}, change, "the rule")
    same(found["SecurityGroupRuleId"], rule, "the id")
    same(one(now(cloud, group)["IpPermissions"], "permissions")["FromPort"], 53, "the port in the group")


@check
def modify_needs_a_rule_of_the_group(cloud):
    """A rule that does not exist in the group cannot be changed."""
    change = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIpv4": "192.0.2.0/24"}
    update = [{"SecurityGroupRuleId": unknown("sgr"), "SecurityGroupRule": change}]
    refused(cloud.ec2.modify_security_group_rules, *NO_RULE, GroupId=fresh(cloud), SecurityGroupRules=update)


@check
def description_is_updated(cloud):
    """UpdateSecurityGroupRuleDescriptionsIngress changes the text alone."""
    group = fresh(cloud)
    rule = allow(cloud, group, permission(Description="before"))[0]["SecurityGroupRuleId"]
    text = [{"SecurityGroupRuleId": rule, "Description": "after"}]
    cloud.ec2.update_security_group_rule_descriptions_ingress(GroupId=group, SecurityGroupRuleDescriptions=text)
    found = one(rules(cloud, group), "rules")
    same((found["SecurityGroupRuleId"], found.get("Description")), (rule, "after"), "the rule")


@check
def rules_are_tagged(cloud):
    """A rule is tagged as it is made."""
    group = fresh(cloud)
    allow(cloud, group, permission(), TagSpecifications=tagged("security-group-rule", purpose="probe"))
    same(tags_of(one(rules(cloud, group), "rules")), {"purpose": "probe"}, "the tags")


@check
def sixty_first_rule_is_refused(cloud):
    """The default quota is sixty rules a direction."""
    group = fresh(cloud)
    allow(cloud, group, *(permission(port) for port in range(1000, 1060)))
    more = {"GroupId": group, "IpPermissions": [permission(2000)]}
    refused(cloud.ec2.authorize_security_group_ingress, "RulesPerSecurityGroupLimitExceeded", **more)


@check
def referenced_group_cannot_be_deleted(cloud):
    """A group that a rule of another group names stays."""
    group, source = fresh(cloud), fresh(cloud, "source")
    cloud.later(lambda: cloud.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[from_group(source)]))
    allow(cloud, group, from_group(source))
    refused(cloud.ec2.delete_security_group, *IN_USE, GroupId=source)


@check
def group_of_an_interface_cannot_be_deleted(cloud):
    """A group that an interface is in stays."""
    vpc = cloud.vpc("10.1.0.0/16")
    group = cloud.group(vpc)
    cloud.interface(cloud.subnet(vpc, "10.1.1.0/24"), Groups=[group])
    refused(cloud.ec2.delete_security_group, *IN_USE, GroupId=group)


@check
def default_group_cannot_be_deleted(cloud):
    """The default group goes with its VPC only."""
    filters = where(vpc_id=cloud.stage(ground), group_name="default")
    group = one(cloud.ec2.describe_security_groups(Filters=filters)["SecurityGroups"], "default groups")["GroupId"]
    refused(cloud.ec2.delete_security_group, "CannotDelete", GroupId=group)


@check
def groups_of_a_vpc_are_told(cloud):
    """GetSecurityGroupsForVpc lists the groups usable in a VPC."""
    group = fresh(cloud)
    found = cloud.ec2.get_security_groups_for_vpc(VpcId=cloud.stage(ground))["SecurityGroupForVpcs"]
    require(group in pluck(found, "GroupId"), "the new group is not listed")


@check
def lists_come_in_pages(cloud):
    """Six groups, and six rules of a group, make two pages of five each."""
    vpc = cloud.vpc("10.1.0.0/16")
    groups = [cloud.group(vpc, f"probe-{number}") for number in range(5)]
    describe = cloud.ec2.describe_security_groups
    default = describe(Filters=where(vpc_id=vpc, group_name="default"))["SecurityGroups"][0]["GroupId"]
    pages_hold(describe, "SecurityGroups", "GroupId", [default, *groups], Filters=where(vpc_id=vpc))
    made = allow(cloud, groups[0], *(permission(port) for port in range(1000, 1005)))
    ids = pluck(made + rules(cloud, groups[0], egress=True), "SecurityGroupRuleId")
    ours = where(group_id=groups[0])
    describe = cloud.ec2.describe_security_group_rules
    pages_hold(describe, "SecurityGroupRules", "SecurityGroupRuleId", ids, Filters=ours)


@check
def max_results_is_bounded(cloud):
    """Pages hold 5 to 1000 groups or rules."""
    page_size_is_bounded(cloud, "DescribeSecurityGroups", 5, 1000)
    page_size_is_bounded(cloud, "DescribeSecurityGroupRules", 5, 1000)


@check
def invented_token_is_refused(cloud):
    """NextToken is not free text."""
    token_is_verified(cloud.ec2.describe_security_groups)


@check
def dry_runs_change_nothing(cloud):
    """Dry runs of every call on groups and rules answer DryRunOperation."""
    group = fresh(cloud)
    rule = allow(cloud, group, permission())[0]["SecurityGroupRuleId"]
    before = rules(cloud, group), rules(cloud, group, egress=True)
    ours = {"GroupId": group}
    dry_run(cloud.ec2.create_security_group, VpcId=cloud.stage(ground), GroupName="dry", Description="a probe")
    dry_run(cloud.ec2.authorize_security_group_ingress, IpPermissions=[permission(80)], **ours)
    dry_run(cloud.ec2.authorize_security_group_egress, IpPermissions=[permission(80)], **ours)
    dry_run(cloud.ec2.revoke_security_group_ingress, SecurityGroupRuleIds=[rule], **ours)
    change = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "CidrIpv4": "192.0.2.0/24"}
    update = [{"SecurityGroupRuleId": rule, "SecurityGroupRule": change}]
    dry_run(cloud.ec2.modify_security_group_rules, SecurityGroupRules=update, **ours)
    dry_run(cloud.ec2.delete_security_group, **ours)
    same((rules(cloud, group), rules(cloud, group, egress=True)), before, "the rules")
    named = where(vpc_id=cloud.stage(ground), group_name="dry")
    same(cloud.ec2.describe_security_groups(Filters=named)["SecurityGroups"], [], "groups made")
