//! What to do about a finding: the one place that knows.

use killick_core::Key;
use killick_finding::{FieldPath, Finding, Flag, Reason, Repair, Revert};

use crate::catalogue::facts;
use crate::tags::{KEY, STACK};

/// What a command must say so that it can be pasted as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// How a command line begins: `killick --sandbox`.
    pub program: &'a str,
    /// The path of the spec, as it was given.
    pub spec: &'a str,
    /// The name of the stack.
    pub stack: &'a str,
    /// The region of the stack.
    pub region: &'a str,
    /// How many NAT gateways the stack should have: with one there is no other
    /// to leave by.
    pub gateways: usize,
}

impl Caller<'_> {
    /// `killick apply partner.toml`
    pub fn command(&self, command: &str) -> String {
        format!("{} {command} {}", self.program, shell(self.spec))
    }
}

/// What to do about a finding, in a sentence, and the commands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// The sentence.
    pub text: String,
    /// The commands that it names, word for word: nothing may break them.
    pub commands: Vec<String>,
}

/// What `apply` will do about a finding, or who must do what.
pub fn advice(finding: &Finding, caller: Caller<'_>) -> Advice {
    let mut writer = Writer {
        caller,
        commands: Vec::new(),
    };
    let text = match &finding.repair {
        Repair::Automatic if finding.field == Some(FieldPath::State) => {
            format!("{} waits for it", writer.killick("apply"))
        }
        Repair::Automatic => {
            let apply = writer.killick("apply");
            format!("fixed by: {apply} ({})", effort(finding, caller))
        }
        Repair::Guarded(flag) => {
            let apply = caller.command("apply");
            let apply = writer.command(format!("{apply} {}", flag.text()));
            let effort = effort(finding, caller);
            match flag {
                Flag::Prune => format!(
                    "removed by: {apply} ({effort}); without the flag apply leaves it alone"
                ),
                Flag::Grant => format!(
                    "fixed by: {apply} ({effort}), which attaches AWSLambdaVPCAccessExecutionRole \
                     to the role; without the flag apply leaves the role alone"
                ),
                Flag::ChangeAddresses | Flag::MoveFunctions | Flag::SecondNetwork => {
                    format!("fixed by: {apply} ({effort}); without the flag apply refuses")
                }
            }
        }
        Repair::Report(reason) => writer.reason(finding, reason),
    };
    Advice {
        text,
        commands: writer.commands,
    }
}

/// The call that gives a resource the tags of the stack.
pub fn tag(id: &str, stack: &str, key: &Key) -> String {
    format!(
        "ec2 create-tags --resources {id} --tags Key={STACK},Value={stack} Key={KEY},Value={key}"
    )
}

/// How long a repair takes, and where the traffic goes meanwhile.
fn effort(finding: &Finding, caller: Caller<'_>) -> String {
    let field = finding.field.as_ref().map(FieldPath::head);
    let Some(facts) = facts(finding.key.kind) else {
        return String::new();
    };
    let effort = (facts.effort)(field, finding.what);
    let meanwhile = match (effort.detour, caller.gateways) {
        (false, _) => "",
        (true, 0 | 1) => "; the zone has no internet egress meanwhile",
        (true, _) => "; the zone leaves by another zone's address meanwhile",
    };
    format!("{}{meanwhile}", effort.takes)
}

/// Collects the commands that it writes.
struct Writer<'a> {
    caller: Caller<'a>,
    commands: Vec<String>,
}

