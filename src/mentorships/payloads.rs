//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Party,
    db::{json::jsonb, schema::mentorships},
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, CohortId, InstitutionId, MentorId, MentorshipId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = MentorshipStatus)]
    Status {
        Proposed = "proposed",
        Accepted = "accepted",
        Active = "active",
        Completed = "completed",
        Declined = "declined",
        Terminated = "terminated",
        Expired = "expired",
    }
}

text_enum! {
    #[schema(as = MentorshipAction)]
    Action {
        Accept = "accept",
        Decline = "decline",
        Start = "start",
        Complete = "complete",
        Terminate = "terminate",
        Transfer = "transfer",
        AcceptTransfer = "accept_transfer",
        DeclineTransfer = "decline_transfer",
    }
}

/// The letter that assigns the mentor to the business.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
#[schema(as = MentorshipLetter)]
pub struct Letter {
    #[schema(format = "single_line", max_length = 100, example = "800/123-Diskop/2026")]
    pub number: String,
    pub date: NaiveDate,
}
jsonb!(Letter);

/// Another mentor has been asked to take over.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[schema(as = MentorshipTransfer)]
pub struct Transfer {
    pub mentor_id: MentorId,
    #[schema(example = "mentor_unavailable")]
    pub reason_code: String,
    pub note: Option<String>,
    pub proposed_at: DateTime<Utc>,
    /// The last day on which it can be accepted.
    pub expires_on: NaiveDate,
}

/// A mentor who coached before the present one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[schema(as = MentorshipAssignment)]
pub struct Assignment {
    pub mentor_id: MentorId,
    pub institution_id: Option<InstitutionId>,
    pub from: NaiveDate,
    pub to: NaiveDate,
}
jsonb!(Transfer, Assignment);

/// What a client may set: whole in POST, the letter and the note by PATCH. The rest is fixed once it is
/// proposed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mentorships, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateMentorship)]
pub struct MentorshipFields {
    pub cohort_id: CohortId,
    pub business_id: BusinessId,
    pub mentor_id: MentorId,
    pub letter: Option<Letter>,
    #[schema(min_length = 1, max_length = 2000, example = "Butuh pembukuan lebih dulu.")]
    pub note: Option<String>,
}

/// How far it has come: what its actions change, and nothing else does.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = mentorships, treat_none_as_null = true)]
#[schema(as = MentorshipCourse)]
pub struct Course {
    pub status: Status,
    pub accepted_at: Option<DateTime<Utc>>,
    /// The first and the last day of coaching.
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub completed_at: Option<DateTime<Utc>>,
    pub transfer: Option<Transfer>,
    /// Of those who coached before, the earliest first.
    pub assignments: Vec<Assignment>,
    /// Who sees it: present, former and asked.
    #[serde(skip)]
    pub mentor_ids: Vec<MentorId>,
    /// For whom it was coached, now and before.
    #[serde(skip)]
    pub institution_ids: Vec<InstitutionId>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = mentorships)]
pub struct Mentorship {
    pub id: MentorshipId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: MentorshipFields,
    /// The mentor's when it was proposed, or passed to him: to it the coaching counts.
    pub institution_id: Option<InstitutionId>,
    /// The business's name when it was proposed: what the mentor keeps of it in the end.
    #[schema(example = "Dapur Bu Siti")]
    pub business_name: String,
    /// The last day on which the proposal can be accepted.
    pub expires_on: NaiveDate,
    #[serde(flatten)]
    #[diesel(embed)]
    pub course: Course,
    #[schema(example = 1)]
    pub version: i64,
    /// When it was proposed.
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Mentorship: MentorshipId, "mentorship", ReadMentorships {
    fn business(&self) -> Option<BusinessId> {
        Some(self.fields.business_id)
    }

    fn named(&self) -> Vec<Party> {
        let institutions = self.course.institution_ids.iter().copied().map(Party::Institution);
        institutions.chain(self.course.mentor_ids.iter().copied().map(Party::Mentor)).collect()
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.fields.cohort_id.into(), self.fields.mentor_id.into()]
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveMentorship {
    pub action: Action,
    #[schema(max_length = 40, example = "too_far")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Lokasi usaha terlalu jauh dari kampus.")]
    pub note: Option<String>,
    /// With `transfer`: who is to take over.
    pub mentor_id: Option<MentorId>,
    /// With `start`: the first day of coaching, today where none is given.
    pub starts_on: Option<NaiveDate>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct MentorshipFilter {
    #[param(inline)]
    pub cohort_id: Option<OneOf<CohortId>>,
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub mentor_id: Option<OneOf<MentorId>>,
    #[param(inline)]
    pub institution_id: Option<OneOf<InstitutionId>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
}

impl Filter for MentorshipFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}

/// The mentors who see it, and one more: once, and last.
pub fn readers_with(readers: &[MentorId], one: MentorId) -> Vec<MentorId> {
    readers.iter().copied().filter(|reader| *reader != one).chain([one]).collect()
}
