//! Names of parameters, and how requests select a version.

use super::{Parameter, Version, invalid};
use crate::failure::Failure;

/// A parameter and a version of it as a request names them.
pub(super) struct Selected<'a> {
    /// The name, without an ARN around it.
    pub(super) name: String,
    /// What comes behind the colon.
    pub(super) selector: Option<&'a str>,
}

impl<'a> Selected<'a> {
    /// Reads `name`, `name:version`, or an ARN of either.
    pub(super) fn of(text: &'a str) -> Self {
        let (path, arn) = match text.split_once(":parameter/") {
            Some((head, path)) if head.starts_with("arn:") => (path, true),
            _ => (text, false),
        };
        let (name, selector) = match path.split_once(':') {
            Some((name, selector)) => (name, Some(selector)),
            None => (path, None),
        };
        let name = if arn && name.contains('/') {
            format!("/{name}")
        } else {
            name.trim().to_owned()
        };
        Self { name, selector }
    }

    /// The version that is selected; the newest one without a selector.
    ///
    /// # Errors
    /// There is no such version.
    pub(super) fn version<'p>(&self, parameter: &'p Parameter) -> Result<&'p Version, Failure> {
        let found = match self.selector {
            None => parameter.versions.last(),
            Some(number) => {
                let fits = |version: &&Version| version.number.to_string() == number;
                parameter.versions.iter().find(fits)
            }
        };
        found.ok_or_else(|| {
            let selector = self.selector.unwrap_or_default();
            // No version here has a label.
            let what = match selector.parse::<u64>() {
                Ok(_) => "version",
                Err(_) => "version label",
            };
            let message = format!(
                "Systems Manager could not find {what} {selector} of {}. Verify the version and try again.",
                self.name
            );
            Failure::new("ParameterVersionNotFound", message)
        })
    }
}

/// Whether a parameter may have that name.
///
/// # Errors
/// It may not.
pub(super) fn check(name: &str) -> Result<(), Failure> {
    let lower = name.trim_start_matches('/').to_ascii_lowercase();
    if lower.starts_with("aws") {
        let message = format!("No access to reserved parameter name: {name}.");
        return Err(Failure::new("AccessDeniedException", message));
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-/".contains(&byte);
    let parts: Vec<&str> = name.strip_prefix('/').unwrap_or(name).split('/').collect();
    let whole = parts.iter().all(|part| !part.is_empty());
    if lower.starts_with("ssm") || !name.bytes().all(fits) || !whole {
        let message = "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_";
        return Err(invalid(message));
    }
    if parts.len() > 1 && !name.starts_with('/') {
        return Err(invalid("Parameter name must be a fully qualified name."));
    }
    if name.len() > 1011 {
        let message = "The parameter name can be 1011 characters long at most.";
        return Err(invalid(message));
    }
    if parts.len() > 15 {
        let message = "A hierarchy can have a maximum of 15 levels.";
        return Err(Failure::new(
            "HierarchyLevelLimitExceededException",
            message,
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_may_be() {
        let code = |name: &str| check(name).map_err(|failure| failure.code);
        for name in ["lock", "/killick/lock", "/a/b-c/d_e.f"] {
            assert_eq!(code(name), Ok(()), "{name}");
        }
        for name in [
            "", "/", "a b", "/a//b", "a/b", "ssm-x", "/Ssm/x", "a:1", "/a/",
        ] {
            assert_eq!(code(name), Err("ValidationException".to_owned()), "{name}");
        }
        assert_eq!(code("/aws/x"), Err("AccessDeniedException".to_owned()));
        let deep = "/a".repeat(16);
        let limit = "HierarchyLevelLimitExceededException".to_owned();
        assert_eq!(code(&deep), Err(limit));
    }

    #[test]
    fn selectors() {
        let arn = "arn:aws:ssm:us-east-1:123456789012:parameter/";
        for (text, name, selector) in [
            ("lock", "lock", None),
            ("/a/b:3", "/a/b", Some("3")),
            (&format!("{arn}a/b"), "/a/b", None),
            (&format!("{arn}lock:2"), "lock", Some("2")),
        ] {
            let read = Selected::of(text);
            assert_eq!((read.name.as_str(), read.selector), (name, selector));
        }
    }
}
