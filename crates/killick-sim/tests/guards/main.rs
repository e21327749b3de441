//! What stands between a subnet and the world: security groups, network ACLs
//! and VPC endpoints, driven by requests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod acls;
mod endpoints;
mod groups;
mod rules;

use killick_sim::{Request, Settings, World};

/// A world, and the time in it.
struct Cloud {
    world: World,
    now: u64,
}

impl Cloud {
    fn new() -> Self {
        Self::with(Settings {
            throttle: false,
            ..Settings::default()
        })
    }

    fn with(settings: Settings) -> Self {
        Self {
            world: World::new(7, settings),
            now: 1_767_225_600_000,
        }
    }

    /// Sends `Action` and parameters, as `a=b` each: status and body.
    fn ask(&mut self, action: &str, params: &[(&str, &str)]) -> (u16, String) {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("Action", action);
        body.append_pair("Version", "2016-11-15");
        body.extend_pairs(params);
        let scope = "AKIAIOSFODNN7EXAMPLE/20260101/ap-northeast-1/ec2/aws4_request";
        let request = Request {
            method: "POST".to_owned(),
            uri: "/".to_owned(),
            headers: vec![(
                "authorization".to_owned(),
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
            )],
            body: body.finish().into_bytes(),
        };
        let response = self.world.handle(self.now, &request);
        (response.status, String::from_utf8(response.body).unwrap())
    }

    /// The body of an answer that must be good.
    fn ok(&mut self, action: &str, params: &[(&str, &str)]) -> String {
        let (status, body) = self.ask(action, params);
        assert_eq!(status, 200, "{action} {params:?}: {body}");
        body
    }

    /// The code of an answer that must be an error.
    fn code(&mut self, action: &str, params: &[(&str, &str)]) -> String {
        let (status, body) = self.ask(action, params);
        assert_ne!(status, 200, "{action} {params:?}: {body}");
        one(&body, "Code")
    }

    fn vpc(&mut self, cidr: &str) -> String {
        one(&self.ok("CreateVpc", &[("CidrBlock", cidr)]), "vpcId")
    }

    fn group(&mut self, vpc: &str, name: &str) -> String {
        let params = [
            ("GroupName", name),
            ("GroupDescription", "for tests"),
            ("VpcId", vpc),
        ];
        one(&self.ok("CreateSecurityGroup", &params), "groupId")
    }
}

/// The texts of all elements of a name.
fn all(body: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let rest = body.split(&open).skip(1);
    rest.map(|part| part.split(&close).next().unwrap_or_default().to_owned())
        .collect()
}

/// The text of the first element of a name.
fn one(body: &str, name: &str) -> String {
    let found = all(body, name);
    assert!(!found.is_empty(), "no {name} in {body}");
    found[0].clone()
}

/// A permission of a request, not yet in its one form.
const WEB: [(&str, &str); 4] = [
    ("IpPermissions.1.IpProtocol", "TCP"),
    ("IpPermissions.1.FromPort", "443"),
    ("IpPermissions.1.ToPort", "443"),
    ("IpPermissions.1.IpRanges.1.CidrIp", "203.0.113.77/24"),
];

/// Parameters for a group.
fn with<'a>(group: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("GroupId", group)], more].concat()
}
