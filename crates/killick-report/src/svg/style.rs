//! The colours. Every state differs by a word, a sign or a kind of line too.

/// Plain rules without variables: some programs that show SVG know none, nor
/// media queries, and show the light colours.
pub(super) const CSS: &str = "
.k-picture text { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 11px; fill: #1c2024; }
.k-picture .k-label { font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 12px; font-weight: 600; }
.k-picture .k-zone { font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 12px; font-weight: 600; fill: #60646c; }
.k-picture .k-detail { fill: #43484e; }
.k-picture .k-state { font-weight: 700; }
.k-picture .k-word { font-size: 10px; fill: #60646c; stroke: #ffffff; stroke-width: 4px; paint-order: stroke; }
.k-picture .k-name { stroke: #ffffff; stroke-width: 5px; paint-order: stroke; }
.k-picture .k-paper { fill: #ffffff; }
.k-picture .k-frame { fill: none; stroke: #b9bbc6; stroke-width: 1.5; stroke-dasharray: 2 3; }
.k-picture .k-ground { fill: #f4f5f7; stroke: #d9d9e0; }
.k-picture .k-card, .k-picture .k-box { fill: #ffffff; }
.k-picture .k-box { stroke: #8b8d98; stroke-width: 1.2; }
.k-picture .k-subnet > .k-box { fill: #eef1f5; stroke: #b9bbc6; }
.k-picture .k-line, .k-picture .k-cross, .k-picture .k-cross-back { fill: none; stroke: #8b8d98; stroke-width: 1.6; stroke-linejoin: round; }
.k-picture .k-head { fill: #8b8d98; }
.k-picture .k-cross-back { stroke: #ffffff; stroke-width: 7; stroke-linecap: round; }
.k-picture .k-cross { stroke-width: 3; stroke-linecap: round; }
.k-picture .k-hatching { stroke: #ecd9b6; stroke-width: 5; }
.k-picture .k-missing > .k-box, .k-picture .k-delete > .k-box { stroke: #c62a2f; stroke-width: 2; stroke-dasharray: 6 4; }
.k-picture .k-broken > .k-box { stroke: #c62a2f; stroke-width: 2.5; }
.k-picture .k-missing > .k-line, .k-picture .k-delete > .k-line { stroke: #c62a2f; stroke-width: 2; stroke-dasharray: 6 4; }
.k-picture .k-broken > .k-line { stroke: #c62a2f; stroke-width: 2; }
.k-picture .k-cross { stroke: #c62a2f; }
.k-picture .k-missing > .k-head, .k-picture .k-broken > .k-head, .k-picture .k-delete > .k-head { fill: #c62a2f; }
.k-picture text.k-missing, .k-picture text.k-broken, .k-picture text.k-delete, .k-picture .k-missing .k-word, .k-picture .k-broken .k-word, .k-picture .k-delete .k-word { fill: #b4232a; font-weight: 700; }
.k-picture .k-changed > .k-box, .k-picture .k-changed > .k-line, .k-picture .k-replace > .k-box, .k-picture .k-replace > .k-line { stroke: #9a5b00; stroke-width: 2; }
.k-picture .k-extra > .k-box { fill: url(#k-hatch); stroke: #9a5b00; stroke-width: 1.6; }
.k-picture .k-extra > .k-line { stroke: #9a5b00; stroke-width: 2; stroke-dasharray: 2 4; }
.k-picture .k-changed > .k-head, .k-picture .k-replace > .k-head, .k-picture .k-extra > .k-head { fill: #9a5b00; }
.k-picture text.k-changed, .k-picture text.k-replace, .k-picture text.k-extra, .k-picture .k-changed .k-word, .k-picture .k-replace .k-word, .k-picture .k-extra .k-word { fill: #8a5000; font-weight: 700; }
.k-picture .k-unknown > .k-box, .k-picture .k-unknown > .k-line { stroke: #60646c; stroke-dasharray: 1 4; stroke-width: 2; stroke-linecap: round; }
.k-picture .k-create > .k-box, .k-picture .k-create > .k-line { stroke: #18794e; stroke-width: 2; }
.k-picture .k-create > .k-head, .k-picture text.k-create, .k-picture .k-create .k-word { fill: #18794e; }
.k-picture .k-update > .k-box, .k-picture .k-update > .k-line { stroke: #0b68cb; stroke-width: 2; }
.k-picture .k-update > .k-head, .k-picture text.k-update, .k-picture .k-update .k-word { fill: #0b68cb; }
.k-picture a:hover, .k-picture a:focus-visible { text-decoration: underline; }
@media (prefers-color-scheme: dark) {
.k-picture text { fill: #edeef0; }
.k-picture .k-zone, .k-picture .k-word { fill: #b0b4ba; }
.k-picture .k-detail { fill: #c9ccd1; }
.k-picture .k-word, .k-picture .k-name { stroke: #15171a; }
.k-picture .k-paper { fill: #15171a; }
.k-picture .k-frame { stroke: #5a6169; }
.k-picture .k-ground { fill: #1c1f23; stroke: #363a3f; }
.k-picture .k-card, .k-picture .k-box { fill: #15171a; }
.k-picture .k-box, .k-picture .k-line { stroke: #777b84; }
.k-picture .k-subnet > .k-box { fill: #23272c; stroke: #5a6169; }
.k-picture .k-head { fill: #777b84; }
.k-picture .k-cross-back { stroke: #15171a; }
.k-picture .k-hatching { stroke: #3f3015; }
.k-picture .k-missing > .k-box, .k-picture .k-broken > .k-box, .k-picture .k-delete > .k-box, .k-picture .k-missing > .k-line, .k-picture .k-broken > .k-line, .k-picture .k-delete > .k-line, .k-picture .k-cross { stroke: #ff6369; }
.k-picture .k-missing > .k-head, .k-picture .k-broken > .k-head, .k-picture .k-delete > .k-head { fill: #ff6369; }
.k-picture text.k-missing, .k-picture text.k-broken, .k-picture text.k-delete, .k-picture .k-missing .k-word, .k-picture .k-broken .k-word, .k-picture .k-delete .k-word { fill: #ff9592; }
.k-picture .k-changed > .k-box, .k-picture .k-changed > .k-line, .k-picture .k-replace > .k-box, .k-picture .k-replace > .k-line, .k-picture .k-extra > .k-line { stroke: #f1a10d; }
.k-picture .k-extra > .k-box { fill: url(#k-hatch); stroke: #f1a10d; }
.k-picture .k-changed > .k-head, .k-picture .k-replace > .k-head, .k-picture .k-extra > .k-head { fill: #f1a10d; }
.k-picture text.k-changed, .k-picture text.k-replace, .k-picture text.k-extra, .k-picture .k-changed .k-word, .k-picture .k-replace .k-word, .k-picture .k-extra .k-word { fill: #ffc53d; }
.k-picture .k-unknown > .k-box, .k-picture .k-unknown > .k-line { stroke: #b0b4ba; }
.k-picture .k-create > .k-box, .k-picture .k-create > .k-line { stroke: #3dd68c; }
.k-picture .k-create > .k-head, .k-picture text.k-create, .k-picture .k-create .k-word { fill: #3dd68c; }
.k-picture .k-update > .k-box, .k-picture .k-update > .k-line { stroke: #70b8ff; }
.k-picture .k-update > .k-head, .k-picture text.k-update, .k-picture .k-update .k-word { fill: #70b8ff; }
}
";
