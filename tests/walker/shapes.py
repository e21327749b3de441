"""Stacks of random shape, each applied once in a sandbox of its own from which many worlds begin."""

import fcntl
import json
import random
from dataclasses import dataclass, field
from pathlib import Path

from .cloud import REGION

ZONES = ("a", "c", "d")
# The clock of a sandbox is fast, so a busy machine may keep killick from renewing its lock in time. It ends with 3
# then, and its lock is there for ten minutes more.
AGAIN = 6


@dataclass
class Shape:
    """A spec, the sandbox in which it was applied, and what partners know since then."""

    number: int
    spec: str
    functions: list
    pinned: bool
    external: bool
    zones: list
    vpc: str
    # The zones with a NAT gateway, with its address and the ids of both.
    exits: dict = field(default_factory=dict)
    addresses: list = field(default_factory=list)


def drawn(number):
    """The parameters of a shape: the same number always gives the same ones."""
    rng = random.Random(f"shape {number}")
    zones = list(ZONES[: rng.choice((1, 2, 2, 2, 3))])
    return {
        "zones": zones,
        "single": len(zones) > 1 and rng.random() < 0.3,
        "nat_zone": rng.choice(zones) if rng.random() < 0.5 else None,
        "pinned": rng.random() < 0.75,
        "functions": ["billing-sync", "billing-export"][: rng.choice((1, 1, 2))],
        "external": rng.random() < 0.4,
        # Which parts of an external network are somebody else's, for each zone.
        "public": [rng.random() < 0.7 for _ in zones],
        "private": [rng.random() < 0.7 for _ in zones],
        "address": [rng.random() < 0.4 for _ in zones],
        "groups": rng.random() < 0.4,
    }


def build(cloud, number, folder):
    """The shape of this number, made now or by an earlier world."""
    folder = Path(folder)
    sandbox, told = folder / f"shape-{number}.json", folder / f"shape-{number}.told"
    with open(folder / f"shape-{number}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            shape = made(cloud, number)
            cloud.state.replace(sandbox)
            told.write_text(json.dumps(shape.__dict__), encoding="utf-8")
    return Shape(**json.loads(told.read_text(encoding="utf-8"))), sandbox


def made(cloud, number):
    """Make what is external, apply the spec, and pin the addresses."""
    drew = drawn(number)
    cloud.put(None, "")
    found = external(cloud, drew) if drew["external"] else {}
    text = spec(number, drew, found)
    cloud.spec.write_text(text, encoding="utf-8")
    applied = cloud.run("apply", "--yes", stop=True)
    for _ in range(AGAIN):
        if applied.code == 0:
            break
        cloud.run("sandbox", "wait", "15", "--state", cloud.state.name)
        applied = cloud.run("apply", "--yes")
    need(applied)
    if drew["pinned"]:
        need(cloud.run("ips", "--pin"))
    listed = need(cloud.run("ips", "--json")).json()["addresses"]
    cloud.serve()
    nats = cloud.ec2.describe_nat_gateways()["NatGateways"]
    vpcs = cloud.ec2.describe_vpcs()["Vpcs"]
    cloud.stop()
    exits = {}
    for item in listed:
        nat = next(nat for nat in nats if any(one.get("PublicIp") == item["ip"] for one in nat["NatGatewayAddresses"]))
        exits[item["zone"]] = {"ip": item["ip"], "allocation": item["allocation_id"], "nat": nat["NatGatewayId"]}
    return Shape(
        number=number,
        spec=cloud.spec.read_text(encoding="utf-8"),
        functions=drew["functions"],
        pinned=drew["pinned"],
        external=drew["external"],
        vpc=vpcs[0]["VpcId"],
        zones=[REGION + zone for zone in drew["zones"]],
        exits=exits,
        addresses=[item["ip"] for item in listed],
    )


def need(run):
    """A run that must end well."""
    if run.code:
        raise RuntimeError(f"a stack could not be made:\n{run}")
    return run


def external(cloud, drew):
    """A VPC that somebody else made, as far as the shape wants it."""
    cloud.serve()
    ec2 = cloud.ec2
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    cloud.wait(1)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    found = {"vpc": vpc, "public": {}, "private": {}, "address": {}}
    for index, zone in enumerate(drew["zones"]):
        for offset, side in enumerate(("public", "private")):
            if drew[side][index]:
                subnet = ec2.create_subnet(
                    VpcId=vpc, CidrBlock=f"10.20.{2 * index + offset}.0/24", AvailabilityZone=REGION + zone
                )["Subnet"]["SubnetId"]
                found[side][zone] = subnet
        if drew["address"][index] and with_nat(drew, zone):
            found["address"][zone] = ec2.allocate_address(Domain="vpc")["AllocationId"]
    cloud.wait(1)
    for subnet in found["public"].values():
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    if drew["groups"]:
        group = ec2.create_security_group(VpcId=vpc, GroupName="functions", Description="of somebody else")
        found["group"] = group["GroupId"]
    return found


def with_nat(drew, zone):
    """Whether a zone has a NAT gateway."""
    return not drew["single"] or zone == (drew["nat_zone"] or drew["zones"][0])


def spec(number, drew, found):
    """The spec of a shape as TOML."""
    prefix = "10.20" if found else "10.0"
    lines = [f'stack  = "world-{number}"', f'region = "{REGION}"', "", "[network]"]
    lines.append(f'vpc = "{found["vpc"]}"' if found else 'cidr = "10.0.0.0/16"')
    for index, zone in enumerate(drew["zones"]):
        lines += ["", "[[zone]]", f'name    = "{REGION}{zone}"']
        for offset, side in enumerate(("public", "private")):
            subnet = found.get(side, {}).get(zone, f"{prefix}.{2 * index + offset}.0/24")
            lines.append(f'{side} = "{subnet}"')
        if zone in found.get("address", {}):
            lines.append(f'address = "{found["address"][zone]}"')
    egress = []
    if drew["single"]:
        egress.append('nat = "single"')
        if drew["nat_zone"]:
            egress.append(f'nat_zone = "{REGION}{drew["nat_zone"]}"')
    if "group" in found:
        egress.append(f'security_groups = ["{found["group"]}"]')
    if egress:
        lines += ["", "[egress]", *egress]
    for function in drew["functions"]:
        lines += ["", "[[function]]", f'name = "{function}"']
    return "\n".join(lines) + "\n"
