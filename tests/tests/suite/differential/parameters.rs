//! Parameters of SSM, and who calls.

use serde_json::json;

use super::tape::Tape;

pub(crate) fn caller(tape: &mut Tape) {
    tape.call("sts", "get_caller_identity", json!({}));
    tape.ec2("describe_availability_zones", json!({}));
    tape.ec2(
        "describe_availability_zones",
        json!({"ZoneNames": ["ap-northeast-1a"]}),
    );
}

pub(crate) fn parameter(tape: &mut Tape) {
    let name = "/killick/lock";
    let named = json!({"Name": name});
    tape.ssm("get_parameter", named.clone());
    tape.ssm("put_parameter", json!({"Name": name, "Value": "one"}));
    let put = |value: &str, over: bool| json!({"Name": name, "Value": value, "Type": "String", "Overwrite": over});
    tape.ssm("put_parameter", put("one", false));
    tape.ssm("put_parameter", put("two", false));
    tape.ssm("put_parameter", put("two", true));
    tape.ssm("get_parameter", named.clone());
    tape.ssm("get_parameter", json!({"Name": format!("{name}:1")}));
    tape.ssm("get_parameters", json!({"Names": [name, "/absent"]}));
    tape.ssm("get_parameters_by_path", json!({"Path": "/killick"}));
    tape.ssm(
        "get_parameters_by_path",
        json!({"Path": "/", "Recursive": false}),
    );
    tape.ssm("get_parameter_history", named.clone());
    let only = json!({"ParameterFilters": [{"Key": "Name", "Values": [name]}]});
    tape.ssm("describe_parameters", only);
    let resource = json!({"ResourceType": "Parameter", "ResourceId": name});
    let mut tags = resource.clone();
    tags["Tags"] = json!([{"Key": "a", "Value": "b"}]);
    tape.ssm("add_tags_to_resource", tags);
    tape.ssm("list_tags_for_resource", resource);
    tape.ssm("delete_parameter", named.clone());
    tape.ssm("delete_parameter", named.clone());
    tape.ssm("delete_parameters", json!({"Names": [name]}));
    tape.ssm("get_parameter_history", named);
}
