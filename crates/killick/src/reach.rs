//! How AWS is reached: over the network, or by what stands in for it.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use killick_aws::{Access, Session, Wire};
use killick_spec::Spec;

use crate::args::Global;
use crate::cloud::Reached;
use crate::error::Error;

/// A simulated AWS in place of the real one.
pub trait Simulator: fmt::Debug {
    /// How a command line begins that reaches it.
    fn command(&self) -> String;

    /// The seconds of its clock for every second of ours.
    fn pace(&self) -> f64;

    /// What time it is there, in seconds since 1970; nothing before it was
    /// first used.
    fn now(&self) -> Option<u64>;

    /// What carries requests to it.
    ///
    /// # Errors
    /// It cannot be opened.
    fn wire(&self) -> Result<Arc<dyn Wire>, Error>;

    /// The clients for what a spec speaks of.
    ///
    /// # Errors
    /// It cannot be opened, or not be saved.
    fn session(&self, spec: &Spec) -> Result<Session, Error>;

    /// Keeps what happened, and what time it is there.
    ///
    /// # Errors
    /// Something could not be written.
    fn save(&self) -> Result<(), Error>;
}

/// How a run reaches AWS.
#[derive(Clone, Debug, Default)]
pub enum Reach {
    /// Over the network, as the flags and the standard environment say.
    #[default]
    Network,
    /// Within this process; the machine's own AWS settings have no part in it.
    Wire {
        /// What carries the requests.
        wire: Arc<dyn Wire>,
        /// Whose requests they are.
        access_key_id: String,
        /// The seconds of its clock for every second of ours.
        pace: f64,
    },
    /// Not at all: a simulated one is reached.
    Simulator(Rc<dyn Simulator>),
}

impl Reach {
    /// Whether it is a simulated AWS that is reached.
    pub(crate) fn simulated(&self) -> bool {
        matches!(self, Self::Simulator(_))
    }

    /// How the next command line begins that reaches the same AWS.
    pub(crate) fn command(&self) -> String {
        match self {
            Self::Simulator(simulator) => simulator.command(),
            _ => "killick".to_owned(),
        }
    }

    /// How fast the clock over there runs.
    pub(crate) fn pace(&self) -> f64 {
        match self {
            Self::Network => 1.0,
            Self::Wire { pace, .. } => *pace,
            Self::Simulator(simulator) => simulator.pace(),
        }
    }

    /// What time it is over there, in seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        let ours = || {
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            since.map_or(0, |since| since.as_secs())
        };
        match self {
            Self::Network => ours(),
            Self::Wire { wire, .. } => wire.now(),
            Self::Simulator(simulator) => simulator.now().unwrap_or_else(ours),
        }
    }

    /// The same for hints.
    pub(crate) fn told(&self, global: &Global) -> Reached {
        let or = |given: &Option<String>, name| given.clone().or_else(|| std::env::var(name).ok());
        match self {
            Self::Network => Reached {
                endpoint: or(&global.endpoint_url, "AWS_ENDPOINT_URL"),
                profile: or(&global.profile, "AWS_PROFILE"),
            },
            Self::Wire { .. } | Self::Simulator(_) => Reached::default(),
        }
    }

    /// What carries the requests; nothing where that is the network.
    ///
    /// # Errors
    /// The sandbox cannot be used.
    pub(crate) fn wire(&self) -> Result<Option<Arc<dyn Wire>>, Error> {
        match self {
            Self::Network => Ok(None),
            Self::Wire { wire, .. } => Ok(Some(Arc::clone(wire))),
            Self::Simulator(simulator) => simulator.wire().map(Some),
        }
    }

    /// Keeps what happened, where it is not AWS that keeps it.
    ///
    /// # Errors
    /// Something could not be written.
    pub(crate) fn save(&self) -> Result<(), Error> {
        match self {
            Self::Network | Self::Wire { .. } => Ok(()),
            Self::Simulator(simulator) => simulator.save(),
        }
    }

    /// The clients for what a spec speaks of.
    ///
    /// # Errors
    /// The endpoint is no URL; the sandbox cannot be used.
    pub(crate) async fn session(&self, global: &Global, spec: &Spec) -> Result<Session, Error> {
        let region = &spec.region;
        match self {
            Self::Network => {}
            Self::Wire {
                wire,
                access_key_id,
                ..
            } => return Ok(Session::over(region, access_key_id, Arc::clone(wire))),
            Self::Simulator(simulator) => return simulator.session(spec),
        }
        if let Some(url) = self.told(global).endpoint
            && !is_url(&url)
        {
            return Err(Error::endpoint(&url));
        }
        let access = Access {
            region: region.clone(),
            profile: global.profile.clone(),
            endpoint_url: global.endpoint_url.clone(),
        };
        Ok(Session::open(&access).await)
    }
}

/// The SDK finds out with the first request, and says so in its own words.
fn is_url(text: &str) -> bool {
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        !host.is_empty() && !rest.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::is_url;

    #[test]
    fn endpoints_are_urls() {
        for good in ["http://127.0.0.1:5000", "https://ec2.example.com/base"] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "",
            "not a url",
            "127.0.0.1:5000",
            "http://",
            "http:///x",
            "http://a b",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
    }
}
