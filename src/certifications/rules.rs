//! The life of a certification. Nothing here touches HTTP or the database.

use chrono::{Days, NaiveDate};

use super::payloads::{
    Action::{self, *},
    Certification, CertificationFields, Course, Expiry, MoveCertification,
    Status::{self, *},
};
use crate::{
    access::Permission::DecideCertifications,
    http::{Code, Flaw},
    lifecycle::{Lifecycle, Move, any, none},
    products::Product,
    reference::CertificationKind,
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Certification, Status, Action> = Lifecycle {
    resource: "certification",
    status: |certification| certification.course.status,
    objection: none,
    moves: &[
        Move { action: Apply,  from: &[Planned, Rejected], to: Applied,  permission: DecideCertifications, needs: &[],                       takes: &["applied_on", "issuer"],             named: None, only: any },
        Move { action: Grant,  from: &[Applied],           to: Granted,  permission: DecideCertifications, needs: &["number", "granted_on"], takes: &["expires_on", "issuer", "evidence"], named: None, only: any },
        Move { action: Reject, from: &[Applied],           to: Rejected, permission: DecideCertifications, needs: &["reason_code"],          takes: &["evidence"],                         named: None, only: any },
        Move { action: Revoke, from: &[Granted],           to: Revoked,  permission: DecideCertifications, needs: &["reason_code"],          takes: &["evidence"],                         named: None, only: any },
    ],
};

/// While the checklist is worked on.
pub const OPEN: &[Status] = &[Planned, Applied, Rejected];

/// Before anything was applied for.
pub const PLANNED: Course = Course {
    status: Planned,
    applied_on: None,
    granted_on: None,
    renew_from: None,
    expiry: None,
    evidence: None,
};

/// Whether the kind is one for this product; without one, for the business as a whole.
pub fn product_flaw(kind: &CertificationKind, product: Option<&Product>, size: Option<&str>) -> Option<Flaw> {
    match product {
        None if kind.is_for_any_product() => None,
        None => Some(Code::Required.at("/product_id")),
        Some(product) if kind.concerns(&product.fields.category, size) => None,
        Some(product) => Some(Code::Conflict.expecting("/kind", &product.fields.category)),
    }
}

/// What came of looking for the place of a new one behind the `latest` of its kind and product.
#[derive(Debug, PartialEq)]
pub enum Place {
    Free,
    /// There is one already, which is to be continued, or named as the one that is renewed.
    Taken,
    /// It names one that it cannot renew.
    NotRenewable,
}

pub fn place(latest: Option<&Certification>, fields: &CertificationFields) -> Place {
    match (latest, fields.renews_id) {
        (None, None) => Place::Free,
        (None, Some(_)) => Place::NotRenewable,
        (Some(latest), Some(renews)) if latest.id == renews && latest.course.status == Granted => Place::Free,
        (Some(_), _) => Place::Taken,
    }
}

/// What stays as it was planned.
pub fn fixed_flaws(before: &CertificationFields, after: &CertificationFields) -> Vec<Flaw> {
    let parts = [
        ("/business_id", before.business_id == after.business_id),
        ("/product_id", before.product_id == after.product_id),
        ("/kind", before.kind == after.kind),
        ("/renews_id", before.renews_id == after.renews_id),
    ];
    parts.into_iter().filter(|(_, same)| !same).map(|(pointer, _)| Code::Fixed.at(pointer)).collect()
}

/// The desk keeps the number, the issuer and the end. What is granted has a number, and only that has an end.
pub fn kept_flaws(before: Option<&Certification>, after: &CertificationFields, is_desk: bool) -> Vec<Flaw> {
    let had = before.map(|before| &before.fields);
    let kept = [
        ("/number", had.and_then(|had| had.number.as_ref()) == after.number.as_ref()),
        ("/issuer", had.and_then(|had| had.issuer.as_ref()) == after.issuer.as_ref()),
        ("/expires_on", had.and_then(|had| had.expires_on) == after.expires_on),
    ];
    let others = kept.into_iter().filter(|(_, same)| !is_desk && !same);
    let mut flaws: Vec<_> = others.map(|(pointer, _)| Code::NotYours.at(pointer)).collect();
    let was_granted = before.is_some_and(|before| matches!(before.course.status, Granted | Revoked));
    if was_granted && after.number.is_none() {
        flaws.push(Code::Required.at("/number"));
    }
    if is_desk && !was_granted && after.expires_on.is_some() {
        flaws.push(Code::NotAllowed.expecting("/expires_on", "null"));
    }
    flaws
}

/// The end follows the grant, and is there where the kind's validity is limited.
pub fn end_flaw(granted_on: NaiveDate, end: Option<NaiveDate>, kind: &CertificationKind) -> Option<Flaw> {
    match end {
        None => kind.validity_years.map(|_| Code::Required.at("/expires_on")),
        Some(end) if end > granted_on => None,
        Some(_) => Some(Code::TooEarly.expecting("/expires_on", granted_on + Days::new(1))),
    }
}

/// With this end it is to be renewed in time. What was told of another end is not said of this one.
pub fn ending_on(course: Course, end: Option<NaiveDate>, kind: &CertificationKind) -> Course {
    let renew_from = end.and_then(|end| end.checked_sub_days(Days::new(kind.lead_days)));
    Course { renew_from, expiry: course.expiry.filter(|told| *told == Expiry::Renewed), ..course }
}

/// What it is once `step` is taken.
pub fn after(
    Certification { fields, course, .. }: &Certification,
    step: &Move<Certification, Status, Action>,
    wanted: &MoveCertification,
    kind: &CertificationKind,
    today: NaiveDate,
) -> Result<(CertificationFields, Course), Vec<Flaw>> {
    let flaws = flaws(course, step.action, wanted, kind, today);
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let issuer = wanted.issuer.clone().or(fields.issuer.clone());
    let number = wanted.number.clone().or(fields.number.clone());
    let expires_on = wanted.expires_on.filter(|_| step.action == Grant).or(fields.expires_on);
    let fields = CertificationFields { issuer, number, expires_on, ..fields.clone() };
    let evidence = wanted.evidence.clone().or(course.evidence.clone());
    let moved = Course { status: step.to, evidence, ..course.clone() };
    let course = match step.action {
        Apply => Course { applied_on: Some(wanted.applied_on.unwrap_or(today)), ..moved },
        Grant => ending_on(Course { granted_on: wanted.granted_on, ..moved }, expires_on, kind),
        Reject => moved,
        Revoke => Course { expiry: None, ..moved },
    };
    Ok((fields, course))
}

fn flaws(
    course: &Course,
    action: Action,
    wanted: &MoveCertification,
    kind: &CertificationKind,
    today: NaiveDate,
) -> Vec<Flaw> {
    let past = [
        ("/applied_on", wanted.applied_on),
        ("/granted_on", wanted.granted_on),
        ("/evidence/dated_on", wanted.evidence.as_ref().map(|evidence| evidence.dated_on)),
    ];
    let late = past.into_iter().filter(|(_, day)| day.is_some_and(|day| day > today));
    let mut flaws: Vec<_> = late.map(|(pointer, _)| Code::InTheFuture.at(pointer)).collect();
    if let (Some(applied), Some(granted)) = (course.applied_on, wanted.granted_on)
        && granted < applied
    {
        flaws.push(Code::TooEarly.expecting("/granted_on", applied));
    }
    let granted = wanted.granted_on.filter(|_| action == Grant);
    flaws.extend(granted.and_then(|granted| end_flaw(granted, wanted.expires_on, kind)));
    flaws
}

/// What is to be told of the end of what is granted, if it was not told yet.
pub fn expiry_to_tell(
    Certification { fields, course, .. }: &Certification,
    today: NaiveDate,
) -> Option<Expiry> {
    let passed = |day: Option<NaiveDate>| day.is_some_and(|day| day < today);
    let reached = |day: Option<NaiveDate>| day.is_some_and(|day| day <= today);
    match course.expiry {
        _ if course.status != Granted => None,
        None | Some(Expiry::Expiring) if passed(fields.expires_on) => Some(Expiry::Expired),
        None if reached(course.renew_from) => Some(Expiry::Expiring),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
