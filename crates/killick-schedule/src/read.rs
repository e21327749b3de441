//! What people write, as values of a job.

use std::str::FromStr;

use killick_text::{Grammar, Unit};

use crate::error::Error;
use crate::every::Every;

const EVERY: Grammar = Grammar {
    units: &[Unit::Minute, Unit::Hour, Unit::Day],
    several: false,
    bare: false,
};

impl FromStr for Every {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let minutes = EVERY.read(text).ok().map(|time| time.as_secs() / 60);
        minutes
            .and_then(|minutes| Self::minutes(minutes.try_into().ok()?))
            .ok_or_else(|| Error::Every(text.to_owned()))
    }
}
