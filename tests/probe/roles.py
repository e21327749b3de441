"""IAM: roles, their policies and what they may do."""

import json
from itertools import count

from .checks import check, one, pluck, refused, require, same
from .functions import TRUST, VPC_ACCESS
from .functions import create as create_function

NUMBERS = count(1)
MISSING = "NoSuchEntity"
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
CREATE = "ec2:CreateNetworkInterface"


def make(cloud, **params):
    """A role without policies; emptied and deleted at the end. Answers the name."""
    name = f"probe-role-{next(NUMBERS)}"
    cloud.iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, **params)
    cloud.later(lambda: raze(cloud, name))
    return name


def raze(cloud, name):
    """Take the policies away, and then the role."""
    for arn in attached(cloud, name):
        cloud.iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    for policy in cloud.iam.list_role_policies(RoleName=name)["PolicyNames"]:
        cloud.iam.delete_role_policy(RoleName=name, PolicyName=policy)
    cloud.iam.delete_role(RoleName=name)


def attached(cloud, name):
    """The ARNs of a role's managed policies."""
    return pluck(cloud.iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"], "PolicyArn")


def now(cloud, name):
    """A role as read."""
    return cloud.iam.get_role(RoleName=name)["Role"]


def allow(action, **more):
    """A policy of one statement."""
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def put(cloud, name, document, policy="own"):
    """Give a role a policy of its own."""
    cloud.iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)


def decided(cloud, name, *actions, **params):
    """What IAM decides on actions of a role."""
    source = now(cloud, name)["Arn"]
    answer = cloud.iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=list(actions), **params)
    return {result["EvalActionName"]: result["EvalDecision"] for result in answer["EvaluationResults"]}


@check
def role_comes_back_as_made(cloud):
    """A role has an ARN with its path, an id of its kind, a date and its trust policy."""
    name = make(cloud, Path="/probe/", Description="a probe")
    found = now(cloud, name)
    account = cloud.sts.get_caller_identity()["Account"]
    same(found["Arn"], f"arn:aws:iam::{account}:role/probe/{name}", "the ARN")
    same((found["Path"], found["Description"], found["MaxSessionDuration"]), ("/probe/", "a probe", 3600), "the role")
    require(found["RoleId"].startswith("AROA"), f"the id is {found['RoleId']}")
    same(found["AssumeRolePolicyDocument"], json.loads(TRUST), "the trust policy")
    require(found.get("CreateDate"), "there is no date")


@check
def roles_are_listed_in_pages(cloud):
    """ListRoles tells with IsTruncated and Marker that there are more."""
    names = [make(cloud, Path="/probe-pages/") for _ in range(3)]
    first = cloud.iam.list_roles(PathPrefix="/probe-pages/", MaxItems=2)
    same((len(first["Roles"]), first["IsTruncated"]), (2, True), "the first page")
    rest = cloud.iam.list_roles(PathPrefix="/probe-pages/", MaxItems=2, Marker=first["Marker"])
    same((rest["IsTruncated"], rest.get("Marker")), (False, None), "the last page")
    same(sorted(pluck(first["Roles"] + rest["Roles"], "RoleName")), sorted(names), "the names")


@check
def role_name_is_unique(cloud):
    """Names of roles are not told apart by their case."""
    name = make(cloud)
    again = {"RoleName": name.upper(), "AssumeRolePolicyDocument": TRUST}
    refused(cloud.iam.create_role, "EntityAlreadyExists", **again)


@check
def trust_has_to_be_a_policy(cloud):
    """A trust policy without statements, or without a principal, is malformed."""
    for text in ("{}", allow("sts:AssumeRole")):
        role = {"RoleName": "probe-malformed", "AssumeRolePolicyDocument": text}
        refused(cloud.iam.create_role, "MalformedPolicyDocument", **role)


@check
def unknown_role_is_refused(cloud):
    """Whatever is asked of a role that is not there, it names it as missing."""
    absent = {"RoleName": "probe-absent"}
    for call in (
        cloud.iam.get_role,
        cloud.iam.delete_role,
        cloud.iam.list_role_policies,
        cloud.iam.list_attached_role_policies,
    ):
        refused(call, MISSING, **absent)
    refused(cloud.iam.attach_role_policy, MISSING, PolicyArn=VPC_ACCESS, **absent)
    source = {"PolicySourceArn": "arn:aws:iam::123456789012:role/probe-absent", "ActionNames": [CREATE]}
    refused(cloud.iam.simulate_principal_policy, MISSING, **source)


