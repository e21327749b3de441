# Short names for what one types often; every one is a plain cargo command.

# Formatting, lints and dependencies, without the tests.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    .ci/check-deps

# All tests. Arguments go to cargo: `just test -p killick-core`.
test *args="--workspace":
    cargo test {{args}}

# The main job from end to end on a simulated AWS.
demo:
    cargo demo

# Random lives of a stack under every fault, in release and on all cores: `just simulate 2000`.
simulate *args="1000":
    cargo run --release -p killick-simulation --bin simulate -- {{args}}

# Judges the simulated AWS: the checks of tests/probe, and the comparison with moto.
probe:
    cargo test -p killick-tests --test suite -- served:: differential::

# Random writes of another client, and a walk of packets that knows nothing of killick: `just walk 1000 5000`
# lives through a thousand worlds from seed 5000 on.
walk *args="200":
    cargo run --release -p killick-tests --bin walk -- {{args}}

# Speed of plan and drift, in release.
bench:
    cargo run --release -p killick-tests --bin bench

# Puts the formatting right.
fmt:
    cargo fmt --all

# Runs the snapshot tests and takes their output as the new truth; look at the diff before you commit it.
snapshots:
    INSTA_UPDATE=always cargo test --workspace
