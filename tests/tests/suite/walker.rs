//! Random legal writes of another client, and a walk of packets through what they leave.

use killick_tests::walker;

/// Some six stacks, each with a few worlds that begin from it. `just walk` lives through thousands.
const WORLDS: u32 = 48;

#[test]
#[cfg_attr(no_python, ignore = "needs Python")]
fn what_killick_says_is_what_packets_do() {
    let walk = walker::walk(WORLDS, 0);
    let (said, erred) = (walk.stdout, walk.stderr);
    assert!(
        walk.status.success(),
        "{}{}",
        String::from_utf8_lossy(&said),
        String::from_utf8_lossy(&erred),
    );
}
