//! By which addresses a function leaves its VPC, and whether replies find
//! their way back: a pure model, without IO and without AWS.
//!
//! [`prove`] takes a [`Network`] as it was read and one [`Runner`]: `$LATEST`
//! of a function, or a published version behind an alias. From each subnet
//! that it may run in, it follows packets in this order:
//!
//! 1. The **security groups** of the function: the union of their egress rules.
//!    They are stateful, so replies need no rule. A NAT gateway has none.
//! 2. The **network ACL** of the function's subnet, outwards. ACLs are stateless:
//!    the lowest rule number that matches decides, a final rule denies, and the
//!    ports are those of the packet's destination. An ACL counts only where the
//!    packet crosses the edge of its subnet.
//! 3. The **route table**: the subnet's own, else the VPC's main one, which no
//!    association shows. The longest prefix wins; among equal prefixes the `local`
//!    route, then a route that somebody made for a network, then one for a prefix
//!    list, then a propagated one. A blackhole drops.
//! 4. The **NAT gateway**: `available` and public. All of its addresses count,
//!    since a connection may leave by any of them. A route straight to an internet
//!    gateway is no way out, for the function has no public address; every other
//!    target is another way.
//! 5. The ACL and the table of the NAT gateway's **public subnet**, which has to
//!    lead to the **internet gateway** that is attached to the VPC. A regional
//!    NAT gateway has no subnet; AWS keeps its table.
//! 6. **Block Public Access**: in bidirectional mode nothing passes an internet
//!    gateway or an egress-only one; in ingress mode NAT gateways work.
//! 7. The **replies**: the edge table of the internet gateway, the public
//!    subnet's ACL inwards (ports 1024 to 65535, from which NAT takes its own), the
//!    public table's way to the function's subnet, that ACL outwards, and the
//!    ACL of the function's subnet inwards (ports 1024 to 65535).
//!
//! Over **IPv6** there is no fixed address: where the function may use it, and a
//! route leads to an egress-only gateway or elsewhere, dual-stack names leave
//! that way. NAT64 is not followed.
//!
//! Nothing is sampled. The destinations are cut wherever a prefix of a route, an
//! ACL entry, a group's rule or the question begins or ends, so that every piece
//! fares as a whole; pieces that fare alike are merged into a [`Class`]. Ports are
//! carried along as sets of ranges. What could not be read ([`Known::Unread`])
//! turns a way that would leave into [`Verdict::Unknown`]; a stop, or a way to
//! somewhere else, stays what it is.

mod classes;
mod filter;
mod journey;
mod network;
mod ports;
mod proof;
mod prove;
mod range;
mod site;
mod table;
mod walk;

pub use classes::is_public;
pub use network::{
    Acl, AclEntry, Asked, BlockPublicAccess, Destination, InternetGateway, Known, NatAddress,
    NatGateway, Network, Origin, Peer, PrefixList, Protocol, Route, RouteTable, Rule, Runner,
    SecurityGroup, Subnet, Target, Vpc,
};
pub use ports::Ports;
pub use proof::{
    Class, Destinations, Hop, HopKind, Judgement, Leg, Path, Proof, Replies, Unnamed, Verdict,
};
pub use prove::{leaves_by, prove};
