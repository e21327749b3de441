//! The services that endpoints can be made for.

use serde_json::{Value, json};

use crate::dice::digest;
use crate::ec2::Call;
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::{Page, Paths, page};

/// Some of AWS's services, with the types of their endpoints.
const SERVICES: &[(&str, &[&str])] = &[
    ("dynamodb", &["Gateway", "Interface"]),
    ("ec2", &["Interface"]),
    ("ecr.api", &["Interface"]),
    ("ecr.dkr", &["Interface"]),
    ("execute-api", &["Interface"]),
    ("kms", &["Interface"]),
    ("lambda", &["Interface"]),
    ("logs", &["Interface"]),
    ("monitoring", &["Interface"]),
    ("s3", &["Gateway", "Interface"]),
    ("secretsmanager", &["Interface"]),
    ("sns", &["Interface"]),
    ("sqs", &["Interface"]),
    ("ssm", &["Interface"]),
    ("sts", &["Interface"]),
];

/// Every service of a region under its whole name.
fn all(place: &Place) -> impl Iterator<Item = (String, &'static str, &'static [&'static str])> {
    let region = place.region.clone();
    SERVICES
        .iter()
        .map(move |(short, kinds)| (format!("com.amazonaws.{region}.{short}"), *short, *kinds))
}

/// Whether a service has endpoints of a type.
///
/// # Errors
/// `InvalidServiceName`, `InvalidParameter`.
pub(super) fn offered(place: &Place, service: &str, kind: &str) -> Result<(), Failure> {
    let found = all(place).find(|(name, _, _)| name == service);
    let (_, _, kinds) = found.ok_or_else(|| unknown(service))?;
    if kinds.contains(&kind) {
        return Ok(());
    }
    let message = format!(
        "Endpoint type ({kind}) does not match available service types ([{}]).",
        kinds.join(", ")
    );
    Err(Failure::new("InvalidParameter", message))
}

fn unknown(service: &str) -> Failure {
    let message = format!("The Vpc Endpoint Service '{service}' does not exist");
    Failure::new("InvalidServiceName", message)
}

const FILTERS: Paths = &[
    ("owner", "owner"),
    ("service-name", "serviceName"),
    ("service-region", "serviceRegion"),
    ("service-type", "serviceType.serviceType"),
    ("supported-ip-address-types", "supportedIpAddressTypeSet"),
];

pub(super) fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let names = call.params.list("ServiceName");
    let filters = call.params.filters()?;
    let asked = Page::of(&mut call.params, 1..=i64::MAX)?;
    call.checked()?;
    filters.known(FILTERS, true)?;
    let place = &*call.place;
    for name in &names {
        if !all(place).any(|(known, _, _)| known == *name) {
            return Err(unknown(name));
        }
    }
    let mut found = Vec::new();
    for (name, short, kinds) in all(place) {
        for kind in kinds {
            let detail = show(place, &name, short, kind);
            let asked = names.is_empty() || names.contains(&name);
            if asked && filters.pass(None, FILTERS, || &detail) {
                found.push((format!("{name} {kind}"), detail));
            }
        }
    }
    let (details, next) = page(found, &asked, call.settings.page);
    let names = details.iter().filter_map(|one| one.get("serviceName"));
    let mut names: Vec<&Value> = names.collect();
    names.dedup();
    Ok(json!({"serviceNameSet": names, "serviceDetailSet": details, "nextToken": next}))
}

fn show(place: &Place, name: &str, short: &str, kind: &str) -> Value {
    let region = &place.region;
    let id = digest(&format!("{name} {kind}"));
    json!({
        "serviceName": name,
        "serviceId": format!("vpce-svc-0{id:016x}"),
        "serviceType": [{"serviceType": kind}],
        "serviceRegion": region,
        "owner": "amazon",
        "baseEndpointDnsNameSet": [format!("{short}.{region}.amazonaws.com")],
        "vpcEndpointPolicySupported": true,
        "acceptanceRequired": false,
        "managesVpcEndpoints": false,
        "supportedIpAddressTypeSet": ["ipv4"],
        "tagSet": [],
    })
}
