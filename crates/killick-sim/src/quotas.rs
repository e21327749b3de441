//! Service Quotas: what the limits are, as the world enforces them.

use serde_json::{Map, Value, json};

use crate::ec2::limit;
use crate::failure::Failure;
use crate::place::Place;
use crate::settings::Settings;
use crate::wire::{Members, Page, Request, Response, aimed, constraint, members, page, within};
use crate::world::Asked;

/// What every target begins with.
pub(crate) const PREFIX: &str = "ServiceQuotasV20190624";

/// The services that have quotas here, with their names.
const SERVICES: [(&str, &str); 2] = [
    ("ec2", "Amazon Elastic Compute Cloud (Amazon EC2)"),
    ("vpc", "Amazon Virtual Private Cloud (Amazon VPC)"),
];

/// A quota: service, code, name, and its value in a world.
type Quota = (
    &'static str,
    &'static str,
    &'static str,
    fn(&Settings) -> usize,
);

/// Every quota, in the order of their services and codes.
#[rustfmt::skip]
const QUOTAS: &[Quota] = &[
    ("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", |settings| settings.address_quota),
    ("vpc", "L-2AFB9258", "Security groups per network interface", |_| limit::GROUPS_OF_INTERFACE),
    ("vpc", "L-407747CB", "Subnets per VPC", |_| limit::SUBNETS),
    ("vpc", "L-589F43AA", "Route tables per VPC", |_| limit::ROUTE_TABLES),
    ("vpc", "L-93826ACB", "Routes per route table", |_| limit::ROUTES),
    ("vpc", "L-A4707A72", "Internet gateways per Region", |settings| settings.vpc_quota),
    ("vpc", "L-E79EC296", "VPC security groups per Region", |_| limit::GROUPS),
    ("vpc", "L-F678F1CE", "VPCs per Region", |settings| settings.vpc_quota),
    ("vpc", "L-FE5A380F", "NAT gateways per Availability Zone", |settings| settings.nat_quota),
];

/// What a call gets.
struct Call<'a> {
    place: &'a Place,
    body: Map<String, Value>,
    settings: &'a Settings,
    /// Whether it asks for what AWS gives every account.
    default: bool,
}

/// Answers a request.
pub(crate) fn answer(place: &mut Place, asked: &Asked, request: &Request) -> Response {
    Response::json_11(&asked.request_id, carry_out(place, asked, request))
}

fn carry_out(place: &mut Place, asked: &Asked, request: &Request) -> Result<Value, Failure> {
    let name = aimed(request, PREFIX);
    let (one, default) = match name {
        "GetServiceQuota" => (true, false),
        "GetAWSDefaultServiceQuota" => (true, true),
        "ListServiceQuotas" => (false, false),
        "ListAWSDefaultServiceQuotas" => (false, true),
        _ => return Err(Failure::new("UnknownOperationException", "")),
    };
    let settings = &asked.settings;
    if settings.throttle && !place.buckets.take("servicequotas", name, false, asked.now) {
        return Err(Failure::new("TooManyRequestsException", "Rate exceeded"));
    }
    let call = Call {
        place,
        body: members(request)?,
        settings,
        default,
    };
    if one { call.one() } else { call.list() }
}

impl Call<'_> {
    fn body(&self) -> Members<'_> {
        Members(&self.body)
    }

    fn one(&self) -> Result<Value, Failure> {
        let service = self.service()?;
        let code = self.body().need("QuotaCode", "quotaCode")?;
        let mut quotas = QUOTAS.iter();
        let quota = quotas.find(|(of, known, ..)| *of == service && *known == code);
        let quota = quota.ok_or_else(|| missing("quota"))?;
        Ok(json!({"Quota": self.show(quota)}))
    }

    fn list(&self) -> Result<Value, Failure> {
        let service = self.service()?;
        let body = self.body();
        let code = body.text("QuotaCode")?;
        let level = body.text("QuotaAppliedAtLevel")?.unwrap_or("ACCOUNT");
        let size = body.number("MaxResults")?.unwrap_or(100);
        within(size, "maxResults", 1, 100)?;
        if !["ACCOUNT", "ALL", "RESOURCE"].contains(&level) {
            let rule = "Member must satisfy enum value set: [ACCOUNT, RESOURCE, ALL]";
            return Err(constraint(level, "quotaAppliedAtLevel", rule));
        }
        let size = usize::try_from(size).unwrap_or(1);
        let asked = Page::new(size, body.text("NextToken")?)
            .map_err(|failure| Failure::new("InvalidPaginationTokenException", failure.message))?;
        // No quota here is one of a single resource.
        let quotas = QUOTAS.iter().filter(|_| level != "RESOURCE");
        let quotas = quotas.filter(|(of, known, ..)| {
            *of == service && (self.default || code.is_none_or(|code| code == *known))
        });
        let items = quotas.map(|quota| (quota.1.to_owned(), self.show(quota)));
        let (items, next) = page(items.collect(), &asked, self.settings.page);
        Ok(json!({"Quotas": items, "NextToken": next}))
    }

    /// `ServiceCode`, which must be one of those that are known.
    fn service(&self) -> Result<&str, Failure> {
        let code = self.body().need("ServiceCode", "serviceCode")?;
        let known = SERVICES.iter().any(|(known, _)| *known == code);
        known.then_some(code).ok_or_else(|| missing("service"))
    }

    fn show(&self, (service, code, name, value): &Quota) -> Value {
        let mut names = SERVICES.iter();
        let full = names.find(|(known, _)| known == service);
        let (region, account) = (&self.place.region, &self.place.account);
        let usual = Settings::default();
        let (account, settings) = match self.default {
            true => ("", &usual),
            false => (account.as_str(), self.settings),
        };
        json!({
            "ServiceCode": service,
            "ServiceName": full.map(|(_, name)| name),
            "QuotaArn": format!("arn:aws:servicequotas:{region}:{account}:{service}/{code}"),
            "QuotaCode": code,
            "QuotaName": name,
            "Value": value(settings) as f64,
            "Unit": "None",
            "Adjustable": true,
            "GlobalQuota": false,
            "QuotaAppliedAtLevel": "ACCOUNT",
        })
    }
}

fn missing(what: &str) -> Failure {
    let message = format!("The request failed because the specified {what} does not exist.");
    Failure::new("NoSuchResourceException", message)
}
