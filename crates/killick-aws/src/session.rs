//! Credentials, region, endpoint: one set of clients for a run.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

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

/// The clients of one run.
#[derive(Clone, Debug)]
pub struct Session {
    pub(crate) ec2: aws_sdk_ec2::Client,
    pub(crate) lambda: aws_sdk_lambda::Client,
    pub(crate) ssm: aws_sdk_ssm::Client,
    pub(crate) sts: aws_sdk_sts::Client,
    pub(crate) region: String,
    seldom: Arc<Seldom>,
}

/// Clients that most runs do not need, made when they are: each brings the
/// endpoint rules of its service.
#[derive(Debug)]
struct Seldom {
    config: SdkConfig,
    iam: OnceLock<aws_sdk_iam::Client>,
    quotas: OnceLock<aws_sdk_servicequotas::Client>,
    tagging: OnceLock<aws_sdk_resourcegroupstagging::Client>,
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
        Self::of(&loader.load().await, &access.region)
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
        Self::of(&config, region)
    }

    fn of(config: &SdkConfig, region: &str) -> Self {
        // Every retry is decided by the error table and made by the settler:
        // a second try hidden in the SDK could make a second Elastic IP.
        let once = RetryConfig::disabled();
        let ec2 = aws_sdk_ec2::config::Builder::from(config).retry_config(once.clone());
        let lambda = aws_sdk_lambda::config::Builder::from(config).retry_config(once.clone());
        let ssm = aws_sdk_ssm::config::Builder::from(config).retry_config(once.clone());
        let sts = aws_sdk_sts::config::Builder::from(config).retry_config(once);
        Self {
            ec2: aws_sdk_ec2::Client::from_conf(ec2.build()),
            lambda: aws_sdk_lambda::Client::from_conf(lambda.build()),
            ssm: aws_sdk_ssm::Client::from_conf(ssm.build()),
            sts: aws_sdk_sts::Client::from_conf(sts.build()),
            region: region.to_owned(),
            seldom: Arc::new(Seldom {
                config: config.clone(),
                iam: OnceLock::new(),
                quotas: OnceLock::new(),
                tagging: OnceLock::new(),
            }),
        }
    }

    pub(crate) fn iam(&self) -> &aws_sdk_iam::Client {
        let Seldom { config, iam, .. } = &*self.seldom;
        iam.get_or_init(|| {
            let config = aws_sdk_iam::config::Builder::from(config);
            let config = config.retry_config(RetryConfig::disabled());
            aws_sdk_iam::Client::from_conf(config.build())
        })
    }

    pub(crate) fn quotas(&self) -> &aws_sdk_servicequotas::Client {
        let Seldom { config, quotas, .. } = &*self.seldom;
        quotas.get_or_init(|| {
            let config = aws_sdk_servicequotas::config::Builder::from(config);
            let config = config.retry_config(RetryConfig::disabled());
            aws_sdk_servicequotas::Client::from_conf(config.build())
        })
    }

    pub(crate) fn tagging(&self) -> &aws_sdk_resourcegroupstagging::Client {
        let Seldom {
            config, tagging, ..
        } = &*self.seldom;
        tagging.get_or_init(|| {
            let config = aws_sdk_resourcegroupstagging::config::Builder::from(config);
            let config = config.retry_config(RetryConfig::disabled());
            aws_sdk_resourcegroupstagging::Client::from_conf(config.build())
        })
    }
}
