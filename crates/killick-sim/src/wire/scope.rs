//! Who asks whom: the scope that a signature names.

use super::Request;

/// The account, region and service that a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The access key id.
    pub(crate) key: String,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

/// The account of keys that name none.
const ACCOUNT: &str = "123456789012";

impl Scope {
    /// Reads the credential scope of the `Authorization` header; the signature
    /// itself is not checked. An access key id that ends in twelve digits
    /// belongs to that account.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let header = request.header("authorization")?;
        let (_, credential) = header.split_once("Credential=")?;
        let credential = credential.split([',', ' ']).next()?;
        let mut parts = credential.split('/');
        let (key, _date) = (parts.next()?, parts.next()?);
        let (region, service) = (parts.next()?, parts.next()?);
        let digits = key.len().checked_sub(12).and_then(|from| key.get(from..));
        let account = digits.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        Some(Self {
            key: key.to_owned(),
            account: account.unwrap_or(ACCOUNT).to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
        })
    }
}