@check
def managed_policy_is_attached_and_detached(cloud):
    """Attaching twice is once; what is not attached cannot be detached."""
    name = make(cloud)
    pair = {"RoleName": name, "PolicyArn": VPC_ACCESS}
    for _ in range(2):
        cloud.iam.attach_role_policy(**pair)
    cloud.soon(lambda: attached(cloud, name), [VPC_ACCESS], "the policies")
    cloud.iam.detach_role_policy(**pair)
    cloud.soon(lambda: attached(cloud, name), [], "the policies")
    refused(cloud.iam.detach_role_policy, MISSING, **pair)


@check
def attached_policies_are_found_by_path(cloud):
    """PathPrefix is the path of the policies."""
    name = make(cloud)
    for arn in (VPC_ACCESS, ADMIN):
        cloud.iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    found = cloud.iam.list_attached_role_policies(RoleName=name, PathPrefix="/service-role/")["AttachedPolicies"]
    same(pluck(found, "PolicyName"), ["AWSLambdaVPCAccessExecutionRole"], "the names")


@check
def unknown_policy_is_refused(cloud):
    """A policy that is not there is neither read nor attached; what is no ARN is invalid."""
    absent = "arn:aws:iam::aws:policy/ProbeAbsent"
    name = make(cloud)
    refused(cloud.iam.get_policy, MISSING, PolicyArn=absent)
    refused(cloud.iam.attach_role_policy, MISSING, RoleName=name, PolicyArn=absent)
    refused(cloud.iam.get_policy_version, MISSING, PolicyArn=ADMIN, VersionId="v99")
    refused(cloud.iam.get_policy, "InvalidInput", "ValidationError", PolicyArn="this-is-no-arn-at-all")


@check
def policy_for_functions_in_a_vpc_is_known(cloud):
    """The default version of AWSLambdaVPCAccessExecutionRole allows to make, see and delete interfaces."""
    policy = cloud.iam.get_policy(PolicyArn=VPC_ACCESS)["Policy"]
    same((policy["Path"], policy["IsAttachable"]), ("/service-role/", True), "the policy")
    version = cloud.iam.get_policy_version(PolicyArn=VPC_ACCESS, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    require(version["IsDefaultVersion"], "the default version is not the default version")
    actions = one(version["Document"]["Statement"], "statements")["Action"]
    for action in ("CreateNetworkInterface", "DescribeNetworkInterfaces", "DeleteNetworkInterface"):
        require(f"ec2:{action}" in actions, f"{action} is not among {actions}")


@check
def own_policy_comes_back(cloud):
    """A role's own policy is listed, read as it was written, and deleted."""
    name = make(cloud)
    document = allow(["s3:Get*", "s3:Put*"])
    put(cloud, name, document)
    same(cloud.iam.list_role_policies(RoleName=name)["PolicyNames"], ["own"], "the names")
    own = {"RoleName": name, "PolicyName": "own"}
    same(cloud.iam.get_role_policy(**own)["PolicyDocument"], json.loads(document), "the document")
    cloud.iam.delete_role_policy(**own)
    refused(cloud.iam.get_role_policy, MISSING, **own)
    refused(cloud.iam.delete_role_policy, MISSING, **own)


@check
def own_policy_has_to_be_one(cloud):
    """What is no JSON, has no resource, names a principal or an action without its service is malformed."""
    name = make(cloud)
    bare = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]})
    for text in ("no JSON", bare, allow("s3:*", Principal="*"), allow("GetObject")):
        policy = {"RoleName": name, "PolicyName": "own", "PolicyDocument": text}
        refused(cloud.iam.put_role_policy, "MalformedPolicyDocument", **policy)


@check
def role_with_policies_stays(cloud):
    """A role is deleted only when it has neither attached policies nor ones of its own."""
    name = make(cloud)
    cloud.iam.attach_role_policy(RoleName=name, PolicyArn=BASIC)
    refused(cloud.iam.delete_role, "DeleteConflict", RoleName=name)
    cloud.iam.detach_role_policy(RoleName=name, PolicyArn=BASIC)
    put(cloud, name, allow("s3:*"))
    refused(cloud.iam.delete_role, "DeleteConflict", RoleName=name)
    cloud.iam.delete_role_policy(RoleName=name, PolicyName="own")
    cloud.iam.delete_role(RoleName=name)
    refused(cloud.iam.get_role, MISSING, RoleName=name)


@check
def nothing_is_allowed_unasked(cloud):
    """Without policies the decision is an implicit denial."""
    same(decided(cloud, make(cloud), CREATE), {CREATE: "implicitDeny"}, "the decisions")


