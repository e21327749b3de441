//! NAT gateways, internet gateways, and the addresses that partners know.

use killick_tests::{Site, Stack};
use serde_json::json;

use super::{A, CRITICAL, Case, INFO, PRUNE, Repair, TABLE, WARNING, case, hands};
use Repair::{Automatic, Guarded, Lost, Nothing, Refuse, Report};

const NAT: &str = "nat_gateway/ap-northeast-1a";
const EIP: &str = "elastic_ip/ap-northeast-1a";
const CHANGE: Repair = Guarded("--change-addresses");

pub(crate) fn cases() -> Vec<Case> {
    let critical = (CRITICAL, Automatic);
    vec![
        case("NAT gateway deleted", critical, NAT, "", |site| delete(site, A)),
        case("all NAT gateways deleted", critical, NAT, "", |site| {
            delete(site, A);
            delete(site, "ap-northeast-1c");
        })
        .with(2),
        case("a stranger's NAT gateway", (INFO, Report), "subnet/public-ap-northeast-1a", "nat_gateways.", |site| {
            let (aws, stack) = hands(site);
            aws.create_nat(public(&stack));
        }),
        case("NAT gateway made again by hand", (CRITICAL, CHANGE), NAT, "", remake).leaving(1),
        case("a further address", (CRITICAL, PRUNE), NAT, "secondary.", |site| {
            let (aws, stack) = hands(site);
            let address = aws.create_address();
            let args = json!({"NatGatewayId": stack.id(NAT), "AllocationIds": [address]});
            aws.ec2("associate_nat_gateway_address", args);
        }),
        case("a promised address released", (CRITICAL, CHANGE), EIP, "promised.", release).with(2),
        case("a promised address lost", (CRITICAL, Lost), EIP, "promised.", release)
            .with(2)
            .while_aws(|| {
                json!([{"kind": "error", "action": "AllocateAddress",
                    "code": "InvalidAddress.NotFound", "message": "Address not found."}])
            }),
        case("a promised address taken", (CRITICAL, Report), EIP, "promised.", |site| {
            pin(site);
            delete(site, A);
            let (aws, stack) = hands(site);
            let args = json!({
                "AllocationId": stack.id(EIP), "NetworkInterfaceId": aws.create_interface(public(&stack)),
            });
            aws.ec2("associate_address", args);
        })
        .with(2),
        case("an address on offer", (CRITICAL, PRUNE), EIP, "transfer.to", |site| {
            let (aws, stack) = hands(site);
            let args = json!({"AllocationId": stack.id(EIP), "TransferAccountId": "111122223333"});
            aws.ec2("enable_address_transfer", args);
        }),
        case("internet gateway detached", critical, "internet_gateway/main", "vpc", |site| {
            let (aws, stack) = hands(site);
            let (igw, vpc) = (stack.id("internet_gateway/main"), stack.id("vpc/main"));
            let args = json!({"InternetGatewayId": igw, "VpcId": vpc});
            aws.ec2("detach_internet_gateway", args);
        }),
        case("tags taken off", (WARNING, Automatic), NAT, "tags.killick:key", |site| {
            let (aws, stack) = hands(site);
            aws.untag(stack.id(NAT), &["killick:stack", "killick:key"]);
        }),
        case("tags of a scanner", (INFO, Nothing), "", "", |site| {
            let (aws, stack) = hands(site);
            let ids: Vec<&String> = stack.ids().values().flatten().collect();
            let tags = json!([{"Key": "cost-center", "Value": "4711"}]);
            aws.ec2("create_tags", json!({"Resources": ids, "Tags": tags}));
        }),
        case("identity copied", (CRITICAL, Refuse), "vpc/main", "", |site| {
            let at = "/Vpc/VpcId";
            let args = json!({"CidrBlock": "10.99.0.0/16"});
            let other = site.aws.ec2_id("create_vpc", args, at);
            let tags = json!([
                {"Key": "killick:stack", "Value": "partner-egress"},
                {"Key": "killick:key", "Value": "vpc/main"},
            ]);
            site.aws.ec2("create_tags", json!({"Resources": [other], "Tags": tags}));
        }),
    ]
}

fn public(stack: &Stack) -> &str {
    stack.id("subnet/public-ap-northeast-1a")
}

fn delete(site: &Site, zone: &str) {
    let (aws, stack) = hands(site);
    let id = stack.id(&format!("nat_gateway/{zone}"));
    aws.ec2("delete_nat_gateway", json!({"NatGatewayId": id}));
}

/// The addresses are promised to partners.
fn pin(site: &Site) {
    site.killick.run(&["ips", "--pin"]).code(0);
}

fn release(site: &Site) {
    pin(site);
    delete(site, A);
    let (aws, stack) = hands(site);
    aws.ec2("release_address", json!({"AllocationId": stack.id(EIP)}));
}

/// Another gateway on another address, and the route leads there.
fn remake(site: &Site) {
    let (aws, stack) = hands(site);
    let (nat, _) = aws.create_nat(public(&stack));
    let args = json!({
        "RouteTableId": stack.id(TABLE), "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": nat,
    });
    aws.ec2("replace_route", args);
    delete(site, A);
}
