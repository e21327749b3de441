//! Network interfaces: which of them go by themselves, and who keeps the
//! others.

use std::collections::{BTreeMap, BTreeSet};

use killick_core::Key;

use super::{Collector, joined};
use crate::resource::NatGateway;
use crate::snapshot::{DependentKind, NetworkInterface, Version};

/// The ids that services of AWS write into the descriptions of their
/// interfaces, and the type of what has such an id.
const PARENTS: [(&str, &str); 5] = [
    ("vpce-", ENDPOINT),
    ("nat-", NatGateway::KIND),
    ("tgw-attach-", "transit_gateway_attachment"),
    ("fsmt-", "efs_mount_target"),
    ("eice-", "instance_connect_endpoint"),
];

const ENDPOINT: &str = DependentKind::VpcEndpoint.name();

impl Collector<'_> {
    /// Interfaces in what goes, by what they are for.
    pub(super) fn interfaces(&mut self) {
        for interface in &self.seen.snapshot.dependents.interfaces {
            let groups = interface.groups.iter();
            let ids = [&interface.vpc, &interface.subnet];
            let ids = ids.into_iter().chain(groups);
            let mut holds = self.held(ids.map(String::as_str));
            if interface.public {
                holds.extend(self.exits(&interface.vpc));
            }
            match interface.parent() {
                _ if holds.is_empty() => {}
                _ if interface.is_lambda() => self.keepers(interface, &holds),
                parent if self.of_gateway(interface, parent) => {}
                (ENDPOINT, id) => self.endpoint(interface, id, holds),
                (kind, id) => {
                    let about = self.about(interface, kind);
                    let remedy = self.release(interface, kind);
                    self.add((kind, id), about, holds, remedy);
                }
            }
        }
    }

    /// A NAT gateway that goes takes its interface with it, and a foreign one
    /// is named itself.
    fn of_gateway(&self, interface: &NetworkInterface, (kind, id): (&str, &str)) -> bool {
        let mut gateways = self.seen.snapshot.nat_gateways.iter();
        gateways.any(|nat| {
            let mut addresses = nat.addresses.iter();
            kind == NatGateway::KIND && nat.id == id
                || addresses.any(|one| one.interface.as_ref() == Some(&interface.id))
        })
    }

    /// An endpoint is known by its id, also where endpoints could not be read.
    fn endpoint(&mut self, interface: &NetworkInterface, id: &str, holds: BTreeSet<Key>) {
        let mut known = self.seen.snapshot.dependents.attached.iter();
        let (about, remedy) = match known.find(|one| one.id == id) {
            Some(endpoint) if endpoint.leaves() => return,
            Some(endpoint) => self.dependent(endpoint),
            None => {
                let delete = format!("delete-vpc-endpoints --vpc-endpoint-ids {id}");
                let remedy = format!("delete the endpoint: {}", self.command(&delete));
                (self.about(interface, ENDPOINT), remedy)
            }
        };
        self.add((ENDPOINT, id), about, holds, remedy);
    }

    /// What AWS says of an interface.
    fn about(&self, interface: &NetworkInterface, kind: &str) -> Option<String> {
        let text = interface.description.as_str();
        let requester = interface.requester.as_ref();
        joined([
            (kind != "network_interface").then(|| format!("by {}", interface.id)),
            (!text.is_empty()).then(|| format!("\"{text}\"")),
            requester.map(|by| format!("made by {by}")),
            self.elsewhere(interface.owner.as_deref()),
        ])
    }

    /// Lambda shares one interface for each subnet and set of groups, and takes
    /// it back by itself once no function and no version is configured for it.
    fn keepers(&mut self, interface: &NetworkInterface, holds: &BTreeSet<Key>) {
        let snapshot = self.seen.snapshot;
        let groups: BTreeSet<&String> = interface.groups.iter().collect();
        let uses = |subnets: &[String], security_groups: &[String]| {
            let theirs: BTreeSet<&String> = security_groups.iter().collect();
            subnets.contains(&interface.subnet) && theirs == groups
        };
        let foreign = snapshot.functions.iter().filter(|function| {
            // What the stack manages is detached by the plan.
            self.foreign(&function.name) && uses(&function.subnets, &function.security_groups)
        });
        for function in foreign.collect::<Vec<_>>() {
            self.function(&function.name, holds.clone());
        }
        let frozen = self.versions().into_values();
        let frozen = frozen.filter(|version| uses(&version.subnets, &version.security_groups));
        for version in frozen.collect::<Vec<_>>() {
            let id = format!("{}:{}", version.function, version.version);
            let about = match version.aliases.as_slice() {
                [] => "keeps the VPC config of when it was published".to_owned(),
                aliases => format!(
                    "alias {}; keeps the VPC config of when it was published",
                    aliases.join(", ")
                ),
            };
            let remedy = format!(
                "delete the version once nothing calls it: aws lambda delete-function \
                 --function-name {} --qualifier {} --region {}",
                version.function, version.version, snapshot.region
            );
            let item = (VERSION, id.as_str());
            self.add(item, Some(about), holds.clone(), remedy);
        }
    }

    /// Every published version that was read, with its aliases where these were.
    fn versions(&self) -> BTreeMap<(&str, &str), Version> {
        let snapshot = self.seen.snapshot;
        let all = snapshot.dependents.versions.iter();
        let all = all.chain(&snapshot.versions);
        all.map(|one| ((one.function.as_str(), one.version.as_str()), one.clone()))
            .collect()
    }

    fn release(&self, interface: &NetworkInterface, kind: &str) -> String {
        let text = interface.description.as_str();
        let remedy = match kind {
            "instance" => "terminate the instance, or move it to another subnet and group",
            "transit_gateway_attachment" => "delete the transit gateway attachment of the VPC",
            "efs_mount_target" => "delete the EFS mount target",
            "instance_connect_endpoint" => "delete the EC2 Instance Connect endpoint",
            _ if text.starts_with("ELB ") => "delete the load balancer",
            _ if text.starts_with("RDS") => {
                "delete the database instance or proxy, or move it to other subnets"
            }
            _ if text.starts_with("Amazon EKS") => "delete the EKS cluster",
            _ if text.starts_with("ElastiCache") => "delete the ElastiCache cluster",
            _ if interface.requester.is_some() => {
                "delete what it belongs to: only the service that made the interface can delete it"
            }
            _ => {
                let delete = format!(
                    "delete-network-interface --network-interface-id {}",
                    interface.id
                );
                return format!("detach and delete it: {}", self.command(&delete));
            }
        };
        remedy.to_owned()
    }
}

const VERSION: &str = "function_version";

impl NetworkInterface {
    fn is_lambda(&self) -> bool {
        let text = &self.description;
        self.kind == "lambda" || text.starts_with("AWS Lambda VPC ENI")
    }

    /// The type and id of what has this interface; the interface itself where
    /// AWS does not say.
    fn parent(&self) -> (&'static str, &str) {
        let itself = ("network_interface", self.id.as_str());
        if self.requester.is_none() {
            let instance = self.instance.as_deref();
            return instance.map_or(itself, |instance| ("instance", instance));
        }
        let apart = |char: char| !char.is_ascii_alphanumeric() && char != '-';
        let mut words = self.description.split(apart);
        let parent = words.find_map(|word| {
            let mut parents = PARENTS.iter();
            let found = parents.find(|(prefix, _)| word.starts_with(prefix));
            found.map(|(_, kind)| (*kind, word))
        });
        parent.unwrap_or(itself)
    }
}
