//! killick against a simulated AWS, in one process: single stories, and random
//! lives of a stack.

mod brought;
mod cases;
mod consent;
mod functions;
mod holders;
mod kills;
mod lives;
mod lock;
mod lost_answers;
mod moved;
mod pins;
mod preflight;
mod regressions;
mod seeds;
mod swap;
mod week;
