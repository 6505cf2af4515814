//! The life of an instrument. A document has the status of its record, and is frozen once it is published.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    checks,
    document::{Document, Status},
    payloads::{Action, Course, Instrument},
};
use crate::{
    access::Permission,
    error::{ApiError, Result},
    http::Code,
    lifecycle::{self, Lifecycle, Move},
    reference::{Reference, lists},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Instrument, Status, Action> = Lifecycle {
    resource: "instrument",
    status: |instrument| instrument.heading.status,
    objection: lifecycle::none,
    moves: &[
        Move { action: Action::Publish, from: &[Status::Draft],     to: Status::Published, permission: Permission::DecideInstruments, needs: &[],              takes: &[], named: None, only: lifecycle::any },
        Move { action: Action::Retire,  from: &[Status::Published], to: Status::Retired,   permission: Permission::DecideInstruments, needs: &["reason_code"], takes: &[], named: None, only: lifecycle::any },
    ],
};

/// Only moves change the status; what clients write is a draft.
pub fn is_draft(document: &Document) -> Result<()> {
    match document.status {
        Status::Draft => Ok(()),
        _ => Err(ApiError::invalid(Code::NotAllowed.expecting("/document/status", Status::Draft))),
    }
}

/// The course that the move leads to; an instrument with flaws is not published.
pub fn course_after(
    before: &Instrument,
    step: &Move<Instrument, Status, Action>,
    reference: &Reference,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Course> {
    let document = Document { status: step.to, ..before.fields.document.clone() };
    let published_at = before.heading.published_at;
    match step.action {
        Action::Publish => {
            let subsectors = reference.rows(&lists::SUBSECTORS, today).map(|row| row.key.clone());
            has_no_flaw(&document, &subsectors.collect())?;
            Ok(Course { document, published_at: Some(now), retired_at: None })
        }
        Action::Retire => Ok(Course { document, published_at, retired_at: Some(now) }),
    }
}

fn has_no_flaw(document: &Document, subsectors: &BTreeSet<String>) -> Result<()> {
    let flaws = checks::flaws(document, subsectors).into_iter();
    let flaws: Vec<_> =
        flaws.map(|flaw| flaw.code.expecting(format!("/document{}", flaw.pointer), flaw.expected)).collect();
    ApiError::if_any(flaws)
}
