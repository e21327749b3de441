//! What of AWS's moods a world has.

use serde::{Deserialize, Serialize};

use crate::world::Millis;

/// How a world behaves where AWS leaves it open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The longest time in milliseconds until all readers see a change; 0:
    /// all see it at once.
    pub lag: Millis,
    /// How often in a hundred a change shows while it is on its way.
    pub flicker: u64,
    /// How many items a page holds at most, whatever the client asks for; 0:
    /// no limit of its own.
    pub page: usize,
    /// How long until CloudTrail shows a call, in milliseconds: about five
    /// minutes (fact sheet section 15); 0: at once.
    pub trail_delay: Millis,
    /// Whether the request limits of fact sheet section 10 apply.
    pub throttle: bool,
    /// Elastic IPs in a region.
    pub address_quota: usize,
    /// VPCs in a region, and with them internet gateways.
    pub vpc_quota: usize,
    /// NAT gateways in a zone; those on their way out count.
    pub nat_quota: usize,
    /// How long Lambda keeps a network interface that nobody uses, in
    /// milliseconds: the least and the most (fact sheet section 9).
    pub linger: (Millis, Millis),
}

impl Default for Settings {
    /// A calm AWS with its documented limits.
    fn default() -> Self {
        Self {
            lag: 0,
            flicker: 0,
            page: 0,
            trail_delay: 300_000,
            throttle: true,
            address_quota: 5,
            vpc_quota: 5,
            nat_quota: 5,
            linger: (1_200_000, 2_700_000),
        }
    }
}
