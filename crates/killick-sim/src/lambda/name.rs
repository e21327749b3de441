//! How requests name functions: by name, by a part of the ARN or all of it,
//! with a qualifier behind it or beside it.

use crate::failure::Failure;
use crate::place::Place;
use crate::wire::constraint;

/// A function as a request names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) name: String,
    pub(crate) qualifier: Option<String>,
    /// The region and the account of a full ARN.
    home: Option<(String, String)>,
    /// The account of a partial one.
    account: Option<String>,
}

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// It is none.
    pub(crate) fn of(text: &str) -> Result<Self, Failure> {
        let pattern = "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?";
        read(text).ok_or_else(|| constraint(text, "functionName", pattern))
    }

    /// The same with a qualifier that came beside it.
    ///
    /// # Errors
    /// It has another one already, or the qualifier is none.
    pub(crate) fn at(mut self, qualifier: Option<&str>) -> Result<Self, Failure> {
        let Some(qualifier) = qualifier else {
            return Ok(self);
        };
        if !plain(qualifier.trim_start_matches('$')) {
            let pattern = "Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";
            return Err(constraint(qualifier, "qualifier", pattern));
        }
        if self
            .qualifier
            .as_deref()
            .is_some_and(|own| own != qualifier)
        {
            let message = "The derived qualifier from the function name does not match the specified qualifier.";
            return Err(Failure::new("InvalidParameterValueException", message));
        }
        self.qualifier = Some(qualifier.to_owned());
        Ok(self)
    }

    /// The same, for calls that are about all of a function.
    ///
    /// # Errors
    /// It names a version or an alias.
    pub(crate) fn whole(self) -> Result<Self, Failure> {
        match self.qualifier.as_deref() {
            None | Some("$LATEST") => Ok(self),
            Some(other) => {
                let message = format!("The qualifier {other} is not allowed for this operation.");
                Err(Failure::new("InvalidParameterValueException", message))
            }
        }
    }

    /// Whether it names something of this account and region.
    pub(crate) fn is_here(&self, place: &Place) -> bool {
        let (region, account) = match &self.home {
            Some((region, account)) => (Some(region), Some(account)),
            None => (None, self.account.as_ref()),
        };
        region.is_none_or(|region| *region == place.region)
            && account.is_none_or(|account| *account == place.account)
    }

    /// The answer that there is no such thing.
    pub(crate) fn missing(&self, place: &Place) -> Failure {
        let (region, account) = match &self.home {
            Some((region, account)) => (region, account),
            None => (
                &place.region,
                self.account.as_ref().unwrap_or(&place.account),
            ),
        };
        let arn = written(region, account, &self.name, self.qualifier.as_deref());
        let message = format!("Function not found: {arn}");
        Failure::new("ResourceNotFoundException", message).status(404)
    }
}

/// The ARN of a function, version or alias.
pub(crate) fn arn(place: &Place, name: &str, qualifier: Option<&str>) -> String {
    written(&place.region, &place.account, name, qualifier)
}

fn written(region: &str, account: &str, name: &str, qualifier: Option<&str>) -> String {
    let tail = qualifier.map(|qualifier| format!(":{qualifier}"));
    let tail = tail.unwrap_or_default();
    format!("arn:aws:lambda:{region}:{account}:function:{name}{tail}")
}

fn read(text: &str) -> Option<Name> {
    let (home, account, rest) = match text.strip_prefix("arn:") {
        Some(rest) => {
            let (_partition, rest) = rest.split_once(":lambda:")?;
            let (region, rest) = rest.split_once(':')?;
            let (account, rest) = rest.split_once(':')?;
            if !is_account(account) {
                return None;
            }
            let home = (region.to_owned(), account.to_owned());
            (Some(home), None, rest.strip_prefix("function:")?)
        }
        None => {
            let (account, rest) = match text.split_once(':') {
                Some((head, rest)) if is_account(head) => (Some(head.to_owned()), rest),
                _ => (None, text),
            };
            (
                None,
                account,
                rest.strip_prefix("function:").unwrap_or(rest),
            )
        }
    };
    let (name, qualifier) = match rest.split_once(':') {
        Some((name, qualifier)) => (name, Some(qualifier)),
        None => (rest, None),
    };
    let known = qualifier.is_none_or(|text| text == "$LATEST" || plain(text));
    (text.len() <= 256 && plain(name) && known).then(|| Name {
        name: name.to_owned(),
        qualifier: qualifier.map(str::to_owned),
        home,
        account,
    })
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is made of what names of functions and aliases are made of.
pub(crate) fn plain(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.len() <= 128 && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ways_to_name_a_function() {
        let place = Place::default();
        for (text, name, qualifier, here) in [
            ("crawl", "crawl", None, true),
            ("crawl:live", "crawl", Some("live"), true),
            ("my-func-1:2", "my-func-1", Some("2"), true),
            ("123456789012:function:crawl", "crawl", None, true),
            ("210987654321:function:crawl", "crawl", None, false),
            (
                "arn:aws:lambda:us-east-1:123456789012:function:crawl:$LATEST",
                "crawl",
                Some("$LATEST"),
                true,
            ),
            (
                "arn:aws:lambda:eu-west-1:123456789012:function:crawl",
                "crawl",
                None,
                false,
            ),
        ] {
            let found = read(text);
            let found = found.as_ref().map(|one| {
                (
                    one.name.as_str(),
                    one.qualifier.as_deref(),
                    one.is_here(&place),
                )
            });
            assert_eq!(found, Some((name, qualifier, here)), "{text}");
        }
        for text in [
            "",
            "a b",
            "arn:aws:s3:::x",
            "a:b:c",
            "arn:aws:lambda:x:1:function:a",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
