//! The topology as a small graph.

use serde::{Deserialize, Serialize};

/// What is drawn: nodes on the way out, and the way between them.
///
/// One type serves a spec (all [`State::Fine`]), a live account, drift, and a
/// plan ([`State::Create`] and the like). The order of `zones`, `nodes` and
/// `edges` is the order in which they are drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// What the picture shows, in a few words.
    pub title: String,
    /// The zones, each a box of its own.
    pub zones: Vec<ZoneBox>,
    /// What there is. Keys are expected to be unique: of two nodes with one
    /// key, edges lead to the first.
    pub nodes: Vec<Node>,
    /// The way of the traffic. Edges from or to a key that no node has are
    /// left out.
    pub edges: Vec<Edge>,
}

impl Picture {
    /// The VPC around everything else: it is drawn as a frame, so no edge
    /// leads to it.
    pub(crate) fn frame(&self) -> Option<&Node> {
        let own = |node: &&Node| node.kind == Kind::Vpc && node.state != State::Extra;
        self.nodes.iter().find(own)
    }

    /// Whether a node is the frame.
    pub(crate) fn is_frame(&self, node: &Node) -> bool {
        self.frame().is_some_and(|frame| std::ptr::eq(frame, node))
    }

    /// The zone of a node, by its place in the list.
    pub(crate) fn zone_of(&self, node: &Node) -> Option<usize> {
        let name = node.zone.as_deref()?;
        self.zones.iter().position(|zone| zone.name == name)
    }
}

/// One zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneBox {
    /// The zone's name, to which [`Node::zone`] refers.
    pub name: String,
    /// A remark beside the name, for example that the zone has no NAT gateway
    /// of its own.
    pub note: Option<String>,
}

/// One box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its key, or its id where it has none.
    pub key: String,
    /// What it is: decides where it is drawn.
    pub kind: Kind,
    /// The first line, in bold.
    pub label: String,
    /// The second line: an id, a CIDR, an address. Empty for none.
    pub detail: String,
    /// The zone it lies in. Without one, or with one that
    /// [`Picture::zones`] does not list, it is drawn outside the zones.
    pub zone: Option<String>,
    /// How it fares.
    pub state: State,
    /// The ids of the findings about it.
    pub findings: Vec<String>,
}

impl Node {
    /// A node that is as it should be. Its label is what it is or, for a
    /// function and a stranger, the name in its key.
    pub fn new(kind: Kind, key: impl Into<String>) -> Self {
        let key = key.into();
        let label = match kind {
            Kind::Function | Kind::Other => key.split_once('/').map_or(key.as_str(), |part| part.1),
            _ => kind.word(),
        };
        Self {
            label: label.to_owned(),
            key,
            kind,
            detail: String::new(),
            zone: None,
            state: State::Fine,
            findings: Vec::new(),
        }
    }

    /// With a second line.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// In a zone.
    #[must_use]
    pub fn zone(mut self, zone: impl Into<String>) -> Self {
        self.zone = Some(zone.into());
        self
    }

    /// In a state, with the findings that say so.
    #[must_use]
    pub fn state(mut self, state: State, findings: &[&str]) -> Self {
        self.state = state;
        self.findings = findings.iter().map(|&id| id.to_owned()).collect();
        self
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A Lambda function, or a version or alias of one.
    Function,
    /// The group that functions are in.
    SecurityGroup,
    /// A subnet with functions.
    PrivateSubnet,
    /// A subnet with a NAT gateway.
    PublicSubnet,
    /// A route table: with a zone that of its private subnet, without one
    /// that of the public subnets.
    RouteTable,
    /// A network ACL: with a zone that of its private subnet.
    NetworkAcl,
    /// A NAT gateway.
    NatGateway,
    /// An Elastic IP.
    ElasticIp,
    /// An internet gateway.
    InternetGateway,
    /// The VPC: the frame around everything else.
    Vpc,
    /// The world outside.
    Internet,
    /// Anything else that takes traffic: a transit gateway, an instance, a
    /// subnet of another VPC.
    Other,
}

impl Kind {
    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::SecurityGroup => "security group",
            Self::PrivateSubnet => "private subnet",
            Self::PublicSubnet => "public subnet",
            Self::RouteTable => "route table",
            Self::NetworkAcl => "network ACL",
            Self::NatGateway => "NAT gateway",
            Self::ElasticIp => "Elastic IP",
            Self::InternetGateway => "internet gateway",
            Self::Vpc => "VPC",
            Self::Internet => "internet",
            Self::Other => "other",
        }
    }
}

/// How a node or an edge fares.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    #[default]
    Fine,
    /// Declared and not there.
    Missing,
    /// There, and no traffic gets through, or it goes the wrong way.
    Broken,
    /// There with another value than declared.
    Changed,
    /// Not declared: somebody else's.
    Extra,
    /// It could not be read.
    Unknown,
    /// A plan creates it.
    Create,
    /// A plan changes it in place.
    Update,
    /// A plan deletes it and creates it again.
    Replace,
    /// A plan deletes it.
    Delete,
}

impl State {
    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Missing => "missing",
            Self::Broken => "broken",
            Self::Changed => "changed",
            Self::Extra => "extra",
            Self::Unknown => "not read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
        }
    }

    /// A sign that goes before the word, so that colour is never the only
    /// difference.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Fine => "",
            Self::Missing | Self::Broken => "×",
            Self::Changed => "≠",
            Self::Extra => "!",
            Self::Unknown => "?",
            Self::Create => "+",
            Self::Update => "~",
            Self::Replace => "±",
            Self::Delete => "-",
        }
    }

    /// The name of the class in SVG, Mermaid and the like.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            other => other.word(),
        }
    }

    /// Whether no traffic gets through.
    pub(crate) fn cut(self) -> bool {
        matches!(self, Self::Missing | Self::Broken)
    }
}

/// The way from one node to the next, in the direction of the traffic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// The key of the node it leaves.
    pub from: String,
    /// The key of the node it leads to.
    pub to: String,
    /// What goes this way, for example `0.0.0.0/0`. Empty for none.
    pub label: String,
    /// How it fares.
    pub state: State,
    /// The ids of the findings about it.
    pub findings: Vec<String>,
}

impl Edge {
    /// An edge that is as it should be.
    pub fn new(from: impl Into<String>, to: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            from: from.into(),
            to: to.into(),
            label: label.into(),
            ..Self::default()
        }
    }

    /// In a state, with the findings that say so.
    #[must_use]
    pub fn state(mut self, state: State, findings: &[&str]) -> Self {
        self.state = state;
        self.findings = findings.iter().map(|&id| id.to_owned()).collect();
        self
    }
}
