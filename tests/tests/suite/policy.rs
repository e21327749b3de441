//! What only looks needs the policy that `killick policy` prints, all of it and nothing else.

use std::collections::BTreeSet;

use killick_tests::iam::{Statement, allowed, documented, made, statements};
use killick_tests::{Site, Spec};
use serde_json::{Value, json};

const COMMANDS: [&str; 5] = ["plan", "drift", "prove", "watch", "ips"];

/// An answer of VPC Block Public Access that leads to a second question.
const BLOCKED: &str = "<DescribeVpcBlockPublicAccessOptionsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
    <requestId>none</requestId><vpcBlockPublicAccessOptions><internetGatewayBlockMode>block-bidirectional\
    </internetGatewayBlockMode></vpcBlockPublicAccessOptions></DescribeVpcBlockPublicAccessOptionsResponse>";

fn printed(site: &Site, args: &[&str]) -> Vec<Statement> {
    let policy = site.killick.run(&[&["policy"], args].concat()).code(0);
    statements(&policy.json())
}

fn reads(action: &str) -> bool {
    let verbs = ["Describe", "Get", "List", "Lookup", "Simulate"];
    let (_, verb) = action.split_once(':').unwrap();
    verbs.iter().any(|prefix| verb.starts_with(prefix))
}

/// A stack with all that makes a command ask: functions by name, by a tag and by a prefix, a published
/// version, promised addresses.
fn busy() -> Site {
    let site = Site::deployed(Spec::two_zones());
    let function = json!({"FunctionName": "billing-sync"});
    site.aws.lambda("publish_version", function);
    let stack = site.stack();
    let promised: Vec<&String> = stack.addresses().values().collect();
    let text = format!(
        "{}\n[[function]]\ntag = {{ egress = \"fixed\" }}\n\n[[function]]\nprefix = \"report-\"\n\n\
         [egress]\naddresses = {promised:?}\n",
        site.spec.to_toml()
    );
    site.killick.write("killick.toml", text);
    site.server.reset_calls();
    site
}

/// The actions that a command needed.
fn needed(site: &Site, args: &[&str]) -> BTreeSet<String> {
    site.server.reset_calls();
    site.killick.run(args).code(0);
    made(&site.server.calls())
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn no_policy_allows_a_write() {
    let site = Site::new(Spec::two_zones());
    for command in COMMANDS {
        for args in [&[command][..], &[command, "--who"]] {
            let actions = allowed(&printed(&site, args));
            let writing: Vec<_> = actions.iter().filter(|action| !reads(action)).collect();
            assert!(writing.is_empty(), "{args:?} allows {writing:?}");
            assert!(actions.contains("ec2:DescribeVpcs"), "{args:?}");
        }
    }
    assert!(!reads("ec2:ReplaceRoute") && !reads("lambda:UpdateAlias"));
    assert_eq!(
        site.server.calls().len(),
        0,
        "a policy needs nothing of AWS"
    );
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn each_command_makes_the_calls_of_its_policy_and_no_other() {
    let site = busy();
    for (command, args) in [
        ("drift", &["drift"][..]),
        ("prove", &["prove"]),
        ("watch", &["watch", "--once", "--state", "watch.json"]),
    ] {
        let wanted = allowed(&printed(&site, &[command]));
        assert_eq!(needed(&site, args), wanted, "{command}");
    }
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_list_of_addresses_needs_no_functions() {
    let site = busy();
    let wanted = allowed(&printed(&site, &["ips"]));
    assert_eq!(needed(&site, &["ips"]), wanted);
}

/// Before there is anything, a plan looks for what would stand in the way.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn a_plan_makes_the_calls_of_its_policy_and_no_other() {
    let empty = Site::new(Spec::two_zones());
    empty.server.faults(&json!([{
        "kind": "nonsense", "action": "DescribeVpcBlockPublicAccessOptions", "body": BLOCKED,
    }]));
    let mut made = needed(&empty, &["plan"]);
    let busy = busy();
    made.extend(needed(&busy, &["plan"]));
    assert_eq!(made, allowed(&printed(&busy, &["plan"])));
}

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn the_documented_read_policy_is_for_whatever_looks() {
    let site = Site::new(Spec::two_zones());
    let mut wanted = BTreeSet::new();
    for command in COMMANDS {
        wanted.extend(allowed(&printed(&site, &[command])));
    }
    assert_eq!(allowed(&documented("read")), wanted);
    // Nothing but the parameters has a resource to be named.
    for one in documented("read") {
        let parameters = one.actions.iter().all(|action| action.starts_with("ssm:"));
        let named = one.resource.contains(":parameter/killick/");
        assert_eq!(parameters, named, "{one:?}");
        assert_eq!(one.condition, Value::Null, "{one:?}");
    }
}

/// Whoever holds what a command's policy allows is refused nothing: each action is denied that is not in it.
#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn with_nothing_but_its_policy_drift_reads_everything() {
    let site = busy();
    let granted = allowed(&printed(&site, &["drift"]));
    let every: BTreeSet<String> = COMMANDS
        .iter()
        .flat_map(|command| allowed(&printed(&site, &[command, "--who"])))
        .collect();
    let denied: Vec<Value> = every
        .difference(&granted)
        .map(|action| {
            let (_, verb) = action.split_once(':').unwrap();
            json!({"kind": "deny", "action": verb})
        })
        .collect();
    assert!(!denied.is_empty());
    site.server.faults(&json!(denied));
    let drift = site.drift(0).unwrap();
    assert_eq!(drift["coverage"]["unreadable"], json!([]));
}
