"""Network ACLs, their entries and the subnets they guard."""

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
    unknown,
    where,
)

NO_ENTRY = ("InvalidNetworkAclEntry.NotFound",)
NO_ACL = ("InvalidNetworkAclI[Dd].NotFound",)


def ground(cloud):
    """The VPC the ACLs of most checks live in."""
    return cloud.vpc()


def fresh(cloud, vpc=None, **params):
    """An ACL, deleted at the end of the check."""
    answer = cloud.ec2.create_network_acl(VpcId=vpc or cloud.stage(ground), **params)
    acl = answer["NetworkAcl"]["NetworkAclId"]
    cloud.later(lambda: cloud.ec2.delete_network_acl(NetworkAclId=acl))
    cloud.seen(cloud.ec2.describe_network_acls, NetworkAclIds=[acl])
    return acl


def now(cloud, acl):
    """An ACL as described."""
    return cloud.ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]


def default_acl(cloud, vpc):
    """The default ACL of a VPC, by the filter for it."""
    found = cloud.ec2.describe_network_acls(Filters=where(vpc_id=vpc, default="true"))["NetworkAcls"]
    return one(found, "default ACLs")


def entry(number=100, action="allow", cidr="192.0.2.0/24"):
    """The parameters of an ingress entry for one port."""
    ports = {"From": 443, "To": 443}
    rule = {"RuleNumber": number, "RuleAction": action, "CidrBlock": cidr}
    return {"Protocol": "6", "Egress": False, "PortRange": ports, **rule}


def entries(cloud, acl):
    """The entries of an ACL as (egress, number, action, block), in order."""
    found = now(cloud, acl)["Entries"]
    return sorted((rule["Egress"], rule["RuleNumber"], rule["RuleAction"], rule.get("CidrBlock")) for rule in found)


LAST = [(False, 32767, "deny", "0.0.0.0/0"), (True, 32767, "deny", "0.0.0.0/0")]


@check
def default_acl_allows_everything(cloud):
    """A VPC has a default ACL that allows all in both directions before the final denial."""
    acl = default_acl(cloud, cloud.vpc("10.1.0.0/16"))
    everything = [(False, 100, "allow", "0.0.0.0/0"), (True, 100, "allow", "0.0.0.0/0")]
    same(entries(cloud, acl["NetworkAclId"]), sorted(everything + LAST), "the entries")
    same(acl["IsDefault"], True, "IsDefault")


@check
def new_subnet_joins_the_default_acl(cloud):
    """A subnet is guarded by the default ACL from the start."""
    vpc = cloud.vpc("10.1.0.0/16")
    subnet = cloud.subnet(vpc, "10.1.1.0/24")
    cloud.soon(lambda: pluck(default_acl(cloud, vpc)["Associations"], "SubnetId"), [subnet], "the subnets")


@check
def new_acl_denies_everything(cloud):
    """An ACL of one's own has but the final denials and no subnet."""
    acl = fresh(cloud)
    require(acl.startswith("acl-"), f"the id is {acl}")
    same(entries(cloud, acl), LAST, "the entries")
    found = now(cloud, acl)
    same((found["IsDefault"], found["Associations"]), (False, []), "IsDefault and the associations")


@check
def token_returns_the_same(cloud):
    """The same client token makes no second ACL."""
    vpc = cloud.stage(ground)
    same(len({fresh(cloud, ClientToken=f"same-{vpc}") for _ in range(2)}), 1, "the number of ACLs")


@check
def token_with_other_parameters_is_refused(cloud):
    """A client token binds its parameters."""
    token = f"other-{cloud.stage(ground)}"
    fresh(cloud, ClientToken=token)
    another = cloud.vpc("10.1.0.0/16")
    refused(fresh, "IdempotentParameterMismatch", cloud=cloud, vpc=another, ClientToken=token)


@check
def unknown_ids_are_refused(cloud):
    """Reading, filling and deleting an unknown ACL name it as missing, and so does an unknown VPC."""
    gone = unknown("acl")
    refused(cloud.ec2.describe_network_acls, *NO_ACL, NetworkAclIds=[gone])
    refused(cloud.ec2.create_network_acl_entry, *NO_ACL, NetworkAclId=gone, **entry())
    refused(cloud.ec2.delete_network_acl, *NO_ACL, NetworkAclId=gone)
    refused(cloud.ec2.create_network_acl, "InvalidVpcID.NotFound", VpcId=unknown("vpc"))


@check
def entry_is_kept(cloud):
    """An entry comes back with every part."""
    acl = fresh(cloud)
    cloud.ec2.create_network_acl_entry(NetworkAclId=acl, **entry())
    found = one((rule for rule in now(cloud, acl)["Entries"] if rule["RuleNumber"] == 100), "entries 100")
    same({key: found.get(key) for key in entry()}, entry(), "the entry")


@check
def entry_block_is_canonicalised(cloud):
    """Host bits of an entry are cleared."""
    acl = fresh(cloud)
    cloud.ec2.create_network_acl_entry(NetworkAclId=acl, **entry(cidr="100.68.0.18/18"))
    same(entries(cloud, acl)[0][3], "100.68.0.0/18", "the block")


@check
def entry_number_is_unique(cloud):
    """A number is given once a direction."""
    acl = fresh(cloud)
    cloud.ec2.create_network_acl_entry(NetworkAclId=acl, **entry())
    again = entry(action="deny")
    refused(cloud.ec2.create_network_acl_entry, "NetworkAclEntryAlreadyExists", NetworkAclId=acl, **again)
    cloud.ec2.create_network_acl_entry(NetworkAclId=acl, **{**entry(), "Egress": True})


