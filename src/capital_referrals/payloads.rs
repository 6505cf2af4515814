//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{documents::Documents, store::PaidOut};
use crate::{
    access::Party,
    db::{json::jsonb, schema::capital_referrals},
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, HandOverId, InstitutionId, PlanId, ReferralId, UserId},
    records::{Evidence, record},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = CapitalPurpose)]
    Purpose {
        WorkingCapital = "working_capital",
        Equipment = "equipment",
        Premises = "premises",
        Other = "other",
    }
}

text_enum! {
    #[schema(as = CapitalReferralStatus)]
    Status {
        Draft = "draft",
        Submitted = "submitted",
        UnderReview = "under_review",
        Returned = "returned",
        Recommended = "recommended",
        NotRecommended = "not_recommended",
        Forwarded = "forwarded",
        Approved = "approved",
        Rejected = "rejected",
        Disbursed = "disbursed",
        Closed = "closed",
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    #[schema(as = CapitalReferralAction)]
    Action {
        Submit = "submit",
        StartReview = "start_review",
        Return = "return",
        Recommend = "recommend",
        NotRecommend = "not_recommend",
        Forward = "forward",
        Approve = "approve",
        Reject = "reject",
        Disburse = "disburse",
        Close = "close",
        Withdraw = "withdraw",
    }
}

/// What a client may set: whole in POST, in parts by PATCH while it is a draft or returned. The business
/// and the hand-over stay.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = capital_referrals, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateCapitalReferral)]
pub struct ReferralFields {
    pub business_id: BusinessId,
    /// The hand-over to the Facilitation division that it answers.
    pub hand_over_id: Option<HandOverId>,
    #[schema(minimum = 1, maximum = 9007199254740991_i64, example = 25000000)]
    pub amount_idr: i64,
    pub purpose: Purpose,
    /// Needed for another purpose.
    #[schema(min_length = 1, max_length = 2000, example = "Oven gas dua tingkat dan loyang.")]
    pub purpose_note: Option<String>,
    /// From the list `financing-schemes`; null for the one that is suggested.
    #[schema(format = "code", max_length = 40, example = "kur_mikro")]
    pub scheme: Option<String>,
    /// Needed where the scheme is not the one that is suggested.
    #[schema(min_length = 1, max_length = 2000, example = "Sudah menjadi nasabah.")]
    pub scheme_reason: Option<String>,
    /// The plan that says what the capital is for.
    pub plan_id: Option<PlanId>,
}

/// The scheme that the rule finds, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[schema(as = SuggestedScheme)]
pub struct Suggestion {
    #[schema(example = "kur_mikro")]
    pub scheme: String,
    /// Of the scheme's rules.
    #[schema(example = 2026)]
    pub version: u32,
    /// `first_with_room`: of the list, in its order, the first scheme for such an applicant whose limits
    /// hold the amount.
    #[schema(example = "first_with_room")]
    pub rule: String,
    /// `person`, or `cooperative` for a cooperative that is coached.
    #[schema(example = "person")]
    pub for_whom: String,
}
jsonb!(Suggestion);

/// How far a referral has come: what its actions change, and nothing else does.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = capital_referrals, treat_none_as_null = true)]
#[schema(as = CapitalReferralCourse)]
pub struct Course {
    pub status: Status,
    /// Everyone who submitted it, each once.
    pub submitter_ids: Vec<UserId>,
    pub lender_id: Option<InstitutionId>,
    #[schema(example = 22000000)]
    pub recommended_idr: Option<i64>,
    #[schema(example = 20000000)]
    pub approved_idr: Option<i64>,
    /// The sum of the disbursements.
    #[schema(example = 15000000)]
    pub disbursed_idr: i64,
    /// When the next step is due, in the states that have a service target.
    pub due_on: Option<NaiveDate>,
    pub closed_at: Option<DateTime<Utc>>,
}

/// A part of what was approved, paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Disbursement {
    #[schema(example = 15000000)]
    pub amount_idr: i64,
    pub disbursed_on: NaiveDate,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct Disbursements(pub Vec<Disbursement>);
jsonb!(Disbursements);

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = capital_referrals)]
#[schema(as = CapitalReferral)]
pub struct Referral {
    pub id: ReferralId,
    #[schema(example = "RJK-2026-000045")]
    pub number: String,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: ReferralFields,
    pub suggestion: Suggestion,
    pub documents: Documents,
    /// Who drafted it, then everyone who changed the draft, each once.
    pub writer_ids: Vec<UserId>,
    #[serde(flatten)]
    #[diesel(embed)]
    pub course: Course,
    /// The earliest first.
    #[diesel(select_expression = PaidOut, select_expression_type = PaidOut)]
    pub disbursements: Disbursements,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Status {
    /// Those in which the lender sees it.
    pub const WITH_THE_LENDER: &[Self] =
        &[Self::Forwarded, Self::Approved, Self::Rejected, Self::Disbursed, Self::Closed];

    /// Whether its terms may change.
    pub fn is_with_the_writer(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }
}

record!(Referral: ReferralId, "capital_referral", ReadReferrals {
    fn business(&self) -> Option<BusinessId> {
        Some(self.fields.business_id)
    }

    fn named(&self) -> Vec<Party> {
        let lender = self.course.lender_id.map(Party::Lender);
        lender.into_iter().filter(|_| Status::WITH_THE_LENDER.contains(&self.course.status)).collect()
    }

    fn about(&self) -> Vec<Uuid> {
        self.fields.hand_over_id.into_iter().map(Uuid::from).collect()
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MoveCapitalReferral)]
pub struct MoveReferral {
    pub action: Action,
    #[schema(format = "code", max_length = 40, example = "document_missing")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Catatan keuangan tiga bulan terakhir.")]
    pub note: Option<String>,
    #[schema(minimum = 1, maximum = 9007199254740991_i64)]
    pub amount_idr: Option<i64>,
    pub disbursed_on: Option<NaiveDate>,
    pub lender_id: Option<InstitutionId>,
    /// The documents that are to be provided (again).
    #[schema(min_items = 1, max_items = 40, format = "code", max_length = 40)]
    pub missing: Option<Vec<String>>,
    /// An officer's: the form that the owner signed; the lender's letter.
    pub evidence: Option<Evidence>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ReferralFilter {
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub hand_over_id: Option<OneOf<HandOverId>>,
    #[param(inline)]
    pub purpose: Option<OneOf<Purpose>>,
    #[param(inline)]
    pub lender_id: Option<OneOf<InstitutionId>>,
    pub number: Option<String>,
    pub due_on_from: Option<NaiveDate>,
    pub due_on_to: Option<NaiveDate>,
}

impl Filter for ReferralFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
