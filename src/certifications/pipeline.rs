//! The pipeline of a product: each kind of certificate that concerns it, how far it is, and what is missing.

use actix_web::{get, web::Path};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    payloads::{Certification, Status},
    requirements::RequirementStatus,
    store,
};
use crate::{
    access::{Granted, may::ReadPipelines},
    businesses::{self, SizeClass},
    error::Result,
    http::Derived,
    ids::{BusinessId, CertificationId, ProductId},
    products,
    reference::{CertificationKind, CertificationRequirement, Label, Obligation},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = PipelineState)]
    State {
        Missing = "missing",
        Planned = "planned",
        Applied = "applied",
        Rejected = "rejected",
        Granted = "granted",
        Expiring = "expiring",
        Expired = "expired",
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = CertificationPipeline)]
pub struct Pipeline {
    pub product_id: ProductId,
    /// Of the business by law, where it is known: some kinds are for some sizes only.
    pub size_class: Option<SizeClass>,
    pub as_of: NaiveDate,
    /// What is mandatory first.
    pub data: Vec<Step>,
}

/// A kind of certificate that concerns the product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PipelineStep)]
pub struct Step {
    #[schema(example = "halal")]
    pub kind: String,
    pub name: Label,
    pub obligation: Obligation,
    pub needed_by: Label,
    pub issuer: Label,
    pub state: State,
    /// The one that holds or has held; else the one that is planned or applied for.
    pub certification_id: Option<CertificationId>,
    /// The one that is to follow it.
    pub renewal_id: Option<CertificationId>,
    pub renew_from: Option<NaiveDate>,
    pub expires_on: Option<NaiveDate>,
    /// Of its checklist; nothing while one is granted that need not be renewed yet.
    pub still_missing: Vec<Missing>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MissingRequirement)]
pub struct Missing {
    #[schema(example = "ingredient_list")]
    pub requirement: String,
    pub name: Label,
}

/// Get the certification pipeline of a product.
///
/// It follows from its category, the size of the business, and the certifications of both.
#[utoipa::path(
    params(BusinessId, ("product_id" = ProductId, Path)),
    responses((status = 200, body = Pipeline)),
)]
#[get("")]
pub async fn get_product_pipeline(
    granted: Granted<ReadPipelines>,
    path: Path<(BusinessId, ProductId)>,
) -> Result<Derived<Pipeline>> {
    let (business, id) = *path;
    let product = products::find(&granted, business, id).await?;
    let certifications = store::concerning(&granted, business, id).await?;
    let size_class = businesses::size_class(&granted, business).await?;
    let (reference, today) = (granted.worker.reference(), granted.today());
    let (category, size) = (product.fields.category.as_str(), size_class.map(SizeClass::as_str));
    let concerned = reference.certification_kinds(today).filter(|kind| kind.concerns(category, size));
    let step = |kind: CertificationKind| {
        let of_kind = certifications.iter().filter(|it| it.fields.kind == kind.code).collect();
        let checklist = reference.certification_checklist(&kind.code, Some(category), size, today);
        Step::of(kind, of_kind, &checklist, today)
    };
    let (mut data, voluntary): (Vec<_>, Vec<_>) =
        concerned.map(step).partition(|step| step.obligation == Obligation::Mandatory);
    data.extend(voluntary);
    Ok(Derived(Pipeline { product_id: id, size_class, as_of: today, data }))
}

impl Step {
    /// From the certifications of the kind, the earliest first.
    fn of(
        kind: CertificationKind,
        all: Vec<&Certification>,
        checklist: &[CertificationRequirement],
        today: NaiveDate,
    ) -> Self {
        let held = all.iter().rev().find(|it| it.course.status == Status::Granted);
        let open = all.iter().rev().find(|it| !matches!(it.course.status, Status::Granted | Status::Revoked));
        let state = state(held.or(open), today);
        let missing = checklist.iter().filter(|item| match open {
            _ if state == State::Granted => false,
            Some(open) => is_missing(open, &item.code),
            None => true,
        });
        let missing = missing.map(|item| Missing { requirement: item.code.clone(), name: item.name.clone() });
        Self {
            state,
            certification_id: held.or(open).map(|it| it.id),
            renewal_id: held.and(open).map(|it| it.id),
            renew_from: held.and_then(|it| it.course.renew_from),
            expires_on: held.and_then(|it| it.fields.expires_on),
            still_missing: missing.collect(),
            kind: kind.code,
            name: kind.name,
            obligation: kind.obligation,
            needed_by: kind.needed_by,
            issuer: kind.issuer,
        }
    }
}

fn state(certification: Option<&&Certification>, today: NaiveDate) -> State {
    let Some(Certification { fields, course, .. }) = certification else { return State::Missing };
    match course.status {
        Status::Planned => State::Planned,
        Status::Applied => State::Applied,
        Status::Rejected => State::Rejected,
        Status::Revoked => State::Missing,
        Status::Granted if fields.expires_on.is_some_and(|end| end < today) => State::Expired,
        Status::Granted if course.renew_from.is_some_and(|day| day <= today) => State::Expiring,
        Status::Granted => State::Granted,
    }
}

/// What came onto the list after it was planned is missing too.
fn is_missing(certification: &Certification, code: &str) -> bool {
    let item = certification.requirements.find(code);
    item.is_none_or(|item| item.status == RequirementStatus::Missing)
}
