"""Where moto accepts what AWS refuses, or forgets what AWS does: put right for every client under test.

The observing client of the harness may still do what AWS refuses (detach a gateway that is in use): the
tests need such states, and in reality they come about over time.
"""

import threading

from moto.awslambda import models as functions
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.ec2.exceptions import (
    DependencyViolationError,
    EC2ClientError,
    ResourceAlreadyAssociatedError,
)
from moto.ec2.models import elastic_ip_addresses as eips
from moto.ec2.models import ec2_backends
from moto.ec2.models import internet_gateways as igws
from moto.ec2.models import nat_gateways as nats
from moto.ec2.models import route_tables as tables
from moto.ec2.models import security_groups as groups
from moto.ec2.models import subnets
from moto.ec2.models import vpcs

import around

caller = threading.local()
_addresses = None


def strict():
    return not getattr(caller, "observer", False)


def restart_addresses():
    """The ranges set aside for documentation, in order: an address is never given twice."""
    global _addresses
    nets = ("203.0.113", "198.51.100", "192.0.2")
    _addresses = (f"{net}.{host}" for net in nets for host in range(1, 255))


def replace(owner, name):
    """Replaces a method; the old one is handed to the new one as its first argument."""

    def decorate(new):
        old = getattr(owner, name)

        def wrapper(self, *args, **kwargs):
            return new(old, self, *args, **kwargs)

        setattr(owner, name, wrapper)
        return new

    return decorate


def install():
    restart_addresses()
    eips.random_ip = lambda: next(_addresses)
    tables.Route.state = property(_route_state)
    functions.LambdaFunction.vpc_config = property(_vpc_config)
    around.install()


def _functions(backend):
    return functions.lambda_backends[backend.account_id][backend.region_name].list_functions()


def _function_using(backend, field, wanted):
    for function in _functions(backend):
        if wanted in ((function._vpc_config or {}).get(field) or []):
            return function.function_name
    return None


def _live_nats(backend):
    return [nat for nat in backend.nat_gateways.values() if nat.state != "deleted"]


def _route_state(route):
    nat, gateway = route.nat_gateway, route.gateway
    if nat is not None and nat.state == "deleted":
        return "blackhole"
    if isinstance(gateway, igws.InternetGateway):
        attached = gateway.vpc and gateway.vpc.id == route.route_table.vpc_id
        return "active" if attached else "blackhole"
    return "active"


def _vpc_config(function):
    config = function._vpc_config
    if config is None:
        return None
    backend = ec2_backends[function.account_id][function.region]
    subnet_ids = config.get("SubnetIds") or []
    vpc_id = next(
        (s.vpc_id for zone in backend.subnets.values() for s in zone.values() if s.id in subnet_ids), ""
    )
    return {
        "SubnetIds": subnet_ids,
        "SecurityGroupIds": config.get("SecurityGroupIds") or [],
        "VpcId": vpc_id,
        "Ipv6AllowedForDualStack": bool(config.get("Ipv6AllowedForDualStack")),
    }


@replace(functions.LambdaFunction, "update_configuration")
def _update_configuration(old, function, updates):
    backend = ec2_backends[function.account_id][function.region]
    config = updates.get("VpcConfig") or {}
    known = {s.id for zone in backend.subnets.values() for s in zone.values()}
    for subnet in config.get("SubnetIds") or []:
        if subnet not in known:
            raise InvalidParameterValueException(f"The subnet ID '{subnet}' does not exist")
    for group in config.get("SecurityGroupIds") or []:
        if backend.get_security_group_from_id(group) is None:
            raise InvalidParameterValueException(f"The security group ID '{group}' does not exist")
    if bool(config.get("SubnetIds")) != bool(config.get("SecurityGroupIds")):
        raise InvalidParameterValueException("SubnetIds and SecurityGroupIds must coexist or be both empty")
    return old(function, updates)


@replace(nats.NatGatewayBackend, "describe_nat_gateways")
def _describe_nat_gateways(old, backend, filters, nat_gateway_ids):
    for wanted in nat_gateway_ids or []:
        _known_nat(backend, wanted)
    return old(backend, filters, nat_gateway_ids)


@replace(nats.NatGatewayBackend, "create_nat_gateway")
def _create_nat_gateway(old, backend, subnet_id, *args, **kwargs):
    vpc_id = backend.get_subnet(subnet_id).vpc_id
    if not any(igw.vpc and igw.vpc.id == vpc_id for igw in backend.internet_gateways.values()):
        raise EC2ClientError("Gateway.NotAttached", f"Network {vpc_id} has no Internet gateway attached")
    return old(backend, subnet_id, *args, **kwargs)


