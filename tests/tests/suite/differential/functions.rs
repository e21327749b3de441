//! Lambda functions.

use serde_json::{Value, json};

use super::tape::Tape;

/// A zip file with nothing in it.
const ZIP: &str = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==";

impl Tape {
    fn create(&mut self, name: &str, more: Value) {
        let trust = json!({"RoleName": name, "AssumeRolePolicyDocument": "{}"});
        self.prepare("iam", "create_role", trust);
        let mut args = json!({
            "FunctionName": name, "Runtime": "python3.13", "Handler": "handler.handler",
            "Role": format!("arn:aws:iam::123456789012:role/{name}"),
            "Code": {"ZipFile": {"$base64": ZIP}},
        });
        args.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.lambda("create_function", args);
        self.settled(name);
    }

    fn settled(&self, name: &str) {
        let named = json!({"FunctionName": name});
        let read = "get_function_configuration";
        self.until("lambda", read, &named, "/State", "Active");
        self.until("lambda", read, &named, "/LastUpdateStatus", "Successful");
    }
}

pub(crate) fn function(tape: &mut Tape) {
    let named = json!({"FunctionName": "crawl"});
    tape.lambda("get_function", named.clone());
    tape.create(
        "crawl",
        json!({"Tags": {"a": "b"}, "Description": "crawls"}),
    );
    tape.lambda("get_function_configuration", named.clone());
    tape.lambda("get_function", named.clone());
    tape.lambda("list_functions", json!({}));
    let change = json!({
        "FunctionName": "crawl", "Timeout": 30, "MemorySize": 256,
        "Environment": {"Variables": {"A": "b"}},
    });
    tape.lambda("update_function_configuration", change);
    tape.settled("crawl");
    tape.lambda("get_function_configuration", named.clone());
    tape.lambda("publish_version", named.clone());
    tape.settled("crawl");
    tape.lambda("list_versions_by_function", named.clone());
    let alias = json!({"FunctionName": "crawl", "Name": "live", "FunctionVersion": "1"});
    tape.lambda("create_alias", alias.clone());
    tape.lambda("create_alias", alias);
    tape.lambda("list_aliases", named.clone());
    tape.lambda(
        "get_alias",
        json!({"FunctionName": "crawl", "Name": "live"}),
    );
    tape.lambda(
        "get_alias",
        json!({"FunctionName": "crawl", "Name": "dead"}),
    );
    let one = json!({"FunctionName": "crawl", "Qualifier": "1"});
    tape.lambda("get_function_configuration", one);
    let arn = "arn:aws:lambda:ap-northeast-1:123456789012:function:crawl";
    tape.lambda("tag_resource", json!({"Resource": arn, "Tags": {"c": "d"}}));
    tape.lambda("untag_resource", json!({"Resource": arn, "TagKeys": ["a"]}));
    tape.lambda("list_tags", json!({"Resource": arn}));
    tape.lambda("delete_function", named.clone());
    tape.lambda("delete_function", named.clone());
    tape.lambda("get_function_configuration", named.clone());
    tape.lambda("update_function_configuration", named);
}

pub(crate) fn network(tape: &mut Tape) {
    let vpc = tape.vpc();
    let subnet = tape.subnet(&vpc, "10.0.0.0/24");
    let group = tape.group(&vpc, "functions");
    tape.create("inside", json!({}));
    let named = json!({"FunctionName": "inside"});
    let config = |subnets: &[&str], groups: &[&str]| {
        let config = json!({"SubnetIds": subnets, "SecurityGroupIds": groups});
        json!({"FunctionName": "inside", "VpcConfig": config})
    };
    let update = "update_function_configuration";
    tape.lambda(update, config(&[&subnet], &[&group]));
    tape.settled("inside");
    tape.lambda("get_function_configuration", named.clone());
    tape.lambda(update, config(&[], &[]));
    tape.settled("inside");
    tape.lambda("get_function_configuration", named.clone());
    tape.lambda("delete_function", named);
}
