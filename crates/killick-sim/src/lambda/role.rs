//! What a function may do: its execution role.

use super::call::{Call, invalid};
use super::function::VpcConfig;
use crate::failure::Failure;

/// Whether Lambda can act as a role and, for a function in a VPC, make its
/// network interfaces with it.
///
/// # Errors
/// It cannot.
pub(crate) fn check(
    call: &Call<'_>,
    role: Option<&str>,
    network: Option<&VpcConfig>,
) -> Result<(), Failure> {
    let Some(role) = role else {
        return Ok(());
    };
    if !call.iam.serves(role, &call.eye) {
        let message = "The role defined for the function cannot be assumed by Lambda.";
        return Err(invalid(message));
    }
    let Some(network) = network else {
        return Ok(());
    };
    let home = format!("arn:aws:ec2:{}:{}", call.place.region, call.place.account);
    let subnets = network.subnets.iter();
    let mut made = vec![format!("{home}:network-interface/*")];
    made.extend(subnets.map(|id| format!("{home}:subnet/{id}")));
    // A role that may delete some interfaces only is refused too.
    let needed = [
        ("CreateNetworkInterface", made),
        ("DescribeNetworkInterfaces", vec!["*".to_owned()]),
        ("DeleteNetworkInterface", vec![format!("{home}:*/*")]),
    ];
    for (action, resources) in needed {
        let full = format!("ec2:{action}");
        if !call.iam.allows(role, &call.eye, &full, &resources) {
            let message = format!(
                "The provided execution role does not have permissions to call {action} on EC2"
            );
            return Err(invalid(message));
        }
    }
    Ok(())
}
