//! `killick unlock`: breaks the lock of a stack.

use killick_aws::StackLock;
use killick_engine::{Holder, LockStore, unlock as remove};

use crate::app::App;
use crate::args;
use crate::assess::Source;
use crate::commands::confirm::{YES, confirm};
use crate::error::Error;
use crate::exit::Exit;

/// Shows who holds the lock, asks, and takes it away.
///
/// # Errors
/// Bad spec, failed call, the answer is no.
pub async fn unlock(app: &App, args: &args::Unlock) -> Result<Exit, Error> {
    let spec = Source::read(&args.spec, &app.killick)?.spec()?;
    let session = app.session(&spec).await?;
    let settler = app.settler();
    let lock = StackLock::new(&session, &settler, &spec.stack);
    let failed = |error| Error::cloud(&error, &app.reached());
    let stack = &spec.stack;
    let entry = lock.read().await.map_err(failed)?;
    let entry = entry.map(|entry| (Holder::read(&entry.text), entry.text));
    let by = match entry {
        Some((Some(holder), _)) if !holder.is_free() => holder.to_string(),
        Some((None, _)) => "somebody whose record this killick cannot read".to_owned(),
        _ => {
            app.out.data(&format!("stack {stack} is not locked"));
            return Ok(Exit::Done);
        }
    };
    if !args.yes {
        let question = format!("break the lock of stack {stack}, held by {by}?");
        confirm(app, &question, YES).await?;
    }
    remove(&lock).await.map_err(failed)?;
    app.out.data(&format!(
        "the lock of stack {stack} is broken; it was held by {by}"
    ));
    Ok(Exit::Done)
}
