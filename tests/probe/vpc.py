"""VPCs, their DNS attributes and secondary CIDR blocks, DHCP options, and block public access."""

from .checks import check, dry_run, one, page_size_is_bounded, refused, require, same, token_is_verified, unknown, where


def now(cloud, vpc):
    """A VPC as described."""
    return cloud.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]


def attribute(cloud, vpc, name):
    """One DNS attribute, the only way AWS tells them."""
    answer = cloud.ec2.describe_vpc_attribute(VpcId=vpc, Attribute=name)
    return answer[name[0].upper() + name[1:]]["Value"]


def block_states(cloud, vpc):
    """The IPv4 blocks of a VPC and the state of their association; a disassociated one counts as gone."""
    blocks = now(cloud, vpc)["CidrBlockAssociationSet"]
    states = {block["CidrBlock"]: block["CidrBlockState"]["State"] for block in blocks}
    return {cidr: state for cidr, state in states.items() if state != "disassociated"}


def second_block(cloud, vpc, cidr="10.1.0.0/16"):
    """Associate another block, wait for it, and answer the association's id."""
    answer = cloud.ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock=cidr)["CidrBlockAssociation"]
    cloud.wait(lambda: block_states(cloud, vpc).get(cidr), lambda state: state == "associated", "not associated")
    return answer["AssociationId"]


@check
def create_echoes_what_was_made(cloud):
    """The answer of CreateVpc carries the identity and the defaults."""
    vpc = cloud.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]
    require(vpc["VpcId"].startswith("vpc-"), f"the id is {vpc['VpcId']}")
    require(vpc["State"] in ("pending", "available"), f"the state is {vpc['State']}")
    same(vpc["CidrBlock"], "10.0.0.0/16", "the block")
    same(vpc["InstanceTenancy"], "default", "the tenancy")
    same(vpc["IsDefault"], False, "IsDefault")
    require(len(vpc["OwnerId"]) == 12, "the owner is not an account id")
    block = one(vpc["CidrBlockAssociationSet"], "block associations")
    require(block["AssociationId"].startswith("vpc-cidr-assoc-"), f"the association is {block['AssociationId']}")


@check
def becomes_available(cloud):
    """A new VPC ends up `available`."""
    vpc = cloud.vpc()
    cloud.wait(lambda: now(cloud, vpc)["State"], lambda state: state == "available", "not available")


@check
def cidr_is_canonicalised(cloud):
    """Host bits are cleared: 100.68.0.18/18 becomes 100.68.0.0/18."""
    same(now(cloud, cloud.vpc("100.68.0.18/18"))["CidrBlock"], "100.68.0.0/18", "the block")


@check
def dedicated_tenancy_is_kept(cloud):
    """The tenancy asked for is the tenancy described."""
    same(now(cloud, cloud.vpc(InstanceTenancy="dedicated"))["InstanceTenancy"], "dedicated", "the tenancy")


@check
def ipv6_block_is_provided_by_amazon(cloud):
    """AmazonProvidedIpv6CidrBlock brings a /56."""
    vpc = cloud.vpc(AmazonProvidedIpv6CidrBlock=True)
    blocks = cloud.wait(
        lambda: [
            block["Ipv6CidrBlock"]
            for block in now(cloud, vpc).get("Ipv6CidrBlockAssociationSet", [])
            if block["Ipv6CidrBlockState"]["State"] == "associated"
        ],
        lambda found: len(found) == 1,
        "no associated IPv6 block",
    )
    require(blocks[0].endswith("::/56"), f"the IPv6 block is {blocks[0]}")


@check
def dns_attributes_have_their_defaults(cloud):
    """CreateVpc leaves DNS support on and DNS hostnames off."""
    vpc = cloud.vpc()
    same(attribute(cloud, vpc, "enableDnsSupport"), True, "DNS support")
    same(attribute(cloud, vpc, "enableDnsHostnames"), False, "DNS hostnames")


