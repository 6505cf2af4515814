//! How any record is read and changed: reads that travel together, writes that are all or nothing and
//! say what they did, keys that make repeating a write harmless.

pub(crate) mod duplicates;
pub(crate) mod evidence;
pub(crate) mod external_ids;
pub(crate) mod gather;
pub(crate) mod idempotency;
pub(crate) mod keys;
pub(crate) mod merged;
pub(crate) mod record;
pub(crate) mod sealing;
pub(crate) mod shares;
pub(crate) mod synced;
pub(crate) mod tx;
pub(crate) mod whole;
pub(crate) mod write;

pub(crate) use evidence::{Evidence, cite, cite_one};
pub(crate) use external_ids::ExternalIds;
pub(crate) use gather::Gathered;
pub(crate) use merged::{Mergeable, unmerged};
pub(crate) use record::{Record, record};
pub(crate) use shares::{SharedThrough, SharedWith, shared_through, shared_with};
pub(crate) use tx::Tx;
pub(crate) use whole::{Whole, whole};
