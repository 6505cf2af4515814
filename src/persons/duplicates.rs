//! Persons who may be the same: one name in one village, one telephone, one mail box.

use actix_web::{get, web::Path};

use super::{payloads::Person, store::find};
use crate::{
    access::{Granted, may::FindPersonDuplicates},
    error::Result,
    http::Derived,
    ids::PersonId,
    records::duplicates::{self, PossibleDuplicates},
};

/// Phones and mail boxes are shared in families.
pub const ALIKE: &str = "
    select p.id, similarity(lower(p.full_name), lower(m.full_name)), 'alike_name_same_village'
    from persons m cross join lateral (
        select id, full_name from persons o
        where o.village_code = m.village_code and o.id <> m.id and o.merged_into is null
        order by lower(o.full_name) <-> lower(m.full_name) limit 20) p
    where m.id = $1 and similarity(lower(p.full_name), lower(m.full_name)) >= 0.5
    union all
    select p.id, 0.6, 'same_phone' from persons m join persons p on p.phone_index = m.phone_index where m.id = $1
    union all
    select p.id, 0.6, 'same_email' from persons m join persons p on p.email_index = m.email_index where m.id = $1";

/// Find the persons who may be the same as this one.
///
/// By name and village, telephone, e-mail; of those whom you may see.
#[utoipa::path(responses((status = 200, body = PossibleDuplicates)))]
#[get("/{id}/duplicates")]
pub async fn get_person_duplicates(
    granted: Granted<FindPersonDuplicates>,
    id: Path<PersonId>,
) -> Result<Derived<PossibleDuplicates>> {
    let person = find(&granted, *id).await?;
    let data = duplicates::of::<Person>(&granted, &*granted.worker.db.reader().await?, person.id).await?;
    Ok(Derived(PossibleDuplicates { data }))
}
