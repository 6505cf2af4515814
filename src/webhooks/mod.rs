//! Webhooks, by the Standard Webhooks specification: a party is told of what happens, instead of asking.
//!
//! An endpoint follows the log as `/v1/changes` does, with the rights of the account that set it last: the same
//! events by the same ids, strictly in order, each until it was taken or its schedule is over. What it is to be sent
//! stands in lanes, which the replicas take turns at; each attempt is kept for thirty days.

mod deliver;
mod deliveries;
mod lanes;
mod message;
mod owner;
mod payloads;
mod redaction;
mod replay;
mod routes;
mod rules;
mod schedule;
mod secret;
mod steps;
mod store;

pub use deliver::deliver;
pub use deliveries::FORGET;
pub use routes::routes;
pub use rules::LIFECYCLE;
