//! Why `apply` does not begin, as one stable word each.

use crate::words::words;

words! {
    /// Why `apply` does not begin: `code` in `refusals` of `plan --json`. A word
    /// is never changed; docs/commands/plan.md has the list.
    RefusalCode {
        /// The outbound addresses would be another set than partners know.
        AddressesChange = "addresses-change",
        /// A pinned address is not the stack's to use, whatever the plan does.
        PinnedAddressLost = "pinned-address-lost",
        /// Functions sit in a VPC that is not of this stack.
        FunctionsInForeignVpc = "functions-in-foreign-vpc",
        /// Nothing proves that resources are this stack's.
        ResourcesUnproven = "resources-unproven",
        /// A network like this stack's is there already.
        NetworkAlike = "network-alike",
        /// What functions had before could not be written down.
        RecordsUnreadable = "records-unreadable",
        /// An external VPC has no internet gateway.
        InternetGatewayMissing = "internet-gateway-missing",
        /// A security group that the spec names is not in the VPC.
        SecurityGroupMissing = "security-group-missing",
        /// A subnet that the spec names is not in the VPC.
        SubnetMissing = "subnet-missing",
        /// An external subnet is in another zone than the spec says.
        SubnetInOtherZone = "subnet-in-other-zone",
        /// An external public subnet does not lead to the internet gateway.
        SubnetNotPublic = "subnet-not-public",
        /// A subnet has no free address.
        SubnetFull = "subnet-full",
        /// Something else keeps an address that a NAT gateway needs.
        AddressTaken = "address-taken",
        /// An address belongs to an AWS service.
        AddressServiceManaged = "address-service-managed",
        /// An address can be used in another border group only.
        AddressInOtherBorderGroup = "address-in-other-border-group",
        /// A zone does not exist.
        ZoneUnknown = "zone-unknown",
        /// A zone can hold no NAT gateway.
        ZoneUnfit = "zone-unfit",
        /// A zone takes nothing new.
        ZoneUnavailable = "zone-unavailable",
        /// A subnet would not be within its VPC.
        CidrOutsideVpc = "cidr-outside-vpc",
        /// A subnet would overlap another one.
        CidrOverlap = "cidr-overlap",
        /// VPC Block Public Access blocks both directions.
        BlockPublicAccess = "block-public-access",
        /// A role lacks rights that its function needs.
        RoleRightsMissing = "role-rights-missing",
        /// A quota is too low.
        QuotaExceeded = "quota-exceeded",
    }
}
