"""Route tables, their routes and their associations."""

from types import SimpleNamespace

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
    token_is_verified,
    unknown,
    where,
)

ANYWHERE = "0.0.0.0/0"
NO_TABLE = "InvalidRouteTableI[Dd].NotFound"


def ground(cloud):
    """A VPC with an attached gateway and a subnet, for checks that bring tables of their own."""
    vpc = cloud.vpc()
    return SimpleNamespace(vpc=vpc, gateway=cloud.gateway(vpc), subnet=cloud.subnet(vpc))


def passing_table(cloud):
    """A table of the shared VPC, deleted at the end of the check with its associations."""
    table = cloud.table(cloud.stage(ground).vpc)

    def drop():
        for association in now(cloud, table)["Associations"]:
            cloud.ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
        cloud.ec2.delete_route_table(RouteTableId=table)

    cloud.later(drop)
    return table


def now(cloud, table):
    """A route table as described."""
    return cloud.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]


def main_table(cloud, vpc):
    """The main table of a VPC, by the filter for it."""
    found = cloud.ec2.describe_route_tables(Filters=where(vpc_id=vpc, association__main="true"))["RouteTables"]
    return one(found, "main tables")


def route(cloud, table, destination):
    """The route of a table to one destination, or nothing."""
    routes = now(cloud, table)["Routes"]
    return next((route for route in routes if route.get("DestinationCidrBlock") == destination), {})


def table_with_route(cloud, destination=ANYWHERE):
    """A table with a route to the internet gateway."""
    table = passing_table(cloud)
    gateway = cloud.stage(ground).gateway
    cloud.ec2.create_route(RouteTableId=table, DestinationCidrBlock=destination, GatewayId=gateway)
    return table


@check
def main_table_comes_with_the_vpc(cloud):
    """A VPC has one table, main, with an association that names no subnet."""
    table = main_table(cloud, cloud.vpc("10.1.0.0/16"))
    association = one(table["Associations"], "associations")
    same((association["Main"], association.get("SubnetId")), (True, None), "the association")


@check
def local_route_is_there_from_the_start(cloud):
    """Every table routes the VPC's own block locally."""
    local = one(now(cloud, passing_table(cloud))["Routes"], "routes")
    wanted = ("10.0.0.0/16", "local", "CreateRouteTable", "active")
    found = tuple(local.get(key) for key in ("DestinationCidrBlock", "GatewayId", "Origin", "State"))
    same(found, wanted, "the route")


@check
def secondary_block_gets_a_local_route(cloud):
    """Another block of the VPC is routed locally as well."""
    vpc = cloud.vpc("10.1.0.0/16")
    cloud.ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.2.0.0/16")
    table = main_table(cloud, vpc)["RouteTableId"]
    gateway = cloud.wait(lambda: route(cloud, table, "10.2.0.0/16").get("GatewayId"), bool, "no local route")
    same(gateway, "local", "the target")


@check
def create_echoes_what_was_made(cloud):
    """A new table belongs to its VPC and has no associations."""
    stage = cloud.stage(ground)
    table = now(cloud, passing_table(cloud))
    require(table["RouteTableId"].startswith("rtb-"), f"the id is {table['RouteTableId']}")
    same((table["VpcId"], table["Associations"]), (stage.vpc, []), "the VPC and the associations")


@check
def token_returns_the_same(cloud):
    """The same client token makes no second table."""
    vpc = cloud.vpc("10.1.0.0/16")
    tables = {cloud.table(vpc, ClientToken=f"same-{vpc}") for _ in range(2)}
    same(len(tables), 1, "the number of tables")


@check
def token_with_other_parameters_is_refused(cloud):
    """A client token binds its parameters."""
    vpc = cloud.vpc("10.1.0.0/16")
    cloud.table(vpc, ClientToken=f"other-{vpc}")
    other = {"VpcId": cloud.vpc("10.2.0.0/16"), "ClientToken": f"other-{vpc}"}
    refused(cloud.ec2.create_route_table, "IdempotentParameterMismatch", **other)


@check
def unknown_id_is_refused(cloud):
    """Reading, filling, associating and deleting an unknown table name it as missing."""
    gone = unknown("rtb")
    stage = cloud.stage(ground)
    refused(cloud.ec2.describe_route_tables, NO_TABLE, RouteTableIds=[gone])
    add = {"DestinationCidrBlock": ANYWHERE, "GatewayId": stage.gateway}
    refused(cloud.ec2.create_route, NO_TABLE, RouteTableId=gone, **add)
    refused(cloud.ec2.associate_route_table, NO_TABLE, RouteTableId=gone, SubnetId=stage.subnet)
    refused(cloud.ec2.delete_route_table, NO_TABLE, RouteTableId=gone)


