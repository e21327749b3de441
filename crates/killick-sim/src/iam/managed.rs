//! Policies of AWS's own. There are no others.

use serde_json::{Value, json};

use super::{Action, Call, encoded, missing};
use crate::failure::Failure;

/// A policy.
pub(super) struct Managed {
    pub(super) name: &'static str,
    pub(super) path: &'static str,
    id: &'static str,
    version: &'static str,
    created: &'static str,
    updated: &'static str,
    /// The default version, as JSON.
    pub(super) document: &'static str,
}

/// What Lambda needs for functions in a VPC.
pub(crate) const VPC_ACCESS: &str =
    "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";

const ALL: &[Managed] = &[
    Managed {
        name: "AWSLambdaVPCAccessExecutionRole",
        path: "/service-role/",
        id: "ANPASANDBOXSANDBOXVPC",
        version: "v3",
        created: "2016-02-11T23:15:26Z",
        updated: "2024-01-05T22:38:26Z",
        document: r#"{"Version":"2012-10-17","Statement":[{"Sid":"AWSLambdaVPCAccessExecutionPermissions","Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents","ec2:CreateNetworkInterface","ec2:DescribeNetworkInterfaces","ec2:DescribeSubnets","ec2:DeleteNetworkInterface","ec2:AssignPrivateIpAddresses","ec2:UnassignPrivateIpAddresses"],"Resource":"*"}]}"#,
    },
    Managed {
        name: "AWSLambdaBasicExecutionRole",
        path: "/service-role/",
        id: "ANPASANDBOXSANDBOXBAS",
        version: "v1",
        created: "2015-04-09T15:03:43Z",
        updated: "2015-04-09T15:03:43Z",
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"#,
    },
    Managed {
        name: "AdministratorAccess",
        path: "/",
        id: "ANPASANDBOXSANDBOXADM",
        version: "v1",
        created: "2015-02-06T18:39:46Z",
        updated: "2015-02-06T18:39:46Z",
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    },
];

pub(super) const ACTIONS: &[(&str, Action)] =
    &[("GetPolicy", get), ("GetPolicyVersion", get_version)];

impl Managed {
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }
}

/// The policy of an ARN.
pub(super) fn find(arn: &str) -> Option<&'static Managed> {
    ALL.iter().find(|policy| policy.arn() == arn)
}

/// Whether a text can be the ARN of a policy.
///
/// # Errors
/// It cannot.
pub(super) fn well_formed(arn: &str) -> Result<(), Failure> {
    let whose = arn.strip_prefix("arn:aws:iam::");
    if whose.is_some_and(|rest| rest.contains(":policy/")) {
        return Ok(());
    }
    let message = format!("ARN {arn} is not valid.");
    Err(Failure::new("InvalidInput", message))
}

/// `PolicyArn`, and the policy.
fn asked(call: &mut Call<'_>) -> Result<&'static Managed, Failure> {
    let arn = call.need("PolicyArn")?;
    well_formed(&arn)?;
    find(&arn).ok_or_else(|| missing(format!("Policy {arn} was not found.")))
}

fn get(call: &mut Call<'_>) -> Result<Value, Failure> {
    let policy = asked(call)?;
    let arn = policy.arn();
    let roles = call.iam.roles.seen(&call.eye);
    let attached = roles.filter(|(_, role)| role.attached.contains(&arn));
    let count = attached.count();
    Ok(json!({"Policy": {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": arn,
        "Path": policy.path,
        "DefaultVersionId": policy.version,
        "AttachmentCount": count,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": true,
        "CreateDate": policy.created,
        "UpdateDate": policy.updated,
    }}))
}

/// The default version; the older ones are not known here.
fn get_version(call: &mut Call<'_>) -> Result<Value, Failure> {
    let policy = asked(call)?;
    let version = call.need("VersionId")?;
    if version != policy.version {
        let message = format!(
            "Policy {} version {version} does not exist or is not attachable.",
            policy.arn()
        );
        return Err(missing(message));
    }
    Ok(json!({"PolicyVersion": {
        "Document": encoded(policy.document),
        "VersionId": version,
        "IsDefaultVersion": true,
        "CreateDate": policy.updated,
    }}))
}
