//! How AWS is reached: over the network, or by what stands in for it.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use killick_aws::{Access, Session, Wire};
use killick_spec::Spec;

use crate::Error;
use crate::args::{Args, Command, Global};
use crate::cloud::Reached;
use crate::sandbox::{PACE, Sandbox};

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
    /// The simulated AWS of a sandbox.
    Sandbox(Sandbox),
}

impl Reach {
    /// What a command line asks for.
    ///
    /// # Errors
    /// It names a real AWS and a simulated one.
    pub fn of(args: &Args) -> Result<Self, Error> {
        let global = &args.global;
        let name = match &args.command {
            // They bring a simulated AWS of their own.
            Command::Demo(_) => "killick demo",
            Command::Sandbox(_) => "killick sandbox",
            _ if global.sandbox.is_some() => "--sandbox",
            _ => return Ok(Self::Network),
        };
        let real = [
            ("--profile", &global.profile),
            ("--endpoint-url", &global.endpoint_url),
        ];
        if let Some((flag, _)) = real.iter().find(|(_, given)| given.is_some()) {
            return Err(Error::real_and_simulated(name, flag));
        }
        Ok(match &global.sandbox {
            Some(file) if name == "--sandbox" => Self::Sandbox(Sandbox::new(file, PACE)),
            _ => Self::Network,
        })
    }

    /// The sandbox that stands in for AWS.
    pub(crate) fn sandbox(&self) -> Option<&Sandbox> {
        match self {
            Self::Sandbox(sandbox) => Some(sandbox),
            _ => None,
        }
    }

    /// How the next command line begins that reaches the same AWS.
    pub(crate) fn command(&self) -> String {
        self.sandbox()
            .map_or_else(|| "killick".to_owned(), Sandbox::command)
    }

    /// How fast the clock over there runs.
    pub(crate) fn pace(&self) -> f64 {
        match self {
            Self::Network => 1.0,
            Self::Wire { pace, .. } => *pace,
            Self::Sandbox(sandbox) => sandbox.pace(),
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
            Self::Sandbox(sandbox) => sandbox.now().unwrap_or_else(ours),
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
            Self::Wire { .. } | Self::Sandbox(_) => Reached::default(),
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
            Self::Sandbox(sandbox) => return sandbox.session(spec),
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
