//! The SDK's clients, each made when it is first needed: each brings the
//! endpoint rules of its service.

use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;

macro_rules! clients {
    ($($service:ident: $sdk:ident),* $(,)?) => {
        /// The clients of one run.
        #[derive(Debug)]
        pub(crate) struct Clients {
            config: SdkConfig,
            /// The region that they speak to.
            pub(crate) region: String,
            $($service: OnceLock<$sdk::Client>,)*
        }

        impl Clients {
            /// Makes none yet.
            pub(crate) fn new(config: SdkConfig, region: &str) -> Self {
                Self {
                    config,
                    region: region.to_owned(),
                    $($service: OnceLock::new(),)*
                }
            }

            $(
                /// Every retry is decided by the error table and made by the
                /// settler: a second try hidden in the SDK could make a second
                /// Elastic IP.
                pub(crate) fn $service(&self) -> &$sdk::Client {
                    self.$service.get_or_init(|| {
                        let config = $sdk::config::Builder::from(&self.config);
                        let config = config.retry_config(RetryConfig::disabled());
                        $sdk::Client::from_conf(config.build())
                    })
                }
            )*
        }
    };
}

clients! {
    cloudtrail: aws_sdk_cloudtrail,
    ec2: aws_sdk_ec2,
    iam: aws_sdk_iam,
    lambda: aws_sdk_lambda,
    quotas: aws_sdk_servicequotas,
    sns: aws_sdk_sns,
    ssm: aws_sdk_ssm,
    sts: aws_sdk_sts,
    tagging: aws_sdk_resourcegroupstagging,
}
