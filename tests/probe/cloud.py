"""The endpoint under judgement: its clients, patience, and resources that are taken away again."""

import io
import time
import zipfile
from contextlib import contextmanager

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from .checks import Failed, code_of, where

SETTLING = 3.0
HELD = ("AuthFailure", "InvalidIPAddress.InUse", "DependencyViolation", "ResourceConflictException")


class Cloud:
    """Clients of one endpoint, and scopes that undo in reverse order what was made in them."""

    def __init__(self, endpoint, region, patience):
        self.region = region
        self.patience = patience
        core = botocore.session.get_session()
        # Newer boto3 speaks CBOR to this service where it can; the checks are about its JSON.
        loader = core.get_component("data_loader")
        model = loader.load_service_model("resourcegroupstaggingapi", "service-2", api_version=None)
        model["metadata"].update(protocol="json", protocols=["json"])
        session = boto3.Session(
            botocore_session=core,
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            region_name=region,
        )
        config = Config(retries={"mode": "standard", "max_attempts": 8}, connect_timeout=5, read_timeout=30)

        def client(service):
            return session.client(service, endpoint_url=endpoint, config=config)

        self.ec2 = client("ec2")
        self.functions = client("lambda")
        self.parameters = client("ssm")
        self.sts = client("sts")
        self.iam = client("iam")
        self.quotas = client("service-quotas")
        self.tagging = client("resourcegroupstaggingapi")
        self._scopes = []
        self._stages = {}
        self._undo_creations()

    def _undo_creations(self):
        """Undo the creation of whatever outlives a VPC, also where a check expects it to be refused.

        What a client token brings back was made before, and belongs to whoever made it.
        """
        ec2 = self.ec2
        undo = {
            "CreateVpc": ("Vpc", "VpcId", self.raze),
            "AllocateAddress": (None, "AllocationId", self.release),
            "CreateNatGateway": ("NatGateway", "NatGatewayId", self.drop_nat),
            "CreateInternetGateway": (
                "InternetGateway",
                "InternetGatewayId",
                lambda gateway: ec2.delete_internet_gateway(InternetGatewayId=gateway),
            ),
            "CreateEgressOnlyInternetGateway": (
                "EgressOnlyInternetGateway",
                "EgressOnlyInternetGatewayId",
                lambda gateway: ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=gateway),
            ),
            "CreateDhcpOptions": (
                "DhcpOptions",
                "DhcpOptionsId",
                lambda options: ec2.delete_dhcp_options(DhcpOptionsId=options),
            ),
        }
        made = set()
        for operation, (member, key, take_away) in undo.items():

            def remember(parsed, http_response, member=member, key=key, take_away=take_away, **_):
                if http_response.status_code >= 300:
                    return
                identity = (parsed[member] if member else parsed)[key]
                if identity not in made:
                    made.add(identity)
                    self.later(lambda: take_away(identity))

            ec2.meta.events.register(f"after-call.ec2.{operation}", remember)

    @contextmanager
    def scope(self):
        """Whatever is made inside is taken away at the end, the latest first."""
        self._scopes.append([])
        try:
            yield
        finally:
            for undo in reversed(self._scopes.pop()):
                attempt(undo)

    def later(self, undo):
        """Undo something at the end of the innermost scope."""
        self._scopes[-1].append(undo)

    def stage(self, build):
        """What `build` makes for all checks of one file: made at first use, kept until the file is through.

        A stage that cannot be built fails every check that needs it, without being tried again.
        """
        if build not in self._stages:
            of_the_file, *of_the_check = self._scopes
            self._scopes = [of_the_file]
            try:
                self._stages[build] = build(self)
            except Exception as error:  # whatever it was, it is the same for every check on this stage
                self._stages[build] = Failed(f"the stage could not be built: {type(error).__name__}: {error}")
            finally:
                self._scopes = [of_the_file, *of_the_check]
        built = self._stages[build]
        if isinstance(built, Failed):
            raise built
        return built

    def wait(self, read, goal, what, hopeless=lambda value: False, limit=None):
        """Poll `read` until its value satisfies `goal`; fail when it takes too long or became hopeless."""
        end = time.monotonic() + (self.patience if limit is None else limit)
        pause = 0.05
        while True:
            value = read()
            if goal(value):
                return value
            if hopeless(value) or time.monotonic() > end:
                raise Failed(f"{what}; last seen: {value!r}")
            time.sleep(pause)
            pause = min(pause * 1.5, 1.0)

    def soon(self, read, wanted, what):
        """Demand a value that an eventually consistent reader may see a little late."""
        self.wait(read, lambda value: value == wanted, f"{what} is not {wanted!r}", limit=min(SETTLING, self.patience))

    def seen(self, describe, **ids):
        """Wait until a resource just created is visible under its id."""

        def missing():
            try:
                describe(**ids)
            except ClientError as error:
                if not code_of(error).endswith("NotFound"):
                    raise
                return True
            return False

        self.soon(missing, False, f"missing from a read by {ids}")

    def raw(self, operation, body, **params):
        """Call an EC2 operation with members on the wire that boto3 would not send; None removes one."""

        def amend(params, **_):
            for name, value in body.items():
                if value is None:
                    params["body"].pop(name, None)
                else:
                    params["body"][name] = value

        event = f"before-call.ec2.{operation}"
        method = next(name for name, title in self.ec2.meta.method_to_api_mapping.items() if title == operation)
        self.ec2.meta.events.register(event, amend)
        try:
            return getattr(self.ec2, method)(**params)
        finally:
            self.ec2.meta.events.unregister(event, amend)

    def vpc(self, cidr="10.0.0.0/16", **params):
        """A VPC that is emptied and deleted at the end."""
        vpc = self.ec2.create_vpc(CidrBlock=cidr, **params)["Vpc"]["VpcId"]
        self.seen(self.ec2.describe_vpcs, VpcIds=[vpc])
        return vpc

    def subnet(self, vpc, cidr="10.0.1.0/24", **params):
        """A subnet, in the region's first zone unless told otherwise; it goes with its VPC."""
        zone = {"AvailabilityZone": f"{self.region}a"}
        subnet = self.ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, **{**zone, **params})["Subnet"]["SubnetId"]
        self.seen(self.ec2.describe_subnets, SubnetIds=[subnet])
        return subnet

    def gateway(self, vpc=None):
        """An internet gateway, attached when a VPC is given."""
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.seen(self.ec2.describe_internet_gateways, InternetGatewayIds=[gateway])
        if vpc:
            self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
            self.later(lambda: self.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc))
        return gateway

    def address(self, **params):
        """An Elastic IP address, released at the end even if something still holds on to it for a while."""
        allocation = self.ec2.allocate_address(Domain="vpc", **params)["AllocationId"]
        self.seen(self.ec2.describe_addresses, AllocationIds=[allocation])
        return allocation

    def interface(self, subnet, **params):
        """A network interface of our own; it goes with its VPC."""
        interface = self.ec2.create_network_interface(SubnetId=subnet, **params)["NetworkInterface"]
        self.seen(self.ec2.describe_network_interfaces, NetworkInterfaceIds=[interface["NetworkInterfaceId"]])
        return interface["NetworkInterfaceId"]

    def group(self, vpc, name="probe", **params):
        """A security group; it goes with its VPC."""
        group = self.ec2.create_security_group(VpcId=vpc, GroupName=name, Description="a probe", **params)["GroupId"]
        self.seen(self.ec2.describe_security_groups, GroupIds=[group])
        return group

    def table(self, vpc, **params):
        """A route table; it goes with its VPC."""
        table = self.ec2.create_route_table(VpcId=vpc, **params)["RouteTable"]["RouteTableId"]
        self.seen(self.ec2.describe_route_tables, RouteTableIds=[table])
        return table

    def nat(self, **params):
        """A NAT gateway as answered by its creation; gone, and its address let go, at the end."""
        return self.ec2.create_nat_gateway(**params)["NatGateway"]

    def nat_now(self, nat):
        """A NAT gateway as it stands, with its state."""
        return self.ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]

    def drop_nat(self, nat):
        """Delete a NAT gateway and wait until it is over."""
        if self.nat_now(nat)["State"] not in ("deleted", "failed"):
            self.ec2.delete_nat_gateway(NatGatewayId=nat)
            self.wait(lambda: self.nat_now(nat)["State"], lambda state: state in ("deleted", "failed"), "not deleted")

    def release(self, allocation):
        """Release an address, first from what it is associated with."""
        address = self.ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]
        if address.get("AssociationId"):
            attempt(lambda: self.ec2.disassociate_address(AssociationId=address["AssociationId"]))
        self.persist(lambda: self.ec2.release_address(AllocationId=allocation))

    def persist(self, call):
        """Repeat a call while what it needs is still held by something on its way out."""

        def done():
            try:
                call()
            except ClientError as error:
                if code_of(error) in HELD:
                    return code_of(error)
                raise
            return None

        self.wait(done, lambda code: code is None, "still held")

    def raze(self, vpc):
        """Delete a VPC; as long as that is refused, first everything found in it."""

        def delete():
            try:
                self.ec2.delete_vpc(VpcId=vpc)
            except ClientError as error:
                if code_of(error) != "InvalidVpcID.NotFound":
                    self.clear(vpc)
                    self.ec2.delete_vpc(VpcId=vpc)

        self.persist(delete)

    def clear(self, vpc):
        """Take away whatever a VPC holds, in the order in which AWS lets it go."""
        ec2 = self.ec2
        ours = where(vpc_id=vpc)

        def within(call, key, filters="Filters"):
            return [item for item in call(**{filters: ours})[key] if item.get("VpcId") == vpc]

        for nat in within(ec2.describe_nat_gateways, "NatGateways", "Filter"):
            attempt(lambda: self.drop_nat(nat["NatGatewayId"]))
        for endpoint in within(ec2.describe_vpc_endpoints, "VpcEndpoints"):
            attempt(lambda: ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]]))
        for interface in within(ec2.describe_network_interfaces, "NetworkInterfaces"):
            attempt(lambda: ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"]))
        for gateway in ec2.describe_internet_gateways(Filters=where(attachment__vpc_id=vpc))["InternetGateways"]:
            gateway = gateway["InternetGatewayId"]
            attempt(lambda: ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc))
            attempt(lambda: ec2.delete_internet_gateway(InternetGatewayId=gateway))
        for subnet in within(ec2.describe_subnets, "Subnets"):
            attempt(lambda: ec2.delete_subnet(SubnetId=subnet["SubnetId"]))
        for table in within(ec2.describe_route_tables, "RouteTables"):
            attempt(lambda: ec2.delete_route_table(RouteTableId=table["RouteTableId"]))
        groups = [g for g in within(ec2.describe_security_groups, "SecurityGroups") if g["GroupName"] != "default"]
        for group in groups:
            if group["IpPermissions"]:
                rules = {"GroupId": group["GroupId"], "IpPermissions": group["IpPermissions"]}
                attempt(lambda: ec2.revoke_security_group_ingress(**rules))
        for group in groups:
            attempt(lambda: ec2.delete_security_group(GroupId=group["GroupId"]))
        for acl in within(ec2.describe_network_acls, "NetworkAcls"):
            attempt(lambda: ec2.delete_network_acl(NetworkAclId=acl["NetworkAclId"]))


def attempt(call):
    """Do a step of tidying up; that it was done before, or cannot be done, is no matter for a report."""
    try:
        call()
    except Exception:  # an emulator may break here as anywhere else
        pass


def tiny_zip(text="#!/bin/sh\n"):
    """The smallest deployment package: a zip with an executable bootstrap."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap", (2024, 1, 1, 0, 0, 0))
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, text)
    return packed.getvalue()
