//! The looks of the page. Written so that an XML parser can read the page too:
//! no `<` and no `&`.

pub(super) const CSS: &str = "
:root { color-scheme: light dark; --paper: #ffffff; --ground: #f4f5f7; --ink: #1c2024; --soft: #60646c; --rule: #d9d9e0; --red: #b4232a; --amber: #8a5000; --green: #18794e; --blue: #0b68cb; --red-ground: #fdecec; --amber-ground: #fff4dc; --green-ground: #e6f6ed; --soft-ground: #eceef1; }
@media (prefers-color-scheme: dark) { :root { --paper: #15171a; --ground: #1c1f23; --ink: #edeef0; --soft: #b0b4ba; --rule: #363a3f; --red: #ff9592; --amber: #ffc53d; --green: #3dd68c; --blue: #70b8ff; --red-ground: #3b1219; --amber-ground: #302008; --green-ground: #132d21; --soft-ground: #26292d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; overflow-wrap: anywhere; }
code { font: 0.9em/1.4 ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
a { color: inherit; }
h1, h2, h3, p { margin: 0; }
h1 { font-size: clamp(1.7rem, 6vw, 2.6rem); line-height: 1.15; }
h2 { break-after: avoid; font-size: 1.2rem; margin: 2rem 0 0.6rem; }
header { padding: 1rem 1.2rem; border-left: 0.5rem solid var(--soft); background: var(--soft-ground); border-radius: 0.3rem; }
header.critical { border-color: var(--red); background: var(--red-ground); }
header.critical h1 { color: var(--red); }
header.warning, header.unsure { border-color: var(--amber); background: var(--amber-ground); }
header.warning h1, header.unsure h1 { color: var(--amber); }
header.good { border-color: var(--green); background: var(--green-ground); }
header.good h1 { color: var(--green); }
header .stack { font-weight: 600; }
header .addresses { font-size: 1.15rem; margin-top: 0.4rem; }
header .gap { font-weight: 600; }
.facts { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 0.7rem 0 0; font-size: 0.9rem; }
.facts div { display: flex; gap: 0.4rem; }
dt { color: var(--soft); overflow-wrap: normal; }
dd { margin: 0; }
figure { margin: 0; }
figcaption { color: var(--soft); font-size: 0.85rem; margin-top: 0.3rem; }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: 0.3rem; background: var(--paper); }
.scroll:focus-visible, article:target { outline: 3px solid var(--blue); outline-offset: 2px; }
.k-picture { display: block; width: 100%; min-width: 56rem; height: auto; }
article { border: 1px solid var(--rule); border-left: 0.4rem solid var(--soft); border-radius: 0.3rem; padding: 0.8rem 1rem; margin: 0 0 0.8rem; background: var(--ground); position: relative; break-inside: avoid; }
article.critical { border-left-color: var(--red); }
article.warning { border-left-color: var(--amber); }
article.info { border-left-color: var(--blue); }
h3 { font-size: 1rem; font-weight: 600; padding-right: 5rem; }
.badge { display: inline-block; padding: 0 0.5rem; border: 1px solid currentColor; border-radius: 1rem; font-size: 0.8rem; text-transform: uppercase; letter-spacing: 0.03em; }
.critical .badge { color: var(--red); background: var(--red-ground); }
.warning .badge { color: var(--amber); background: var(--amber-ground); }
.info .badge { color: var(--blue); }
.what { color: var(--soft); }
.effect { font-size: 1.1rem; margin: 0.4rem 0 0.5rem; }
.id { max-width: 5.5rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; position: absolute; top: 0.8rem; right: 1rem; color: var(--soft); font: 0.85rem ui-monospace, 'DejaVu Sans Mono', monospace; }
article dl { margin: 0; display: grid; gap: 0.25rem; }
article dl div { display: grid; grid-template-columns: 5rem 1fr; }
article ul { margin: 0; padding: 0; list-style: none; }
.repair { color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.7rem 0.35rem 0; border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: 600; }
tr.bad td:last-child { color: var(--red); font-weight: 600; }
tr.unknown td:last-child, .warn { color: var(--amber); font-weight: 600; }
footer { margin: 2rem 0 1rem; color: var(--soft); font-size: 0.85rem; }
@media (max-width: 40rem) {
body { padding: 0.6rem; }
h3 { padding-right: 0; }
.id { max-width: none; position: static; margin-top: 0.4rem; }
article dl div { grid-template-columns: 5rem 1fr; }
thead { display: none; }
tr, td { display: block; }
tr { padding: 0.4rem 0; border-bottom: 1px solid var(--rule); }
td { border: 0; padding: 0.1rem 0; }
td::before { content: attr(data-title) ': '; color: var(--soft); font-weight: 400; }
}
@media print {
body { max-width: none; padding: 0; font-size: 11pt; }
.scroll { overflow: visible; border: 0; }
.k-picture { min-width: 0; }
header, article, .badge { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
a { text-decoration: none; }
}
";