@check
def entry_number_is_bounded(cloud):
    """Numbers run from 1 to 32766."""
    acl = fresh(cloud)
    for number in (0, 32767):
        refused(cloud.ec2.create_network_acl_entry, NetworkAclId=acl, **entry(number))


@check
def last_entry_stays(cloud):
    """The final denial cannot be deleted."""
    refused(cloud.ec2.delete_network_acl_entry, NetworkAclId=fresh(cloud), RuleNumber=32767, Egress=False)


@check
def entry_is_replaced(cloud):
    """ReplaceNetworkAclEntry changes the entry of the number, which has to exist."""
    acl = fresh(cloud)
    refused(cloud.ec2.replace_network_acl_entry, *NO_ENTRY, NetworkAclId=acl, **entry())
    cloud.ec2.create_network_acl_entry(NetworkAclId=acl, **entry())
    cloud.ec2.replace_network_acl_entry(NetworkAclId=acl, **entry(action="deny", cidr="203.0.113.0/24"))
    changed = (False, 100, "deny", "203.0.113.0/24")
    cloud.soon(lambda: entries(cloud, acl), sorted([changed, *LAST]), "the entries")


@check
def entry_is_deleted(cloud):
    """A deleted entry is gone, and a second delete says so."""
    acl = fresh(cloud)
    cloud.ec2.create_network_acl_entry(NetworkAclId=acl, **entry())
    gone = {"NetworkAclId": acl, "RuleNumber": 100, "Egress": False}
    cloud.ec2.delete_network_acl_entry(**gone)
    cloud.soon(lambda: entries(cloud, acl), LAST, "the entries")
    refused(cloud.ec2.delete_network_acl_entry, *NO_ENTRY, **gone)


@check
def entries_are_limited(cloud):
    """The default quota is twenty entries a direction, the final denial counted or not."""
    acl = fresh(cloud)

    def add(number):
        cloud.ec2.create_network_acl_entry(NetworkAclId=acl, **entry(number))

    for number in range(1, 20):
        add(number)

    def add_two():
        add(20)
        add(21)

    refused(add_two, "NetworkAclEntryLimitExceeded")


@check
def association_is_replaced(cloud):
    """A subnet moves to another ACL under a new association, which then holds the ACL."""
    vpc = cloud.vpc("10.1.0.0/16")
    subnet = cloud.subnet(vpc, "10.1.1.0/24")
    acl = fresh(cloud, vpc)
    old = one(default_acl(cloud, vpc)["Associations"], "associations")["NetworkAclAssociationId"]
    require(old.startswith("aclassoc-"), f"the association is {old}")
    replace = cloud.ec2.replace_network_acl_association
    new = replace(AssociationId=old, NetworkAclId=acl)["NewAssociationId"]
    require(new != old, "the association kept its id")
    cloud.soon(lambda: pluck(now(cloud, acl)["Associations"], "SubnetId"), [subnet], "the subnets")
    same(default_acl(cloud, vpc)["Associations"], [], "the associations of the default ACL")
    refused(cloud.ec2.delete_network_acl, "DependencyViolation", NetworkAclId=acl)


@check
def unknown_association_is_refused(cloud):
    """Replacing an unknown association names it as missing."""
    replace = {"AssociationId": unknown("aclassoc"), "NetworkAclId": fresh(cloud)}
    refused(cloud.ec2.replace_network_acl_association, "InvalidAssociationID.NotFound", **replace)


@check
def default_acl_cannot_be_deleted(cloud):
    """The default ACL goes with its VPC only."""
    acl = default_acl(cloud, cloud.stage(ground))["NetworkAclId"]
    refused(cloud.ec2.delete_network_acl, NetworkAclId=acl)
    default_acl(cloud, cloud.stage(ground))


@check
def delete_removes_it(cloud):
    """A deleted ACL is gone, and a second delete says so."""
    acl = fresh(cloud)
    cloud.ec2.delete_network_acl(NetworkAclId=acl)
    refused(cloud.ec2.delete_network_acl, *NO_ACL, NetworkAclId=acl)


@check
def list_comes_in_pages(cloud):
    """Six ACLs make two pages of five."""
    vpc = cloud.vpc("10.1.0.0/16")
    made = [default_acl(cloud, vpc)["NetworkAclId"], *(fresh(cloud, vpc) for _ in range(5))]
    pages_hold(cloud.ec2.describe_network_acls, "NetworkAcls", "NetworkAclId", made, Filters=where(vpc_id=vpc))


@check
def max_results_is_bounded(cloud):
    """Pages hold 5 to 1000 ACLs."""
    page_size_is_bounded(cloud, "DescribeNetworkAcls", 5, 1000)


@check
def dry_runs_change_nothing(cloud):
    """Dry runs of every call on ACLs and entries answer DryRunOperation."""
    acl = fresh(cloud)
    cloud.ec2.create_network_acl_entry(NetworkAclId=acl, **entry())
    before = entries(cloud, acl)
    dry_run(cloud.ec2.create_network_acl, VpcId=cloud.stage(ground))
    dry_run(cloud.ec2.create_network_acl_entry, NetworkAclId=acl, **entry(101))
    dry_run(cloud.ec2.replace_network_acl_entry, NetworkAclId=acl, **entry(action="deny"))
    dry_run(cloud.ec2.delete_network_acl_entry, NetworkAclId=acl, RuleNumber=100, Egress=False)
    dry_run(cloud.ec2.delete_network_acl, NetworkAclId=acl)
    same(entries(cloud, acl), before, "the entries")