@check
def unknown_vpc_is_refused(cloud):
    """A table needs a VPC that exists."""
    refused(cloud.ec2.create_route_table, "InvalidVpcID.NotFound", VpcId=unknown("vpc"))


@check
def route_becomes_active(cloud):
    """A route to an attached gateway is active and ours."""
    found = route(cloud, table_with_route(cloud), ANYWHERE)
    same((found.get("State"), found.get("Origin")), ("active", "CreateRoute"), "the state and the origin")
    same(found.get("GatewayId"), cloud.stage(ground).gateway, "the target")


@check
def route_destination_is_canonicalised(cloud):
    """Host bits of a destination are cleared."""
    table = table_with_route(cloud, "100.68.0.18/18")
    require(route(cloud, table, "100.68.0.0/18"), "there is no route to 100.68.0.0/18")


@check
def malformed_destination_is_refused(cloud):
    """A destination that is no block is an invalid value."""
    add = {"DestinationCidrBlock": "10.300.0.0/16", "GatewayId": cloud.stage(ground).gateway}
    refused(cloud.ec2.create_route, "InvalidParameterValue", RouteTableId=passing_table(cloud), **add)


@check
def second_route_to_a_destination_is_refused(cloud):
    """A destination has one route; another target is refused."""
    table = table_with_route(cloud)
    interface = cloud.interface(cloud.stage(ground).subnet)
    cloud.later(lambda: cloud.ec2.delete_network_interface(NetworkInterfaceId=interface))
    add = {"DestinationCidrBlock": ANYWHERE, "NetworkInterfaceId": interface}
    refused(cloud.ec2.create_route, "RouteAlreadyExists", RouteTableId=table, **add)


@check
def route_to_an_unknown_target_is_refused(cloud):
    """Gateways of either kind have to exist before a route leads to them."""
    add = {"RouteTableId": passing_table(cloud), "DestinationCidrBlock": ANYWHERE}
    refused(cloud.ec2.create_route, "Invalid*ID.NotFound", GatewayId=unknown("igw"), **add)
    refused(cloud.ec2.create_route, "*NotFound", NatGatewayId=unknown("nat"), **add)


@check
def route_to_a_gateway_of_another_vpc_is_refused(cloud):
    """The gateway has to be attached to the table's VPC."""
    foreign = cloud.gateway(cloud.vpc("10.1.0.0/16"))
    add = {"RouteTableId": passing_table(cloud), "DestinationCidrBlock": ANYWHERE}
    refused(cloud.ec2.create_route, GatewayId=foreign, **add)


@check
def route_has_exactly_one_target(cloud):
    """No target and two targets are both refused."""
    add = {"RouteTableId": passing_table(cloud), "DestinationCidrBlock": ANYWHERE}
    refused(cloud.ec2.create_route, **add)
    interface = cloud.interface(cloud.stage(ground).subnet)
    cloud.later(lambda: cloud.ec2.delete_network_interface(NetworkInterfaceId=interface))
    refused(cloud.ec2.create_route, GatewayId=cloud.stage(ground).gateway, NetworkInterfaceId=interface, **add)


@check
def route_to_a_detached_gateway_is_a_blackhole(cloud):
    """A route stays when its gateway is detached, as a blackhole."""
    vpc = cloud.vpc("10.1.0.0/16")
    gateway = cloud.gateway(vpc)
    table = cloud.table(vpc)
    cloud.ec2.create_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, GatewayId=gateway)
    cloud.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    cloud.soon(lambda: route(cloud, table, ANYWHERE).get("State"), "blackhole", "the state")


@check
def ipv6_route_to_an_egress_only_gateway(cloud):
    """An IPv6 route leads out through an egress-only gateway."""
    vpc = cloud.stage(ground).vpc
    created = cloud.ec2.create_egress_only_internet_gateway(VpcId=vpc)["EgressOnlyInternetGateway"]
    gateway = created["EgressOnlyInternetGatewayId"]
    table = passing_table(cloud)
    target = {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": gateway}
    cloud.ec2.create_route(RouteTableId=table, **target)
    found = [route for route in now(cloud, table)["Routes"] if route.get("DestinationIpv6CidrBlock") == "::/0"]
    same(one(found, "IPv6 routes").get("EgressOnlyInternetGatewayId"), gateway, "the target")


@check
def replace_changes_the_target(cloud):
    """ReplaceRoute leaves one route, with the other target."""
    table = table_with_route(cloud)
    interface = cloud.interface(cloud.stage(ground).subnet)
    cloud.later(lambda: cloud.ec2.delete_network_interface(NetworkInterfaceId=interface))
    cloud.ec2.replace_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, NetworkInterfaceId=interface)
    cloud.soon(lambda: route(cloud, table, ANYWHERE).get("NetworkInterfaceId"), interface, "the target")
    same(route(cloud, table, ANYWHERE).get("GatewayId"), None, "the former target")


