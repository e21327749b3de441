//! The types of Lambda and the tagging service.

use aws_sdk_lambda::types as lambda;
use aws_sdk_lambda::types::VpcConfigResponse;
use aws_sdk_resourcegroupstagging::types::ResourceTagMapping;
use killick_engine::CloudError;
use killick_stack::snapshot::{Function, TaggedFunction, Version};

use super::{need, text};
use crate::error::Operation;

fn vpc_config(function: &mut Function, config: Option<&VpcConfigResponse>) {
    // A detached function has a config with empty lists, or none at all.
    let Some(config) = config.filter(|config| !config.subnet_ids().is_empty()) else {
        return;
    };
    function.vpc = text(config.vpc_id());
    function.subnets = config.subnet_ids().to_vec();
    function.security_groups = config.security_group_ids().to_vec();
    function.ipv6 = config.ipv6_allowed_for_dual_stack().unwrap_or(false);
}

pub(crate) fn function(
    from: &aws_sdk_lambda::operation::get_function_configuration::GetFunctionConfigurationOutput,
    op: Operation,
) -> Result<Function, CloudError> {
    let reason = |code: Option<&str>, message: Option<&str>| {
        code.map(|code| format!("{code}: {}", message.unwrap_or_default()))
    };
    let updated = reason(
        from.last_update_status_reason_code()
            .map(|code| code.as_str()),
        from.last_update_status_reason(),
    );
    let state = reason(
        from.state_reason_code().map(|code| code.as_str()),
        from.state_reason(),
    );
    let mut function = Function {
        name: need(from.function_name(), op, "FunctionName")?,
        state: from.state().map_or("", |state| state.as_str()).to_owned(),
        last_update: from
            .last_update_status()
            .map_or("", |state| state.as_str())
            .to_owned(),
        reason: updated.or(state),
        role: text(from.role()),
        ..Function::default()
    };
    vpc_config(&mut function, from.vpc_config());
    Ok(function)
}

pub(crate) fn listed_function(
    from: &lambda::FunctionConfiguration,
    op: Operation,
) -> Result<Function, CloudError> {
    let mut function = Function {
        name: need(from.function_name(), op, "FunctionName")?,
        ..Function::default()
    };
    vpc_config(&mut function, from.vpc_config());
    Ok(function)
}

/// The name in a function's ARN: `arn:aws:lambda:region:account:function:name`.
pub(crate) fn tagged_function(from: &ResourceTagMapping) -> Option<TaggedFunction> {
    let mut parts = from.resource_arn()?.split(':').skip(5);
    let name = (parts.next()? == "function").then(|| parts.next())??;
    let tags = from.tags().iter();
    Some(TaggedFunction {
        name: name.to_owned(),
        tags: tags
            .map(|tag| (tag.key().to_owned(), tag.value().to_owned()))
            .collect(),
    })
}

/// A published version; the list also names `$LATEST`, which is none.
pub(crate) fn version(function: &str, from: &lambda::FunctionConfiguration) -> Option<Version> {
    let version = from.version().filter(|version| *version != "$LATEST")?;
    let mut frozen = Function::default();
    vpc_config(&mut frozen, from.vpc_config());
    Some(Version {
        function: function.to_owned(),
        version: version.to_owned(),
        aliases: Vec::new(),
        vpc: frozen.vpc,
        subnets: frozen.subnets,
        security_groups: frozen.security_groups,
        ipv6: frozen.ipv6,
    })
}
