//! The one log of everything that changed. It is only ever appended to, in the transaction of the
//! change. A sequencer gives each committed event its number; histories, hand-overs, standings, and
//! whatever else follows from what happened, are read from it in that order.

pub(crate) mod append;
pub(crate) mod event;
pub(crate) mod feed;
pub(crate) mod handed_on;
pub(crate) mod history;
pub(crate) mod jobs;
pub(crate) mod known;
pub mod leader;
pub mod listening;
pub mod progress;
pub(crate) mod readers;
pub mod sequencer;
pub(crate) mod sharing;
pub(crate) mod turns;

pub(crate) use event::{Event, Events};
pub(crate) use feed::Passed;
pub(crate) use handed_on::{Between, HandedOn, handed_on};
pub use history::RESOURCES;
pub(crate) use history::{EventOut, HistoryFilter, history};
pub(crate) use jobs::Job;
pub(crate) use known::{Known, known_about};
pub(crate) use readers::{Clear, Logged, Reader};
pub(crate) use sharing::{Shared, passed_on, share, share_new, unshare, unshare_from};
