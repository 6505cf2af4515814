//! Writing a referral and moving it: rules, gates, rows, and who sees the business because of it.

use std::rc::Rc;

use super::{
    documents::{DocumentFields, Documents, Need},
    gates,
    payloads::{Action, MoveReferral, Referral, ReferralFields, Status, Suggestion},
    rules::{self, Circumstances, LIFECYCLE},
    store,
};
use crate::{
    access::{Division, Party, Permission},
    businesses::{Business, Kind},
    error::{ApiError, Result},
    http::MergePatch,
    log::{Event, share, unshare, unshare_from},
    records::{Evidence, Record, Tx, cite_one},
};

type Written = (Rc<Referral>, (Event, Vec<Event>));

/// A draft, which the division sees with its business.
pub async fn draft(tx: &Tx<'_>, fields: &ReferralFields) -> Result<Written> {
    let business = gates::business(tx, fields.business_id).await?;
    let suggestion = checked(tx, fields, None, &business).await?;
    let need = need(fields, &suggestion, &business);
    let documents = Documents::default();
    let documents = documents.brought_to(&need, &tx.worker.reference(), tx.today());
    let referral = store::insert(tx, fields, &suggestion, &documents).await?;
    let facilitation = Party::Division(Division::Facilitation);
    let shared = share(tx, fields.business_id, facilitation, referral.id).await?;
    Ok((referral.clone(), (for_the_owner(tx, &referral, Event::created(&*referral)).await?, shared)))
}

/// The draft with other fields. Who changes it has written it too.
pub async fn rewrite(
    tx: &Tx<'_>,
    before: &Referral,
    fields: &ReferralFields,
) -> Result<(Rc<Referral>, Event)> {
    if !before.course.status.is_with_the_writer() {
        return Err(ApiError::NotPossible { action: "update", code: "wrong_status", possible: vec![] });
    }
    let business = gates::business(tx, before.fields.business_id).await?;
    let suggestion = checked(tx, fields, Some(&before.fields), &business).await?;
    let need = need(fields, &suggestion, &business);
    let documents = before.documents.brought_to(&need, &tx.worker.reference(), tx.today());
    let writers = rules::with(&before.writer_ids, tx.actor.user);
    let after = store::update(tx, before.id, fields, &suggestion, &documents, &writers).await?;
    let event = for_the_owner(tx, before, Event::changed(before, &*after, "updated")).await?;
    Ok((after, event))
}

/// The referral with one of its documents changed.
pub async fn set_document(
    tx: &Tx<'_>,
    before: &Referral,
    kind: &str,
    patch: &MergePatch<DocumentFields>,
) -> Result<(Rc<Referral>, Event)> {
    let current = before.documents.of_kind(kind).ok_or(ApiError::NotFound)?;
    let fields = patch.apply(&current.fields(), Referral::READ)?;
    let is_officer = tx.reach_of(Permission::ReviewReferrals).is_ok();
    let is_own = rules::is_own(before, tx.actor.user);
    fields.check(is_officer, is_own, before.course.status, tx.today())?;
    cite(tx, before, fields.evidence.as_ref()).await?;
    let documents = before.documents.with(kind, &fields);
    let after = store::advance(tx, before.id, &before.course, &documents).await?;
    let event = Event::changed(before, &*after, "updated");
    Ok((after, event))
}

/// The referral after an action.
pub async fn take(tx: &Tx<'_>, before: &Referral, wanted: &MoveReferral) -> Result<Written> {
    let step = LIFECYCLE.decide(tx, before, wanted.action, wanted)?;
    let reference = tx.worker.reference();
    let by = Circumstances { user: tx.actor.user, now: tx.now, today: tx.today(), reference: &reference };
    let course = rules::course_after(before, step, wanted, &by).map_err(ApiError::Invalid)?;
    let documents = before.documents.missing(wanted.missing.as_deref().unwrap_or_default())?;
    gates::pass(tx, before, wanted).await?;
    cite(tx, before, wanted.evidence.as_ref()).await?;
    if let (Action::Disburse, Some(amount), Some(on)) = (step.action, wanted.amount_idr, wanted.disbursed_on)
    {
        store::pay_out(tx, before.id, amount, on).await?;
    }
    let after = store::advance(tx, before.id, &course, &documents).await?;
    let event = Event::changed(before, &*after, step.event()).with("move", wanted);
    let event = match step.action {
        Action::Submit | Action::Withdraw => for_the_owner(tx, before, event).await?,
        _ => event,
    };
    let seen = seen_by(tx, &after).await?;
    Ok((after, (event, seen)))
}

/// A file that the evidence names is of the referral, or of its business.
async fn cite(tx: &Tx<'_>, referral: &Referral, evidence: Option<&Evidence>) -> Result<()> {
    let of = [referral.id.into(), referral.fields.business_id.into()];
    cite_one(tx, &of, evidence).await
}

/// Who starts or stops seeing the business because of where the referral stands now.
pub async fn seen_by(tx: &Tx<'_>, referral: &Referral) -> Result<Vec<Event>> {
    let (business, lender) = (referral.fields.business_id, referral.course.lender_id.map(Party::Lender));
    match (referral.course.status, lender) {
        (Status::Forwarded, Some(lender)) => share(tx, business, lender, referral.id).await,
        (Status::Rejected, Some(lender)) => unshare_from(tx, business, lender, referral.id).await,
        (Status::Withdrawn, _) => unshare(tx, business, referral.id).await,
        _ => Ok(vec![]),
    }
}

/// The scheme that is suggested, once nothing is wrong with the fields.
async fn checked(
    tx: &Tx<'_>,
    fields: &ReferralFields,
    before: Option<&ReferralFields>,
    business: &Business,
) -> Result<Suggestion> {
    let (reference, today) = (tx.worker.reference(), tx.today());
    let for_whom = if business.fields.kind == Kind::Cooperative { "cooperative" } else { "person" };
    let suggestion = rules::suggest(fields.amount_idr, for_whom, &reference, today);
    let flaws = rules::flaws(fields, before, &suggestion, &reference, today);
    ApiError::if_any(flaws)?;
    gates::named(tx, fields, before).await?;
    Ok(suggestion)
}

fn need<'a>(fields: &'a ReferralFields, suggestion: &'a Suggestion, business: &Business) -> Need<'a> {
    Need {
        scheme: fields.scheme.as_deref().unwrap_or(&suggestion.scheme),
        purpose: fields.purpose,
        amount_idr: fields.amount_idr,
        has_nib: business.fields.nib.is_some(),
    }
}

async fn for_the_owner(tx: &Tx<'_>, referral: &Referral, event: Event) -> Result<Event> {
    Ok(event.on_behalf_of(gates::on_behalf_of(tx, referral.fields.business_id).await?))
}
