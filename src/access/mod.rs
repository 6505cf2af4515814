//! Who is calling, and what they may do: the access table, tokens, and the proof a handler holds.

pub mod fields;
pub(crate) mod granted;
pub(crate) mod permission;
pub(crate) mod role;
pub mod token;

pub(crate) use granted::{Access, Granted, Origin, Reach, SignedIn, Visible};
pub(crate) use permission::may;
pub use permission::{Permission, Rows};
pub use role::{Division, Party, Role};
pub use token::{Claims, Issuer};