@check
def managed_policies_decide(cloud):
    """The policy for VPCs allows interfaces, the basic one logs only, that of administrators all."""
    name = make(cloud)
    logs = "logs:PutLogEvents"
    for arn, wanted in (
        (BASIC, {CREATE: "implicitDeny", logs: "allowed"}),
        (VPC_ACCESS, {CREATE: "allowed", logs: "allowed"}),
        (ADMIN, {CREATE: "allowed", logs: "allowed"}),
    ):
        cloud.iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        cloud.soon(lambda: decided(cloud, name, CREATE, logs), wanted, f"what {arn} decides")
        cloud.iam.detach_role_policy(RoleName=name, PolicyArn=arn)


@check
def wildcards_and_exclusions_decide(cloud):
    """Actions fit with wildcards and in any case; NotAction means all others."""
    name = make(cloud)
    for document, wanted in (
        (allow("EC2:create*"), "allowed"),
        (allow("ec2:CreateNetworkInterfac?"), "allowed"),
        (allow("ec2:Describe*"), "implicitDeny"),
    ):
        put(cloud, name, document)
        cloud.soon(lambda: decided(cloud, name, CREATE)[CREATE], wanted, f"what {document} decides")
    other = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    put(cloud, name, json.dumps({"Version": "2012-10-17", "Statement": other}))
    wanted = {CREATE: "allowed", "iam:PassRole": "implicitDeny"}
    cloud.soon(lambda: decided(cloud, name, CREATE, "iam:PassRole"), wanted, "the decisions")


@check
def denial_wins(cloud):
    """An explicit denial beats every permission."""
    name = make(cloud)
    cloud.iam.attach_role_policy(RoleName=name, PolicyArn=ADMIN)
    put(cloud, name, allow("ec2:*", Effect="Deny"))
    wanted = {CREATE: "explicitDeny", "s3:GetObject": "allowed"}
    cloud.soon(lambda: decided(cloud, name, CREATE, "s3:GetObject"), wanted, "the decisions")


@check
def results_name_action_resource_and_policy(cloud):
    """Without resources the one resource is `*`; the policy that decides is named."""
    name = make(cloud)
    cloud.iam.attach_role_policy(RoleName=name, PolicyArn=VPC_ACCESS)
    ask = {"PolicySourceArn": now(cloud, name)["Arn"], "ActionNames": [CREATE]}
    answer = cloud.iam.simulate_principal_policy(**ask)
    require(not answer["IsTruncated"], "there should be no more")
    result = one(answer["EvaluationResults"], "results")
    same((result["EvalActionName"], result["EvalResourceName"]), (CREATE, "*"), "the result")
    matched = pluck(result["MatchedStatements"], "SourcePolicyId")
    same(matched, ["AWSLambdaVPCAccessExecutionRole"], "the policies")


@check
def resources_are_decided_one_by_one(cloud):
    """A policy on one subnet says nothing of another, nor of all."""
    name = make(cloud)
    subnets = [f"arn:aws:ec2:{cloud.region}:123456789012:subnet/subnet-{number}" for number in (1, 2)]
    put(cloud, name, allow("ec2:*", Resource=subnets[0]))
    ask = {"PolicySourceArn": now(cloud, name)["Arn"], "ActionNames": [CREATE]}
    result = one(cloud.iam.simulate_principal_policy(ResourceArns=subnets, **ask)["EvaluationResults"], "results")
    each = {item["EvalResourceName"]: item["EvalResourceDecision"] for item in result["ResourceSpecificResults"]}
    same(each, dict(zip(subnets, ("allowed", "implicitDeny"))), "the decisions")
    same(decided(cloud, name, CREATE)[CREATE], "implicitDeny", "the decision on all")


@check
def results_come_in_pages(cloud):
    """MaxItems and Marker divide the results."""
    source = {"PolicySourceArn": now(cloud, make(cloud))["Arn"]}
    actions = [CREATE, "s3:GetObject", "s3:PutObject"]
    simulate = cloud.iam.simulate_principal_policy
    first = simulate(ActionNames=actions, MaxItems=2, **source)
    same((len(first["EvaluationResults"]), first["IsTruncated"]), (2, True), "the first page")
    rest = simulate(ActionNames=actions, MaxItems=2, Marker=first["Marker"], **source)
    found = pluck(first["EvaluationResults"] + rest["EvaluationResults"], "EvalActionName")
    same(found, actions, "the actions")


@check
def role_is_needed_for_a_function(cloud):
    """Lambda cannot act as a role that was deleted."""
    name = make(cloud)
    arn = now(cloud, name)["Arn"]
    create_function(cloud, Role=arn)
    cloud.iam.delete_role(RoleName=name)
    refused(create_function, "InvalidParameterValueException", cloud=cloud, Role=arn)
