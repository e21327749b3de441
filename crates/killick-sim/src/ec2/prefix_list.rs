//! Prefix lists: the two that AWS keeps in each region for gateway endpoints.

use serde_json::{Value, json};

use super::listing::well_formed;
use super::{Action, Call};
use crate::dice::digest;
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::{Filters, Page, Params, page};

/// A prefix list.
#[derive(Clone, Debug)]
pub(crate) struct PrefixList {
    /// Its id, `pl-…`.
    pub(crate) id: String,
    /// The service's name, such as `com.amazonaws.ap-northeast-1.s3`.
    pub(crate) name: String,
    cidr: &'static str,
}

pub(crate) const ACTIONS: &[(&str, Action)] = &[
    ("DescribePrefixLists", describe),
    ("DescribeManagedPrefixLists", describe_managed),
];

/// The services that have one, with what it holds.
const SERVICES: [(&str, &str); 2] = [("s3", "192.0.2.0/25"), ("dynamodb", "192.0.2.128/25")];

/// The lists of a region, by id: the same ones in every account.
pub(crate) fn all(place: &Place) -> Vec<PrefixList> {
    let list = |(service, cidr)| {
        let name = format!("com.amazonaws.{}.{service}", place.region);
        PrefixList {
            id: format!("pl-{:08x}", digest(&name) >> 32),
            name,
            cidr,
        }
    };
    let mut lists = SERVICES.map(list).to_vec();
    lists.sort_by(|a, b| a.id.cmp(&b.id));
    lists
}

/// The list of a service.
pub(crate) fn of(place: &Place, service: &str) -> Option<PrefixList> {
    all(place).into_iter().find(|list| list.name == service)
}

/// Whether there is a list of that id.
///
/// # Errors
/// `InvalidPrefixListId.Malformed`, `InvalidPrefixListID.NotFound`.
pub(crate) fn need(place: &Place, id: &str) -> Result<(), Failure> {
    find(place, id, "InvalidPrefixListID.NotFound").map(|_| ())
}

fn find(place: &Place, id: &str, missing: &str) -> Result<PrefixList, Failure> {
    well_formed(id, "pl", "InvalidPrefixListId.Malformed")?;
    let found = all(place).into_iter().find(|list| list.id == id);
    found.ok_or_else(|| {
        let message = format!("The prefix list ID '{id}' does not exist");
        Failure::new(missing, message)
    })
}

/// What both describe calls ask.
struct Asked {
    ids: Vec<String>,
    filters: Filters,
    page: Page,
}

impl Asked {
    fn read(params: &mut Params, most: i64) -> Result<Self, Failure> {
        Ok(Self {
            ids: params.list("PrefixListId"),
            filters: params.filters()?,
            page: Page::of(params, 1..=most)?,
        })
    }

    fn answer(
        &self,
        call: &Call<'_>,
        missing: &str,
        show: impl Fn(PrefixList) -> Value,
    ) -> Result<Value, Failure> {
        for id in &self.ids {
            find(call.place, id, missing)?;
        }
        let found = all(call.place)
            .into_iter()
            .filter(|list| self.ids.is_empty() || self.ids.contains(&list.id))
            .filter(|list| {
                self.filters.pass(None, |name| match name {
                    "prefix-list-id" => vec![list.id.clone()],
                    "prefix-list-name" => vec![list.name.clone()],
                    _ => vec!["AWS".to_owned()],
                })
            })
            .map(|list| (list.id.clone(), show(list)))
            .collect();
        let (items, next) = page(found, &self.page, call.settings.page);
        Ok(json!({"prefixListSet": items, "nextToken": next}))
    }
}

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let asked = Asked::read(&mut call.params, 1000)?;
    call.checked()?;
    let known = ["prefix-list-id", "prefix-list-name"];
    asked.filters.known(&known, false)?;
    asked.answer(call, "InvalidPrefixListId.NotFound", |list| {
        json!({
            "prefixListId": list.id,
            "prefixListName": list.name,
            "cidrSet": [list.cidr],
        })
    })
}

fn describe_managed(call: &mut Call<'_>) -> Result<Value, Failure> {
    let asked = Asked::read(&mut call.params, 100)?;
    call.checked()?;
    let known = ["owner-id", "prefix-list-id", "prefix-list-name"];
    asked.filters.known(&known, false)?;
    let region = &call.place.region;
    asked.answer(call, "InvalidPrefixListID.NotFound", |list| {
        json!({
            "prefixListArn": format!("arn:aws:ec2:{region}:aws:prefix-list/{}", list.id),
            "prefixListId": list.id,
            "prefixListName": list.name,
            "addressFamily": "IPv4",
            "state": "create-complete",
            "ownerId": "AWS",
            "tagSet": [],
        })
    })
}
