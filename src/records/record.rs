//! What every record has: an id, a version that grows with each change, the time of the last, and who
//! sees it.

use std::hash::Hash;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    access::{Party, Permission},
    ids::BusinessId,
};

pub trait Record: Serialize + 'static {
    type Id: Copy + Ord + Hash + Into<Uuid> + 'static;
    /// The first word of its events: `business` in `business.created`.
    const KIND: &'static str;
    /// The permission that reads it.
    const READ: Permission;
    /// Paths of personal values (`full_name`, `address.line`): in events they are only kept encrypted,
    /// with the key of `subject`.
    const PERSONAL: &'static [&'static str] = &[];
    /// Who reads it sees all of it: what to show was decided before, and no fields are `hidden`.
    const SHOWN_WHOLE: bool = false;

    fn id(&self) -> Self::Id;
    fn version(&self) -> i64;
    fn updated_at(&self) -> DateTime<Utc>;

    /// Of what is embedded in it, by a version of its own: whoever has an older one has not got this answer.
    fn version_within(&self) -> Option<i64> {
        None
    }

    /// Whose key encrypts its personal values: its own, unless it is about someone else.
    fn subject(&self) -> Uuid {
        self.id().into()
    }

    /// The business that it belongs to: who shares in the business may see it, as the access table says.
    fn business(&self) -> Option<BusinessId> {
        None
    }

    /// The parties that it names, besides: its mentor, its lender.
    fn named(&self) -> Vec<Party> {
        Vec::new()
    }

    /// Whether all may see it who see rows of their own: an instrument that was published.
    fn is_open(&self) -> bool {
        false
    }

    /// The records that it concerns: its events are in their history.
    fn about(&self) -> Vec<Uuid> {
        Vec::new()
    }
}

/// Implements `Record` from the fields `id`, `version` and `updated_at`; what differs from the defaults
/// of the trait stands in the braces.
macro_rules! record {
    ($record:ident: $id:ident, $kind:literal, $read:ident { $($rest:item)* }) => {
        impl crate::records::Record for $record {
            type Id = $id;
            const KIND: &'static str = $kind;
            const READ: crate::access::Permission = crate::access::Permission::$read;

            fn id(&self) -> $id {
                self.id
            }
            fn version(&self) -> i64 {
                self.version
            }
            fn updated_at(&self) -> chrono::DateTime<chrono::Utc> {
                self.updated_at
            }
            $($rest)*
        }
    };
}
pub(crate) use record;
