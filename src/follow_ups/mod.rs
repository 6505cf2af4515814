//! Follow-ups: how a business goes, months after its cohort has ended.
//!
//! For each of the cohort's `follow_up_months` there is a wave, with one follow-up for each business that
//! was coached in it. The owner answers on a page, by a link that is good once, without logging in; or
//! somebody visits and enters the figures. A business that has closed is an answer, too. The answer is a
//! snapshot, from which outcomes are proposed.

mod answer;
mod form;
mod links;
mod opening;
mod pages;
mod payloads;
mod routes;
mod store;
mod words;

pub use opening::READER;
pub use pages::{answer_page, page};
pub use payloads::FollowUp;
pub use routes::routes;
