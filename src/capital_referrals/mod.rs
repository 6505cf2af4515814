//! Capital referrals: a business asks for capital, the Facilitation division reviews and recommends, a
//! lender approves, and what was approved is paid out, perhaps in parts.
//!
//! The owner drafts one, the mentor who coaches him, or an officer for him; the owner submits it, or an
//! officer with the form that the owner signed. Who ever wrote or submitted a referral does not review it.
//! It goes to a lender only with the owner's consent to that lender, who sees it from then on, with the
//! business; withdrawing the consent, or the referral, ends that. No amount passes the one before it.

mod documents;
mod gates;
mod payloads;
mod reader;
mod routes;
mod rules;
mod steps;
mod store;

pub use payloads::Referral;
pub use reader::READER;
pub use routes::routes;
pub use rules::LIFECYCLE;
pub use store::lock;
