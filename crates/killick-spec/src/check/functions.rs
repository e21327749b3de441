//! Rules that concern the functions.

use super::each::{Twice, by_value, defined, each, unique};
use super::groups::groups;
use crate::error::{SpecError, quote};
use crate::model::{Function, Select};
use crate::raw::{At, Raw};
use crate::rule;

/// The functions, and the account that ARNs among them name. `region` and
/// `account` are the file's, where those are valid.
pub(super) fn functions(
    raw: &Raw<'_>,
    region: Option<&At<'_>>,
    account: Option<&At<'_>>,
    errors: &mut Vec<SpecError>,
) -> (Vec<Function>, Option<String>) {
    let mut functions = Vec::new();
    let mut names: Vec<At<'_>> = Vec::new();
    let mut accounts: Vec<At<'_>> = Vec::new();
    for function in &raw.functions {
        let name = each(function.name.as_ref(), rule::function, errors);
        names.extend(function.name.clone());
        let arn = function.arn.as_ref();
        let arn = each(arn, |at| Ok((at, rule::arn(at, region)?)), errors);
        let arn = arn.map(|(at, arn)| {
            let at = |value| At {
                value,
                span: at.span.clone(),
            };
            names.push(at(arn.name));
            accounts.push(at(arn.account));
            arn.name.to_owned()
        });
        let prefix = each(function.prefix.as_ref(), rule::prefix, errors);
        let tag = function.tag.as_ref().and_then(|(key, value)| {
            let key = each(Some(key), rule::select_key, errors);
            let value = each(Some(value), rule::tag_value, errors);
            key.zip(value)
        });
        let security_groups = groups(&function.security_groups, errors);
        let select = name.or(arn).map(Select::Name);
        let select = select.or(prefix.map(Select::Prefix));
        let select = select.or(tag.map(|(key, value)| Select::Tag { key, value }));
        functions.extend(select.map(|select| Function {
            select,
            security_groups,
        }));
    }
    unique(&defined("function"), by_value(&names), errors);
    let prefixes = raw.functions.iter().filter_map(|f| f.prefix.as_ref());
    let again = |kind| Twice {
        kind,
        verb: "selected",
        hint: "remove one of the two",
    };
    unique(&again("prefix"), by_value(prefixes), errors);
    let tags = raw.functions.iter().filter_map(|f| f.tag.as_ref());
    let tags = tags.map(|(key, value)| ((key.value, value.value), key));
    unique(&again("tag"), tags, errors);
    let found = one_account(account, &accounts, errors);
    (functions, found)
}

/// Reports each ARN of another account than the file's, else than the first
/// ARN's.
fn one_account(
    given: Option<&At<'_>>,
    arns: &[At<'_>],
    errors: &mut Vec<SpecError>,
) -> Option<String> {
    let (first, note) = match given {
        Some(given) => (given, "the account is set here"),
        None => (arns.first()?, "a function of the other account"),
    };
    for arn in arns.iter().filter(|arn| arn.value != first.value) {
        let (this, other) = (quote(arn.value), quote(first.value));
        let message = format!("the function is in account {this}, not in {other}");
        errors.push(
            SpecError::new(&arn.span, message)
                .label(format!("in {}", arn.value))
                .hint("a stack serves one account; give this function a spec of its own")
                .related(&first.span, note),
        );
    }
    Some(first.value.to_owned())
}
