//! What people write, as values of a job.

use std::str::FromStr;

use crate::error::Error;
use crate::every::{DAY, Every, HOUR};
use crate::job::FailOn;

impl FromStr for Every {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let units = [("m", 1), ("h", HOUR), ("d", DAY)];
        let mut found = units.into_iter().filter_map(|(unit, minutes)| {
            let number = text.strip_suffix(unit)?;
            // `parse` alone takes a plus sign.
            let digits = number.chars().all(|c| c.is_ascii_digit());
            let number: u32 = number.parse().ok().filter(|_| digits)?;
            Self::minutes(number.checked_mul(minutes)?)
        });
        found.next().ok_or_else(|| Error::Every(text.to_owned()))
    }
}

impl FromStr for FailOn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let all = [Self::Critical, Self::Warning, Self::Info];
        let found = all.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| Error::Severity(text.to_owned()))
    }
}
