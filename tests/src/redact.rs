//! What differs from run to run in killick's output, taken out of snapshots.

/// Pattern and what stands in its place. Addresses of specs (10.x, 0.0.0.0) stay.
const FILTERS: [(&str, &str); 18] = [
    (r"\beipalloc-[0-9a-f]{8,17}\b", "[eip]"),
    (r"\beipassoc-[0-9a-f]{8,17}\b", "[eip-association]"),
    (r"\brtbassoc-[0-9a-f]{8,17}\b", "[association]"),
    (r"\bsubnet-[0-9a-f]{8,17}\b", "[subnet]"),
    (r"\bvpc-[0-9a-f]{8,17}\b", "[vpc]"),
    (r"\bigw-[0-9a-f]{8,17}\b", "[igw]"),
    (r"\bnat-[0-9a-f]{8,17}\b", "[nat]"),
    (r"\brtb-[0-9a-f]{8,17}\b", "[table]"),
    (r"\bsgr?-[0-9a-f]{8,17}\b", "[group]"),
    (r"\beni-[0-9a-f]{8,17}\b", "[interface]"),
    (r"\bd-[0-9a-f]{6,}\b", "[finding]"),
    (r"\b(203\.0\.113|198\.51\.100|192\.0\.2)\.\d{1,3}\b", "[ip]"),
    (
        r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
        "[request]",
    ),
    (r"\b[0-9a-f]{12,64}(…|\.\.\.)?", "[digest]"),
    (r"\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", "[moment]"),
    (r"127\.0\.0\.1:\d+", "[endpoint]"),
    (r"\b\d+(\.\d+)? ?(ms|s)\b", "[time]"),
    (r"(/[A-Za-z0-9._-]+)*/\.?tmp[A-Za-z0-9._-]*", "[dir]"),
];

/// Runs `assert`, which takes snapshots, with the filters on.
pub fn with(assert: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    for (pattern, stand_in) in FILTERS {
        settings.add_filter(pattern, stand_in);
    }
    settings.bind(assert);
}
