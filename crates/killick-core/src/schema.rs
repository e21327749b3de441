//! What a resource type is: its fields, and what a change of each one costs.

use serde::Serialize;

/// What putting a changed field right takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnChange {
    /// A call changes it in place.
    Update,
    /// The resource must be deleted and created again under the same key. For
    /// what is borrowed, and for what is kept unless it may be released, this
    /// is the same as [`OnChange::Refuse`].
    Replace,
    /// Only a rebuild of what stands on it would do: a plan error, never a
    /// silent rebuild.
    Refuse,
}

/// Which entries of a field are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The value as a whole.
    Whole,
    /// The entries that are declared; whatever else is there is not ours
    /// (tags). Such a field holds no references: an entry that is not declared
    /// would keep what it names from being deleted.
    Declared,
    /// Entry by entry, and an entry that is not declared is a difference too:
    /// the sets that decide where traffic goes. Such an extra entry is removed
    /// only when asked ([`crate::Policy::prune`]), for somebody may rely on it.
    Closed,
}

/// What a user must allow before a difference is put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Guard {
    /// It takes away what nobody declared and somebody may rely on
    /// ([`crate::Policy::prune`]).
    Prune,
    /// It gives rights to somebody ([`crate::Policy::grant`]).
    Grant,
}

impl Guard {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Prune, Self::Grant];
}

/// One declared field of a resource type.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in attributes and reports: `routes`.
    pub name: &'static str,
    /// What a change of it takes.
    pub on_change: OnChange,
    /// Which entries are compared.
    pub scope: Scope,
    /// A reference here also counts backwards: who needs the resource that is
    /// named here needs this one as well (a route table serves the subnets
    /// that are associated with it).
    pub serves: bool,
    /// A reference here can point at another resource of the same kind for a
    /// while, if that one works and stays (the default route of a zone).
    pub stand_in: bool,
    /// What is here can be had by one resource of the kind at a time (the
    /// Elastic IP of a NAT gateway, the CIDR block of a subnet).
    pub exclusive: bool,
    /// What it takes to remove an entry that is not declared.
    pub guard: Guard,
}

impl Field {
    /// A field that is compared as a whole.
    pub const fn new(name: &'static str, on_change: OnChange) -> Self {
        Self {
            name,
            on_change,
            scope: Scope::Whole,
            serves: false,
            stand_in: false,
            exclusive: false,
            guard: Guard::Prune,
        }
    }

    /// The same field, compared entry by entry.
    pub const fn closed(mut self) -> Self {
        self.scope = Scope::Closed;
        self
    }

    /// The same field, of which only declared entries are compared.
    pub const fn declared(mut self) -> Self {
        self.scope = Scope::Declared;
        self
    }

    /// The same field; see [`Field::serves`].
    pub const fn serves(mut self) -> Self {
        self.serves = true;
        self
    }

    /// The same field; see [`Field::stand_in`].
    pub const fn stand_in(mut self) -> Self {
        self.stand_in = true;
        self
    }

    /// The same field, whose extra entries are a right that is missing.
    pub const fn granted(mut self) -> Self {
        self.guard = Guard::Grant;
        self
    }

    /// The same field; see [`Field::exclusive`].
    pub const fn exclusive(mut self) -> Self {
        self.exclusive = true;
        self
    }
}

/// Who makes and who ends a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// killick creates and deletes it.
    Owned,
    /// killick creates it, and deletes it only when told to in so many words:
    /// an address that was given to partners.
    Kept,
    /// Somebody else creates and deletes it; killick owns some of its fields
    /// and takes its hands off them when it is no longer wanted.
    Borrowed,
}

/// One resource type.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Its name, the first half of a key.
    pub kind: &'static str,
    /// Who makes and who ends it.
    pub lifecycle: Lifecycle,
    /// Every declared field.
    pub fields: &'static [Field],
}

impl Schema {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// All resource types, in the order in which a reader expects them.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue(pub &'static [Schema]);

impl Catalogue {
    /// The type of that name. `None` is a programming error of the caller's:
    /// nodes of unknown kinds have no declared fields and compare equal.
    pub fn get(&self, kind: &str) -> Option<&'static Schema> {
        self.0.iter().find(|schema| schema.kind == kind)
    }

    /// The place of a kind in the catalogue; unknown kinds come last.
    pub fn rank(&self, kind: &str) -> usize {
        self.0
            .iter()
            .position(|schema| schema.kind == kind)
            .unwrap_or(self.0.len())
    }

    pub(crate) fn field(&self, kind: &str, name: &str) -> Option<&'static Field> {
        self.get(kind)?.field(name)
    }

    pub(crate) fn lifecycle(&self, kind: &str) -> Lifecycle {
        self.get(kind)
            .map_or(Lifecycle::Owned, |schema| schema.lifecycle)
    }
}
