"""The walk of one packet and of its replies, hop by hop, written from AWS's documentation.

It takes an account as its describe calls show it, a place from where a packet starts, and one concrete destination.
Each question has one answer, and no packet stands for another one.
"""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

TCP = ("-1", "6", "tcp")
# Which of two routes for the same network counts: what AWS made, what a person made, a prefix list, what a virtual
# private gateway propagates (VPC guide, route-tables-priority).
LOCAL, STATIC, LISTED, PROPAGATED = range(4)


@dataclass(frozen=True)
class Fate:
    """What becomes of the packets to one destination."""

    kind: str
    text: str
    addresses: frozenset = frozenset()

    def __str__(self):
        return f"{self.kind}: {self.text}"


def leaves(addresses):
    """They reach the internet, with one of these source addresses, and all replies return."""
    return Fate("leaves", "leaves by " + ", ".join(sorted(addresses)), frozenset(addresses))


def stopped(why):
    """They never reach the internet."""
    return Fate("stopped", why)


def silent(why, partly):
    """They reach the internet, and replies are lost: all of them, or those to some ports."""
    return Fate("partly silent" if partly else "silent", why)


class Walk:
    """Walks through one account."""

    def __init__(self, account):
        self.account = account

    # The rules of groups and ACLs

    def group_allows(self, groups, address, port):
        """Whether the egress rules of all groups together let a TCP packet out."""
        for group in groups:
            for rule in self.account.groups.get(group, {}).get("IpPermissionsEgress", []):
                if rule["IpProtocol"] not in TCP:
                    continue
                if rule["IpProtocol"] != "-1" and not rule["FromPort"] <= port <= rule["ToPort"]:
                    continue
                nets = [ip_network(item["CidrIp"]) for item in rule.get("IpRanges", [])]
                nets += [ip_network(item["CidrIpv6"]) for item in rule.get("Ipv6Ranges", [])]
                for item in rule.get("PrefixListIds", []):
                    nets += self.account.lists.get(item["PrefixListId"], [])
                if any(address in net for net in nets):
                    return True
        return False

    def acl_of(self, subnet):
        """The network ACL that a subnet follows."""
        for acl in self.account.acls.values():
            if any(item["SubnetId"] == subnet for item in acl["Associations"]):
                return acl
        return None

    def acl_name(self, subnet):
        """The id of that ACL."""
        return (self.acl_of(subnet) or {}).get("NetworkAclId", "no ACL")

    def acl_allows(self, subnet, outwards, remote, port):
        """Whether the ACL of a subnet lets a TCP packet cross its edge; the lowest number that matches decides."""
        acl = self.acl_of(subnet)
        entries = [entry for entry in acl["Entries"] if entry["Egress"] == outwards] if acl else []
        for entry in sorted(entries, key=lambda entry: entry["RuleNumber"]):
            if entry["Protocol"] not in TCP:
                continue
            net = entry.get("CidrBlock") or entry.get("Ipv6CidrBlock")
            if net is None or remote not in ip_network(net):
                continue
            ports = entry.get("PortRange")
            if entry["Protocol"] != "-1" and ports and not ports["From"] <= port <= ports["To"]:
                continue
            return entry["RuleAction"] == "allow"
        return False

    # Routes

    def table_of(self, subnet):
        """The route table that a subnet follows: its own, else the main one of its VPC."""
        vpc = self.account.subnets[subnet]["VpcId"]
        main = None
        for table in self.account.tables.values():
            for item in table["Associations"]:
                if item.get("SubnetId") == subnet:
                    return table
                if item.get("Main") and table["VpcId"] == vpc:
                    main = table
        return main

    def route(self, table, address):
        """The route that a packet takes: the longest prefix, then the precedence of its origin."""
        best = None
        for route in table["Routes"]:
            nets = self.account.lists.get(route.get("DestinationPrefixListId"), [])
            rank = LISTED
            for key in ("DestinationCidrBlock", "DestinationIpv6CidrBlock"):
                if route.get(key):
                    nets = [ip_network(route[key])]
                    origin = route.get("Origin")
                    rank = STATIC if origin == "CreateRoute" else PROPAGATED
                    rank = LOCAL if route.get("GatewayId") == "local" else rank
            for net in nets:
                if address in net:
                    order = (-net.prefixlen, rank)
                    if best is None or order < best[0]:
                        best = (order, route)
        return best[1] if best else None

    @staticmethod
    def target(route):
        """Where a route leads to."""
        for key in (
            "GatewayId",
            "NatGatewayId",
            "EgressOnlyInternetGatewayId",
            "TransitGatewayId",
            "VpcPeeringConnectionId",
            "NetworkInterfaceId",
            "InstanceId",
        ):
            if route.get(key):
                return route[key]
        return "nothing"

    def attached(self, gateway, vpc):
        """Whether an internet gateway is there and attached to a VPC."""
        found = self.account.gateways.get(gateway) or self.account.egress_only.get(gateway) or {}
        return any(
            item.get("VpcId") == vpc and item.get("State") in ("available", "attached")
            for item in found.get("Attachments", [])
        )

    def diverted(self, target):
        """They leave by something that has no address of the set; S3 and DynamoDB by a gateway endpoint."""
        gateway = self.account.endpoints.get(target, {}).get("VpcEndpointType") == "Gateway"
        return Fate("endpoint" if gateway else "diverted", f"goes to {target}")

    # The walk

    def walk(self, subnet, groups, destination, ports, replies):
        """What becomes of packets from a function in this subnet to one destination over IPv4.

        One port of `ports` that is open is enough for a client; of `replies`, the ports that clients choose for
        themselves, every one must be open.
        """
        address = ip_address(destination)
        route = self.route(self.table_of(subnet), address)
        if route is None:
            return stopped("no route")
        target = self.target(route)
        if target == "local":
            return stopped("stays inside")
        if route.get("State") != "active":
            return stopped(f"a blackhole at {target}")
        open_ports = [port for port in ports if self.group_allows(groups, address, port)]
        if not open_ports:
            return stopped(f"{' and '.join(sorted(groups))} let nothing out")
        open_ports = [port for port in open_ports if self.acl_allows(subnet, True, address, port)]
        if not open_ports:
            return stopped(f"{self.acl_name(subnet)} lets nothing out of the function's subnet")
        if target.startswith("igw-"):
            return stopped("an interface without a public address cannot use an internet gateway")
        if not target.startswith("nat-"):
            return self.diverted(target)
        return self.translate(subnet, self.account.nats.get(target), address, open_ports, replies)

    def translate(self, subnet, nat, address, ports, replies):
        """The second half: through a NAT gateway to the internet, and back."""
        if nat is None or nat["State"] != "available" or nat["ConnectivityType"] != "public":
            return stopped(f"{nat['NatGatewayId'] if nat else 'the NAT gateway'} does not work")
        public, vpc = nat["SubnetId"], nat["VpcId"]
        here = public == subnet
        senders = self.hosts(subnet)
        if not here:
            for sender in senders:
                ports = [port for port in ports if self.acl_allows(public, False, sender, port)]
        route = self.route(self.table_of(public), address)
        if route is None:
            return stopped(f"no route from {nat['NatGatewayId']}")
        target = self.target(route)
        if target == "local":
            return stopped("stays inside")
        if route.get("State") != "active":
            return stopped(f"a blackhole at {target} behind {nat['NatGatewayId']}")
        ports = [port for port in ports if self.acl_allows(public, True, address, port)]
        if not ports:
            return stopped(f"{self.acl_name(public)} lets no request through the NAT gateway's subnet")
        if not target.startswith("igw-"):
            return stopped("one NAT gateway behind another") if target.startswith("nat-") else self.diverted(target)
        if not self.attached(target, vpc):
            return stopped("the internet gateway is not attached")
        if self.account.block_mode == "block-bidirectional":
            return stopped("Block Public Access")
        sources = {item["PublicIp"]: item["PrivateIp"] for item in nat["NatGatewayAddresses"] if self.in_use(item)}
        if not sources:
            return stopped("the NAT gateway has no address")
        lost = self.lost_replies(subnet, public, here, target, sources.values(), senders, address, replies)
        if lost:
            return silent(f"replies are lost on the way to {subnet}", partly=len(lost) < len(replies))
        return leaves(sources)

    @staticmethod
    def in_use(item):
        """Whether connections may have an address of a NAT gateway, those included that begin in a moment."""
        gone = ("failed", "disassociating", "unassigning")
        return item.get("PublicIp") and item.get("Status") not in gone

    def lost_replies(self, subnet, public, here, gateway, translated, senders, address, replies):
        """The client ports to which a reply from the destination does not return."""
        if any(self.detour(gateway, ip_address(private)) for private in translated):
            return set(replies)
        back = self.table_of(public)
        for sender in senders:
            route = None if here else self.route(back, sender)
            if not here and (route is None or self.target(route) != "local"):
                return set(replies)
        lost = {port for port in replies if not self.acl_allows(public, False, address, port)}
        if not here:
            for sender in senders:
                lost |= {port for port in replies if not self.acl_allows(public, True, sender, port)}
            lost |= {port for port in replies if not self.acl_allows(subnet, False, address, port)}
        return lost

    def detour(self, gateway, private):
        """Whether a table of the internet gateway itself leads what comes in elsewhere than to its address."""
        for table in self.account.tables.values():
            if any(item.get("GatewayId") == gateway for item in table["Associations"]):
                route = self.route(table, private)
                if route is None or self.target(route) != "local":
                    return True
        return False

    def hosts(self, subnet):
        """Two addresses that an interface in a subnet may have: the first that AWS gives out, and the last."""
        net = ip_network(self.account.subnets[subnet]["CidrBlock"])
        return [net[4], net[-2]]

    def walk_ipv6(self, subnet, groups, destination, ports):
        """What becomes of packets to one destination over IPv6, where every address is another one."""
        address = ip_address(destination)
        route = self.route(self.table_of(subnet), address)
        if route is None or route.get("State") != "active":
            return stopped("no route")
        target = self.target(route)
        if target == "local":
            return stopped("stays inside")
        open_ports = [port for port in ports if self.group_allows(groups, address, port)]
        if not any(self.acl_allows(subnet, True, address, port) for port in open_ports):
            return stopped("nothing lets it out")
        if target.startswith(("igw-", "eigw-")):
            if not self.attached(target, self.account.subnets[subnet]["VpcId"]):
                return stopped("the gateway is not attached")
            if self.account.block_mode == "block-bidirectional":
                return stopped("Block Public Access")
        return self.diverted(target)