impl Writer<'_> {
    fn command(&mut self, command: String) -> String {
        self.commands.push(command.clone());
        command
    }

    fn killick(&mut self, command: &str) -> String {
        self.command(self.caller.command(command))
    }

    fn aws(&mut self, call: &str) -> String {
        self.command(aws(call, self.caller.region))
    }

    fn reason(&mut self, finding: &Finding, reason: &Reason) -> String {
        match reason {
            Reason::Rebuild => {
                "killick rebuilds nothing: put the value back in the spec".to_owned()
            }
            Reason::NotDeployed => "deploy the function, or take it out of the spec".to_owned(),
            Reason::ExternalMissing => {
                "killick creates no external resource: correct its id in the spec".to_owned()
            }
            Reason::HeldBy { holder, .. } if holder.starts_with("nat-") => format!(
                "killick takes no address away from {holder}: whoever made that NAT gateway gives \
                 the address up first, and what leaves by it loses its egress then; after that, \
                 run {}",
                self.killick("apply")
            ),
            Reason::HeldBy {
                holder,
                association,
            } => {
                let call = match association {
                    Some(association) => self.aws(&format!(
                        "ec2 disassociate-address --association-id {association}"
                    )),
                    None => "where it is held".to_owned(),
                };
                format!(
                    "killick takes no address away from {holder}: free it ({call}), then run {}",
                    self.killick("apply")
                )
            }
            Reason::Unproven { id } => {
                let (stack, key) = (self.caller.stack, &finding.key);
                let call = self.aws(&tag(id, stack, key));
                format!(
                    "nothing proves that {id} is this stack's, so killick changes nothing of it and \
                     makes nothing beside it: if it is, tag it ({call})"
                )
            }
            Reason::NotOfThisStack => {
                "give it to a zone of the spec by its allocation id, or take it off `addresses`"
                    .to_owned()
            }
            Reason::NoZoneForIt => {
                "give it a zone in the spec, or take it off `addresses`".to_owned()
            }
            Reason::UnusedBySpec => {
                "give its zone a NAT gateway in the spec, or take it off `addresses` when no \
                 partner needs it any more"
                    .to_owned()
            }
            Reason::NotPinned => {
                let pin = format!("{} --pin", self.caller.command("ips"));
                format!("once partners let it in, pin it: {}", self.command(pin))
            }
            Reason::Unmanaged(revert) => self.unmanaged(finding, revert),
        }
    }

    /// What killick does not manage is reverted at its source, or accepted.
    fn unmanaged(&mut self, finding: &Finding, revert: &Revert) -> String {
        let how = match revert {
            Revert::ForeignFunction { function } => {
                format!("name {function} in the spec, or have its owner move it")
            }
            Revert::EgressPath => format!("see each hop with {}", self.killick("prove")),
            revert => format!("revert it at its source ({})", self.revert(revert)),
        };
        format!(
            "killick does not manage this: {how}, or accept it until a date with [[accept]] \
             finding = \"{}\"",
            finding.id
        )
    }

    /// The calls that revert it, as commands of the AWS command line.
    fn revert(&mut self, revert: &Revert) -> String {
        match revert {
            Revert::PublicAccess { vpc } => format!(
                "{} for the region, or {} for this VPC",
                self.aws(
                    "ec2 modify-vpc-block-public-access-options --internet-gateway-block-mode off"
                ),
                self.aws(&format!(
                    "ec2 create-vpc-block-public-access-exclusion --vpc-id {vpc} \
                     --internet-gateway-exclusion-mode allow-bidirectional"
                ))
            ),
            Revert::NetworkAcl { acl, entries } if entries.is_empty() => format!(
                "add a rule that allows it; see {}",
                self.aws(&format!(
                    "ec2 describe-network-acls --network-acl-ids {acl}"
                ))
            ),
            Revert::NetworkAcl { acl, entries } => {
                let calls = entries.iter().map(|(number, egress)| {
                    let side = if *egress { "--egress" } else { "--ingress" };
                    self.aws(&format!(
                        "ec2 delete-network-acl-entry --network-acl-id {acl} --rule-number \
                         {number} {side}"
                    ))
                });
                calls.collect::<Vec<_>>().join(" and ")
            }
            Revert::DhcpOptions { vpc, options } => self.aws(&format!(
                "ec2 associate-dhcp-options --vpc-id {vpc} --dhcp-options-id {options}"
            )),
            Revert::Transfer { allocation } => self.aws(&format!(
                "ec2 disable-address-transfer --allocation-id {allocation}"
            )),
            Revert::Endpoint { endpoint, tables } => self.aws(&format!(
                "ec2 modify-vpc-endpoint --vpc-endpoint-id {endpoint} --remove-route-table-ids {}",
                tables.join(" ")
            )),
            Revert::MainTable { now, before } => {
                let before = before.as_deref().unwrap_or("rtb-…");
                let look = aws(
                    &format!(
                        "ec2 describe-route-tables --route-table-ids {now} --output text --query \
                         'RouteTables[0].Associations[?Main].RouteTableAssociationId'"
                    ),
                    self.caller.region,
                );
                self.aws(&format!(
                    "ec2 replace-route-table-association --route-table-id {before} \
                     --association-id \"$({look})\""
                ))
            }
            Revert::Route { table, destination } => {
                let member = match destination {
                    list if list.starts_with("pl-") => "--destination-prefix-list-id",
                    cidr if cidr.contains(':') => "--destination-ipv6-cidr-block",
                    _ => "--destination-cidr-block",
                };
                self.aws(&format!(
                    "ec2 delete-route --route-table-id {table} {member} {destination}"
                ))
            }
            Revert::Association { association } => self.aws(&format!(
                "ec2 disassociate-route-table --association-id {association}"
            )),
            Revert::Propagation { table, gateway } => self.aws(&format!(
                "ec2 disable-vgw-route-propagation --route-table-id {table} --gateway-id {gateway}"
            )),
            Revert::NatGateway { gateway } => self.aws(&format!(
                "ec2 delete-nat-gateway --nat-gateway-id {gateway}"
            )),
            Revert::Alias { function, alias } => {
                let publish = aws(
                    &format!(
                        "lambda publish-version --function-name {function} --query Version \
                         --output text"
                    ),
                    self.caller.region,
                );
                self.aws(&format!(
                    "lambda update-alias --function-name {function} --name {alias} \
                     --function-version \"$({publish})\""
                ))
            }
            Revert::ForeignFunction { .. } | Revert::EgressPath => String::new(),
        }
    }
}

fn aws(call: &str, region: &str) -> String {
    format!("aws {call} --region {region}")
}

/// A path as one word of a shell.
fn shell(path: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "/._-+,:@%".contains(char);
    match !path.is_empty() && path.chars().all(plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        assert_eq!(
            shell("specs/lambda-fixed-ip.toml"),
            "specs/lambda-fixed-ip.toml"
        );
        assert_eq!(shell("my spec.toml"), "'my spec.toml'");
        assert_eq!(shell("it's.toml"), r"'it'\''s.toml'");
    }
}
