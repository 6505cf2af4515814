//! Planning a certification and moving it: rules, rows, and that the desk sees the business because of it.

use std::rc::Rc;

use super::{
    payloads::{Action, Certification, CertificationFields, Course, Expiry, MoveCertification, Status},
    requirements::{RequirementFields, Requirements},
    rules::{self, LIFECYCLE, OPEN, Place},
    store,
};
use crate::{
    access::{Division, Party, Permission, Reach},
    businesses::{self, Business, SizeClass},
    error::{ApiError, Result, named},
    http::{Code, MergePatch},
    ids::BusinessId,
    log::{Event, share, unshare},
    products::{self, Product},
    records::{Evidence, Record, Tx, cite_one},
    reference::{CertificationKind, lists},
};

type Written = (Rc<Certification>, (Event, Vec<Event>));

const DESK: Party = Party::Division(Division::Standardisation);

/// A plan, which the desk sees with its business.
pub async fn plan(tx: &Tx<'_>, fields: &CertificationFields) -> Result<Written> {
    let (business, product) = parties(tx, fields).await?;
    let kind = kind_of(tx, fields).ok_or_else(|| ApiError::internal("a kind that was known"))?;
    let size = businesses::size_class_in(tx, business.id).await?.map(SizeClass::as_str);
    let mut flaws = rules::kept_flaws(None, fields, is_desk(tx));
    flaws.extend(rules::product_flaw(&kind, product.as_ref(), size));
    ApiError::if_any(flaws)?;
    if business.status != businesses::Status::Active {
        return Err(ApiError::Blocked { code: "business_inactive", by: vec![] });
    }
    let latest = store::latest(tx, fields).await?;
    match (rules::place(latest.as_ref(), fields), &latest) {
        (Place::Taken, Some(latest)) => {
            let of = Some(format!("/v1/certifications/{}", latest.id));
            return Err(ApiError::Duplicate { what: "kind".into(), of });
        }
        (Place::NotRenewable, _) => {
            return Err(ApiError::invalid(Code::Conflict.expecting("/renews_id", "kind")));
        }
        _ => (),
    }
    let category = product.as_ref().map(|product| product.fields.category.as_str());
    let checklist = tx.worker.reference().certification_checklist(&kind.code, category, size, tx.today());
    let certification = store::insert(tx, fields, &Requirements::of(&checklist)).await?;
    let shared = share(tx, business.id, DESK, certification.id).await?;
    let event = Event::created(&*certification);
    Ok((certification, (event, shared)))
}

/// What the body names, all of it known and of one business, which is held until the transaction ends.
async fn parties(tx: &Tx<'_>, fields: &CertificationFields) -> Result<(Business, Option<Product>)> {
    let mut flaws = Vec::new();
    let business = businesses::lock(tx, tx.reach_of(Permission::ReadBusinesses)?, fields.business_id).await;
    let business = named(business, "/business_id", &mut flaws)?;
    let mut product = None;
    if let Some(id) = fields.product_id {
        let found = products::lock(tx, tx.reach_of(Permission::ReadBusinesses)?, id).await;
        product = named(of_business(found, fields.business_id), "/product_id", &mut flaws)?;
    }
    if let Some(id) = fields.renews_id {
        let found = store::lock(tx, tx.reach_of(Permission::ReadCertifications)?, id).await;
        named(of_business(found, fields.business_id), "/renews_id", &mut flaws)?;
    }
    if kind_of(tx, fields).is_none() {
        flaws.push(Code::UnknownCode.expecting("/kind", lists::CERTIFICATION_KINDS.name));
    }
    match business {
        Some(business) if flaws.is_empty() => Ok((business, product)),
        _ => Err(ApiError::Invalid(flaws)),
    }
}

fn of_business<R: Record>(found: Result<R>, business: BusinessId) -> Result<R> {
    found.and_then(
        |record| if record.business() == Some(business) { Ok(record) } else { Err(ApiError::NotFound) },
    )
}

fn kind_of(tx: &Tx<'_>, fields: &CertificationFields) -> Option<CertificationKind> {
    tx.worker.reference().certification_kind(&fields.kind, tx.today())
}

fn is_desk(tx: &Tx<'_>) -> bool {
    tx.reach_of(Permission::DecideCertifications).is_ok()
}

