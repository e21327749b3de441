//! The part of the pipeline that every command shares: from a spec and a
//! snapshot to the two graphs.

use killick_aws::Request;
use killick_core::{Desired, Digest, Graph, Observed, Plan, Policy};
use killick_spec::Spec;
use killick_stack::{
    Assessment, CATALOGUE, Caller, Identity, Outbound, Resolved, Snapshot, StackView, Topology,
    Unreadable,
};

use crate::error::Error;

/// How much of an account a command must see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The stack, all functions of the region with their versions, and what else
    /// can keep AWS from deleting the stack.
    Dependents,
    /// The stack, all functions of the region, and what else moves the traffic: what
    /// decides about egress.
    Traffic,
}

impl Sight {
    /// What to ask AWS for.
    pub fn request(self, spec: &Spec) -> Request<'_> {
        Request {
            spec,
            traffic: self == Self::Traffic,
            dependents: self == Self::Dependents,
        }
    }
}

/// What a command wants to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// What the spec says.
    Spec,
    /// Nothing.
    Nothing,
}

/// What should be and what is.
#[derive(Clone, Debug)]
pub struct World {
    /// The spec.
    pub spec: Spec,
    /// What was read.
    pub snapshot: Snapshot,
    /// Which id is which key.
    pub identity: Identity,
    /// What the spec leaves to the account.
    pub found: Resolved,
    /// What should be, with all that it takes to make it.
    pub topology: Topology,
    /// What should be.
    pub desired: Graph<Desired>,
    /// What is.
    pub observed: Graph<Observed>,
    /// What that means for the egress of the stack: who leaves by what.
    pub assessment: Assessment,
}

impl World {
    /// Looks at a snapshot with the eyes of a spec.
    ///
    /// # Errors
    /// The account is another one than the spec says; more than one resource
    /// claims to be the same one.
    pub fn of(spec: Spec, snapshot: Snapshot, wanted: Wanted) -> Result<Self, Error> {
        if let Some(account) = &spec.account
            && *account != snapshot.account
        {
            return Err(Error::wrong_account(account, &snapshot.account));
        }
        let identity = Identity::of(&spec, &snapshot)
            .map_err(|found| Error::ambiguous(&found, &spec.region))?;
        let seen = StackView {
            snapshot: &snapshot,
            identity: &identity,
        };
        let found = Resolved::of(&spec, &seen);
        let topology = match wanted {
            Wanted::Spec => Topology::of(&spec, &found),
            Wanted::Nothing => Topology::nothing(&spec, &found),
        };
        let desired = topology.desired();
        let assessment = Assessment::of(&spec, &seen, &desired);
        let observed = seen.observed(&desired, &assessment);
        Ok(Self {
            spec,
            snapshot,
            identity,
            found,
            topology,
            desired,
            observed,
            assessment,
        })
    }

    /// The snapshot and its identity.
    pub fn seen(&self) -> StackView<'_> {
        StackView {
            snapshot: &self.snapshot,
            identity: &self.identity,
        }
    }

    /// The outbound addresses now and after.
    pub fn outbound(&self) -> &Outbound {
        self.assessment.outbound()
    }

    /// What advice must name, so that its commands can be pasted. `program` is
    /// how a command line begins, `spec` the path as it was given.
    pub fn caller<'a>(&'a self, program: &'a str, spec: &'a str) -> Caller<'a> {
        let zones = self.spec.zones.iter();
        Caller {
            program,
            spec,
            stack: &self.spec.stack,
            region: &self.spec.region,
            gateways: zones.filter(|zone| self.spec.has_nat(&zone.name)).count(),
        }
    }

    /// `partner-egress (123456789012, ap-northeast-1)`.
    pub fn title(&self) -> String {
        let (stack, region) = (&self.spec.stack, &self.spec.region);
        format!("{stack} ({}, {region})", self.snapshot.account)
    }

    /// A plan needs every fact that its steps come from, those included that it
    /// is only allowed to put right.
    ///
    /// # Errors
    /// Something could not be read.
    pub fn readable(&self, policy: Policy) -> Result<(), Error> {
        let unreadable = self.snapshot.unreadable.iter();
        let needed: Vec<Unreadable> = unreadable
            .filter(|one| one.needed(policy, &self.spec))
            .cloned()
            .collect();
        match needed.as_slice() {
            [] => Ok(()),
            needed => Err(Error::unreadable(needed)),
        }
    }

    /// The steps that turn what is into what should be.
    ///
    /// # Errors
    /// Something could not be read; a change is refused; a function does not
    /// exist.
    pub fn plan(&self, policy: Policy) -> Result<Plan, Error> {
        self.readable(policy)?;
        Plan::new(CATALOGUE, &self.desired, &self.observed, policy)
            .map_err(|error| Error::plan(&error, &self.spec))
    }

    /// The fingerprint of all that a plan is computed from.
    ///
    /// # Errors
    /// None in practice: the facts are plain data.
    pub fn digest(&self, policy: Policy) -> Result<Digest, Error> {
        let facts = (
            &self.spec.stack,
            &self.snapshot.account,
            &self.spec.region,
            &self.desired,
            &self.observed,
            policy,
        );
        Digest::of(&facts).ok_or_else(|| Error::new("the facts have no digest"))
    }
}
