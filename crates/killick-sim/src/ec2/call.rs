//! One call of an action: its parameters, and the world that it is about.

use crate::consistency::Eye;
use crate::failure::Failure;
use crate::place::Place;
use crate::settings::Settings;
use crate::wire::Params;
use crate::world::{Asked, Millis};

/// What an action gets.
pub(crate) struct Call<'a> {
    pub(crate) place: &'a mut Place,
    pub(crate) params: Params,
    pub(crate) now: Millis,
    pub(crate) settings: &'a Settings,
    /// What this call sees of changes that are on their way.
    pub(crate) eye: Eye,
}

impl<'a> Call<'a> {
    pub(crate) fn new(place: &'a mut Place, asked: &'a Asked, params: Params) -> Self {
        Self {
            place,
            params,
            now: asked.now,
            settings: &asked.settings,
            eye: Eye::new(asked.now, asked.call, asked.settings.flicker),
        }
    }

    /// Every parameter has been read: what is left is unknown, and a dry run
    /// ends here.
    ///
    /// # Errors
    /// `UnknownParameter`, `DryRunOperation`.
    pub(crate) fn checked(&mut self) -> Result<(), Failure> {
        let dry = self.params.flag("DryRun")?;
        self.params.finish()?;
        if dry == Some(true) {
            let message = "Request would have succeeded, but DryRun flag is set.";
            return Err(Failure::new("DryRunOperation", message).status(412));
        }
        Ok(())
    }

    /// When the last reader hears of a change that is made now; 0: all do at
    /// once.
    pub(crate) fn seen(&mut self) -> Millis {
        match self.settings.lag {
            0 => 0,
            lag => self.now + self.place.dice.between(1, lag),
        }
    }
}
