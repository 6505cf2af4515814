//! Mentors who may be the same: one name, but for two of different institutions; one telephone. An e-mail
//! address is one mentor's anyway.

use actix_web::{get, web::Path};

use super::{payloads::Mentor, store::find};
use crate::{
    access::{Granted, may::FindMentorDuplicates},
    error::Result,
    http::Derived,
    ids::MentorId,
    records::duplicates::{self, PossibleDuplicates},
};

pub const ALIKE: &str = "
    select o.id, similarity(lower(o.full_name), lower(m.full_name)), 'alike_name'
    from mentors m join mentors o on lower(o.full_name) % lower(m.full_name)
        and coalesce(o.institution_id = m.institution_id, true)
    where m.id = $1 and similarity(lower(o.full_name), lower(m.full_name)) >= 0.6
    union all
    select o.id, 0.8, 'same_phone' from mentors m join mentors o on o.phone_index = m.phone_index where m.id = $1
    union all
    select o.id, 0.9, 'same_email' from mentors m join mentors o on o.email_index = m.email_index where m.id = $1";

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
    let data = duplicates::of::<Mentor>(&granted, &*granted.worker.db.reader().await?, mentor.id).await?;
    Ok(Derived(PossibleDuplicates { data }))
}
