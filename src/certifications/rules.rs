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
        Move { action: Apply,  from: &[Planned, Rejected], to: Applied,  permission: DecideCertifications, needs: &[],                       takes: &["applied_on", "issuer"],             only: any },
        Move { action: Grant,  from: &[Applied],           to: Granted,  permission: DecideCertifications, needs: &["number", "granted_on"], takes: &["expires_on", "issuer", "evidence"], only: any },
        Move { action: Reject, from: &[Applied],           to: Rejected, permission: DecideCertifications, needs: &["reason_code"],          takes: &["evidence"],                         only: any },
        Move { action: Revoke, from: &[Granted],           to: Revoked,  permission: DecideCertifications, needs: &["reason_code"],          takes: &["evidence"],                         only: any },
    ],
};

/// While the checklist is worked on.
pub const OPEN: &[Status] = &[Planned, Applied, Rejected];

/// Before anything was applied for.
pub const PLANNED: Course = Course {
    status: Planned,
    applied_on: None,
    granted_on: None,
    expires_on: None,
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

/// The desk keeps the number and the issuer; what is granted has a number.
pub fn kept_flaws(before: Option<&Certification>, after: &CertificationFields, is_desk: bool) -> Vec<Flaw> {
    let (number, issuer) =
        before.map_or((None, None), |it| (it.fields.number.as_ref(), it.fields.issuer.as_ref()));
    let mut flaws = Vec::new();
    if !is_desk && after.number.as_ref() != number {
        flaws.push(Code::NotYours.at("/number"));
    }
    if !is_desk && after.issuer.as_ref() != issuer {
        flaws.push(Code::NotYours.at("/issuer"));
    }
    let was_granted = before.is_some_and(|before| matches!(before.course.status, Granted | Revoked));
    if was_granted && after.number.is_none() {
        flaws.push(Code::Required.at("/number"));
    }
    flaws
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
    let fields = CertificationFields { issuer, number, ..fields.clone() };
    let evidence = wanted.evidence.clone().or(course.evidence.clone());
    let moved = Course { status: step.to, evidence, ..course.clone() };
    let course = match step.action {
        Apply => Course { applied_on: Some(wanted.applied_on.unwrap_or(today)), ..moved },
        Grant => Course {
            granted_on: wanted.granted_on,
            expires_on: wanted.expires_on,
            renew_from: wanted.expires_on.and_then(|end| end.checked_sub_days(Days::new(kind.lead_days))),
            ..moved
        },
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
    let (applied, granted, end) = (course.applied_on, wanted.granted_on, wanted.expires_on);
    if let (Some(applied), Some(granted)) = (applied, granted)
        && granted < applied
    {
        flaws.push(Code::TooEarly.expecting("/granted_on", applied));
    }
    match (granted, end) {
        (Some(_), None) if action == Grant && kind.validity_years.is_some() => {
            flaws.push(Code::Required.at("/expires_on"));
        }
        (Some(granted), Some(end)) if end <= granted => {
            flaws.push(Code::TooEarly.expecting("/expires_on", granted + Days::new(1)));
        }
        _ => (),
    }
    flaws
}

/// What is to be told of the end of what is granted, if it was not told yet.
pub fn expiry_to_tell(course: &Course, today: NaiveDate) -> Option<Expiry> {
    let passed = |day: Option<NaiveDate>| day.is_some_and(|day| day < today);
    let reached = |day: Option<NaiveDate>| day.is_some_and(|day| day <= today);
    match course.expiry {
        _ if course.status != Granted => None,
        None | Some(Expiry::Expiring) if passed(course.expires_on) => Some(Expiry::Expired),
        None if reached(course.renew_from) => Some(Expiry::Expiring),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
