//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Party,
    db::schema::enrollments,
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, CooperativeId, EnrollmentId, PersonId},
    records::{Evidence, record},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = EnrollmentStatus)]
    Status {
        Applied = "applied",
        Verified = "verified",
        Returned = "returned",
        Active = "active",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Resigned = "resigned",
        Ended = "ended",
    }
}

text_enum! {
    #[schema(as = EnrollmentAction)]
    Action {
        Apply = "apply",
        Verify = "verify",
        Return = "return",
        Admit = "admit",
        Reject = "reject",
        Withdraw = "withdraw",
        Resign = "resign",
        End = "end",
    }
}

/// What a client may set: whole in POST; by PATCH only what was paid.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = enrollments, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateEnrollment)]
pub struct EnrollmentFields {
    /// The member: the owner of the business.
    pub person_id: PersonId,
    pub business_id: BusinessId,
    pub cooperative_id: CooperativeId,
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 100000)]
    pub principal_savings_paid_idr: Option<i64>,
}

/// How far an enrollment has come: what its actions change, and nothing else does.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = enrollments, treat_none_as_null = true)]
#[schema(as = EnrollmentCourse)]
pub struct Course {
    pub status: Status,
    /// The cooperative's own, from admission on.
    #[schema(example = "0118")]
    pub member_number: Option<String>,
    pub joined_on: Option<NaiveDate>,
    /// Documents of the checklist `enrollment` that are to be brought, where it was returned.
    #[schema(example = json!(["membership_form"]))]
    pub missing: Vec<String>,
    /// The last day on which an application is to be verified.
    pub due_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = enrollments)]
pub struct Enrollment {
    pub id: EnrollmentId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: EnrollmentFields,
    #[serde(flatten)]
    #[diesel(embed)]
    pub course: Course,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Enrollment: EnrollmentId, "enrollment", ReadEnrollments {
    fn business(&self) -> Option<BusinessId> {
        Some(self.fields.business_id)
    }

    fn named(&self) -> Vec<Party> {
        vec![Party::Person(self.fields.person_id), Party::Cooperative(self.fields.cooperative_id)]
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.fields.person_id.into(), self.fields.cooperative_id.into()]
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveEnrollment {
    pub action: Action,
    #[schema(format = "code", max_length = 40, example = "document_missing")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Formulir belum ditandatangani.")]
    pub note: Option<String>,
    /// With `return`: documents of the checklist `enrollment`.
    #[schema(min_items = 1, max_items = 20, format = "code", max_length = 40)]
    pub missing: Option<Vec<String>>,
    /// With `admit`: the next number where none is given.
    #[schema(format = "single_line", max_length = 40, example = "0118")]
    pub member_number: Option<String>,
    /// With `admit`: today where none is given.
    pub joined_on: Option<NaiveDate>,
    /// With `admit`: what was paid on joining.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    pub principal_savings_paid_idr: Option<i64>,
    /// With `admit` by the division: the minutes of the board.
    pub evidence: Option<Evidence>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct EnrollmentFilter {
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    #[param(inline)]
    pub person_id: Option<OneOf<PersonId>>,
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub cooperative_id: Option<OneOf<CooperativeId>>,
    pub due_on_from: Option<NaiveDate>,
    pub due_on_to: Option<NaiveDate>,
}

impl Filter for EnrollmentFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
