"""Gateway endpoints, the routes they bring, and prefix lists.

Calls that change endpoints are throttled to four at once and then three in ten seconds, so the checks share
one endpoint wherever they can.
"""

import json
from types import SimpleNamespace

from .checks import BAD_TOKEN, check, dry_run, one, pluck, refused, require, same, unknown, where

NO_ENDPOINT = ("InvalidVpcEndpoint.NotFound", "InvalidVpcEndpointI[Dd].NotFound")


def service(cloud, name="s3"):
    """The regional name of an AWS service."""
    return f"com.amazonaws.{cloud.region}.{name}"


def living(cloud):
    """An S3 endpoint on one of two tables, with the request it was made by."""
    vpc = cloud.vpc()
    stage = SimpleNamespace(vpc=vpc, table=cloud.table(vpc), other=cloud.table(vpc))
    stage.asked = {
        "VpcId": vpc,
        "ServiceName": service(cloud),
        "RouteTableIds": [stage.table],
        "ClientToken": f"living-{vpc}",
    }
    stage.created = cloud.ec2.create_vpc_endpoint(**stage.asked)["VpcEndpoint"]
    stage.endpoint = stage.created["VpcEndpointId"]
    cloud.wait(lambda: now(cloud, stage.endpoint)["State"].lower(), lambda state: state == "available", "not available")
    return stage


def now(cloud, endpoint):
    """An endpoint as described."""
    return cloud.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]


def endpoint_routes(cloud, table, endpoint):
    """The routes of a table that lead to an endpoint."""
    routes = cloud.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return [route for route in routes if route.get("GatewayId") == endpoint]


def alive(cloud, endpoint):
    """Whether an endpoint is listed in any state but the last."""
    found = cloud.ec2.describe_vpc_endpoints(Filters=where(vpc_endpoint_id=endpoint))["VpcEndpoints"]
    return any(item["State"].lower() != "deleted" for item in found)


@check
def create_echoes_what_was_made(cloud):
    """The answer of CreateVpcEndpoint carries kind, service, VPC and tables."""
    stage = cloud.stage(living)
    created = stage.created
    require(created["VpcEndpointId"].startswith("vpce-"), f"the id is {created['VpcEndpointId']}")
    found = tuple(created.get(key) for key in ("VpcEndpointType", "ServiceName", "VpcId", "RouteTableIds"))
    same(found, ("Gateway", service(cloud), stage.vpc, [stage.table]), "the endpoint")


@check
def policy_is_open_by_default(cloud):
    """Without a policy an endpoint gets the one that allows everything."""
    policy = json.loads(now(cloud, cloud.stage(living).endpoint).get("PolicyDocument") or "{}")
    same(policy.get("Version"), "2008-10-17", "the version of the policy")
    statement = one(policy["Statement"], "statements")
    found = tuple(statement.get(key) for key in ("Effect", "Principal", "Action", "Resource"))
    same(found, ("Allow", "*", "*", "*"), "the statement")


@check
def route_names_the_endpoint_as_its_gateway(cloud):
    """The table gets a route to the service's prefix list, with the endpoint in GatewayId."""
    stage = cloud.stage(living)
    cloud.soon(lambda: len(endpoint_routes(cloud, stage.table, stage.endpoint)), 1, "the number of routes")
    route = endpoint_routes(cloud, stage.table, stage.endpoint)[0]
    require(route.get("DestinationPrefixListId", "").startswith("pl-"), "the route has no prefix list")
    same(route["State"], "active", "the state")


@check
def route_cannot_be_deleted_by_hand(cloud):
    """The endpoint's route is the endpoint's."""
    stage = cloud.stage(living)
    routes = endpoint_routes(cloud, stage.table, stage.endpoint)
    prefixes = one(routes, "routes to the endpoint")["DestinationPrefixListId"]
    refused(cloud.ec2.delete_route, RouteTableId=stage.table, DestinationPrefixListId=prefixes)


@check
def token_returns_the_same(cloud):
    """The same client token with the same parameters makes no second endpoint."""
    stage = cloud.stage(living)
    same(cloud.ec2.create_vpc_endpoint(**stage.asked)["VpcEndpoint"]["VpcEndpointId"], stage.endpoint, "the answer")


