//! Reference data: the law's and the programme's lists as dated rows with their source.
//!
//! A list is declared once, in `lists`; `parse` holds a file to its declaration, `Reference` answers
//! from rows in memory, which `store` keeps in the database. What a rule needs from a list is a question
//! in `questions` or `certificates`.

mod cache;
mod cell;
mod certificates;
mod faults;
mod form;
mod label;
mod lines;
pub mod lists;
mod parse;
mod questions;
mod references;
pub(crate) mod routes;
mod row;
pub mod store;

pub use cache::{Load, Reference};
pub use certificates::{CertificationKind, CertificationRequirement, Obligation};
pub use faults::{Fault, Wrong};
pub use form::{Column, Kind, List};
pub use label::Label;
pub use parse::{Parsed, parse};
pub use questions::{ChecklistItem, ConsentPurpose, ProvinceStatus, Reason, Scheme, SizeClass, Village};
pub use row::Row;