@check
def replace_needs_a_route(cloud):
    """ReplaceRoute does not create what is not there."""
    change = {"DestinationCidrBlock": ANYWHERE, "GatewayId": cloud.stage(ground).gateway}
    table = passing_table(cloud)
    refused(cloud.ec2.replace_route, "InvalidParameterValue", "InvalidRoute.NotFound", RouteTableId=table, **change)


@check
def delete_route_removes_it(cloud):
    """A deleted route is gone, and a second delete says so."""
    table = table_with_route(cloud)
    gone = {"RouteTableId": table, "DestinationCidrBlock": ANYWHERE}
    cloud.ec2.delete_route(**gone)
    cloud.soon(lambda: route(cloud, table, ANYWHERE), {}, "the route")
    refused(cloud.ec2.delete_route, "InvalidRoute.NotFound", **gone)


@check
def delete_route_wants_the_exact_destination(cloud):
    """A block inside the destination of a route is not its name."""
    table = table_with_route(cloud, "192.0.2.0/24")
    refused(cloud.ec2.delete_route, "InvalidRoute.NotFound", RouteTableId=table, DestinationCidrBlock="192.0.2.0/25")


@check
def local_route_cannot_be_deleted(cloud):
    """The local route belongs to AWS."""
    table = passing_table(cloud)
    refused(cloud.ec2.delete_route, RouteTableId=table, DestinationCidrBlock="10.0.0.0/16")


@check
def association_is_shown(cloud):
    """An association has an id, a state, and shows on its table."""
    subnet = cloud.stage(ground).subnet
    table = passing_table(cloud)
    answer = cloud.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    association = one(now(cloud, table)["Associations"], "associations")
    same(association["RouteTableAssociationId"], answer["AssociationId"], "the association")
    require(answer["AssociationId"].startswith("rtbassoc-"), f"the id is {answer['AssociationId']}")
    same((association["SubnetId"], association["Main"]), (subnet, False), "the subnet and Main")
    states = (association.get("AssociationState") or {}).get("State")
    require(states in ("associating", "associated"), f"the state is {states}")


@check
def subnet_has_one_table(cloud):
    """A subnet with a table of its own refuses another."""
    subnet = cloud.stage(ground).subnet
    table, other = passing_table(cloud), passing_table(cloud)
    cloud.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    refused(cloud.ec2.associate_route_table, "Resource.AlreadyAssociated", RouteTableId=other, SubnetId=subnet)


@check
def association_needs_one_vpc(cloud):
    """A subnet that is unknown or of another VPC is refused."""
    table = passing_table(cloud)
    associate = cloud.ec2.associate_route_table
    refused(associate, "InvalidSubnetI[Dd].NotFound", RouteTableId=table, SubnetId=unknown("subnet"))
    foreign = cloud.subnet(cloud.vpc("10.1.0.0/16"), "10.1.1.0/24")
    refused(associate, RouteTableId=table, SubnetId=foreign)


@check
def replaced_association_has_another_id(cloud):
    """ReplaceRouteTableAssociation moves the subnet and renames the association."""
    subnet = cloud.stage(ground).subnet
    table, other = passing_table(cloud), passing_table(cloud)
    old = cloud.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    replace = cloud.ec2.replace_route_table_association
    new = replace(AssociationId=old, RouteTableId=other)["NewAssociationId"]
    require(new != old, "the association kept its id")
    cloud.soon(lambda: now(cloud, table)["Associations"], [], "the associations of the former table")
    same(one(now(cloud, other)["Associations"], "associations")["RouteTableAssociationId"], new, "the association")


@check
def main_table_can_be_swapped(cloud):
    """Replacing the main association makes another table main, and the former one deletable."""
    vpc = cloud.vpc("10.1.0.0/16")
    former = main_table(cloud, vpc)
    table = cloud.table(vpc)
    association = former["Associations"][0]["RouteTableAssociationId"]
    cloud.ec2.replace_route_table_association(AssociationId=association, RouteTableId=table)
    cloud.soon(lambda: main_table(cloud, vpc)["RouteTableId"], table, "the main table")
    cloud.ec2.delete_route_table(RouteTableId=former["RouteTableId"])


