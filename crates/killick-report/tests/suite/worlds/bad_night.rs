//! A reading of a night on which much went wrong.

use killick_finding::{Change, Severity};
use killick_report::{
    Accepted, Edge, Finding, Judged, Kind, Node, Picture, Report, State, Unread, Who,
};

use super::{base, finding};

/// A NAT gateway is gone, a default route leads to another zone, a route was
/// added, a function lost its VPC, ACLs could not be read, a finding is
/// accepted.
pub(crate) fn bad_night() -> Report {
    let names = ["billing-sync", "report-mailer", "refund-poller"].map(str::to_owned);
    let mut report = base(&["a", "c"], &names);
    report.addresses = vec!["203.0.113.1".to_owned(), "198.51.100.7".to_owned()];
    report.findings = findings();
    report.accepted = vec![Accepted {
        id: "d-0c4e21".to_owned(),
        key: "subnet/private-ap-northeast-1a".to_owned(),
        field: Some("map_public_ip_on_launch".to_owned()),
        what: Change::Changed,
        severity: Severity::Warning,
        effect: "instances started in the private subnet of ap-northeast-1a get public addresses"
            .to_owned(),
        until: "2026-12-01".to_owned(),
        reason: "the migration of the old batch host, OPS-4411".to_owned(),
        line: 31,
    }];
    report.coverage.unreadable = vec![Unread {
        what: "network ACLs".to_owned(),
        permission: "ec2:DescribeNetworkAcls".to_owned(),
        code: "UnauthorizedOperation".to_owned(),
    }];
    for way in &mut report.ways {
        (way.good, way.verdict) = match (way.runner.as_str(), way.zone.as_str()) {
            ("refund-poller", _) => (Judged::Bad, "addresses of AWS, outside the VPC".to_owned()),
            (_, "ap-northeast-1c") => (Judged::Bad, "no way out".to_owned()),
            _ => (
                Judged::Unknown,
                "203.0.113.1, if the network ACL lets it".to_owned(),
            ),
        };
    }
    spoil(&mut report.picture);
    report
}

fn findings() -> Vec<Finding> {
    let mut extra = finding(
        "d-77ab02",
        "route_table/private-ap-northeast-1a",
        Some("routes.192.0.2.0/24"),
        Change::Extra,
        Severity::Warning,
    );
    extra.live = "tgw-0d15ea5e0d15ea5e0".to_owned();
    extra.effect =
        "traffic from ap-northeast-1a to 192.0.2.0/24 goes to tgw-0d15ea5e0d15ea5e0".to_owned();
    extra.repair = "guarded".to_owned();
    extra.undo = "killick apply --prune".to_owned();
    extra.unattributed = Some("the history of the account holds no such call".to_owned());
    let mut gone = finding(
        "d-c76b12",
        "nat_gateway/ap-northeast-1c",
        None,
        Change::Missing,
        Severity::Critical,
    );
    gone.desired = "a NAT gateway on 203.0.113.2".to_owned();
    gone.effect =
        "the NAT gateway of ap-northeast-1c does not exist: functions in ap-northeast-1c \
                   have no way out; its address 203.0.113.2 is kept and will be used again"
            .to_owned();
    gone.who = vec![Who {
        principal: "arn:aws:sts::123456789012:assumed-role/admin/kato".to_owned(),
        at: "2026-11-22T02:51:40Z".to_owned(),
        agent: "AWS Internal (console)".to_owned(),
        event: "DeleteNatGateway".to_owned(),
    }];
    let mut wrong = finding(
        "d-9b735a",
        "route_table/private-ap-northeast-1a",
        Some("routes.0.0.0.0/0"),
        Change::Changed,
        Severity::Critical,
    );
    wrong.live = "eni-0bad0bad0bad0bad0".to_owned();
    wrong.desired = "nat_gateway/ap-northeast-1a".to_owned();
    wrong.effect =
        "functions in ap-northeast-1a leave by 198.51.100.7, which is not in the set".to_owned();
    let mut detached = finding(
        "d-e01f55",
        "function/refund-poller",
        Some("vpc_config"),
        Change::Missing,
        Severity::Critical,
    );
    detached.desired = "2 subnets, security_group/functions".to_owned();
    detached.effect = "refund-poller leaves by addresses of AWS that change".to_owned();
    detached.who = vec![Who {
        principal: "arn:aws:iam::123456789012:user/deploy".to_owned(),
        at: "2026-11-22T02:58:11Z".to_owned(),
        agent: "serverless/3.40".to_owned(),
        event: "UpdateFunctionConfiguration".to_owned(),
    }];
    vec![extra, gone, wrong, detached]
}

/// Puts the findings into the picture.
fn spoil(picture: &mut Picture) {
    let mark = |picture: &mut Picture, key: &str, state, id: &str| {
        let node = picture
            .nodes
            .iter_mut()
            .find(|node| node.key == key)
            .unwrap();
        node.state = state;
        node.findings = vec![id.to_owned()];
    };
    mark(
        picture,
        "nat_gateway/ap-northeast-1c",
        State::Missing,
        "d-c76b12",
    );
    mark(
        picture,
        "route_table/private-ap-northeast-1a",
        State::Changed,
        "d-9b735a",
    );
    mark(picture, "function/refund-poller", State::Broken, "d-e01f55");
    picture
        .edges
        .retain(|edge| edge.from != "function/refund-poller");
    for edge in &mut picture.edges {
        if edge.from == "route_table/private-ap-northeast-1c" {
            *edge = edge.clone().state(State::Broken, &["d-c76b12"]);
        }
        if edge.from == "route_table/private-ap-northeast-1a" {
            *edge = edge.clone().state(State::Missing, &["d-9b735a"]);
        }
        if edge.from == "nat_gateway/ap-northeast-1c" {
            edge.state = State::Missing;
        }
    }
    let table = "route_table/private-ap-northeast-1a";
    let (eni, tgw) = ("other/eni-0bad0bad0bad0bad0", "other/tgw-0d15ea5e0d15ea5e0");
    picture.nodes.extend([
        Node::new(Kind::Other, eni)
            .detail("198.51.100.7")
            .zone("ap-northeast-1a")
            .state(State::Extra, &["d-9b735a"]),
        Node::new(Kind::Other, tgw)
            .detail("transit gateway")
            .state(State::Extra, &["d-77ab02"]),
        Node::new(Kind::NetworkAcl, "network_acl/private-ap-northeast-1a")
            .zone("ap-northeast-1a")
            .state(State::Unknown, &[]),
    ]);
    picture.edges.extend([
        Edge::new(table, eni, "0.0.0.0/0").state(State::Changed, &["d-9b735a"]),
        Edge::new(table, tgw, "192.0.2.0/24").state(State::Extra, &["d-77ab02"]),
        Edge::new(eni, "route_table/public", ""),
        Edge::new("function/refund-poller", "internet", "by addresses of AWS")
            .state(State::Broken, &["d-e01f55"]),
    ]);
}
