//! The life of a stack, from a seed.

use killick_sim::{Fault, Kill, Moment, Rule, Settings};

use crate::draft::{Draft, Nat};
use crate::moves::{Edit, Move};

/// A life: where it begins, what AWS is like, what happens.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What chance comes from.
    pub seed: u64,
    /// What AWS is like.
    pub settings: Settings,
    /// The first spec.
    pub draft: Draft,
    /// What happens, in order.
    pub moves: Vec<Move>,
}

/// Changes by others that `apply --prune` puts right, and that leave nothing
/// of a stranger's behind in the stack's network.
pub const CASES: &[&str] = &[
    "add-egress-rule",
    "add-ingress-rule",
    "add-tags",
    "allow-function-ipv6",
    "delete-default-route",
    "delete-nat-gateway",
    "delete-nat-gateways",
    "detach-function",
    "detach-internet-gateway",
    "disable-dns",
    "disassociate-table",
    "drop-function-subnet",
    "map-public-addresses",
    "move-function",
    "revoke-egress",
    "route-prefix-elsewhere",
    "route-to-internet-gateway",
    "route-to-other-nat",
    "shadow-default-route",
    "strip-tags",
    "swap-table-to-other-zone",
    "swap-table-to-public",
];

impl Scenario {
    /// A random life.
    pub fn random(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let letters = ["a", "ab", "abc", "abcd", "bd", "ca"];
        let zones = *chance.pick(&letters);
        let first = zones.chars().next().expect("a zone");
        let functions: Vec<u8> = (0..chance.up_to(5)).collect();
        let nat = if chance.up_to(2) == 0 {
            Nat::Single(first)
        } else {
            Nat::PerZone
        };
        let team = (chance.up_to(2) == 0).then(|| chance.up_to(9));
        let settings = Settings {
            lag: *chance.pick(&[0, 0, 1000, 3000, 5000]),
            flicker: *chance.pick(&[0, 30, 70]),
            page: *chance.pick(&[0, 0, 1, 2, 5]),
            address_quota: 12,
            ..Settings::default()
        };
        let mut moves = Vec::new();
        if chance.up_to(1) == 0 {
            moves.push(Move::Faulty(chance.rule()));
        }
        if chance.up_to(2) > 0 {
            moves.push(Move::Apply(false));
        }
        for _ in 0..=chance.up_to(5) {
            moves.push(chance.move_of(zones, &functions));
        }
        let abroad = functions.iter().copied();
        let abroad = match chance.up_to(3) {
            0 => abroad.filter(|_| chance.up_to(1) == 0).collect(),
            _ => Vec::new(),
        };
        let draft = Draft {
            abroad,
            prefix: chance.up_to(4) == 0,
            pins: chance.up_to(2) == 0,
            ..Draft::new(zones, nat, &functions, team)
        };
        Self {
            seed,
            settings,
            draft,
            moves,
        }
    }

    /// The same life, with so many strips or copies of tags in it.
    #[must_use]
    pub fn stripped(mut self, times: u8) -> Self {
        let mut chance = Chance(self.seed ^ 0x5742_4950);
        for _ in 0..times {
            let one = match chance.up_to(3) {
                0 => Move::Copy(chance.up_to(250)),
                name => Move::Strip(chance.up_to(250), name != 1),
            };
            // Before there is anything, nothing can be stripped.
            let half = self.moves.len().div_ceil(2);
            let most = u8::try_from(self.moves.len() - half).unwrap_or(u8::MAX);
            let place = half + usize::from(chance.up_to(most));
            self.moves.insert(place, one);
        }
        self
    }