@check
def dns_hostnames_can_be_enabled(cloud):
    """ModifyVpcAttribute changes the one attribute and leaves the other."""
    vpc = cloud.vpc()
    cloud.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    cloud.soon(lambda: attribute(cloud, vpc, "enableDnsHostnames"), True, "DNS hostnames")
    same(attribute(cloud, vpc, "enableDnsSupport"), True, "DNS support")


@check
def dns_attributes_change_one_per_call(cloud):
    """Two DNS attributes in one call are refused."""
    both = {"EnableDnsHostnames": {"Value": True}, "EnableDnsSupport": {"Value": True}}
    vpc = cloud.vpc()
    refused(cloud.ec2.modify_vpc_attribute, "InvalidParameter*", VpcId=vpc, **both)
    same(attribute(cloud, vpc, "enableDnsHostnames"), False, "DNS hostnames after the refusal")


@check
def dns_hostnames_need_dns_support(cloud):
    """Hostnames cannot be enabled while DNS support is off."""
    vpc = cloud.vpc()
    cloud.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": False})
    cloud.soon(lambda: attribute(cloud, vpc, "enableDnsSupport"), False, "DNS support")
    refused(cloud.ec2.modify_vpc_attribute, VpcId=vpc, EnableDnsHostnames={"Value": True})


@check
def attributes_of_unknown_vpc_are_refused(cloud):
    """Reading and changing attributes names the missing VPC."""
    gone = unknown("vpc")
    read = cloud.ec2.describe_vpc_attribute
    refused(read, "InvalidVpcID.NotFound", VpcId=gone, Attribute="enableDnsSupport")
    change = cloud.ec2.modify_vpc_attribute
    refused(change, "InvalidVpcID.NotFound", VpcId=gone, EnableDnsSupport={"Value": True})


@check
def unknown_attribute_is_refused(cloud):
    """DescribeVpcAttribute knows a closed list of attributes."""
    refused(cloud.ec2.describe_vpc_attribute, VpcId=cloud.vpc(), Attribute="enableTelepathy")


@check
def unknown_id_is_refused(cloud):
    """An id that names nothing is an error when asked for by id."""
    refused(cloud.ec2.describe_vpcs, "InvalidVpcID.NotFound", VpcIds=[unknown("vpc")])


@check
def one_missing_id_fails_the_whole_call(cloud):
    """A describe by ids answers all of them or none."""
    refused(cloud.ec2.describe_vpcs, "InvalidVpcID.NotFound", VpcIds=[cloud.vpc(), unknown("vpc")])


@check
def filter_on_a_missing_id_finds_nothing(cloud):
    """With a filter a missing VPC is merely absent."""
    same(cloud.ec2.describe_vpcs(Filters=where(vpc_id=unknown("vpc")))["Vpcs"], [], "what the filter finds")


@check
def block_size_is_bounded(cloud):
    """Only /16 to /28 can be had."""
    for cidr in ("10.0.0.0/8", "10.0.0.0/29"):
        refused(cloud.ec2.create_vpc, "InvalidVpcRange", "InvalidVpc.Range", CidrBlock=cidr)


@check
def malformed_block_is_refused(cloud):
    """A block that is no CIDR block is an invalid value."""
    refused(cloud.ec2.create_vpc, "InvalidParameterValue", CidrBlock="10.0.0.300/16")


@check
def block_must_be_given(cloud):
    """CreateVpc without any source of addresses is refused."""
    refused(cloud.ec2.create_vpc)


@check
def dry_runs_change_nothing(cloud):
    """Dry runs of create, describe and delete all answer DryRunOperation."""
    vpc = cloud.vpc()
    before = len(cloud.ec2.describe_vpcs()["Vpcs"])
    dry_run(cloud.ec2.create_vpc, CidrBlock="10.9.0.0/16")
    dry_run(cloud.ec2.describe_vpcs)
    dry_run(cloud.ec2.delete_vpc, VpcId=vpc)
    same(len(cloud.ec2.describe_vpcs()["Vpcs"]), before, "the number of VPCs")


