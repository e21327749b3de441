//! One writer at a time: the lock around what writes.

use std::rc::Rc;

use futures_util::future::select_all;
use killick_aws::{NO_CREDENTIALS, Session, StackLock, account};
use killick_engine::{Class, Lock, LockError, Lost, Settler, Taker};
use killick_spec::Spec;

use crate::app::App;
use crate::args;
use crate::cloud;
use crate::error::Error;
use crate::exit::Exit;
use crate::report::Waits;
use killick_text::shown;

/// The locks of a stack, before they are taken: the one under its name, and
/// those under names that it had before.
pub(crate) struct Locker<'a> {
    app: &'a App,
    args: args::Lock,
    session: &'a Session,
    /// The name of the spec, for hints.
    file: String,
    /// The account that must be the one; a lock is a write.
    account: Option<String>,
    stores: Vec<(String, StackLock<'a>)>,
    command: &'static str,
    clock: Box<dyn Fn() -> u64 + 'a>,
}

/// The locks that are held; none where they cannot be had.
#[derive(Debug, Default)]
pub(crate) struct Held<'a>(Vec<Lock<'a, StackLock<'a>>>);

impl<'a> Locker<'a> {
    /// The locks of a spec's stack. `settler` is for their calls.
    pub(crate) fn new(
        app: &'a App,
        args: args::Lock,
        (session, settler): (&'a Session, &'a Settler),
        (file, spec): (&str, &Spec),
        command: &'static str,
    ) -> Self {
        let names = std::iter::once(&spec.stack).chain(&spec.moved.stacks);
        let stores = names.map(|name| (name.clone(), StackLock::new(session, settler, name)));
        Self {
            app,
            args,
            session,
            account: spec.account.clone(),
            file: file.to_owned(),
            stores: stores.collect(),
            command,
            clock: Box::new(|| app.reach.now()),
        }
    }

    /// The same in this account only.
    pub(crate) fn in_account(mut self, account: Option<&str>) -> Self {
        self.account = self.account.or_else(|| account.map(str::to_owned));
        self
    }

    /// Takes them, and waits for each as long as the user said.
    ///
    /// # Errors
    /// Somebody else holds one; they cannot be had and must be; the credentials
    /// are of another account than the spec's.
    pub(crate) async fn take(&'a self) -> Result<Held<'a>, Error> {
        let settler = told(self.app);
        if let Some(wanted) = &self.account {
            let actual = account(self.session.reader(), &settler).await;
            let actual = actual.map_err(|error| Error::cloud(&error, &self.app.reached()))?;
            if actual != *wanted {
                return Err(Error::wrong_account(wanted, &actual));
            }
        }
        let mut held = Held::default();
        for (stack, store) in &self.stores {
            let nonce = format!("{}-{}", self.app.run_id(), std::process::id());
            let timeout = self.args.lock_timeout;
            let taker = self.taker();
            let taken = async {
                let lock = Lock::take(store, &settler, &*self.clock, taker, &nonce, timeout);
                lock.await.map(Some)
            };
            // What is held already must not run out while the next one is waited
            // for.
            let taken = tokio::select! {
                biased;
                taken = taken => taken.or_else(|error| self.without(stack, error).map(|()| None)),
                lost = held.keep() => Err(Error::new(format!("{lost}; nothing was written"))
                    .exit(Exit::Refused)
                    .hint("see who else is at work on this stack, then run the command again")),
            };
            match taken {
                Ok(lock) => held.0.extend(lock),
                Err(error) => {
                    held.give_back(self.app, After::Work).await;
                    return Err(error);
                }
            }
        }
        Ok(held)
    }

    /// What it means that a lock cannot be had.
    fn without(&self, stack: &str, error: LockError) -> Result<(), Error> {
        match error {
            LockError::Held(occupant) => {
                let told = format!("stack {stack} is locked by {occupant}; nothing was written");
                let (killick, file) = (&self.app.killick, &self.file);
                Err(Error::new(told).exit(Exit::Refused).hint(format!(
                    "wait for it (--lock-timeout 10m); if its holder is gone, {killick} unlock \
                     {file} ends it at once"
                )))
            }
            LockError::Stopped => Err(Error::interrupted()),
            LockError::Cloud(error) if error.class == Class::Denied && !self.args.require_lock => {
                let permission = error.permission();
                self.app.out.note(&format!(
                    "warning: without a lock: two runs at once are not kept apart, because \
                     {permission} is not allowed ({})",
                    shown(&error.code)
                ));
                Ok(())
            }
            LockError::Cloud(error) if error.code == NO_CREDENTIALS => {
                Err(Error::cloud(&error, &self.app.reached()))
            }
            LockError::Cloud(error) => {
                let told = cloud::told(&error);
                let told = format!("cannot take the lock: {told}; nothing was written");
                Err(Error::new(told).hint(cloud::hint(&error, &self.app.reached())))
            }
        }
    }

    fn taker(&self) -> Taker {
        let named = ["USER", "LOGNAME", "USERNAME"].into_iter();
        let mut named = named.filter_map(|name| std::env::var(name).ok());
        let named = named.find(|name| !name.is_empty());
        Taker {
            who: named.unwrap_or_else(|| "somebody".to_owned()),
            host: gethostname::gethostname().to_string_lossy().into_owned(),
            process: std::process::id(),
            command: self.command.to_owned(),
        }
    }
}

/// What is left of a stack after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// The stack.
    Work,
    /// Nothing, and so no lock either.
    End,
}

impl Held<'_> {
    /// Ends when a lock is lost: never, where none is held.
    pub(crate) async fn keep(&self) -> Lost {
        if self.0.is_empty() {
            return std::future::pending().await;
        }
        let keeping = self.0.iter().map(|lock| Box::pin(lock.keep()));
        select_all(keeping).await.0
    }

    /// Gives the locks back. One that could not be given back ends by itself.
    pub(crate) async fn give_back(self, app: &App, after: After) {
        for lock in self.0 {
            let given = match after {
                After::Work => lock.release().await,
                After::End => lock.remove().await,
            };
            if let Err(error) = given {
                let told = shown(&cloud::told(&error));
                app.out.note(&format!(
                    "warning: the lock could not be given back and ends by itself in some \
                     minutes: {told}"
                ));
            }
        }
    }
}

/// A settler that tells what it waits for, once and then every now and then.
pub(crate) fn told(app: &App) -> Settler {
    let (out, waits) = (Rc::clone(&app.out), Waits::default());
    app.settler().noting(move |reason| {
        if waits.worth("lock", reason) {
            out.note(&shown(reason));
        }
    })
}
