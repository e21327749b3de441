"""What moto has not got and a drift check asks about: name servers, prefix lists, address transfers, further
addresses of NAT gateways, propagated routes, Block Public Access, and what a role may do."""

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models import managed_prefixes as prefixes
from moto.ec2.models import nat_gateways as nats
from moto.ec2.models import route_tables as tables
from moto.ec2.models import subnets
from moto.ec2.models import vpcs
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_eip_association_id
from moto.iam import models as iam
from moto.iam.responses import IamResponse

VPC_ACCESS = "service-role/AWSLambdaVPCAccessExecutionRole"
INTERFACES = ["Create", "Delete", "Describe"]
INTERFACES = [f"ec2:{verb}NetworkInterface" + "s" * (verb == "Describe") for verb in INTERFACES]


def install():
    old = EC2Backend.__init__

    def init(backend, *args, **kwargs):
        # The default VPC is made in there.
        backend.transfers = {}
        backend.block_mode = "off"
        backend.region_dhcp_options = None
        old(backend, *args, **kwargs)
        region_dhcp_options(backend)

    EC2Backend.__init__ = init
    vpcs.VPC.dhcp_options_id = property(_dhcp_options_id)
    for owner in (vpcs.VPC, subnets.Subnet):
        owner.block_public_access_states = property(_block_public_access)
    prefixes.ManagedPrefixList.cidrs = property(_cidrs)
    tables.Route.origin = property(_origin)
    tables.RouteTable.propagating_vgws = property(_propagating)
    iam.IAMBackend._init_aws_policies = _aws_policies
    for operation in (
        describe_address_transfers,
        enable_address_transfer,
        disable_address_transfer,
        associate_nat_gateway_address,
        disassociate_nat_gateway_address,
        enable_vgw_route_propagation,
        modify_vpc_block_public_access_options,
    ):
        setattr(EC2Response, operation.__name__, operation)
    IamResponse.simulate_principal_policy = simulate_principal_policy


def region_dhcp_options(backend):
    """The set that every VPC of a region begins with."""
    if backend.region_dhcp_options is None:
        domain = f"{backend.region_name}.compute.internal"
        backend.region_dhcp_options = backend.create_dhcp_options(["AmazonProvidedDNS"], domain)
    return backend.region_dhcp_options


def _dhcp_options_id(vpc):
    """moto says `default` for what nobody changed; on AWS that means no name servers at all."""
    return (vpc.dhcp_options or region_dhcp_options(vpc.ec2_backend)).id


def _cidrs(prefix_list):
    """What DescribePrefixLists says of the lists of AWS's own, and moto leaves out."""
    newest = prefix_list.entries[max(prefix_list.entries)]
    return [entry["Cidr"] for entry in newest]


def _block_public_access(owner):
    return {"InternetGatewayBlockMode": owner.ec2_backend.block_mode}


def modify_vpc_block_public_access_options(response):
    backend = response.ec2_backend
    backend.block_mode = response._get_param("InternetGatewayBlockMode")
    options = {"InternetGatewayBlockMode": backend.block_mode, "State": "update-complete"}
    return ActionResult({"VpcBlockPublicAccessOptions": options})


def describe_address_transfers(response):
    return ActionResult({"AddressTransfers": list(response.ec2_backend.transfers.values())})


def enable_address_transfer(response):
    backend = response.ec2_backend
    allocation = response._get_param("AllocationId")
    address = backend.address_by_allocation([allocation])[0]
    transfer = {
        "PublicIp": address.public_ip,
        "AllocationId": allocation,
        "TransferAccountId": response._get_param("TransferAccountId"),
        "AddressTransferStatus": "pending",
    }
    backend.transfers[allocation] = transfer
    return ActionResult({"AddressTransfer": transfer})


def disable_address_transfer(response):
    transfer = response.ec2_backend.transfers.pop(response._get_param("AllocationId"), None)
    if transfer is None:
        raise EC2ClientError("InvalidTransfer", "there is no transfer of this address")
    return ActionResult({"AddressTransfer": {**transfer, "AddressTransferStatus": "disabled"}})


def associate_nat_gateway_address(response):
    backend = response.ec2_backend
    nat = _nat(backend, response._get_param("NatGatewayId"))
    for allocation in response._get_param("AllocationIds", []):
        address = backend.address_by_allocation([allocation])[0]
        if address.association_id:
            raise EC2ClientError("Resource.AlreadyAssociated", f"{allocation} is taken")
        address.eni, address.association_id = nat._eni, random_eip_association_id()
        nat.address_set.append(
            {
                "allocationId": allocation,
                "publicIp": address.public_ip,
                "associationId": address.association_id,
                "networkInterfaceId": nat._eni.id,
                "isPrimary": False,
                "status": "succeeded",
            }
        )
    return ActionResult({"NatGatewayId": nat.id, "NatGatewayAddresses": nat.address_set})


def disassociate_nat_gateway_address(response):
    backend = response.ec2_backend
    nat = _nat(backend, response._get_param("NatGatewayId"))
    going = response._get_param("AssociationIds", [])
    if nat.address_set[0].get("associationId") in going:
        raise EC2ClientError("InvalidParameter", "the primary address cannot be taken away")
    for address in backend.addresses:
        if address.association_id in going:
            address.eni, address.association_id = None, None
    nat.address_set = [one for one in nat.address_set if one.get("associationId") not in going]
    return ActionResult({"NatGatewayId": nat.id, "NatGatewayAddresses": nat.address_set})


def _nat(backend, nat_gateway_id):
    nat = backend.nat_gateways.get(nat_gateway_id)
    if nat is None or nat.state == "deleted":
        raise EC2ClientError("NatGatewayNotFound", f"The Nat Gateway {nat_gateway_id} was not found")
    return nat


def enable_vgw_route_propagation(response):
    """With two networks that somebody is supposed to have announced."""
    backend = response.ec2_backend
    table = backend.get_route_table(response._get_param("RouteTableId"))
    gateway = response._get_param("GatewayId")
    table.vgws = [*getattr(table, "vgws", []), gateway]
    for cidr in ("192.168.0.0/16", "198.18.0.0/15"):
        backend.create_route(table.id, cidr, gateway_id=gateway).propagated = True
    return EmptyResult()


def _propagating(table):
    return [{"GatewayId": gateway} for gateway in getattr(table, "vgws", [])]


def _origin(route):
    if getattr(route, "propagated", False):
        return "EnableVgwRoutePropagation"
    return "CreateRouteTable" if route.local else "CreateRoute"


def _aws_policies(backend):
    """The one policy of AWS's own that anybody here attaches."""
    data = {
        "Arn": f"arn:aws:iam::aws:policy/{VPC_ACCESS}",
        "Path": "/service-role/",
        "CreateDate": "2015-02-11T23:15:26+00:00",
        "UpdateDate": "2024-01-05T22:38:43+00:00",
        "DefaultVersionId": "v3",
        "Document": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": INTERFACES, "Resource": "*"}],
        },
    }
    name = VPC_ACCESS.rpartition("/")[2]
    return [iam.AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, data)]


def simulate_principal_policy(response):
    """Whether the role has AWS's own policy for functions in a VPC: no test here attaches another."""
    role = response.backend.get_role_by_arn(response._get_param("PolicySourceArn"))
    may = any(arn.endswith(VPC_ACCESS) for arn in role.managed_policies)
    results = [
        {
            "EvalActionName": action,
            "EvalResourceName": "*",
            "EvalDecision": "allowed" if may and action in INTERFACES else "implicitDeny",
        }
        for action in response._get_param("ActionNames", [])
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})
