//! CIDRs in the one form that AWS gives back: 100.68.0.18/18 becomes
//! 100.68.0.0/18.

use ipnet::{Ipv4Net, Ipv6Net};

use crate::failure::Failure;

/// An IPv4 network without host bits.
///
/// # Errors
/// `InvalidParameterValue`: it is none.
pub(crate) fn ipv4(text: &str) -> Result<String, Failure> {
    let network = text.parse::<Ipv4Net>().map_err(|_| malformed(text))?;
    Ok(network.trunc().to_string())
}

/// An IPv6 network without host bits.
///
/// # Errors
/// `InvalidParameterValue`: it is none.
pub(crate) fn ipv6(text: &str) -> Result<String, Failure> {
    let network = text.parse::<Ipv6Net>().map_err(|_| malformed(text))?;
    Ok(network.trunc().to_string())
}

fn malformed(text: &str) -> Failure {
    Failure::value(format!("CIDR block {text} is malformed"))
}
