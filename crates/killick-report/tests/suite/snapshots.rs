//! Every format of every reading, as it is.

use insta::assert_snapshot;
use killick_report::{dot, html, junit, markdown, mermaid, sarif, svg};

use crate::worlds;

macro_rules! snapshots {
    ($($name:ident),+) => {$(
        #[test]
        fn $name() {
            let report = worlds::$name();
            let name = stringify!($name);
            assert_snapshot!(format!("{name}.md"), markdown(&report));
            assert_snapshot!(format!("{name}.junit.xml"), junit(&report));
            assert_snapshot!(format!("{name}.sarif"), sarif(&report));
            assert_snapshot!(format!("{name}.html"), html(&report));
            assert_snapshot!(format!("{name}.svg"), svg(&report.picture));
            assert_snapshot!(format!("{name}.mmd"), mermaid(&report.picture));
            assert_snapshot!(format!("{name}.dot"), dot(&report.picture));
        }
    )+};
}

snapshots!(in_sync, bad_night, empty, six_zones);

#[test]
fn hostile() {
    let report = worlds::filled(worlds::HOSTILE);
    assert_snapshot!("hostile.md", markdown(&report));
    assert_snapshot!("hostile.junit.xml", junit(&report));
    assert_snapshot!("hostile.sarif", sarif(&report));
    assert_snapshot!("hostile.html", html(&report));
    assert_snapshot!("hostile.svg", svg(&report.picture));
    assert_snapshot!("hostile.mmd", mermaid(&report.picture));
    assert_snapshot!("hostile.dot", dot(&report.picture));
}

#[test]
fn plan() {
    let picture = worlds::plan();
    assert_snapshot!("plan.svg", svg(&picture));
    assert_snapshot!("plan.mmd", mermaid(&picture));
    assert_snapshot!("plan.dot", dot(&picture));
}
