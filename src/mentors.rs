#![allow(dead_code, unused_variables)]
use crate::{
    access::Reach,
    db::schema::mentors,
    error::Result,
    ids::*,
    records::{Tx, record},
    text_enum::text_enum,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
text_enum! { Status { Active = "active", Candidate = "candidate" } }
#[derive(Serialize, Queryable, Selectable)]
#[diesel(table_name = mentors)]
pub struct F {
    pub institution_id: Option<InstitutionId>,
    pub capacity: i32,
}
#[derive(Serialize, Queryable, Selectable)]
#[diesel(table_name = mentors)]
pub struct Mentor {
    pub id: MentorId,
    #[diesel(embed)]
    pub fields: F,
    pub status: Status,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
}
record!(Mentor: MentorId, "mentor", ReadMentors {});
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: MentorId) -> Result<Mentor> {
    Ok(mentors::table.find(id).select(Mentor::as_select()).for_update().first(&mut tx.sql()).await?)
}
