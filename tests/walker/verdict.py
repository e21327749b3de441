"""What the walks of many packets come to: a verdict for each function and subnet, and how bad a broken path is."""

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from .packets import TCP, Walk

# Networks that no partner on the internet has (IANA's registry of special-purpose addresses). Those for documentation
# count as public: the simulated AWS gives them out.
SPECIAL = [
    ip_network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "224.0.0.0/3",
    )
]
ANYWHERE = ("1.1.1.1", "8.8.8.8", "52.94.0.1", "198.51.100.7", "203.0.113.77", "223.255.255.254")
ANYWHERE_IPV6 = ("2600:1f00::1", "2a00:1450::1", "2001:4860::8888")
PORTS = {1, 22, 443, 8443, 65535}
CLIENT_PORTS = (1024, 65535)
RANK = {"proven": 0, "info": 1, "warning": 2, "critical": 3}


@dataclass
class Path:
    """How one function, or a version of it, leaves from one of its subnets."""

    function: str
    alias: str | None
    subnet: str | None
    judgement: str
    # What is wrong for which of the sampled destinations; `""` stands for all of them.
    broken: dict = field(default_factory=dict)
    sampled: int = 0
    fates: dict = field(default_factory=dict)
    vpc: str | None = None
    # Whether the network that AWS is about to give to the function is broken; it runs in another one, which no
    # call tells.
    dim: bool = False

    @property
    def key(self):
        """What names the path in any report."""
        return (self.function, self.alias, self.subnet)

    def severity(self, explained=frozenset()):
        """How bad it is, apart from what was broken in the same way before and is wanted."""
        left = [
            fault for dest, fault in self.broken.items() if (self.subnet, dest, effect(fault)) not in explained
        ]
        worst = max((SEVERITY[kind] for kind, _ in left), key=RANK.get, default="proven")
        cut = [dest for dest, (kind, _) in self.broken.items() if kind in ("stopped", "silent")]
        if len(cut) == self.sampled and any(kind in ("stopped", "silent") for kind, _ in left):
            worst = "critical"
        return worst


# An address that partners do not know, and no egress at all, are critical. What some networks or some replies
# lose is a fault in waiting, and a gateway endpoint is known to take the traffic of one service only.
SEVERITY = {
    "diverted": "critical",
    "wrong address": "critical",
    "no network": "critical",
    "no names": "critical",
    "stopped": "warning",
    "silent": "warning",
    "partly silent": "warning",
    "endpoint": "warning",
}


def effect(fault):
    """What a fault does to packets: where nothing gets out, a second reason for that changes nothing."""
    kind, text = fault
    return (kind, "" if kind == "stopped" else text)


def judge(account, fixed, also=()):
    """The paths of all functions, against the addresses that partners know; `also` has more destinations."""
    walk = Walk(account)
    paths = []
    for deployed in account.functions:
        subnets = deployed.network.get("SubnetIds") or [None]
        for subnet in subnets:
            path = Path(deployed.function, deployed.alias, subnet, "proven")
            faults(walk, deployed, path, fixed, also)
            if not deployed.settled:
                path.dim, path.broken, path.judgement = bool(path.broken), {}, "unknown"
            paths.append(path)
    return paths


def faults(walk, deployed, path, fixed, also):
    """Walk packets to every sampled destination and keep what is wrong."""
    if path.subnet is None:
        path.sampled = 1
        path.broken[""] = ("no network", "leaves by an address that AWS picks")
        path.judgement = "refuted"
        return
    account, groups = walk.account, deployed.network.get("SecurityGroupIds", [])
    vpc = path.vpc = account.subnets[path.subnet]["VpcId"]
    ports, replies = cut_ports(account, vpc, groups)
    destinations = sorted({*cut_networks(account, vpc, groups), *(text for text in also if ":" not in text)})
    path.sampled = len(destinations)
    for destination in destinations:
        fate = path.fates[destination] = walk.walk(path.subnet, groups, destination, ports, replies)
        if fate.kind == "leaves":
            strange = fate.addresses - fixed
            if strange:
                path.broken[destination] = ("wrong address", "leaves by " + ", ".join(sorted(strange)))
        else:
            path.broken[destination] = (fate.kind, fate.text)
    if deployed.network.get("Ipv6AllowedForDualStack") and has_ipv6(account.subnets[path.subnet]):
        for destination in ANYWHERE_IPV6:
            fate = walk.walk_ipv6(path.subnet, groups, destination, ports)
            if fate.kind != "stopped":
                path.broken[destination] = (fate.kind, fate.text)
    if not account.dns_support[vpc]:
        path.broken[""] = ("no names", "the VPC resolves no names")
    if path.broken:
        path.judgement = "refuted"


def has_ipv6(subnet):
    """Whether interfaces in a subnet may have an address of IPv6."""
    ours = subnet.get("Ipv6CidrBlockAssociationSet", [])
    return any(item["Ipv6CidrBlockState"]["State"] == "associated" for item in ours)


def rules(account, vpc, groups):
    """All entries of ACLs in a VPC and all egress rules of some groups: their networks and ports."""
    for acl in account.acls.values():
        if acl["VpcId"] == vpc:
            for entry in acl["Entries"]:
                if entry["Protocol"] in TCP:
                    ports = entry.get("PortRange") or {}
                    yield [entry.get("CidrBlock")], ports.get("From"), ports.get("To")
    for group in groups:
        for rule in account.groups.get(group, {}).get("IpPermissionsEgress", []):
            if rule["IpProtocol"] in TCP:
                nets = [item["CidrIp"] for item in rule.get("IpRanges", [])]
                for item in rule.get("PrefixListIds", []):
                    nets += account.lists.get(item["PrefixListId"], [])
                yield nets, rule.get("FromPort"), rule.get("ToPort")


def cut_ports(account, vpc, groups):
    """A port from each piece into which the rules cut all ports: those to call, and those to be called back at."""
    ports = set(PORTS)
    for _, first, last in rules(account, vpc, groups):
        if first is not None and first >= 0:
            ports |= {first - 1, first, last, last + 1}
    ports = {port for port in ports if 1 <= port <= 65535}
    low, high = CLIENT_PORTS
    return sorted(ports), sorted({low, high} | {port for port in ports if low <= port <= high})


def cut_networks(account, vpc, groups):
    """Destinations on both sides of every edge of a route, an entry, a rule or a prefix list."""
    nets = set()
    for table in account.tables.values():
        if table["VpcId"] == vpc:
            for route in table["Routes"]:
                nets.add(route.get("DestinationCidrBlock"))
                nets |= set(account.lists.get(route.get("DestinationPrefixListId"), []))
    for some, _, _ in rules(account, vpc, groups):
        nets |= set(some)
    found = {ip_address(text) for text in ANYWHERE}
    for net in nets - {None}:
        net = ip_network(net)
        if net.version == 4:
            first, last = int(net[0]), int(net[-1])
            for number in (first - 1, first, (first + last) // 2, last, last + 1):
                if 0 <= number < 2**32:
                    found.add(ip_address(number))
    inside = [ip_network(item["CidrBlock"]) for item in account.vpcs[vpc].get("CidrBlockAssociationSet", [])]
    outside = [address for address in found if not any(address in net for net in SPECIAL + inside)]
    return [str(address) for address in sorted(outside)]


def overall(paths, wanted):
    """What the paths come to together; a function that is not there is unknown."""
    judgements = {path.judgement for path in paths}
    if "refuted" in judgements:
        return "refuted"
    there = {path.function for path in paths}
    return "unknown" if "unknown" in judgements or not wanted <= there else "proven"
