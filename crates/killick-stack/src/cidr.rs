//! CIDRs as networks.

/// A CIDR as a network, so that spellings of the same one are equal; any other
/// text as it is.
pub fn network(text: &str) -> String {
    match text.parse::<ipnet::IpNet>() {
        Ok(net) => net.trunc().to_string(),
        Err(_) => text.to_owned(),
    }
}
