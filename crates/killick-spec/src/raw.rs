//! The file between its reading and its check.

use std::borrow::Cow;
use std::ops::Range;

/// A string of the file and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<'d> {
    pub(crate) value: &'d str,
    pub(crate) span: Range<usize>,
}

/// The file as far as its shape is right. What is absent here has been reported
/// already if it is required.
#[derive(Debug)]
pub(crate) struct Raw<'d> {
    pub(crate) stack: Option<At<'d>>,
    pub(crate) region: Option<At<'d>>,
    pub(crate) account: Option<At<'d>>,
    pub(crate) cidr: Option<At<'d>>,
    pub(crate) vpc: Option<At<'d>>,
    pub(crate) zones: Vec<RawZone<'d>>,
    pub(crate) nat: Option<At<'d>>,
    pub(crate) nat_zone: Option<At<'d>>,
    pub(crate) addresses: Vec<At<'d>>,
    pub(crate) security_groups: Vec<At<'d>>,
    pub(crate) functions: Vec<RawFunction<'d>>,
    /// In file order.
    pub(crate) tags: Vec<(At<'d>, At<'d>)>,
    pub(crate) moved: Vec<RawMoved<'d>>,
    pub(crate) accepts: Vec<RawAccept<'d>>,
    /// `nat` or a table that could hold it has a wrong type.
    pub(crate) nat_unread: bool,
}

#[derive(Debug)]
pub(crate) struct RawZone<'d> {
    pub(crate) header: Range<usize>,
    pub(crate) name: Option<At<'d>>,
    pub(crate) availability_zone: Option<At<'d>>,
    /// `availability_zone` is given, be it of a wrong type.
    pub(crate) labelled: bool,
    pub(crate) public: Option<At<'d>>,
    pub(crate) private: Option<At<'d>>,
    pub(crate) address: Option<At<'d>>,
}

/// With more than one selector this has been reported.
#[derive(Debug)]
pub(crate) struct RawFunction<'d> {
    pub(crate) name: Option<At<'d>>,
    pub(crate) arn: Option<At<'d>>,
    pub(crate) prefix: Option<At<'d>>,
    pub(crate) tag: Option<(At<'d>, At<'d>)>,
    pub(crate) security_groups: Vec<At<'d>>,
}

#[derive(Debug)]
pub(crate) struct RawMoved<'d> {
    pub(crate) from: Option<At<'d>>,
    pub(crate) to: Option<At<'d>>,
}

#[derive(Debug)]
pub(crate) struct RawAccept<'d> {
    pub(crate) line: usize,
    pub(crate) finding: Option<At<'d>>,
    /// A string, or the text of a TOML date.
    pub(crate) until: Option<(Cow<'d, str>, Range<usize>)>,
    pub(crate) reason: Option<At<'d>>,
}
