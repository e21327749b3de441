//! A question on the terminal.

use crate::app::App;
use crate::error::Error;

/// What answers a question beforehand.
pub(crate) const YES: &str = "give --yes";

/// Asks on the terminal; no is the default. `instead` is what to do where there
/// is nobody to ask.
///
/// # Errors
/// The answer is no, or there is nobody to ask.
pub(crate) async fn confirm(app: &App, question: &str, instead: &str) -> Result<(), Error> {
    if !app.out.can_ask() {
        return Err(
            Error::new("there is no terminal to ask on; nothing was written").hint(instead),
        );
    }
    app.out.ask(question);
    let answer = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map(|_| line)
    });
    let answer = tokio::select! {
        biased;
        () = app.cancel.cancelled() => {
            app.out.note("");
            return Err(Error::interrupted());
        }
        answer = answer => answer,
    };
    match answer {
        Ok(Ok(line)) if matches!(line.trim().to_lowercase().as_str(), "y" | "yes") => Ok(()),
        _ => Err(Error::declined()),
    }
}
