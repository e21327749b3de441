//! What stands between a subnet and the world: security groups, network ACLs
//! and VPC endpoints, driven by requests.

mod acls;
mod endpoints;
mod groups;
mod rules;

use killick_sim::{Settings, World};

use crate::support::{BEGINNING, KEY, REGION, all, form, must as one, signed};

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
            now: BEGINNING,
        }
    }

    /// Sends `Action` and parameters, as `a=b` each: status and body.
    fn ask(&mut self, action: &str, params: &[(&str, &str)]) -> (u16, String) {
        let params = [&[("Version", "2016-11-15")], params].concat();
        let body = form(action, &params);
        let request = signed((KEY, REGION, "ec2"), ("POST", "/"), "", body);
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
