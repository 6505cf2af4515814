//! What must hold of a product. Nothing here touches HTTP or the database.

use chrono::NaiveDate;

use super::payloads::{Product, ProductFields};
use crate::{
    error::{ApiError, Result},
    http::{Code, Flaw},
    ids::CertificationId,
    reference::{Reference, lists},
};

/// All that is wrong with the fields. A category that was right once is not judged again.
pub fn flaws(
    fields: &ProductFields,
    before: Option<&Product>,
    reference: &Reference,
    today: NaiveDate,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let kept = before.is_some_and(|before| before.fields.category == fields.category);
    if !kept && !reference.is_valid(&lists::PRODUCT_CATEGORIES, &fields.category, today) {
        flaws.push(Code::UnknownCode.expecting("/category", lists::PRODUCT_CATEGORIES.name));
    }
    if fields.discontinued_on.is_some_and(|day| day > today) {
        flaws.push(Code::InTheFuture.at("/discontinued_on"));
    }
    flaws
}

/// A product with certifications is what they say it is, and stays.
pub fn has_none(certifications: &[CertificationId]) -> Result<()> {
    match certifications {
        [] => Ok(()),
        some => Err(ApiError::blocked("has_certifications", "certification", some.iter().copied())),
    }
}
