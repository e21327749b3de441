//! A look at one stack, as the loop sees it.

use killick_engine::CancellationToken;

use crate::{Boxed, Outcome};

/// Who can look at one stack.
pub trait Check {
    /// What the spec is called: its path. What is known of the stack is kept
    /// under this name.
    fn name(&self) -> &str;

    /// Looks once. When `token` is triggered the future is dropped.
    fn check<'a>(&'a mut self, token: &'a CancellationToken) -> Boxed<'a, Outcome>;

    /// What else the reader of the log should know of the last look: that the
    /// spec file is broken, for one.
    fn notes(&mut self) -> Vec<String> {
        Vec::new()
    }
}
