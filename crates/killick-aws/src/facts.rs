//! What is asked of AWS beforehand, in one concurrent wave.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use killick_engine::{CloudError, Rules, Settler};
use killick_stack::resource::NatGateway;
use killick_stack::snapshot::BLOCKED;
use killick_stack::{Asked, Facts, Quota, Unchecked, quotas};
use tokio::join;

use crate::call::{call, when};
use crate::describe;
use crate::error::Operation;
use crate::reader::Reader;

type Answer<T> = Result<T, CloudError>;

/// Asks what a plan makes worth asking. What is not answered is listed, and no
/// reason to stop.
pub async fn facts(reader: &Reader, settler: &Settler, asked: &Asked<'_>) -> Facts {
    let asking = Asking { reader, settler };
    let gateways = asked.creates(NatGateway::KIND).next().is_some();
    let attached = asked.attached();
    let functions = asked.seen.snapshot.functions.iter();
    let roles: BTreeSet<&str> = functions
        .filter(|function| attached.contains(function.name.as_str()))
        .filter_map(|function| function.role.as_deref())
        .collect();
    let quotas = quotas().filter(|quota| quota.needed(asked) > 0);
    let quotas = join_all(quotas.map(async |quota| (quota, asking.quota(&quota).await)));
    let roles = join_all(
        roles
            .into_iter()
            .map(async |role| (role, describe::role(reader, settler, role).await)),
    );
    let (zones, quotas, subnets, blocked, roles) = join!(
        when(!asked.zones().is_empty(), asking.zones()),
        quotas,
        when(gateways, describe::subnets(reader, settler, Vec::new())),
        when(gateways || !attached.is_empty(), asking.blocked()),
        roles,
    );
    let mut facts = Facts::default();
    facts.zones = take(&mut facts.unchecked, "the zones of the region", zones);
    facts.subnets = take(&mut facts.unchecked, "the subnets of the region", subnets);
    let blocked = take(&mut facts.unchecked, "VPC Block Public Access", blocked);
    (facts.block_mode, facts.excluded) = blocked;
    for (quota, answer) in quotas {
        let value = take(
            &mut facts.unchecked,
            &format!("the quota of {}", quota.what),
            answer.map(Some),
        );
        facts.quotas.extend(value.map(|value| (quota.code, value)));
    }
    for (role, answer) in roles {
        let answer = answer.map(|role| role.denied);
        let denied = take(
            &mut facts.unchecked,
            &format!("the policies of {role}"),
            answer,
        );
        facts.denied.insert(role.to_owned(), denied);
    }
    facts.unchecked.sort();
    facts
}

/// An answer; what came instead of one is listed.
fn take<T: Default>(unchecked: &mut Vec<Unchecked>, what: &str, answer: Answer<T>) -> T {
    answer.unwrap_or_else(|error| {
        unchecked.push(Unchecked {
            what: what.to_owned(),
            permission: error.permission(),
            code: error.code,
        });
        T::default()
    })
}

struct Asking<'a> {
    reader: &'a Reader,
    settler: &'a Settler,
}

impl Asking<'_> {
    /// `DescribeAvailabilityZones`: state and type by name, those that the
    /// account did not opt into included.
    async fn zones(&self) -> Answer<BTreeMap<String, (String, String)>> {
        let operation = Operation::ec2("DescribeAvailabilityZones");
        let answer = call(self.settler, Rules::PROBE, operation, async || {
            let request = self.reader.describe_availability_zones();
            request.all_availability_zones(true).send().await
        })
        .await?;
        let zones = answer.availability_zones().iter().filter_map(|zone| {
            let opted = zone.opt_in_status().map(|status| status.as_str());
            let state = match opted {
                Some("not-opted-in") => "not opted in",
                _ => zone.state().map_or("available", |state| state.as_str()),
            };
            let kind = zone.zone_type().unwrap_or("availability-zone");
            Some((
                zone.zone_name()?.to_owned(),
                (state.to_owned(), kind.to_owned()),
            ))
        });
        Ok(zones.collect())
    }

    /// The applied quota, or AWS's default where none is known.
    async fn quota(&self, quota: &Quota) -> Answer<usize> {
        let operation = Operation::quotas("GetServiceQuota");
        let applied = call(self.settler, Rules::PROBE, operation, async || {
            let request = self.reader.get_service_quota();
            let request = request.service_code(quota.service);
            request.quota_code(quota.code).send().await
        })
        .await;
        let value = match applied {
            Ok(answer) => answer.quota().and_then(|quota| quota.value()),
            Err(error) if error.code == "NoSuchResourceException" => {
                let operation = Operation::quotas("GetAWSDefaultServiceQuota");
                let answer = call(self.settler, Rules::PROBE, operation, async || {
                    let request = self.reader.get_aws_default_service_quota();
                    let request = request.service_code(quota.service);
                    request.quota_code(quota.code).send().await
                })
                .await?;
                answer.quota().and_then(|quota| quota.value())
            }
            Err(error) => return Err(error),
        };
        // A quota is a whole number that AWS sends as a float.
        match value {
            Some(value) if value >= 0.0 => Ok(value as usize),
            _ => Err(operation.nonsense("Value")),
        }
    }

    /// The mode of VPC Block Public Access, and what it leaves out.
    async fn blocked(&self) -> Answer<(Option<String>, BTreeSet<String>)> {
        let operation = Operation::ec2("DescribeVpcBlockPublicAccessOptions");
        let answer = call(self.settler, Rules::PROBE, operation, async || {
            let request = self.reader.describe_vpc_block_public_access_options();
            request.send().await
        })
        .await?;
        let options = answer.vpc_block_public_access_options();
        let mode = options.and_then(|options| options.internet_gateway_block_mode());
        let mode = mode.map(|mode| mode.as_str().to_owned());
        if mode.as_deref() != Some(BLOCKED) {
            return Ok((mode, BTreeSet::new()));
        }
        let operation = Operation::ec2("DescribeVpcBlockPublicAccessExclusions");
        let answer = call(self.settler, Rules::PROBE, operation, async || {
            let request = self.reader.describe_vpc_block_public_access_exclusions();
            request.send().await
        })
        .await?;
        let exclusions = answer.vpc_block_public_access_exclusions().iter();
        let live = exclusions.filter(|one| {
            let state = one.state().map_or("", |state| state.as_str());
            !state.starts_with("delet") && !state.contains("fail")
        });
        // `arn:aws:ec2:region:account:vpc/vpc-…`
        let ids = live.filter_map(|one| one.resource_arn()?.rsplit('/').next());
        Ok((mode, ids.map(str::to_owned).collect()))
    }
}
