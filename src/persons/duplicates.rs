//! Persons who may be the same: one name in one village, one telephone, one mail box.

use actix_web::{get, web::Path};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::store::{find, visible_to};
use crate::{
    access::{Granted, Reach, may::FindPersonDuplicates},
    db::{Connection, schema::persons},
    error::Result,
    http::Derived,
    ids::PersonId,
    records::duplicates::{PossibleDuplicate, PossibleDuplicates, alike},
};

/// Phones and mail boxes are shared in families.
const ALIKE: &str = "
    select p.id, similarity(lower(p.full_name), lower(m.full_name)), 'alike_name_same_village'
    from persons m join persons p on lower(p.full_name) % lower(m.full_name) and p.village_code = m.village_code
    where m.id = $1 and similarity(lower(p.full_name), lower(m.full_name)) >= 0.5
    union all
    select p.id, 0.6, 'same_phone' from persons m join persons p on p.phone_index = m.phone_index where m.id = $1
    union all
    select p.id, 0.6, 'same_email' from persons m join persons p on p.email_index = m.email_index where m.id = $1";

/// Those of them within reach.
pub async fn of(mut sql: &Connection, reach: Reach, id: PersonId) -> Result<Vec<PossibleDuplicate>> {
    let mut all = alike(sql, "persons", ALIKE, id.0).await?;
    if all.is_empty() || reach == Reach::All {
        return Ok(all);
    }
    let ids: Vec<_> = all.iter().map(|one| PersonId(one.id)).collect();
    let seen = persons::table.filter(visible_to(reach)).filter(persons::id.eq_any(ids));
    let seen: Vec<PersonId> = seen.select(persons::id).load(&mut sql).await?;
    all.retain(|one| seen.contains(&PersonId(one.id)));
    Ok(all)
}

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
    let data = of(&*granted.worker.db.reader().await?, granted.reach, person.id).await?;
    Ok(Derived(PossibleDuplicates { data }))
}