@check
def token_with_other_parameters_is_refused(cloud):
    """A client token binds its parameters."""
    asked = {**cloud.stage(living).asked, "ServiceName": service(cloud, "dynamodb")}
    refused(cloud.ec2.create_vpc_endpoint, "IdempotentParameterMismatch", **asked)


@check
def service_has_one_endpoint_a_table(cloud):
    """A second endpoint of the service on the same table is refused."""
    asked = dict(cloud.stage(living).asked)
    del asked["ClientToken"]
    refused(cloud.ec2.create_vpc_endpoint, **asked)


@check
def unknown_parts_are_refused(cloud):
    """The service, the VPC and the table of an endpoint have to exist."""
    stage = cloud.stage(living)
    create = cloud.ec2.create_vpc_endpoint
    refused(create, "InvalidServiceName", VpcId=stage.vpc, ServiceName=service(cloud, "teapot"))
    refused(create, "InvalidVpcI[Dd].NotFound", VpcId=unknown("vpc"), ServiceName=service(cloud))
    tables = [unknown("rtb")]
    asked = {"VpcId": stage.vpc, "ServiceName": service(cloud, "dynamodb"), "RouteTableIds": tables}
    refused(create, "InvalidRouteTableI[Dd].NotFound", **asked)


@check
def unknown_id_is_refused(cloud):
    """Reading and changing an unknown endpoint name it as missing."""
    gone = unknown("vpce")
    refused(cloud.ec2.describe_vpc_endpoints, *NO_ENDPOINT, VpcEndpointIds=[gone])
    refused(cloud.ec2.modify_vpc_endpoint, *NO_ENDPOINT, VpcEndpointId=gone, ResetPolicy=True)


@check
def deleting_the_unknown_is_unsuccessful(cloud):
    """DeleteVpcEndpoints answers 200 and names what it could not delete."""
    gone = unknown("vpce")
    item = one(cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[gone])["Unsuccessful"], "unsuccessful items")
    same(item["ResourceId"], gone, "the resource")
    code = item["Error"]["Code"]
    require(code in ("InvalidVpcEndpoint.NotFound", "InvalidVpcEndpointId.NotFound"), f"the code is {code}")


@check
def tables_come_and_go(cloud):
    """ModifyVpcEndpoint moves the endpoint's route from table to table."""
    stage = cloud.stage(living)
    move = {"VpcEndpointId": stage.endpoint, "AddRouteTableIds": [stage.other], "RemoveRouteTableIds": [stage.table]}
    back = {"VpcEndpointId": stage.endpoint, "AddRouteTableIds": [stage.table], "RemoveRouteTableIds": [stage.other]}
    cloud.ec2.modify_vpc_endpoint(**move)
    cloud.later(lambda: cloud.ec2.modify_vpc_endpoint(**back))
    cloud.soon(lambda: now(cloud, stage.endpoint)["RouteTableIds"], [stage.other], "the tables")
    same(len(endpoint_routes(cloud, stage.other, stage.endpoint)), 1, "the number of routes in the new table")
    same(endpoint_routes(cloud, stage.table, stage.endpoint), [], "the routes in the former table")


@check
def policy_is_set_and_reset(cloud):
    """ModifyVpcEndpoint takes a policy, and ResetPolicy brings back the open one."""
    endpoint = cloud.stage(living).endpoint

    def effect():
        return json.loads(now(cloud, endpoint)["PolicyDocument"])["Statement"][0]["Effect"]

    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    cloud.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=policy)
    cloud.soon(effect, "Deny", "the effect of the policy")
    cloud.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, ResetPolicy=True)
    cloud.soon(effect, "Allow", "the effect after the reset")


@check
def filters_find_it(cloud):
    """An endpoint is found by VPC, service, type and state."""
    stage = cloud.stage(living)
    wide = where(vpc_id=stage.vpc, service_name=service(cloud), vpc_endpoint_type="Gateway")
    filters = [*wide, *where(vpc_endpoint_state="available")]
    found = cloud.ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]
    same(pluck(found, "VpcEndpointId"), [stage.endpoint], "the endpoints found")
    other = where(vpc_id=stage.vpc, service_name=service(cloud, "dynamodb"))
    same(cloud.ec2.describe_vpc_endpoints(Filters=other)["VpcEndpoints"], [], "what another service finds")


