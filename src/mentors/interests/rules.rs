//! What must hold of an interest. Nothing here touches HTTP or the database.

use chrono::NaiveDate;

use super::payloads::{Ground, InterestFields};
use crate::http::{Code, Flaw};

/// All that is wrong beyond the form.
pub fn flaws(fields: &InterestFields, today: NaiveDate) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if fields.business_id.is_none() && fields.business_name.is_none() {
        flaws.push(Code::Required.at("/business_name"));
    }
    if fields.ground == Ground::Other && fields.note.is_none() {
        flaws.push(Code::Required.at("/note"));
    }
    if fields.declared_on > today {
        flaws.push(Code::InTheFuture.at("/declared_on"));
    }
    match fields.ended_on {
        Some(end) if end > today => flaws.push(Code::InTheFuture.at("/ended_on")),
        Some(end) if end < fields.declared_on => {
            flaws.push(Code::TooEarly.expecting("/ended_on", fields.declared_on));
        }
        _ => (),
    }
    flaws
}
