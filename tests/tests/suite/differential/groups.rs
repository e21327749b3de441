//! Security groups and their rules.

use serde_json::{Value, json};

use super::tape::{Tape, filters, tagged};

impl Tape {
    /// A security group.
    pub(crate) fn group(&mut self, vpc: &str, name: &str) -> String {
        let args = json!({"VpcId": vpc, "GroupName": name, "Description": "outbound only"});
        self.make("create_security_group", args, "/GroupId")
    }
}

pub(crate) fn group(tape: &mut Tape) {
    let vpc = tape.vpc();
    let args = json!({
        "VpcId": vpc, "GroupName": "functions", "Description": "outbound only",
        "TagSpecifications": tagged("security-group"),
    });
    let group = tape.make("create_security_group", args.clone(), "/GroupId");
    let ids = json!({"GroupIds": [group]});
    tape.ec2("describe_security_groups", ids.clone());
    let rules = json!({"Filters": filters([("group-id", &group)])});
    tape.ec2("describe_security_group_rules", rules);
    for (name, value) in [
        ("group-name", "functions"),
        ("description", "outbound only"),
        ("group-id", &group),
        ("tag:Name", "ours"),
    ] {
        let filters = filters([("vpc-id", &vpc), (name, value)]);
        tape.ec2("describe_security_groups", json!({"Filters": filters}));
    }
    tape.ec2("create_security_group", args);
    tape.ec2("delete_security_group", json!({"GroupId": group}));
    tape.ec2("delete_security_group", json!({"GroupId": group}));
    tape.ec2("describe_security_groups", ids);
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
}

pub(crate) fn rules(tape: &mut Tape) {
    let vpc = tape.vpc();
    let (one, two) = (tape.group(&vpc, "one"), tape.group(&vpc, "two"));
    let ids = json!({"GroupIds": [one]});
    let of = |permission: Value| json!({"GroupId": one, "IpPermissions": [permission]});
    let all = of(json!({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}));
    let https = |sources: Value| {
        let mut permission = json!({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443});
        permission
            .as_object_mut()
            .unwrap()
            .extend(sources.as_object().unwrap().clone());
        of(permission)
    };
    let range = https(json!({"IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "inside"}]}));
    let pair = https(json!({"UserIdGroupPairs": [{"GroupId": two}]}));
    let six = https(json!({"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}));
    tape.ec2("authorize_security_group_egress", all.clone());
    tape.ec2("revoke_security_group_egress", all.clone());
    tape.ec2("describe_security_groups", ids.clone());
    for rule in [&range, &pair, &six] {
        tape.ec2("authorize_security_group_egress", rule.clone());
        tape.ec2("authorize_security_group_ingress", rule.clone());
    }
    tape.ec2("authorize_security_group_ingress", range.clone());
    tape.ec2("describe_security_groups", ids.clone());
    let rules = json!({"Filters": filters([("group-id", &one)])});
    tape.ec2("describe_security_group_rules", rules.clone());
    tape.ec2("revoke_security_group_ingress", pair.clone());
    tape.ec2("revoke_security_group_ingress", pair);
    tape.ec2("revoke_security_group_egress", range);
    tape.ec2("describe_security_groups", ids.clone());
    let left = tape.ec2("describe_security_group_rules", rules);
    let left = left["SecurityGroupRules"].as_array().unwrap().iter();
    let out = left.filter(|rule| rule["IsEgress"] == true);
    let out: Vec<_> = out.map(|rule| &rule["SecurityGroupRuleId"]).collect();
    let by_id = json!({"GroupId": one, "SecurityGroupRuleIds": out});
    tape.ec2("revoke_security_group_egress", by_id);
    tape.ec2("describe_security_groups", ids);
    for group in [one, two] {
        tape.ec2("delete_security_group", json!({"GroupId": group}));
    }
    tape.ec2("authorize_security_group_egress", all);
    tape.ec2("delete_vpc", json!({"VpcId": vpc}));
}
