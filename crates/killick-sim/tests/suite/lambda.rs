//! Lambda through its API.

mod life;
mod network;
mod sky;