@replace(nats.NatGatewayBackend, "delete_nat_gateway")
def _delete_nat_gateway(old, backend, nat_gateway_id):
    nat = _known_nat(backend, nat_gateway_id)
    for eip in backend.addresses:
        if eip.eni is not None and eip.eni is nat._eni:
            backend.disassociate_address(address=eip.public_ip)
    backend.enis.pop(nat._eni.id, None)
    return old(backend, nat_gateway_id)


def _known_nat(backend, nat_gateway_id):
    nat = backend.nat_gateways.get(nat_gateway_id)
    if nat is None:
        raise EC2ClientError("NatGatewayNotFound", f"The Nat Gateway {nat_gateway_id} was not found")
    return nat


@replace(eips.ElasticAddressBackend, "release_address")
def _release_address(old, backend, address=None, allocation_id=None):
    for eip in backend.addresses:
        wanted = eip.public_ip == address or eip.allocation_id == allocation_id
        if wanted and eip.association_id and strict():
            raise EC2ClientError("InvalidIPAddress.InUse", f"The address {eip.public_ip} is in use.")
    return old(backend, address, allocation_id)


@replace(igws.InternetGatewayBackend, "attach_internet_gateway")
def _attach_internet_gateway(old, backend, internet_gateway_id, vpc_id):
    if any(igw.vpc and igw.vpc.id == vpc_id for igw in backend.internet_gateways.values()):
        raise ResourceAlreadyAssociatedError(vpc_id)
    return old(backend, internet_gateway_id, vpc_id)


@replace(igws.InternetGatewayBackend, "detach_internet_gateway")
def _detach_internet_gateway(old, backend, internet_gateway_id, vpc_id):
    mapped = any(eip.eni is not None and eip.eni.subnet.vpc_id == vpc_id for eip in backend.addresses)
    if mapped and strict():
        raise DependencyViolationError(
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )
    return old(backend, internet_gateway_id, vpc_id)


@replace(tables.RouteBackend, "associate_route_table")
def _associate_route_table(old, backend, route_table_id, gateway_id=None, subnet_id=None):
    backend.get_route_table(route_table_id)
    for table in backend.route_tables.values():
        if subnet_id and subnet_id in table._associations.values() and table.id != route_table_id:
            raise EC2ClientError(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {route_table_id} "
                "conflicts with an existing association",
            )
    return old(backend, route_table_id, gateway_id, subnet_id)


@replace(tables.RouteBackend, "create_route")
def _create_route(old, backend, *args, **kwargs):
    if kwargs.get("nat_gateway_id") is not None:
        _known_nat(backend, kwargs["nat_gateway_id"])
    endpoint = str(kwargs.get("gateway_id") or "").startswith("vpce-")
    route = old(backend, *args, **kwargs)
    if endpoint:
        # moto makes it without a target.
        route.vpc_endpoint_id = kwargs["gateway_id"]
    return route


@replace(subnets.SubnetBackend, "delete_subnet")
def _delete_subnet(old, backend, subnet_id):
    nat = next((nat.id for nat in _live_nats(backend) if nat.subnet_id == subnet_id), None)
    holder = nat or _function_using(backend, "SubnetIds", subnet_id)
    if holder:
        raise DependencyViolationError(
            f"The subnet '{subnet_id}' has dependencies and cannot be deleted."
        )
    for table in backend.route_tables.values():
        for association in [a for a, s in table._associations.items() if s == subnet_id]:
            table._associations.pop(association)
    return old(backend, subnet_id)


@replace(groups.SecurityGroupBackend, "delete_security_group")
def _delete_security_group(old, backend, name=None, group_id=None):
    if group_id and strict() and _function_using(backend, "SecurityGroupIds", group_id):
        raise DependencyViolationError(f"resource {group_id} has a dependent object")
    return old(backend, name, group_id)


@replace(vpcs.VPCBackend, "delete_vpc")
def _delete_vpc(old, backend, vpc_id):
    attached = any(igw.vpc and igw.vpc.id == vpc_id for igw in backend.internet_gateways.values())
    own_groups = [g for g in backend.groups.get(vpc_id, {}).values() if g.name != "default"]
    if attached or own_groups:
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    if vpc_id in backend.vpcs:
        # AWS leaves the DHCP options, which others may have too.
        backend.vpcs[vpc_id].dhcp_options = None
    return old(backend, vpc_id)
