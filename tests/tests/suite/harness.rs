//! The harness itself: an emulator that lies or a fault that does nothing would make every other test
//! worthless.

use std::thread;

use killick_tests::{Aws, Server, writes};
use serde_json::json;

fn vpcs(aws: &Aws) -> usize {
    aws.world().of("vpc").len()
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn servers_are_separate_and_empty() {
    let (one, two) = (Server::start(), Server::start());
    assert_ne!(one.url(), two.url());
    one.aws().create_function("billing-sync");
    assert_eq!(one.aws().world().of("function").len(), 1);
    assert_eq!(two.aws().world().of("function").len(), 0);
    one.reset();
    assert_eq!(one.aws().world().of("function").len(), 0);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn calls_are_logged_by_name_but_not_the_observers() {
    let server = Server::start();
    let aws = server.aws();
    aws.create_function("billing-sync");
    assert!(server.calls().is_empty());
    let plain = aws.ordinary();
    plain.ec2(
        "describe_vpcs",
        json!({"Filters": [{"Name": "tag:a", "Values": ["b"]}]}),
    );
    plain.call("sts", "get_caller_identity", json!({}));
    plain.lambda(
        "get_function_configuration",
        json!({"FunctionName": "billing-sync"}),
    );
    plain.lambda("list_functions", json!({}));
    plain.set_vpc_config("billing-sync", &[], &[]);
    let calls = server.calls();
    let names: Vec<_> = calls
        .iter()
        .map(|call| (&*call.service, &*call.action))
        .collect();
    let wanted = [
        ("ec2", "DescribeVpcs"),
        ("sts", "GetCallerIdentity"),
        ("lambda", "GetFunctionConfiguration"),
        ("lambda", "ListFunctions"),
        ("lambda", "UpdateFunctionConfiguration"),
    ];
    assert_eq!(names, wanted);
    assert_eq!(writes(&calls), ["UpdateFunctionConfiguration"]);
    assert_eq!(calls[0].params["Filter.1.Name"], "tag:a");
    assert_eq!(calls[0].region, "ap-northeast-1");
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn throttling_looks_like_aws_in_each_service() {
    let server = Server::start();
    let plain = server.aws().ordinary();
    server.faults(&json!([{"kind": "throttle", "every": 3}]));
    let seen: Vec<_> = (0..6)
        .map(|_| {
            plain
                .try_call("ec2", "describe_vpcs", json!({}))
                .err()
                .map(|e| (e.status, e.code))
        })
        .collect();
    let refused = Some((Some(503), "RequestLimitExceeded".to_owned()));
    assert_eq!(seen, [None, None, refused.clone(), None, None, refused]);
    server.faults(&json!([{"kind": "throttle", "count": 2}]));
    let error = plain
        .try_call("lambda", "list_functions", json!({}))
        .unwrap_err();
    assert_eq!(
        (error.status, &*error.code),
        (Some(429), "TooManyRequestsException")
    );
    let error = plain
        .try_call("sts", "get_caller_identity", json!({}))
        .unwrap_err();
    assert_eq!(error.code, "Throttling");
    plain.call("sts", "get_caller_identity", json!({}));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn denials_and_errors_carry_their_codes() {
    let server = Server::start();
    let plain = server.aws().ordinary();
    server.faults(&json!([
        {"kind": "deny", "action": "Describe*"},
        {"kind": "deny", "service": "lambda"},
        {"kind": "error", "action": "CreateVpc", "code": "VpcLimitExceeded", "message": "a & b", "count": 1},
    ]));
    let code = |service: &str, operation: &str, args| {
        let error = plain.try_call(service, operation, args).unwrap_err();
        (error.code, error.message)
    };
    assert_eq!(
        code("ec2", "describe_vpcs", json!({})).0,
        "UnauthorizedOperation"
    );
    let (denied, text) = code("lambda", "list_functions", json!({}));
    assert_eq!(denied, "AccessDeniedException");
    assert!(text.contains("lambda:ListFunctions"), "{text}");
    let vpc = json!({"CidrBlock": "10.9.0.0/16"});
    assert_eq!(
        code("ec2", "create_vpc", vpc.clone()),
        ("VpcLimitExceeded".into(), "a & b".into())
    );
    plain.ec2("create_vpc", vpc);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_cut_connection_acts_or_not_as_told() {
    let server = Server::start();
    let aws = server.aws();
    let plain = server.aws().ordinary();
    let before = vpcs(&aws);
    let vpc = json!({"CidrBlock": "10.9.0.0/16"});
    server.faults(&json!([{"kind": "cut_before", "action": "CreateVpc", "count": 1}]));
    let error = plain
        .try_call("ec2", "create_vpc", vpc.clone())
        .unwrap_err();
    assert_eq!((error.status, vpcs(&aws)), (None, before));
    server.faults(&json!([{"kind": "cut_after", "action": "CreateVpc", "count": 1}]));
    let error = plain
        .try_call("ec2", "create_vpc", vpc.clone())
        .unwrap_err();
    assert_eq!((error.status, vpcs(&aws)), (None, before + 1));
    plain.ec2("create_vpc", vpc);
    assert_eq!(vpcs(&aws), before + 2);
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn nonsense_is_not_understood() {
    let server = Server::start();
    let plain = server.aws().ordinary();
    server.faults(&json!([{"kind": "nonsense", "body": "<<<"}]));
    let error = plain
        .try_call("ec2", "describe_vpcs", json!({}))
        .unwrap_err();
    assert_eq!(error.code, "ResponseParserError");
    // boto3 takes a foreign page for an empty answer, which is the trap that this fault sets for killick.
    server.faults(&json!([{"kind": "nonsense"}]));
    assert_eq!(plain.ec2("describe_vpcs", json!({})), json!({}));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_world_stops_at_the_chosen_write() {
    for (when, acted, drop) in [
        ("after", 2, true),
        ("before", 1, true),
        ("before", 2, false),
    ] {
        let server = Server::start();
        let (aws, plain) = (server.aws(), server.aws().ordinary());
        let before = vpcs(&aws);
        server.faults(&json!([{"kind": "hang_at", "n": 2, "when": when}]));
        assert_eq!(server.wait_hung(0), None);
        let create = json!({"CidrBlock": "10.9.0.0/16"});
        plain.ec2("create_vpc", create.clone());
        let (second, third) = thread::scope(|scope| {
            let second = scope.spawn(|| plain.try_call("ec2", "create_vpc", create.clone()));
            assert_eq!(server.wait_hung(30).as_deref(), Some("CreateVpc"));
            let third = scope.spawn(|| plain.try_call("ec2", "create_vpc", create.clone()));
            while server.calls().len() < 3 {
                thread::yield_now();
            }
            plain.ec2("describe_vpcs", json!({}));
            let hung_before = usize::from(when == "after");
            assert_eq!(vpcs(&aws), before + 1 + hung_before, "{when}");
            server.release(drop);
            (second.join().unwrap(), third.join().unwrap())
        });
        assert_eq!(second.is_err(), drop, "{when}: {second:?}");
        assert_eq!(third.is_err(), drop, "{when}: {third:?}");
        assert_eq!(vpcs(&aws), before + acted + usize::from(!drop), "{when}");
    }
}
