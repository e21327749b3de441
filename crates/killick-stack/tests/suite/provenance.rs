//! What a resource shows of its making.

use killick_core::Key;
use killick_stack::{Identity, Provenance, StackView};

use crate::support::{A, TWO_ZONES, deployed, spec, strip};

#[test]
fn tags_tell_what_killick_made_and_nothing_else_does() {
    let spec = spec(TWO_ZONES);
    let mut snapshot = deployed(&spec);
    strip(&mut snapshot, "igw-1");
    let named = ("Name".to_owned(), "production".to_owned());
    snapshot.vpcs[0].tags.extend([named]);
    let identity = Identity::of(&spec, &snapshot).unwrap();
    let seen = StackView {
        snapshot: &snapshot,
        identity: &identity,
    };
    let of = |kind, name: &str| {
        seen.provenance(&Key {
            kind,
            name: name.to_owned(),
        })
    };
    assert_eq!(of("route_table", "public"), Some(Provenance::Made));
    assert_eq!(of("vpc", "main"), Some(Provenance::Tagged));
    assert_eq!(of("internet_gateway", "main"), Some(Provenance::Place));
    assert_eq!(of("function", "billing-sync"), None);
    let made: Vec<String> = identity
        .iter()
        .filter(|(key, _)| seen.created(key).is_some())
        .map(|(key, _)| key.to_string())
        .collect();
    let gateways = spec.zones.iter();
    let gateways = gateways.map(|zone| format!("nat_gateway/{}", zone.name));
    assert_eq!(made, gateways.collect::<Vec<_>>(), "{A}");
}
