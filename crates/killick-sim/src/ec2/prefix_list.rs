//! Prefix lists: the two that AWS keeps in each region for gateway endpoints.

use serde_json::{Value, json};

use super::listing::well_formed;
use super::{Action, Call};
use crate::dice::digest;
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::{Page, Paths, page};

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

fn describe(call: &mut Call<'_>) -> Result<Value, Failure> {
    let known = &[
        ("prefix-list-id", "prefixListId"),
        ("prefix-list-name", "prefixListName"),
    ];
    answer(
        call,
        (1000, "InvalidPrefixListId.NotFound"),
        known,
        |list| {
            json!({
                "prefixListId": list.id,
                "prefixListName": list.name,
                "cidrSet": [list.cidr],
            })
        },
    )
}

fn describe_managed(call: &mut Call<'_>) -> Result<Value, Failure> {
    let known = &[
        ("owner-id", "ownerId"),
        ("prefix-list-id", "prefixListId"),
        ("prefix-list-name", "prefixListName"),
    ];
    let region = call.place.region.clone();
    answer(call, (100, "InvalidPrefixListID.NotFound"), known, |list| {
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

/// What both describe calls have in common, but for the longest page and the
/// code for an id that nothing has.
fn answer(
    call: &mut Call<'_>,
    (most, missing): (i64, &str),
    known: Paths,
    show: impl Fn(&PrefixList) -> Value,
) -> Result<Value, Failure> {
    let ids = call.params.list("PrefixListId");
    let filters = call.params.filters()?;
    let asked = Page::of(&mut call.params, 1..=most)?;
    call.checked()?;
    filters.known(known, false)?;
    for id in &ids {
        find(call.place, id, missing)?;
    }
    let found = all(call.place)
        .into_iter()
        .filter(|list| ids.is_empty() || ids.contains(&list.id))
        .map(|list| (list.id.clone(), show(&list)))
        .filter(|(_, shown)| filters.pass(None, known, || shown))
        .collect();
    let (items, next) = page(found, &asked, call.settings.page);
    Ok(json!({"prefixListSet": items, "nextToken": next}))
}
