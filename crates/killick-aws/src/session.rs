//! Credentials, region, endpoint: one set of clients for a run.

use std::sync::Arc;
use std::time::Duration;

use aws_config::AppName;
use aws_config::identity::IdentityCache;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

use crate::clients::Clients;
use crate::reader::Reader;
use crate::topic::Topic;
use crate::wire::{Wire, http_client};

/// What a user can say about how to reach AWS. What is left out comes from
/// the standard environment (`AWS_PROFILE`, `AWS_ENDPOINT_URL`, SSO, roles).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The region that the spec names.
    pub region: String,
    /// A profile of the shared configuration files.
    pub profile: Option<String>,
    /// An endpoint in place of AWS's own.
    pub endpoint_url: Option<String>,
}

/// The clients of one run, those that write included.
#[derive(Clone, Debug)]
pub struct Session {
    clients: Arc<Clients>,
    reader: Reader,
}

impl Session {
    /// Finds credentials lazily: a machine without any learns of it with the
    /// first call.
    pub async fn open(access: &Access) -> Self {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .read_timeout(Duration::from_secs(30))
            .operation_attempt_timeout(Duration::from_secs(60))
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(access.region.clone()))
            .http_client(http)
            .timeout_config(timeouts);
        if let Some(profile) = &access.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(url) = &access.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        Self::of(loader.load().await, &access.region)
    }

    /// Signs with this access key and sends over `wire`; what the machine
    /// knows of AWS (environment, profiles, metadata) has no part in it.
    pub fn over(region: &str, access_key_id: &str, wire: Arc<dyn Wire>) -> Self {
        let key = Credentials::new(access_key_id, "no secret", None, None, "wire");
        // Whatever would set a timer is off: on a clock that jumps from one
        // timer to the next, each is in the way of all others.
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(key))
            .identity_cache(IdentityCache::no_cache())
            .http_client(http_client(wire))
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        Self::of(config, region)
    }

    fn of(config: SdkConfig, region: &str) -> Self {
        // Whoever reads the trail must be able to tell our calls.
        let mut config = config.into_builder();
        config.set_app_name(AppName::new("killick").ok());
        let config = config.build();
        let clients = Arc::new(Clients::new(config, region));
        let reader = Reader::new(Arc::clone(&clients));
        Self { clients, reader }
    }

    /// What only looks.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// A topic to tell things to.
    pub fn topic(&self, arn: &str) -> Topic {
        Topic::new(Arc::clone(&self.clients), arn)
    }

    pub(crate) fn ec2(&self) -> &aws_sdk_ec2::Client {
        self.clients.ec2()
    }

    pub(crate) fn iam(&self) -> &aws_sdk_iam::Client {
        self.clients.iam()
    }

    pub(crate) fn lambda(&self) -> &aws_sdk_lambda::Client {
        self.clients.lambda()
    }

    pub(crate) fn ssm(&self) -> &aws_sdk_ssm::Client {
        self.clients.ssm()
    }
}
