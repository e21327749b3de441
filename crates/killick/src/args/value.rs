//! Values that need more than a type.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use killick_text::{Grammar, NotADuration, Unit};

const DURATION: Grammar = Grammar {
    units: &[Unit::Second, Unit::Minute, Unit::Hour],
    several: false,
    bare: true,
};

/// `90s`, `10m`, `1h`; a bare number is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let longest = Duration::from_secs(24 * 3600);
    match DURATION.read(text.trim()) {
        Ok(time) if time <= longest => Ok(time),
        Ok(_) | Err(NotADuration::Long) => Err("a day is the most".to_owned()),
        Err(NotADuration::Form) => Err("write it like 30s, 10m or 1h".to_owned()),
    }
}

/// A partner: an address, or a network.
pub(super) fn destination(text: &str) -> Result<IpNet, String> {
    let parsed = text.parse::<IpNet>().map(|net| net.trunc());
    let address = text.parse::<IpAddr>().map(IpNet::from);
    parsed
        .or(address)
        .map_err(|_| "not an address or a network such as 203.0.113.0/24".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        for (text, seconds) in [("0s", 0), ("45", 45), ("10m", 600), ("24h", 86_400)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for bad in [
            "",
            "m",
            "-1s",
            "1.5m",
            "25h",
            "9999999999999999999h",
            "10 min",
        ] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
