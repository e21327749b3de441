//! The describe calls of what moves traffic besides the resources of a stack.

use aws_sdk_ec2::types::Filter;
use killick_engine::{CloudError, Rules, Settler};
use killick_stack::snapshot::{DhcpOptions, Endpoint, NetworkAcl, PrefixList, Role};

use super::describe;
use crate::call::{call, pages};
use crate::convert;
use crate::error::Operation;
use crate::reader::Reader;

describe!(network_acls: "DescribeNetworkAcls", describe_network_acls, network_acls, set_filters,
    1000, convert::network_acl => NetworkAcl);
describe!(dhcp_options: "DescribeDhcpOptions", describe_dhcp_options, dhcp_options, set_filters,
    1000, convert::dhcp_options => DhcpOptions);
describe!(endpoints: "DescribeVpcEndpoints", describe_vpc_endpoints, vpc_endpoints, set_filters,
    1000, convert::endpoint => Endpoint);
describe!(prefix_lists: "DescribePrefixLists", describe_prefix_lists, prefix_lists, set_filters,
    1000, convert::prefix_list => PrefixList);

/// What an execution role needs for network interfaces (fact sheet section 8;
/// managed policy `AWSLambdaVPCAccessExecutionRole`).
const NEEDED: [&str; 3] = [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
];

/// What a role may not do of what a function in a VPC needs. A refusal may
/// pass, and a plan does not hang on it: a call with short patience.
pub(crate) async fn role(
    reader: &Reader,
    settler: &Settler,
    arn: &str,
) -> Result<Role, CloudError> {
    let operation = Operation::iam("SimulatePrincipalPolicy");
    let answer = call(settler, Rules::PROBE, operation, async || {
        let request = reader.simulate_principal_policy();
        let request = request.policy_source_arn(arn).max_items(100);
        let actions = NEEDED.iter().map(|action| (*action).to_owned()).collect();
        request.set_action_names(Some(actions)).send().await
    })
    .await?;
    let results = answer.evaluation_results().iter();
    // Where a policy asks for more than a simulation can know, nothing is known.
    let denied = results.filter(|result| {
        let known = result.missing_context_values().is_empty();
        known && result.eval_decision().as_str() != "allowed"
    });
    Ok(Role {
        arn: arn.to_owned(),
        denied: denied
            .map(|result| result.eval_action_name().to_owned())
            .collect(),
    })
}
