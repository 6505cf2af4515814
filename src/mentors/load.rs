//! How much a mentor has taken on, of as much as he has room for.

use actix_web::{get, web::Path};
use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::{
    access::{Access, Granted, may::ReadMentorLoads},
    error::Result,
    http::Derived,
    ids::MentorId,
};

/// Mentorships that have not ended, of those that the mentor has room for.
#[derive(Serialize, ToSchema)]
#[schema(as = MentorLoad)]
pub struct Load {
    pub mentor_id: MentorId,
    #[schema(example = 5)]
    pub capacity: i32,
    /// Proposals that he can still answer.
    #[schema(example = 1)]
    pub proposed: i64,
    #[schema(example = 0)]
    pub accepted: i64,
    #[schema(example = 3)]
    pub active: i64,
    /// How many more he can be proposed.
    #[schema(example = 1)]
    pub free: i64,
}

impl Load {
    pub fn of(mentor_id: MentorId, capacity: i32, [proposed, accepted, active]: [i64; 3]) -> Self {
        let free = (i64::from(capacity) - proposed - accepted - active).max(0);
        Self { mentor_id, capacity, proposed, accepted, active, free }
    }
}

/// Get a mentor's load.
///
/// It follows from his mentorships: it changes without the mentor's version.
#[utoipa::path(responses((status = 200, body = Load)))]
#[get("/{id}/load")]
pub async fn get_mentor_load(granted: Granted<ReadMentorLoads>, id: Path<MentorId>) -> Result<Derived<Load>> {
    let access: &Access = &granted;
    let mentor = store::find(access, *id).await?;
    let counts = store::open_by_status(access, mentor.id).await?;
    Ok(Derived(Load::of(mentor.id, mentor.fields.capacity, counts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capacity_below_the_load_leaves_none_free() {
        let load = |capacity| Load::of(MentorId::generate(), capacity, [1, 1, 2]).free;
        assert_eq!([load(5), load(4), load(3), load(0)], [1, 0, 0, 0]);
    }
}