@check
def large_pages_are_clipped(cloud):
    """More than 1000 results are not refused here, unlike anywhere else; an invented token is."""
    endpoint = cloud.stage(living).endpoint
    found = cloud.ec2.describe_vpc_endpoints(MaxResults=2000)["VpcEndpoints"]
    require(endpoint in pluck(found, "VpcEndpointId"), "the endpoint is not listed")
    refused(cloud.ec2.describe_vpc_endpoints, *BAD_TOKEN, NextToken="not-a-token")


@check
def dry_runs_change_nothing(cloud):
    """Dry runs of create, modify and delete answer DryRunOperation."""
    stage = cloud.stage(living)
    dry_run(cloud.ec2.create_vpc_endpoint, VpcId=stage.vpc, ServiceName=service(cloud, "dynamodb"))
    dry_run(cloud.ec2.modify_vpc_endpoint, VpcEndpointId=stage.endpoint, RemoveRouteTableIds=[stage.table])
    dry_run(cloud.ec2.delete_vpc_endpoints, VpcEndpointIds=[stage.endpoint])
    found = cloud.ec2.describe_vpc_endpoints(Filters=where(vpc_id=stage.vpc))["VpcEndpoints"]
    same([(item["VpcEndpointId"], item["RouteTableIds"]) for item in found], [(stage.endpoint, [stage.table])], "left")


@check
def delete_takes_the_route_along(cloud):
    """An endpoint holds its VPC; its deletion removes it and its route."""
    vpc = cloud.vpc("10.1.0.0/16")
    tables = cloud.ec2.describe_route_tables(Filters=where(vpc_id=vpc))["RouteTables"]
    table = one(tables, "tables of a new VPC")["RouteTableId"]
    asked = {"VpcId": vpc, "ServiceName": service(cloud, "dynamodb"), "RouteTableIds": [table]}
    endpoint = cloud.ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"]
    cloud.soon(lambda: len(endpoint_routes(cloud, table, endpoint)), 1, "the number of routes")
    refused(cloud.ec2.delete_vpc, "DependencyViolation", VpcId=vpc)
    same(cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])["Unsuccessful"], [], "the unsuccessful items")
    cloud.wait(lambda: alive(cloud, endpoint), lambda living: not living, "still there")
    same(endpoint_routes(cloud, table, endpoint), [], "the routes")


@check
def services_are_told(cloud):
    """S3 is on offer with a gateway endpoint."""
    names = [service(cloud)]
    details = cloud.ec2.describe_vpc_endpoint_services(ServiceNames=names)["ServiceDetails"]
    types = {kind["ServiceType"] for detail in details for kind in detail["ServiceType"]}
    require("Gateway" in types, f"S3 is offered as {sorted(types)}")


@check
def prefix_lists_have_the_gateway_services(cloud):
    """The prefix lists of S3 and DynamoDB are there, with blocks in them."""
    found = cloud.ec2.describe_prefix_lists()["PrefixLists"]
    blocks = {item["PrefixListName"]: item.get("Cidrs") for item in found}
    for name in ("s3", "dynamodb"):
        require(blocks.get(service(cloud, name)), f"there is no prefix list of {name} with blocks")


@check
def prefix_list_is_found_by_name(cloud):
    """A prefix list is found by its name, and an unknown id is refused."""
    named = where(prefix_list_name=service(cloud))
    found = cloud.ec2.describe_prefix_lists(Filters=named)["PrefixLists"]
    same(one(found, "lists of the name")["PrefixListName"], service(cloud), "the name")
    refused(cloud.ec2.describe_prefix_lists, "InvalidPrefixListI[Dd].NotFound", PrefixListIds=[unknown("pl")])


@check
def managed_prefix_lists_name_aws_as_their_owner(cloud):
    """The same lists are among the managed ones, owned by AWS."""
    named = where(prefix_list_name=service(cloud))
    found = one(cloud.ec2.describe_managed_prefix_lists(Filters=named)["PrefixLists"], "lists of the name")
    same((found["OwnerId"], found["AddressFamily"]), ("AWS", "IPv4"), "the owner and the family")