@check
def max_results_is_bounded(cloud):
    """Pages hold 5 to 1000 VPCs."""
    page_size_is_bounded(cloud, "DescribeVpcs", 5, 1000)


@check
def invented_token_is_refused(cloud):
    """NextToken is not free text."""
    token_is_verified(cloud.ec2.describe_vpcs)


@check
def sixth_vpc_is_refused(cloud):
    """The default quota is five VPCs in a region."""

    def make_six():
        for _ in range(6):
            cloud.vpc()

    refused(make_six, "VpcLimitExceeded")


@check
def delete_removes_it(cloud):
    """A deleted VPC is gone, and a second delete says so."""
    vpc = cloud.vpc()
    cloud.ec2.delete_vpc(VpcId=vpc)
    cloud.soon(lambda: cloud.ec2.describe_vpcs(Filters=where(vpc_id=vpc))["Vpcs"], [], "what is left")
    refused(cloud.ec2.delete_vpc, "InvalidVpcID.NotFound", VpcId=vpc)


@check
def delete_takes_the_defaults_along(cloud):
    """The main table, the default ACL and the default group go with their VPC."""
    vpc = cloud.vpc()
    cloud.ec2.delete_vpc(VpcId=vpc)
    ours = where(vpc_id=vpc)
    cloud.soon(lambda: cloud.ec2.describe_route_tables(Filters=ours)["RouteTables"], [], "the tables left")
    cloud.soon(lambda: cloud.ec2.describe_network_acls(Filters=ours)["NetworkAcls"], [], "the ACLs left")
    cloud.soon(lambda: cloud.ec2.describe_security_groups(Filters=ours)["SecurityGroups"], [], "the groups left")


@check
def subnet_holds_it(cloud):
    """A VPC with a subnet cannot be deleted."""
    vpc = cloud.vpc()
    cloud.subnet(vpc)
    refused(cloud.ec2.delete_vpc, "DependencyViolation", VpcId=vpc)


@check
def internet_gateway_holds_it(cloud):
    """A VPC with an attached internet gateway cannot be deleted."""
    vpc = cloud.vpc()
    cloud.gateway(vpc)
    refused(cloud.ec2.delete_vpc, "DependencyViolation", VpcId=vpc)


@check
def security_group_holds_it(cloud):
    """A VPC with a group other than the default one cannot be deleted."""
    vpc = cloud.vpc()
    cloud.group(vpc)
    refused(cloud.ec2.delete_vpc, "DependencyViolation", VpcId=vpc)


@check
def route_table_holds_it(cloud):
    """A VPC with a table other than the main one cannot be deleted."""
    vpc = cloud.vpc()
    cloud.table(vpc)
    refused(cloud.ec2.delete_vpc, "DependencyViolation", VpcId=vpc)


@check
def secondary_block_associates(cloud):
    """A second block joins the first one."""
    vpc = cloud.vpc()
    require(second_block(cloud, vpc).startswith("vpc-cidr-assoc-"), "the association has no id of its own kind")
    same(sorted(block_states(cloud, vpc)), ["10.0.0.0/16", "10.1.0.0/16"], "the blocks")
    same(now(cloud, vpc)["CidrBlock"], "10.0.0.0/16", "the primary block")


@check
def secondary_block_disassociates(cloud):
    """A second block can leave again."""
    vpc = cloud.vpc()
    association = second_block(cloud, vpc)
    cloud.ec2.disassociate_vpc_cidr_block(AssociationId=association)
    cloud.wait(lambda: sorted(block_states(cloud, vpc)), lambda blocks: blocks == ["10.0.0.0/16"], "not gone")


@check
def overlapping_block_is_refused(cloud):
    """A second block may not overlap the first."""
    refused(cloud.ec2.associate_vpc_cidr_block, VpcId=cloud.vpc(), CidrBlock="10.0.128.0/20")


