//! The calls of AWS that revert what killick does not manage.

/// How somebody who may can take back a change that `apply` never touches. Ids
/// are those of AWS.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Revert {
    /// Turn VPC Block Public Access off, or exclude this VPC from it.
    PublicAccess {
        /// `vpc-…`
        vpc: String,
    },
    /// Delete these entries of a network ACL; with none, it lacks a rule that
    /// allows.
    NetworkAcl {
        /// `acl-…`
        acl: String,
        /// Rule numbers, each with whether it is about egress.
        entries: Vec<(i32, bool)>,
    },
    /// Give a VPC other DHCP options.
    DhcpOptions {
        /// `vpc-…`
        vpc: String,
        /// The set with Amazon's resolver, where one is known; else AWS's
        /// word for its own, `default`.
        options: String,
    },
    /// Take the offer of an address back.
    Transfer {
        /// `eipalloc-…`
        allocation: String,
    },
    /// Take route tables off a gateway endpoint.
    Endpoint {
        /// `vpce-…`
        endpoint: String,
        /// `rtb-…`
        tables: Vec<String>,
    },
    /// Make another table the main one.
    MainTable {
        /// The one that is it now: `rtb-…`
        now: String,
        /// The one that was it, where that is known.
        before: Option<String>,
    },
    /// Delete a route.
    Route {
        /// `rtb-…`
        table: String,
        /// A CIDR or a prefix list.
        destination: String,
    },
    /// Take a subnet or a gateway off a route table.
    Association {
        /// `rtbassoc-…`
        association: String,
    },
    /// Stop a virtual private gateway from writing routes into a table.
    Propagation {
        /// `rtb-…`
        table: String,
        /// `vgw-…`
        gateway: String,
    },
    /// Delete a NAT gateway.
    NatGateway {
        /// `nat-…`
        gateway: String,
    },
    /// Publish a version with the present VPC config, and point an alias at it.
    Alias {
        /// The function's name.
        function: String,
        /// The alias.
        alias: String,
    },
    /// Name a function in the spec, or move it elsewhere: its owner decides.
    ForeignFunction {
        /// The function's name.
        function: String,
    },
    /// What is in the way is told hop by hop by `prove`.
    EgressPath,
}
