//! Specs for the tests: zones of Tokyo by letter, each with CIDRs that never move.

/// A spec that can be varied and written as TOML.
#[derive(Debug, Clone)]
pub struct Spec {
    /// The stack's name.
    pub stack: String,
    /// The zones, by their last letter.
    pub zones: Vec<char>,
    /// Whether one NAT gateway serves all zones.
    pub single: bool,
    /// The functions to attach.
    pub functions: Vec<String>,
    /// The account to insist on.
    pub account: Option<String>,
    /// The second byte of every CIDR, so that two stacks differ.
    pub net: u8,
}

impl Spec {
    /// The set-up of the article: zones a and c, a NAT gateway each, one function.
    pub fn two_zones() -> Self {
        Self {
            stack: "partner-egress".to_owned(),
            zones: vec!['a', 'c'],
            single: false,
            functions: vec!["billing-sync".to_owned()],
            account: None,
            net: 0,
        }
    }

    /// Zones a, c and d.
    pub fn three_zones() -> Self {
        Self {
            zones: vec!['a', 'c', 'd'],
            ..Self::two_zones()
        }
    }

    /// Two zones that share the NAT gateway of the first.
    pub fn single_nat() -> Self {
        Self {
            single: true,
            ..Self::two_zones()
        }
    }

    /// The names of the zones.
    pub fn zone_names(&self) -> Vec<String> {
        self.zones.iter().map(|letter| zone_name(*letter)).collect()
    }

    /// The zones that have a NAT gateway.
    pub fn nat_zones(&self) -> Vec<String> {
        let mut zones = self.zone_names();
        zones.truncate(if self.single { 1 } else { zones.len() });
        zones
    }

    /// The CIDR of a zone's subnet, `public` or `private`.
    pub fn cidr(&self, zone: &str, side: &str) -> String {
        // In the order of the zones that Tokyo offers; a CIDR never moves.
        let place = match zone.chars().last() {
            Some('a') => 0,
            Some('c') => 1,
            Some('d') => 2,
            _ => 3,
        };
        let third = place * 2 + u8::from(side == "private");
        format!("10.{}.{third}.0/24", self.net)
    }

    /// The spec file.
    pub fn to_toml(&self) -> String {
        let mut text = format!("stack  = \"{}\"\nregion = \"ap-northeast-1\"\n", self.stack);
        if let Some(account) = &self.account {
            text += &format!("account = \"{account}\"\n");
        }
        text += &format!("\n[network]\ncidr = \"10.{}.0.0/16\"\n", self.net);
        for zone in self.zone_names() {
            let (public, private) = (self.cidr(&zone, "public"), self.cidr(&zone, "private"));
            text += &format!(
                "\n[[zone]]\nname    = \"{zone}\"\npublic  = \"{public}\"\nprivate = \"{private}\"\n"
            );
        }
        if self.single {
            text += "\n[egress]\nnat = \"single\"\n";
        }
        for function in &self.functions {
            text += &format!("\n[[function]]\nname = \"{function}\"\n");
        }
        text
    }

    /// Every key that the spec asks for and that carries tags (functions do not).
    pub fn tagged_keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = ["vpc/main", "internet_gateway/main", "route_table/public"]
            .map(str::to_owned)
            .into();
        keys.push("security_group/functions".to_owned());
        for zone in self.zone_names() {
            keys.push(format!("subnet/public-{zone}"));
            keys.push(format!("subnet/private-{zone}"));
            keys.push(format!("route_table/private-{zone}"));
        }
        for zone in self.nat_zones() {
            keys.push(format!("elastic_ip/{zone}"));
            keys.push(format!("nat_gateway/{zone}"));
        }
        keys.sort();
        keys
    }
}

/// The Tokyo zone with this last letter.
fn zone_name(letter: char) -> String {
    format!("ap-northeast-1{letter}")
}
