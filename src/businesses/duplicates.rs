//! Businesses that may be the same: one name in one village, one telephone, one NIB.

use actix_web::{get, web::Path};

use super::business::{payloads::Business, store::find};
use crate::{
    access::{Granted, may::FindBusinessDuplicates},
    error::Result,
    http::Derived,
    ids::BusinessId,
    records::duplicates::{self, PossibleDuplicates},
};

/// Of names only the nearest are looked at: in a city many businesses are called alike.
/// Whoever has a part in both is not counted: one person may own several businesses, under one NIB.
pub const ALIKE: &str = "
    with people as (
        select p.id, p.phone_index, p.email_index from business_roles r join persons p on p.id = r.person_id
        where r.business_id = $1 and r.to_date is null
    )
    select b.id, similarity(lower(b.name), lower(m.name)), 'alike_name_same_village'
    from businesses m cross join lateral (
        select id, name from businesses o
        where o.village_code = m.village_code and o.id <> m.id and o.merged_into is null
        order by lower(o.name) <-> lower(m.name) limit 20) b
    where m.id = $1 and similarity(lower(b.name), lower(m.name)) >= 0.5
    union all
    select b.id, 1, 'same_nib' from businesses m join businesses b on b.nib = m.nib
    where m.id = $1 and not exists (
        select from business_roles r where r.business_id = b.id and r.person_id in (select id from people))
    union all
    select r.business_id, 0.8, 'same_phone' from people m join persons p on p.phone_index = m.phone_index
        join business_roles r on r.person_id = p.id and r.to_date is null
    where p.id <> m.id
    union all
    select r.business_id, 0.7, 'same_email' from people m join persons p on p.email_index = m.email_index
        join business_roles r on r.person_id = p.id and r.to_date is null
    where p.id <> m.id";

/// Find the businesses that may be the same as this one.
///
/// By name and village, by the telephone and e-mail of their people, by NIB; of those that you may see.
#[utoipa::path(responses((status = 200, body = PossibleDuplicates)))]
#[get("/{id}/duplicates")]
pub async fn get_business_duplicates(
    granted: Granted<FindBusinessDuplicates>,
    id: Path<BusinessId>,
) -> Result<Derived<PossibleDuplicates>> {
    let business = find(&granted, *id).await?;
    let data = duplicates::of::<Business>(&granted, &*granted.worker.db.reader().await?, business.id).await?;
    Ok(Derived(PossibleDuplicates { data }))
}
