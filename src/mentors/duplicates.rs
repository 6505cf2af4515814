//! Mentors who may be the same: one name, but for two of different institutions; one telephone. An e-mail
//! address is one mentor's anyway.

use actix_web::{get, web::Path};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::store::{find, visible_to};
use crate::{
    access::{Granted, Reach, may::FindMentorDuplicates},
    db::{Connection, schema::mentors},
    error::Result,
    http::Derived,
    ids::MentorId,
    records::duplicates::{PossibleDuplicate, PossibleDuplicates, alike},
};

const ALIKE: &str = "
    select o.id, similarity(lower(o.full_name), lower(m.full_name)), 'alike_name'
    from mentors m join mentors o on lower(o.full_name) % lower(m.full_name)
        and coalesce(o.institution_id = m.institution_id, true)
    where m.id = $1 and similarity(lower(o.full_name), lower(m.full_name)) >= 0.6
    union all
    select o.id, 0.8, 'same_phone' from mentors m join mentors o on o.phone_index = m.phone_index where m.id = $1
    union all
    select o.id, 0.9, 'same_email' from mentors m join mentors o on o.email_index = m.email_index where m.id = $1";

/// Those of them within reach.
pub async fn of(mut sql: &Connection, reach: Reach, id: MentorId) -> Result<Vec<PossibleDuplicate>> {
    let mut all = alike(sql, "mentors", ALIKE, id.0).await?;
    if all.is_empty() || reach == Reach::All {
        return Ok(all);
    }
    let ids: Vec<_> = all.iter().map(|one| MentorId(one.id)).collect();
    let seen = mentors::table.filter(visible_to(reach)).filter(mentors::id.eq_any(ids));
    let seen: Vec<MentorId> = seen.select(mentors::id).load(&mut sql).await?;
    all.retain(|one| seen.contains(&MentorId(one.id)));
    Ok(all)
}

/// Find the mentors who may be the same as this one.
///
/// By name, telephone, e-mail; of those whom you may see.
#[utoipa::path(responses((status = 200, body = PossibleDuplicates)))]
#[get("/{id}/duplicates")]
pub async fn get_mentor_duplicates(
    granted: Granted<FindMentorDuplicates>,
    id: Path<MentorId>,
) -> Result<Derived<PossibleDuplicates>> {
    let mentor = find(&granted, *id).await?;
    let data = of(&*granted.worker.db.reader().await?, granted.reach, mentor.id).await?;
    Ok(Derived(PossibleDuplicates { data }))
}
