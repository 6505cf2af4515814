//! A business is changed. Who acts for it claims its name and its NIB anew.

use std::rc::Rc;

use super::{
    business::{
        payloads::{Business, BusinessFields},
        rules::Known,
        seal_npwp, store,
    },
    people,
};
use crate::{
    access::{Permission, Reach},
    cooperatives,
    error::{ApiError, Result},
    http::MergePatch,
    persons,
    records::{Record, Tx},
};

/// `before` is held.
pub async fn change(
    tx: &Tx<'_>,
    before: &Business,
    patch: &MergePatch<BusinessFields>,
) -> Result<Rc<Business>> {
    // A patch that says nothing of the taxpayer's number leaves it, and what is shown of it is none.
    let base = BusinessFields { npwp: None, ..before.fields.clone() };
    let mut fields = patch.apply(&base, Business::READ)?;
    judge(tx, &fields, before)?;
    if fields.cooperative_id != before.fields.cooperative_id {
        must_be_registered(tx, &fields).await?;
    }
    claim(tx, before, &fields).await?;
    if fields.external_ids != before.fields.external_ids {
        store::assign_external_ids(tx, before.id, &fields).await?;
    }
    if patch.names("npwp") {
        let npwp = seal_npwp(tx, before.id, &mut fields).await?;
        return store::update(tx, before.id, &fields, Some(npwp)).await;
    }
    fields.npwp = before.fields.npwp.clone();
    store::update(tx, before.id, &fields, None).await
}

/// The cooperative that a coached cooperative is.
pub async fn must_be_registered(tx: &Tx<'_>, fields: &BusinessFields) -> Result<()> {
    let Some(id) = fields.cooperative_id else { return Ok(()) };
    let found = cooperatives::lock(tx, tx.reach_of(Permission::ReadCooperatives)?, id).await;
    found.map(drop).map_err(|error| error.in_body("/cooperative_id"))
}

fn judge(tx: &Tx<'_>, fields: &BusinessFields, before: &Business) -> Result<()> {
    let (reference, today) = (tx.worker.reference(), tx.today());
    let known = Known { reference: &reference, today, synthetic_allowed: tx.worker.synthetic_allowed() };
    let flaws = known.flaws(fields, Some(&before.fields));
    ApiError::if_any(flaws)
}

async fn claim(tx: &Tx<'_>, before: &Business, fields: &BusinessFields) -> Result<()> {
    if (&fields.name, &fields.nib) == (&before.fields.name, &before.fields.nib) {
        return Ok(());
    }
    claim_all(tx, before, fields).await
}

/// Claims what a business has anew for who acts for it: another may act for it since, or act for others.
pub async fn claim_again(tx: &Tx<'_>, business: &Business) -> Result<()> {
    claim_all(tx, business, &business.fields).await
}

async fn claim_all(tx: &Tx<'_>, before: &Business, fields: &BusinessFields) -> Result<()> {
    let Some(owner) = people::owner_of(tx, before.id).await? else { return Ok(()) };
    // Whoever changes the business need not see its owner.
    persons::lock(tx, Reach::All, owner).await?;
    people::claim_name(tx, owner, before.id, &fields.name).await?;
    people::claim_nib(tx, owner, before.id, fields.nib.as_deref()).await
}
