"""Service Quotas: what is told is what is enforced."""

from .checks import check, pluck, refused, require, same

ALL = {
    ("ec2", "L-0263D0A3"): 5,
    ("vpc", "L-F678F1CE"): 5,
    ("vpc", "L-A4707A72"): 5,
    ("vpc", "L-FE5A380F"): 5,
    ("vpc", "L-407747CB"): 200,
    ("vpc", "L-589F43AA"): 200,
    ("vpc", "L-93826ACB"): 500,
    ("vpc", "L-E79EC296"): 2500,
    ("vpc", "L-2AFB9258"): 5,
}
MISSING = "NoSuchResourceException"


def told(call, service, code):
    """The value of a quota."""
    return call(ServiceCode=service, QuotaCode=code)["Quota"]["Value"]


@check
def applied_values_are_told(cloud):
    """An account without increases has the default values."""
    found = {key: told(cloud.quotas.get_service_quota, *key) for key in ALL}
    same(found, ALL, "the values")


@check
def default_values_are_told(cloud):
    """The defaults are those of the documentation."""
    found = {key: told(cloud.quotas.get_aws_default_service_quota, *key) for key in ALL}
    same(found, ALL, "the values")


@check
def quota_names_itself(cloud):
    """A quota comes with its codes, names, unit and ARN."""
    quota = cloud.quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-0263D0A3")["Quota"]
    wanted = {
        "ServiceCode": "ec2",
        "QuotaCode": "L-0263D0A3",
        "QuotaName": "EC2-VPC Elastic IPs",
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
    same({key: quota.get(key) for key in wanted}, wanted, "the quota")
    require(quota["QuotaArn"].endswith(":ec2/L-0263D0A3"), f"the ARN is {quota['QuotaArn']}")


@check
def unknown_quota_is_refused(cloud):
    """Unknown services and quotas, and quotas of another service, are not found."""
    for call in (cloud.quotas.get_service_quota, cloud.quotas.get_aws_default_service_quota):
        refused(call, MISSING, ServiceCode="vpc", QuotaCode="L-00000000")
        refused(call, MISSING, ServiceCode="ec2", QuotaCode="L-F678F1CE")
        refused(call, MISSING, ServiceCode="probe", QuotaCode="L-F678F1CE")
    refused(cloud.quotas.list_service_quotas, MISSING, ServiceCode="probe")


@check
def quotas_are_listed_in_pages(cloud):
    """Pages hold every quota of the service once."""
    for call in (cloud.quotas.list_service_quotas, cloud.quotas.list_aws_default_service_quotas):
        found, token = [], {}
        for _ in range(1000):
            answer = call(ServiceCode="vpc", MaxResults=3, **token)
            require(len(answer["Quotas"]) <= 3, "a page holds more than MaxResults items")
            found += pluck(answer["Quotas"], "QuotaCode")
            if not answer.get("NextToken"):
                break
            token = {"NextToken": answer["NextToken"]}
        same(len(found), len(set(found)), "the number of quotas")
        wanted = {code for service, code in ALL if service == "vpc"}
        require(wanted <= set(found), f"missing: {sorted(wanted - set(found))}")


@check
def addresses_end_where_it_says(cloud):
    """So many addresses as the quota says can be allocated, and not one more."""
    quota = int(told(cloud.quotas.get_service_quota, "ec2", "L-0263D0A3"))
    for _ in range(quota - len(cloud.ec2.describe_addresses()["Addresses"])):
        cloud.address()
    refused(cloud.address, "AddressLimitExceeded")


@check
def nat_gateways_end_where_it_says(cloud):
    """A zone takes as many NAT gateways as the quota says; those that are pending count."""
    quota = int(told(cloud.quotas.get_service_quota, "vpc", "L-FE5A380F"))
    subnet = cloud.subnet(cloud.vpc())
    for _ in range(quota):
        cloud.nat(SubnetId=subnet, ConnectivityType="private")
    more = {"SubnetId": subnet, "ConnectivityType": "private"}
    refused(cloud.ec2.create_nat_gateway, "NatGatewayLimitExceeded", **more)