@check
def main_association_stays(cloud):
    """The main association cannot be dissolved, nor its table deleted."""
    table = main_table(cloud, cloud.stage(ground).vpc)
    association = table["Associations"][0]["RouteTableAssociationId"]
    refused(cloud.ec2.disassociate_route_table, AssociationId=association)
    refused(cloud.ec2.delete_route_table, "DependencyViolation", RouteTableId=table["RouteTableId"])


@check
def associated_table_cannot_be_deleted(cloud):
    """A table with an associated subnet stays until the subnet has left."""
    table = passing_table(cloud)
    pair = {"RouteTableId": table, "SubnetId": cloud.stage(ground).subnet}
    association = cloud.ec2.associate_route_table(**pair)["AssociationId"]
    refused(cloud.ec2.delete_route_table, "DependencyViolation", RouteTableId=table)
    cloud.ec2.disassociate_route_table(AssociationId=association)
    cloud.ec2.delete_route_table(RouteTableId=table)
    refused(cloud.ec2.delete_route_table, NO_TABLE, RouteTableId=table)


@check
def unknown_association_is_refused(cloud):
    """Dissolving and replacing an unknown association name it as missing."""
    gone = unknown("rtbassoc")
    refused(cloud.ec2.disassociate_route_table, "InvalidAssociationID.NotFound", AssociationId=gone)
    replace = {"AssociationId": gone, "RouteTableId": passing_table(cloud)}
    refused(cloud.ec2.replace_route_table_association, "InvalidAssociationID.NotFound", **replace)


@check
def deleted_subnet_leaves_its_table(cloud):
    """An association ends with its subnet."""
    subnet = cloud.subnet(cloud.stage(ground).vpc, "10.0.77.0/24")
    table = passing_table(cloud)
    cloud.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    cloud.ec2.delete_subnet(SubnetId=subnet)
    cloud.soon(lambda: now(cloud, table)["Associations"], [], "the associations")


@check
def filters_find_it(cloud):
    """A table is found by its subnet, and by gateway, destination and state of a route."""
    stage = cloud.stage(ground)
    table = table_with_route(cloud, "198.51.100.0/24")
    cloud.ec2.associate_route_table(RouteTableId=table, SubnetId=stage.subnet)
    by_route = where(route__gateway_id=stage.gateway, route__destination_cidr_block="198.51.100.0/24")
    by_state = where(vpc_id=stage.vpc, route__origin="CreateRoute", route__state="active")
    for filters in (where(association__subnet_id=stage.subnet), by_route, by_state):
        found = cloud.ec2.describe_route_tables(Filters=filters)["RouteTables"]
        same(pluck(found, "RouteTableId"), [table], f"what {filters[-1]['Name']} finds")


@check
def list_comes_in_pages(cloud):
    """Seven tables make two pages of five."""
    vpc = cloud.vpc("10.1.0.0/16")
    made = [main_table(cloud, vpc)["RouteTableId"], *(cloud.table(vpc) for _ in range(6))]
    pages_hold(cloud.ec2.describe_route_tables, "RouteTables", "RouteTableId", made, Filters=where(vpc_id=vpc))


@check
def max_results_is_bounded(cloud):
    """Pages hold 5 to 100 tables, not 1000."""
    page_size_is_bounded(cloud, "DescribeRouteTables", 5, 100)


@check
def invented_token_is_refused(cloud):
    """NextToken is not free text."""
    token_is_verified(cloud.ec2.describe_route_tables)


@check
def dry_runs_change_nothing(cloud):
    """Dry runs of every call on tables, routes and associations answer DryRunOperation."""
    stage = cloud.stage(ground)
    table = table_with_route(cloud)
    ours = {"RouteTableId": table}
    before = now(cloud, table)
    dry_run(cloud.ec2.create_route_table, VpcId=stage.vpc)
    dry_run(cloud.ec2.create_route, DestinationCidrBlock="192.0.2.0/24", GatewayId=stage.gateway, **ours)
    dry_run(cloud.ec2.replace_route, DestinationCidrBlock=ANYWHERE, GatewayId=stage.gateway, **ours)
    dry_run(cloud.ec2.delete_route, DestinationCidrBlock=ANYWHERE, **ours)
    dry_run(cloud.ec2.associate_route_table, SubnetId=stage.subnet, **ours)
    dry_run(cloud.ec2.delete_route_table, **ours)
    same(now(cloud, table), before, "the table")
