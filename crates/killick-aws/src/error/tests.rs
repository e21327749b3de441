#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt;

use aws_sdk_ec2::error::ErrorMetadata;
use aws_smithy_types::body::SdkBody;

use super::*;

#[test]
fn every_code_of_the_table_has_its_class() {
    let rows: &[(&str, &str, &str, u16, Class)] = &[
        (
            "DescribeVpcs",
            "RequestLimitExceeded",
            "",
            503,
            Class::Throttled,
        ),
        (
            "ListFunctions",
            "TooManyRequestsException",
            "",
            429,
            Class::Throttled,
        ),
        (
            "CreateTags",
            "ConcurrentTagAccess",
            "",
            400,
            Class::Throttled,
        ),
        (
            "AllocateAddress",
            "InsufficientAddressCapacity",
            "",
            400,
            Class::Throttled,
        ),
        ("CreateVpc", "InternalError", "", 500, Class::Unknown),
        ("CreateVpc", "ServiceUnavailable", "", 503, Class::Unknown),
        ("CreateVpc", "SomethingNew", "", 500, Class::Unknown),
        ("CreateRoute", "IncorrectState", "", 400, Class::Busy),
        (
            "UpdateFunctionConfiguration",
            "ResourceConflictException",
            "",
            409,
            Class::Busy,
        ),
        (
            "CreateNatGateway",
            "NatGatewayLimitExceeded",
            "",
            400,
            Class::Busy,
        ),
        (
            "DeleteSubnet",
            "DependencyViolation",
            "",
            400,
            Class::StillInUse,
        ),
        (
            "DetachInternetGateway",
            "DependencyViolation",
            "",
            400,
            Class::StillInUse,
        ),
        (
            "ReleaseAddress",
            "InvalidIPAddress.InUse",
            "",
            400,
            Class::StillInUse,
        ),
        (
            "ReleaseAddress",
            "AuthFailure",
            "You do not have permission to access the specified resource.",
            400,
            Class::StillInUse,
        ),
        (
            "ReleaseAddress",
            "AuthFailure",
            "The address does not belong to you",
            400,
            Class::Gone,
        ),
        (
            "DescribeVpcs",
            "AuthFailure",
            "credentials",
            401,
            Class::Fatal,
        ),
        ("DeleteVpc", "InvalidVpcID.NotFound", "", 400, Class::Gone),
        (
            "DeleteNatGateway",
            "NatGatewayNotFound",
            "",
            400,
            Class::Gone,
        ),
        (
            "DetachInternetGateway",
            "Gateway.NotAttached",
            "",
            400,
            Class::Gone,
        ),
        (
            "RevokeSecurityGroupEgress",
            "InvalidPermission.NotFound",
            "",
            400,
            Class::Gone,
        ),
        (
            "DisassociateRouteTable",
            "InvalidAssociationID.NotFound",
            "",
            400,
            Class::Gone,
        ),
        (
            "CreateRoute",
            "InvalidNatGatewayID.NotFound",
            "",
            400,
            Class::NotYetVisible,
        ),
        (
            "CreateNatGateway",
            "InvalidSubnet",
            "",
            400,
            Class::NotYetVisible,
        ),
        (
            "AttachInternetGateway",
            "InvalidInternetGatewayID.NotFound",
            "",
            400,
            Class::NotYetVisible,
        ),
        (
            "ReplaceRoute",
            "InvalidRoute.NotFound",
            "",
            400,
            Class::Fatal,
        ),
        (
            "CreateRoute",
            "InvalidParameterValue",
            "route table rtb-1 and network gateway igw-1 belong to different networks",
            400,
            Class::NotYetVisible,
        ),
        ("CreateVpc", "UnauthorizedOperation", "", 403, Class::Denied),
        (
            "UpdateFunctionConfiguration",
            "AccessDeniedException",
            "",
            403,
            Class::Denied,
        ),
        ("CreateVpc", "VpcLimitExceeded", "", 400, Class::Fatal),
        (
            "AllocateAddress",
            "AddressLimitExceeded",
            "",
            400,
            Class::Fatal,
        ),
        (
            "CreateNatGateway",
            "IdempotentParameterMismatch",
            "",
            400,
            Class::Fatal,
        ),
    ];
    for (operation, code, message, status, class) in rows {
        assert_eq!(
            classify(operation, code, message, *status),
            *class,
            "{operation} {code}"
        );
    }
}

#[test]
fn lambda_says_three_things_with_one_code() {
    let class = |message| {
        let code = "InvalidParameterValueException";
        classify("UpdateFunctionConfiguration", code, message, 400)
    };
    assert_eq!(
        class("The role defined for the function cannot be assumed by Lambda."),
        Class::Busy
    );
    assert_eq!(
        class(
            "The provided execution role does not have permissions to call CreateNetworkInterface"
        ),
        Class::Busy
    );
    assert_eq!(
        class("Your request has been throttled by EC2"),
        Class::Throttled
    );
    assert_eq!(
        class("EC2 Error Code: InvalidSubnetID.NotFound"),
        Class::NotYetVisible
    );
    assert_eq!(class("The runtime is not supported"), Class::Fatal);
}

#[derive(Debug)]
struct Refusal(ErrorMetadata);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl Error for Refusal {}

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

fn answer(status: u16, code: Option<&str>) -> CloudError {
    let mut meta = ErrorMetadata::builder();
    if let Some(code) = code {
        meta = meta.code(code).message("no");
    }
    let raw = HttpResponse::new(status.try_into().unwrap(), SdkBody::from("<html>"));
    let error = SdkError::service_error(Refusal(meta.build()), raw);
    Operation::ec2("CreateVpc").failed(&error)
}

#[test]
fn an_answer_without_a_code_is_told_by_its_status() {
    assert_eq!(
        answer(403, Some("UnauthorizedOperation")).class,
        Class::Denied
    );
    assert_eq!(answer(503, None).class, Class::Unknown);
    assert_eq!(answer(502, None).class, Class::Unknown);
    assert_eq!(answer(400, None).class, Class::Fatal);
    let garbage = answer(200, None);
    assert_eq!(
        (garbage.class, garbage.code.as_str()),
        (Class::Unknown, UNREADABLE_ANSWER)
    );
}

#[test]
fn a_request_that_never_left_is_told_from_one_without_an_answer() {
    use aws_smithy_runtime_api::client::result::ConnectorError;
    let sent = |words: &str| {
        let source = std::io::Error::other(words.to_owned());
        let error: SdkError<Refusal, HttpResponse> =
            SdkError::dispatch_failure(ConnectorError::io(source.into()));
        Operation::ec2("AllocateAddress").failed(&error).class
    };
    assert_eq!(
        sent("tcp connect error: Connection refused"),
        Class::Unreached
    );
    assert_eq!(
        sent("dns error: failed to look up address"),
        Class::Unreached
    );
    assert_eq!(sent("connection reset by peer"), Class::Unknown);
    assert_eq!(sent("Network is unreachable"), Class::Unknown);
    let timeout: SdkError<Refusal, HttpResponse> = SdkError::timeout_error("slow");
    assert_eq!(
        Operation::ec2("AllocateAddress").failed(&timeout).class,
        Class::Unknown
    );
}

#[test]
fn a_refused_call_names_the_permission_it_needs() {
    assert_eq!(
        answer(403, Some("UnauthorizedOperation")).permission(),
        "ec2:CreateVpc"
    );
}
