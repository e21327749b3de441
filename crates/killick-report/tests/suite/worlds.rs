//! The readings that the tests look at.

mod bad_night;
mod filled;

pub(crate) use bad_night::bad_night;
pub(crate) use filled::{HOSTILE, filled};

use killick_finding::{Change, Severity};
use killick_report::{
    Coverage, Edge, Finding, Judged, Kind, Node, Picture, Report, State, Way, ZoneBox,
};

/// Zones of Tokyo and two more, with their letters.
const LETTERS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// The way out as a spec declares it.
pub(crate) fn picture(zones: &[&str], functions: &[String]) -> Picture {
    let mut picture = Picture {
        title: "partner-egress in ap-northeast-1".to_owned(),
        ..Picture::default()
    };
    let node = |kind, key: &str| Node::new(kind, key);
    picture
        .nodes
        .push(node(Kind::Vpc, "vpc/main").detail("vpc-0aa1bb2cc3dd4ee5f 10.0.0.0/16"));
    for name in functions {
        picture
            .nodes
            .push(node(Kind::Function, &format!("function/{name}")));
    }
    for (index, letter) in zones.iter().enumerate() {
        let zone = format!("ap-northeast-1{letter}");
        let add = |kind, key: &str, detail: String| {
            Node::new(kind, key).detail(detail).zone(zone.as_str())
        };
        let [private, public] = ["private", "public"].map(|side| format!("subnet/{side}-{zone}"));
        let table = format!("route_table/private-{zone}");
        let nat = format!("nat_gateway/{zone}");
        let ip = format!("elastic_ip/{zone}");
        picture.zones.push(ZoneBox {
            name: zone.clone(),
            note: None,
        });
        let mut address = add(
            Kind::ElasticIp,
            &ip,
            format!("eipalloc-0b1c2d3e4f506172{index}"),
        );
        address.label = format!("203.0.113.{}", index + 1);
        picture.nodes.extend([
            add(
                Kind::PrivateSubnet,
                &private,
                format!("10.0.{}.0/24", 2 * index + 1),
            ),
            add(
                Kind::RouteTable,
                &table,
                format!("rtb-0f1e2d3c4b5a6978{index}"),
            ),
            add(
                Kind::PublicSubnet,
                &public,
                format!("10.0.{}.0/24", 2 * index),
            ),
            add(
                Kind::NatGateway,
                &nat,
                format!("nat-0123456789abcdef{index}"),
            ),
            address,
        ]);
        for name in functions {
            let function = format!("function/{name}");
            picture
                .edges
                .push(Edge::new(function, private.as_str(), ""));
        }
        picture.edges.extend([
            Edge::new(private.as_str(), table.as_str(), ""),
            Edge::new(table, nat.as_str(), "0.0.0.0/0"),
            Edge::new(nat, ip.as_str(), ""),
            Edge::new(ip, "route_table/public", ""),
        ]);
    }
    picture.nodes.extend([
        node(Kind::RouteTable, "route_table/public").detail("rtb-0a9b8c7d6e5f40312"),
        node(Kind::InternetGateway, "internet_gateway/main").detail("igw-0c0ffee0c0ffee0c0"),
        node(Kind::Internet, "internet"),
    ]);
    picture.edges.extend([
        Edge::new("route_table/public", "internet_gateway/main", "0.0.0.0/0"),
        Edge::new("internet_gateway/main", "internet", ""),
    ]);
    picture
}

fn base(zones: &[&str], functions: &[String]) -> Report {
    let addresses: Vec<String> = (1..=zones.len())
        .map(|ip| format!("203.0.113.{ip}"))
        .collect();
    let ways = functions.iter().flat_map(|name| {
        zones.iter().zip(&addresses).map(move |(letter, ip)| Way {
            runner: name.clone(),
            subnet: format!("subnet/private-ap-northeast-1{letter}"),
            zone: format!("ap-northeast-1{letter}"),
            verdict: ip.clone(),
            good: Judged::Good,
        })
    });
    let ways: Vec<Way> = ways.collect();
    Report {
        stack: "partner-egress".to_owned(),
        account: "123456789012".to_owned(),
        region: "ap-northeast-1".to_owned(),
        at: "2026-11-22T03:04:05Z".to_owned(),
        version: "0.1.0".to_owned(),
        spec: "specs/lambda-fixed-ip.toml".to_owned(),
        promised: addresses.clone(),
        addresses,
        findings: Vec::new(),
        accepted: Vec::new(),
        coverage: Coverage {
            checked: 52 * zones.len(),
            resources: 3 + 6 * zones.len(),
            unreadable: Vec::new(),
        },
        picture: picture(zones, functions),
        ways,
    }
}

/// Two zones, all as declared.
pub(crate) fn in_sync() -> Report {
    base(&["a", "c"], &["billing-sync".to_owned()])
}

/// Six zones and thirty functions, all as declared.
pub(crate) fn six_zones() -> Report {
    let names = (1..=30).map(|number| format!("partner-webhook-dispatcher-{number:02}"));
    let names: Vec<String> = names.collect();
    base(&LETTERS, &names)
}

/// Nothing was read.
pub(crate) fn empty() -> Report {
    Report::default()
}

pub(crate) fn finding(
    id: &str,
    key: &str,
    field: Option<&str>,
    what: Change,
    severity: Severity,
) -> Finding {
    Finding {
        id: id.to_owned(),
        key: key.to_owned(),
        field: field.map(str::to_owned),
        what,
        live: String::new(),
        desired: String::new(),
        severity,
        effect: String::new(),
        repair: "automatic".to_owned(),
        undo: "killick apply".to_owned(),
        who: Vec::new(),
        unattributed: None,
    }
}

/// What a plan of the third zone looks like, with one replaced gateway.
pub(crate) fn plan() -> Picture {
    let mut picture = picture(&["a", "c", "d"], &["billing-sync".to_owned()]);
    picture.title = "plan of partner-egress".to_owned();
    for node in &mut picture.nodes {
        if node.zone.as_deref() == Some("ap-northeast-1d") {
            node.state = State::Create;
            node.detail.clear();
        }
        match node.key.as_str() {
            "nat_gateway/ap-northeast-1c" => node.state = State::Replace,
            "function/billing-sync" => node.state = State::Update,
            _ => {}
        }
    }
    for edge in &mut picture.edges {
        if edge.from.ends_with("-1d") || edge.to.ends_with("-1d") {
            edge.state = State::Create;
        }
    }
    picture
        .nodes
        .push(Node::new(Kind::Other, "security_group/old").state(State::Delete, &[]));
    picture
}