    /// The scenario as a test that can be pasted.
    pub fn source(&self) -> String {
        let Settings {
            lag,
            flicker,
            page,
            address_quota,
            ..
        } = self.settings;
        let Draft {
            zones,
            nat,
            functions,
            team,
            abroad,
            prefix,
            pins,
            ..
        } = &self.draft;
        let moves: String = self
            .moves
            .iter()
            .map(|one| format!("            {},\n", one.source()))
            .collect();
        format!(
            "#[test]\nfn seed_{seed}() {{\n    lives(Scenario {{\n        seed: {seed},\n        \
             settings: Settings {{ lag: {lag}, flicker: {flicker}, page: {page}, address_quota: {address_quota}, \
             ..Settings::default() }},\n        draft: Draft {{ abroad: vec!{abroad:?}, prefix: {prefix}, pins: {pins}, \
             ..Draft::new({zones:?}, Nat::{nat:?}, &{functions:?}, {team:?}) }},\n        \
             moves: vec![\n{moves}        ],\n    }});\n}}\n",
            seed = self.seed,
        )
    }
}

/// Numbers from a seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Those of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `most`.
    pub fn up_to(&mut self, most: u8) -> u8 {
        u8::try_from(self.next() % (u64::from(most) + 1)).expect("small")
    }

    /// One of some.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let place = usize::try_from(self.next()).unwrap_or_default() % from.len();
        &from[place]
    }

    /// A death at one of the first 70 calls.
    pub fn kill(&mut self) -> Kill {
        Kill {
            call: 1 + self.next() % 70,
            moment: *self.pick(&[Moment::Before, Moment::After]),
        }
    }

    fn move_of(&mut self, zones: &str, functions: &[u8]) -> Move {
        match self.up_to(15) {
            0..=2 => Move::Apply(self.up_to(3) == 0),
            3..=5 => Move::ApplyKilled(self.kill()),
            6 => Move::Destroy(false),
            7 => Move::DestroyKilled(self.kill()),
            8 => self.pick(&[Move::Plan, Move::Drift, Move::Ips]).clone(),
            9..=10 => {
                let case: &&'static str = self.pick(CASES);
                Move::Tamper(case)
            }
            11..=12 => Move::Edit(self.edit(zones, functions)),
            13 => Move::Wait(u64::from(self.up_to(200)) * 10),
            14 if self.up_to(3) == 0 => Move::Calm,
            _ => Move::Faulty(self.rule()),
        }
    }

    fn edit(&mut self, zones: &str, functions: &[u8]) -> Edit {
        let letter = *self.pick(&['a', 'b', 'c', 'd']);
        let known = zones
            .chars()
            .nth(usize::from(self.up_to(3)) % zones.len())
            .unwrap_or('a');
        let number = match functions {
            [] => 0,
            some => *self.pick(some),
        };
        match self.up_to(9) {
            0 => Edit::AddZone(letter),
            1 => Edit::DropZone(letter),
            2 => Edit::Nat(Nat::PerZone),
            3 => Edit::Nat(Nat::Single(known)),
            4 => Edit::AddFunction(self.up_to(5)),
            5 => Edit::DropFunction(number),
            6 => Edit::LeaveFunction(number),
            7 => Edit::RenameStack,
            8 => Edit::RenameZone(known),
            _ => Edit::Team(Some(self.up_to(9)).filter(|team| *team > 2)),
        }
    }

    fn rule(&mut self) -> Rule {
        let fault = match self.up_to(11) {
            0 => Fault::Throttle,
            1 => Fault::Status(500),
            2 => Fault::Status(503),
            3 => Fault::Slow(u64::from(self.up_to(100)) * 200),
            4 => Fault::CutBefore,
            5..=8 => Fault::CutAfter,
            9 => Fault::Unreached,
            10 => Fault::Deny,
            _ => {
                let codes = [
                    "InternalError",
                    "Gateway.NotAttached",
                    "InsufficientFreeAddressesInSubnet",
                ];
                let code = (*self.pick(&codes)).to_owned();
                return Rule::once("CreateNatGateway", Fault::NatFails(code));
            }
        };
        let actions = [
            "*",
            "Allocate*",
            "Associate*",
            "Create*",
            "CreateNatGateway",
            "CreateRoute*",
            "Delete*",
            "Describe*",
            "Modify*",
            "Update*",
        ];
        Rule {
            action: (*self.pick(&actions)).to_owned(),
            percent: *self.pick(&[20, 50, 100, 100]),
            skip: u64::from(self.up_to(3)),
            times: Some(1 + u64::from(self.up_to(5))),
            fault,
        }
    }
}
