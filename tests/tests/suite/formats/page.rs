//! The report as a page, looked at in a browser.

use killick_tests::{Site, Spec, browser};
use serde_json::json;

use super::{NAT, hurt, report, saved, text};

#[test]
#[cfg_attr(any(no_python, no_chromium), ignore = "needs Python and Chromium")]
fn the_page_in_a_browser() {
    let (site, findings) = hurt();
    let page = saved(&site, "report.html", &report(&site, "html", 2));
    let shown = browser::open(&page);
    let dom = &shown.dom;
    for finding in &findings {
        let id = text(finding, "id");
        let severity = text(finding, "severity");
        let card = format!("data-finding=\"{id}\" data-severity=\"{severity}\"");
        assert!(dom.contains(&card), "{card} is missing in\n{dom}");
        assert!(
            dom.contains(text(finding, "effect")),
            "{finding:#} in\n{dom}"
        );
    }
    // The broken hop, in the picture.
    let (_, picture) = dom.split_once("<section id=\"picture\"").unwrap();
    let (picture, _) = picture.split_once("</section>").unwrap();
    let node = picture
        .split('<')
        .find(|element| element.contains(&format!("data-key=\"{NAT}\"")));
    let node = node.unwrap_or_else(|| panic!("{NAT} is not drawn:\n{picture}"));
    let id = text(&findings[0], "id");
    assert!(node.contains("k-missing") && node.contains(id), "{node}");
    assert!(picture.contains("k-way k-missing"), "{picture}");
    assert!(
        picture.contains("k-way k-fine"),
        "the other zone works: {picture}"
    );
    assert_eq!(shown.requests, [""; 0], "the page asks others");
    assert!(!dom.contains("<script"), "the page runs something");
}

/// Whoever can name a thing can write into the report: it stays text.
#[test]
#[cfg_attr(any(no_python, no_chromium), ignore = "needs Python and Chromium")]
fn names_of_others_stay_text() {
    let site = Site::deployed(Spec::two_zones());
    let text = format!(
        "{}\n[[accept]]\nfinding = \"d-000000\"\nuntil = \"2099-01-01\"\nreason = \"</td><img src=http://spy.example/x>\"\n",
        site.spec.to_toml()
    );
    let stack = site.stack();
    let description = "by \"><img src=http://spy.example/y>";
    let group = json!({
        "GroupName": description, "Description": "x", "VpcId": stack.id("vpc/main"),
    });
    site.aws.ec2("create_security_group", group);
    let nat = json!({"NatGatewayId": stack.id(NAT)});
    site.aws.ec2("delete_nat_gateway", nat);
    let drift = site.drift(2).unwrap();
    let id = drift["findings"][0]["id"].as_str().unwrap();
    site.killick
        .write("killick.toml", text.replace("d-000000", id));
    let page = saved(&site, "report.html", &report(&site, "html", 0));
    let shown = browser::open(&page);
    assert!(shown.dom.contains("spy.example/x"), "the reason is shown");
    assert!(!shown.dom.contains("<img"), "{}", shown.dom);
    assert_eq!(shown.requests, [""; 0], "the page asks others");
}

/// The browser of these tests would see a page that asks others.
#[test]
#[cfg_attr(any(no_python, no_chromium), ignore = "needs Python and Chromium")]
fn the_browser_sees_requests() {
    let site = Site::new(Spec::two_zones());
    let page = saved(
        &site,
        "spy.html",
        "<p>x</p><img src=\"http://spy.example/z.png\">",
    );
    let shown = browser::open(&page);
    assert!(shown.dom.contains("<p>x</p>"), "{shown:?}");
    let asked = shown
        .requests
        .iter()
        .any(|line| line.contains("spy.example"));
    assert!(asked, "{shown:?}");
}
