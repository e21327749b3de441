//! The things that an event is about.

use serde_json::Value;

/// What ids begin with, and what they are of.
const KINDS: [(&str, &str); 20] = [
    ("acl-", "AWS::EC2::NetworkAcl"),
    ("aclassoc-", "AWS::EC2::SubnetNetworkAclAssociation"),
    ("dopt-", "AWS::EC2::DHCPOptions"),
    ("eigw-", "AWS::EC2::EgressOnlyInternetGateway"),
    ("eipalloc-", "AWS::EC2::EIP"),
    ("eipassoc-", "AWS::EC2::EIPAssociation"),
    ("eni-", "AWS::EC2::NetworkInterface"),
    ("i-", "AWS::EC2::Instance"),
    ("igw-", "AWS::EC2::InternetGateway"),
    ("nat-", "AWS::EC2::NatGateway"),
    ("pcx-", "AWS::EC2::VPCPeeringConnection"),
    ("pl-", "AWS::EC2::PrefixList"),
    ("rtb-", "AWS::EC2::RouteTable"),
    ("rtbassoc-", "AWS::EC2::SubnetRouteTableAssociation"),
    ("sg-", "AWS::EC2::SecurityGroup"),
    ("sgr-", "AWS::EC2::SecurityGroupRule"),
    ("subnet-", "AWS::EC2::Subnet"),
    ("tgw-", "AWS::EC2::TransitGateway"),
    ("vpc-", "AWS::EC2::VPC"),
    ("vpce-", "AWS::EC2::VPCEndpoint"),
];

/// Their types and names, each once: what ids the parameters and the answer
/// have.
pub(super) fn resources(
    service: &str,
    parameters: &Value,
    elements: &Value,
) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for value in [parameters, elements] {
        walk(service, "", value, &mut all);
    }
    all
}

fn walk(service: &str, name: &str, value: &Value, all: &mut Vec<(&'static str, String)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                // Tags may hold anything, and so may their values.
                if !name.to_ascii_lowercase().starts_with("tag") {
                    walk(service, name, value, all);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                walk(service, name, item, all);
            }
        }
        Value::String(text) => {
            let found = kind(service, name, text).map(|kind| (kind, text.clone()));
            all.extend(found.filter(|one| !all.contains(one)));
        }
        _ => {}
    }
}

fn kind(service: &str, name: &str, text: &str) -> Option<&'static str> {
    let by_id = || {
        let (prefix, rest) = text.split_once('-')?;
        let hex = rest.len() > 7 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mut kinds = KINDS.iter().filter(|_| hex);
        let found = kinds.find(|(known, _)| known.strip_suffix('-') == Some(prefix));
        found.map(|(_, kind)| *kind)
    };
    match (service, name) {
        ("lambda", "functionName" | "functionArn" | "resource") => Some("AWS::Lambda::Function"),
        ("iam", "roleName") => Some("AWS::IAM::Role"),
        ("iam", "arn") if text.contains(":role/") => Some("AWS::IAM::Role"),
        ("iam", "policyArn") => Some("AWS::IAM::Policy"),
        ("ssm", "name" | "resourceId") => Some("AWS::SSM::Parameter"),
        ("sns", "topicArn") => Some("AWS::SNS::Topic"),
        ("ec2", "publicIp" | "PublicIp") => Some("AWS::EC2::EIP"),
        _ => by_id(),
    }
}
