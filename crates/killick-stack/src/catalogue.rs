//! The resource types, in the order of reports: the one list that both the
//! meaning (here) and the calls (`killick-aws`) are made from.

use killick_core::{Attrs, Catalogue, Observed};

use crate::acl::Blocking;
use crate::facts::KindFacts;
use crate::observe::Observe;
use crate::resource::{
    ElasticIp, Function, InternetGateway, NatGateway, RouteTable, SecurityGroup, Subnet, Vpc,
};
use crate::snapshot::{Snapshot, Tagged};
use crate::view::StackView;

/// Hands the list of resource types to a macro.
#[macro_export]
macro_rules! for_each_resource {
    ($apply:ident) => {
        $apply! {
            Vpc,
            InternetGateway,
            Subnet,
            ElasticIp,
            NatGateway,
            RouteTable,
            SecurityGroup,
            Function,
        }
    };
}

macro_rules! catalogue {
    ($($Type:ident),* $(,)?) => {
        /// A resource of the topology, whatever its type.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Resource {
            $(
                #[doc = concat!("A ", stringify!($Type), ".")]
                $Type($Type),
            )*
        }

        /// All resource types.
        pub const CATALOGUE: Catalogue = Catalogue(&[$($Type::SCHEMA),*]);

        /// What is known of each type besides its fields.
        pub(crate) const FACTS: &[KindFacts] = &[$(KindFacts::of::<$Type>($Type::KIND)),*];

        impl Resource {
            /// Every declared field.
            pub fn attrs(&self) -> Attrs {
                match self {
                    $(Self::$Type(resource) => resource.attrs(),)*
                }
            }
        }

        $(
            impl From<$Type> for Resource {
                fn from(resource: $Type) -> Self {
                    Self::$Type(resource)
                }
            }
        )*

        pub(crate) fn observe(seen: &StackView<'_>, blocking: &[Blocking]) -> Vec<Observed> {
            let mut all = Vec::new();
            $(all.extend($Type::observe(seen, blocking));)*
            all
        }

        /// Every resource that tags can mark as a stack's own, by kind.
        pub(crate) fn tagged(snapshot: &Snapshot) -> Vec<(&'static str, Vec<&dyn Tagged>)> {
            vec![$(($Type::KIND, $Type::tagged(snapshot))),*]
        }
    };
}

for_each_resource!(catalogue);

/// What is known of a kind besides its fields.
pub(crate) fn facts(kind: &str) -> Option<&'static KindFacts> {
    FACTS.iter().find(|facts| facts.kind == kind)
}

/// What a person calls a kind: `NAT gateway`.
pub fn noun(kind: &str) -> &str {
    facts(kind).map_or(kind, |facts| facts.noun)
}

/// What a person calls several of a kind: `NAT gateways`.
pub fn plural(kind: &str) -> String {
    format!("{}s", noun(kind))
}

/// What a person calls the type that a describe call of EC2 lists, where it is
/// named after that type: `NAT gateways` for `DescribeNatGateways`.
pub fn listed(operation: &str) -> Option<String> {
    let named = operation.strip_prefix("Describe")?;
    let camel = |kind: &str| {
        let words = kind.split('_').filter_map(|word| word.split_at_checked(1));
        let words = words.map(|(first, rest)| first.to_ascii_uppercase() + rest);
        words.collect::<String>() + "s"
    };
    let mut types = FACTS.iter();
    let found = types.find(|facts| camel(facts.kind) == named)?;
    Some(plural(found.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describe_calls_are_named_after_their_types() {
        let named = |operation| listed(operation);
        assert_eq!(
            named("DescribeNatGateways").as_deref(),
            Some("NAT gateways")
        );
        assert_eq!(named("DescribeVpcs").as_deref(), Some("VPCs"));
        assert_eq!(named("DescribeVpcAttribute"), None);
        assert_eq!(named("ListFunctions"), None);
    }

    #[test]
    fn the_part_of_a_type_is_the_type_as_a_whole() {
        for facts in FACTS {
            let part = (facts.part.kind(), facts.part.field());
            assert_eq!(part, (facts.kind, None));
        }
    }
}
