//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::dossier::Dossier;
use crate::{
    access::{Division, Party},
    db::{json::jsonb, schema::hand_overs},
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, EventId, HandOverId, UserId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = HandOverStatus)]
    Status {
        Open = "open",
        Taken = "taken",
        Done = "done",
        Declined = "declined",
        Cancelled = "cancelled",
    }
}

text_enum! {
    #[schema(as = HandOverAction)]
    Action {
        Take = "take",
        Assign = "assign",
        Done = "done",
        Release = "release",
        Decline = "decline",
    }
}

text_enum! {
    /// What a hand-over can lead to.
    #[schema(as = HandOverResultKind)]
    ResultKind {
        CapitalReferral = "capital_referral",
        Enrollment = "enrollment",
        Certification = "certification",
        Objective = "objective",
        Mentorship = "mentorship",
        Participant = "participant",
    }
}

/// Why a hand-over was opened, or is still needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = HandOverCause)]
pub struct Cause {
    pub event_id: EventId,
    #[serde(rename = "type")]
    #[schema(example = "assessment.reviewed")]
    pub kind: String,
    /// The record that changed: the assessment, the plan, the mentorship, the certification, the hand-over that
    /// was declined.
    pub subject_id: Uuid,
    /// The code of a recommendation, or `capital_need`, `not_a_member`, `declined`,
    /// `certification_expiring`, `certification_expired`.
    #[schema(example = "product_permit")]
    pub rule: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct Causes(pub Vec<Cause>);

/// The record that came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
#[schema(as = HandOverResult)]
pub struct Outcome {
    pub kind: ResultKind,
    pub id: Uuid,
}
jsonb!(Causes, Outcome);

/// How far a hand-over has come: what its actions change, and nothing else does.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = hand_overs, treat_none_as_null = true)]
#[schema(as = HandOverCourse)]
pub struct Course {
    pub status: Status,
    pub taken_by: Option<UserId>,
    pub result: Option<Outcome>,
    /// Frozen when it was first taken.
    pub dossier: Option<Dossier>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = hand_overs)]
pub struct HandOver {
    pub id: HandOverId,
    pub division: Division,
    pub business_id: BusinessId,
    /// The earliest first.
    pub causes: Causes,
    /// The last day on which it is to be taken.
    pub due_on: NaiveDate,
    #[serde(flatten)]
    #[diesel(embed)]
    pub course: Course,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(HandOver: HandOverId, "hand_over", ReadHandOvers {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }

    fn named(&self) -> Vec<Party> {
        vec![Party::of(self.division)]
    }

    fn about(&self) -> Vec<Uuid> {
        let result = self.course.result.iter().map(|result| result.id);
        self.causes.0.iter().map(|cause| cause.subject_id).chain(result).collect()
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveHandOver {
    pub action: Action,
    /// With `assign`: somebody of the division.
    pub user_id: Option<UserId>,
    /// With `done`: a record of the business.
    pub result: Option<Outcome>,
    #[schema(format = "code", max_length = 40, example = "not_reachable")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Tiga kali dihubungi, tidak menjawab.")]
    pub note: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct HandOverFilter {
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    #[param(inline)]
    pub division: Option<OneOf<Division>>,
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub taken_by: Option<OneOf<UserId>>,
    pub due_on_from: Option<NaiveDate>,
    pub due_on_to: Option<NaiveDate>,
}

impl Filter for HandOverFilter {
    const SORTS: &'static [Sort] =
        &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz"), Sort("due_on", "date")];
}