/// The kind of what was planned. One that has ended since is still as it was then.
fn kind_planned(tx: &Tx<'_>, before: &Certification) -> Result<CertificationKind> {
    let (then, reference) = (tx.worker.date(before.created_at), tx.worker.reference());
    let kind =
        kind_of(tx, &before.fields).or_else(|| reference.certification_kind(&before.fields.kind, then));
    kind.ok_or_else(|| ApiError::internal("a certification of no kind"))
}

/// With another note; or by the desk, another number, issuer or end.
pub async fn rewrite(
    tx: &Tx<'_>,
    before: &Certification,
    patch: &MergePatch<CertificationFields>,
) -> Result<(Rc<Certification>, Event)> {
    let fields = patch.apply(&before.fields, Certification::READ)?;
    let mut flaws = rules::fixed_flaws(&before.fields, &fields);
    flaws.extend(rules::kept_flaws(Some(before), &fields, is_desk(tx)));
    let mut course = before.course.clone();
    if let Some(granted_on) = course.granted_on.filter(|_| fields.expires_on != before.fields.expires_on) {
        let kind = kind_planned(tx, before)?;
        flaws.extend(rules::end_flaw(granted_on, fields.expires_on, &kind));
        course = rules::ending_on(course, fields.expires_on, &kind);
    }
    ApiError::if_any(flaws)?;
    let after = store::update(tx, before.id, &fields, &course).await?;
    let event = Event::changed(before, &*after, "updated");
    Ok((after, event))
}

/// With one item of its checklist changed.
pub async fn set_requirement(
    tx: &Tx<'_>,
    before: &Certification,
    code: &str,
    patch: &MergePatch<RequirementFields>,
) -> Result<(Rc<Certification>, Event)> {
    let current = before.requirements.find(code).ok_or(ApiError::NotFound)?;
    let fields = patch.apply(&current.fields(), Certification::READ)?;
    fields.check(is_desk(tx), tx.today())?;
    LIFECYCLE.may_change(tx, before, OPEN)?;
    cite_evidence(tx, before, fields.evidence.as_ref()).await?;
    let after = store::set_requirements(tx, before.id, &before.requirements.with(code, &fields)).await?;
    let event = Event::changed(before, &*after, "updated");
    Ok((after, event))
}

/// The certification after an action. The one that it renews is not watched any more.
pub async fn take(tx: &Tx<'_>, before: &Certification, wanted: &MoveCertification) -> Result<Written> {
    let step = LIFECYCLE.decide(tx, before, wanted.action, wanted)?;
    let kind = kind_planned(tx, before)?;
    let (fields, course) =
        rules::after(before, step, wanted, &kind, tx.today()).map_err(ApiError::Invalid)?;
    cite_evidence(tx, before, wanted.evidence.as_ref()).await?;
    let after = store::update(tx, before.id, &fields, &course).await?;
    let event = Event::changed(before, &*after, step.event()).with("move", wanted);
    let event = event.with("kind", &after.fields.kind);
    let mut more = Vec::new();
    if let (Action::Grant, Some(id)) = (step.action, before.fields.renews_id) {
        more.extend(renewed(tx, &store::lock(tx, Reach::All, id).await?).await?);
    }
    Ok((after, (event, more)))
}

async fn renewed(tx: &Tx<'_>, before: &Certification) -> Result<Option<Event>> {
    if before.course.status != Status::Granted {
        return Ok(None);
    }
    let course = Course { expiry: Some(Expiry::Renewed), ..before.course.clone() };
    let after = store::update(tx, before.id, &before.fields, &course).await?;
    Ok(Some(Event::changed(before, &*after, "updated")))
}

/// What was planned by mistake goes away, and with it what it let the desk see.
pub async fn remove(tx: &Tx<'_>, before: &Certification) -> Result<(Event, Vec<Event>)> {
    if before.course.status != Status::Planned {
        return Err(ApiError::NotPossible { action: "delete", code: "wrong_status", possible: vec![] });
    }
    store::delete(tx, before.id).await?;
    let unshared = unshare(tx, before.fields.business_id, before.id).await?;
    Ok((Event::deleted(before), unshared))
}

async fn cite_evidence(tx: &Tx<'_>, of: &Certification, evidence: Option<&Evidence>) -> Result<()> {
    let of = [of.id.into(), of.fields.business_id.into()];
    cite_one(tx, &of, evidence).await
}