@check
def primary_block_stays(cloud):
    """The primary block cannot be disassociated."""
    vpc = cloud.vpc()
    primary = one(now(cloud, vpc)["CidrBlockAssociationSet"], "block associations")["AssociationId"]
    refused(cloud.ec2.disassociate_vpc_cidr_block, AssociationId=primary)
    same(sorted(block_states(cloud, vpc)), ["10.0.0.0/16"], "the blocks")


@check
def block_with_a_subnet_stays(cloud):
    """A second block cannot leave while a subnet lies in it."""
    vpc = cloud.vpc()
    association = second_block(cloud, vpc)
    cloud.subnet(vpc, "10.1.1.0/24")
    refused(cloud.ec2.disassociate_vpc_cidr_block, AssociationId=association)


@check
def unknown_block_association_is_refused(cloud):
    """Disassociating a block needs an association that exists."""
    gone = unknown("vpc-cidr-assoc")
    refused(cloud.ec2.disassociate_vpc_cidr_block, "*.NotFound", AssociationId=gone)


def dhcp_options(cloud):
    """DHCP options with two settings, deleted at the end."""
    settings = [
        {"Key": "domain-name", "Values": ["example.internal"]},
        {"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]},
    ]
    return cloud.ec2.create_dhcp_options(DhcpConfigurations=settings)["DhcpOptions"]["DhcpOptionsId"]


@check
def dhcp_options_are_described(cloud):
    """DHCP options come back with every setting."""
    options = dhcp_options(cloud)
    found = cloud.ec2.describe_dhcp_options(DhcpOptionsIds=[options])["DhcpOptions"][0]["DhcpConfigurations"]
    settings = {setting["Key"]: [value["Value"] for value in setting["Values"]] for setting in found}
    wanted = {"domain-name": ["example.internal"], "domain-name-servers": ["AmazonProvidedDNS"]}
    same(settings, wanted, "the settings")


@check
def dhcp_options_are_associated_and_held(cloud):
    """A VPC takes other DHCP options, which then cannot be deleted."""
    options = dhcp_options(cloud)
    vpc = cloud.vpc()
    cloud.ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=vpc)
    cloud.soon(lambda: now(cloud, vpc)["DhcpOptionsId"], options, "the options of the VPC")
    refused(cloud.ec2.delete_dhcp_options, "DependencyViolation", DhcpOptionsId=options)


@check
def unknown_dhcp_options_are_refused(cloud):
    """DHCP options that do not exist cannot be deleted or associated."""
    gone = unknown("dopt")
    refused(cloud.ec2.delete_dhcp_options, "InvalidDhcpOption*.NotFound", DhcpOptionsId=gone)
    refused(cloud.ec2.associate_dhcp_options, "InvalidDhcpOption*.NotFound", DhcpOptionsId=gone, VpcId=cloud.vpc())


@check
def public_access_is_open_by_default(cloud):
    """Block public access is off in the account and in a new VPC."""
    options = cloud.ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    same(options["InternetGatewayBlockMode"], "off", "the mode of the account")
    same(now(cloud, cloud.vpc())["BlockPublicAccessStates"]["InternetGatewayBlockMode"], "off", "the mode of the VPC")


@check
def public_access_can_be_blocked(cloud):
    """The mode of the account shows on its VPCs once the update is complete."""
    ec2 = cloud.ec2
    vpc = cloud.vpc()

    def switch(mode):
        ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode=mode)
        cloud.wait(
            lambda: ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]["State"],
            lambda state: state in ("update-complete", "default-state"),
            "the update does not end",
        )

    cloud.later(lambda: switch("off"))
    switch("block-bidirectional")
    cloud.soon(
        lambda: now(cloud, vpc)["BlockPublicAccessStates"]["InternetGatewayBlockMode"],
        "block-bidirectional",
        "the mode of the VPC",
    )
