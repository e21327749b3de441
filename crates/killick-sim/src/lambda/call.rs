//! One call of an action: what was asked, and the world that it is about.

use super::function::Function;
use super::name::Name;
use crate::consistency::Eye;
use crate::failure::Failure;
use crate::iam::Iam;
use crate::place::Place;
use crate::settings::Settings;
use crate::wire::{Members, Rest};
use crate::world::{Asked, Millis};

/// What an action gets.
pub(crate) struct Call<'a> {
    pub(crate) place: &'a mut Place,
    /// The roles of the account.
    pub(crate) iam: &'a Iam,
    pub(crate) rest: Rest,
    pub(crate) now: Millis,
    pub(crate) settings: &'a Settings,
    /// What this call sees of changes that are on their way.
    pub(crate) eye: Eye,
}

impl<'a> Call<'a> {
    pub(crate) fn new(place: &'a mut Place, iam: &'a Iam, asked: &'a Asked, rest: Rest) -> Self {
        Self {
            place,
            iam,
            rest,
            now: asked.now,
            settings: &asked.settings,
            eye: Eye::new(asked.now, asked.call, asked.settings.flicker),
        }
    }

    /// The members of the body; Lambda ignores those that it does not know.
    pub(crate) fn body(&self) -> Members<'_> {
        Members(&self.rest.body)
    }

    /// A segment of the path.
    pub(crate) fn segment(&self, at: usize) -> &str {
        self.rest.path.get(at).map_or("", String::as_str)
    }

    /// The function of the path, with the qualifier of the query.
    ///
    /// # Errors
    /// That is no name of a function.
    pub(crate) fn name(&self) -> Result<Name, Failure> {
        Name::of(self.segment(2))?.at(self.rest.asked("Qualifier"))
    }

    /// A function as this reader sees it.
    ///
    /// # Errors
    /// It sees none.
    pub(crate) fn see(&self, name: &Name) -> Result<&Function, Failure> {
        let found = self.place.functions.find(&name.name, &self.eye);
        found
            .filter(|_| name.is_here(self.place))
            .ok_or_else(|| name.missing(self.place))
    }

    /// A function as it is, when this reader sees that there is one.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn need(&self, name: &Name) -> Result<&Function, Failure> {
        self.see(name)?;
        let found = self.place.functions.get(&name.name);
        found.ok_or_else(|| name.missing(self.place))
    }

    /// When the last reader hears of a change that is made now; 0: all do at
    /// once.
    pub(crate) fn seen(&mut self) -> Millis {
        match self.settings.lag {
            0 => 0,
            lag => self.now.saturating_add(self.place.dice.between(1, lag)),
        }
    }
}

/// Lambda's `InvalidParameterValueException`.
pub(crate) fn invalid(message: impl Into<String>) -> Failure {
    Failure::new("InvalidParameterValueException", message)
}

/// Lambda's `ResourceConflictException`.
pub(crate) fn conflict(message: impl Into<String>) -> Failure {
    Failure::new("ResourceConflictException", message).status(409)
}

/// The revision that a caller wants to change must be the one that is.
///
/// # Errors
/// `PreconditionFailedException`.
pub(crate) fn unmoved(wanted: Option<&str>, revision: &str) -> Result<(), Failure> {
    match wanted {
        Some(wanted) if wanted != revision => {
            let message = "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id";
            Err(Failure::new("PreconditionFailedException", message).status(412))
        }
        _ => Ok(()),
    }
}
