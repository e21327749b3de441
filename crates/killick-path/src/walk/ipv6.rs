//! The way over IPv6: there is no fixed address on it.

use crate::filter::Way;
use crate::journey::{Exit, Halt, Journey, Stage};
use crate::network::{BlockPublicAccess, Known, Target};
use crate::proof::{HopKind, Leg};
use crate::range::Range;

use super::Walk;

impl Walk<'_> {
    pub(super) fn over_ipv6(&self, to: &Range, at: &mut Journey) -> Result<Exit, Halt> {
        if !self.ipv6 {
            let reason = "the function has no IPv6".to_owned();
            return Err(Halt::stopped(HopKind::Function, "", reason));
        }
        self.group(at)?;
        at.filter(&self.site.acl, Way::Out, &[*to], Stage::Request)?;
        let table = match &self.site.table {
            Ok(table) => table,
            Err(what) => return Err(at.lost(what)),
        };
        let target = match self.route(table, to, at)? {
            Target::Local => return Err(Halt::away("local", Leg::Request)),
            Target::Id(id) => id,
        };
        let gateway = target.starts_with("igw-");
        if gateway || target.starts_with("eigw-") {
            let mode = self.site.mode();
            let closed = match mode {
                Known::Read(BlockPublicAccess::Bidirectional) => true,
                Known::Read(BlockPublicAccess::Ingress) => gateway,
                _ => false,
            };
            if closed {
                let vpc = &self.site.subnet.vpc;
                let reason = format!("Block Public Access closes {vpc}");
                return Err(Halt::stopped(HopKind::BlockPublicAccess, vpc, reason));
            }
        }
        if gateway {
            self.gateway(Some(target), at)?;
        }
        at.filter(&self.site.acl, Way::In, &[*to], Stage::ReplyToFunction)?;
        Err(Halt::away(target, Leg::Request))
    }
}
