//! When a consent counts: in words that are in force, to a receiver that exists, given by the person.

use chrono::NaiveDate;

use super::payloads::{Action, Consent, ConsentFields, Status, Via};
use crate::{
    access::Permission::WriteConsents,
    http::{Code, Flaw},
    lifecycle::{Lifecycle, Move, any, none},
    reference::Reference,
};

pub const LIFECYCLE: Lifecycle<Consent, Status, Action> = Lifecycle {
    resource: "consent",
    status: |consent| consent.status,
    objection: none,
    moves: &[Move {
        action: Action::Withdraw,
        from: &[Status::Given],
        to: Status::Withdrawn,
        permission: WriteConsents,
        needs: &[],
        takes: &["reason_code"],
        named: None,
        only: any,
    }],
};

/// The kind of receiver that the purpose asks for; `None` where it names none.
pub fn receiver_kind<'a>(
    fields: &ConsentFields,
    reference: &'a Reference,
    today: NaiveDate,
) -> Option<&'a str> {
    let kind = reference.consent_purpose(fields.purpose.as_str(), today)?.receiver_kind;
    Some(kind).filter(|kind| !["department", "public"].contains(kind))
}

/// All that is wrong, but for whether the receiver exists. `by_the_person`: the caller is whose consent it is.
pub fn flaws(
    fields: &ConsentFields,
    by_the_person: bool,
    reference: &Reference,
    today: NaiveDate,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    // On a form stand the words of its day.
    let on = fields.evidence.as_ref().map_or(today, |form| form.dated_on);
    let words = reference.consent_purpose(fields.purpose.as_str(), on);
    if words.is_none_or(|words| words.text_version != fields.text_version) {
        flaws.push(Code::UnknownCode.expecting("/text_version", "consent-purposes"));
    }
    match (receiver_kind(fields, reference, today), fields.receiver_id) {
        (Some(_), None) => flaws.push(Code::Required.at("/receiver_id")),
        (None, Some(_)) => flaws.push(Code::Conflict.expecting("/receiver_id", "purpose")),
        _ => (),
    }
    let own = if by_the_person { Via::OwnAccount } else { Via::SignedForm };
    if fields.via != own {
        flaws.push(Code::NotAllowed.expecting("/via", own));
    }
    match (&fields.evidence, fields.via) {
        (None, Via::SignedForm) => flaws.push(Code::Required.at("/evidence")),
        (Some(_), Via::OwnAccount) => flaws.push(Code::Conflict.expecting("/evidence", "via")),
        (Some(form), _) if form.dated_on > today => flaws.push(Code::InTheFuture.at("/evidence/dated_on")),
        _ => (),
    }
    flaws
}
