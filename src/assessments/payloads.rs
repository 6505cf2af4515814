//! What clients send and get, which is also what the table keeps.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::verdict::{Objection, Override};
use crate::{
    db::{json::jsonb, schema::assessments},
    http::{Filter, OneOf, Sort},
    ids::{AssessmentId, BusinessId, InstrumentId, MentorshipId, UserId},
    instruments::{Answers, Facts, InstrumentScore},
    records::{Evidence, record},
    text_enum::text_enum,
};

text_enum! {
    /// By the owner; by the mentor; by the mentor to see what became of an earlier one.
    #[schema(as = AssessmentKind)]
    Kind {
        Own = "self",
        Mentor = "mentor",
        FollowUp = "follow_up",
    }
}

text_enum! {
    #[schema(as = AssessmentStatus)]
    Status {
        Draft = "draft",
        Submitted = "submitted",
        Reviewed = "reviewed",
        Returned = "returned",
    }
}

text_enum! {
    #[schema(as = AssessmentAction)]
    Action {
        Submit = "submit",
        Review = "review",
        Return = "return",
        Override = "override",
        Object = "object",
        DecideObjection = "decide_objection",
    }
}

/// The answer to one item of the instrument.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssessmentAnswer)]
pub struct Answer {
    /// A value of the instrument's scale.
    #[schema(minimum = 0, maximum = 10, example = 2)]
    pub score: u8,
    #[schema(min_length = 1, max_length = 2000, example = "Semua kas tercatat, nota belum disimpan.")]
    pub note: Option<String>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub evidence: Vec<Evidence>,
}

/// Answers by item code.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
#[schema(as = AssessmentAnswers, example = json!({"BKP1": {"score": 2, "note": null, "evidence": []}}))]
pub struct AnswerSheet(pub BTreeMap<String, Answer>);
jsonb!(AnswerSheet);

impl AnswerSheet {
    /// What is scored.
    pub fn scores(&self) -> Answers {
        self.0.iter().map(|(item, answer)| (item.clone(), answer.score)).collect()
    }

    /// All that the answers rest on, each with its place.
    pub fn evidence(&self) -> impl Iterator<Item = (String, &Evidence)> {
        self.0.iter().flat_map(|(item, answer)| {
            let numbered = answer.evidence.iter().enumerate();
            numbered.map(move |(nth, evidence)| (format!("/answers/{item}/evidence/{nth}"), evidence))
        })
    }
}

/// What a client may set: whole in POST; by PATCH the answers and the declared need, as long as it is a
/// draft or was returned.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = assessments, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateAssessment, example = json!({
    "business_id": "01948f5e-7a00-7000-8000-000000000001",
    "instrument_id": "01948f5e-7a00-7000-8000-000000000002",
    "kind": "mentor",
    "mentorship_id": "01948f5e-7a00-7000-8000-000000000003",
    "declared_capital_need_idr": 25_000_000,
    "answers": { "BKP1": { "score": 2, "note": "Semua kas tercatat, nota belum disimpan.", "evidence": [] } },
}))]
pub struct AssessmentFields {
    pub business_id: BusinessId,
    /// One that is published; where the mentorship's cohort has chosen one, that one.
    pub instrument_id: InstrumentId,
    pub kind: Kind,
    /// The mentor's own, which runs; a self-assessment may name the one that runs for the business.
    pub mentorship_id: Option<MentorshipId>,
    /// 0 for none.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9007199254740991_i64, default = 0, example = 25000000)]
    pub declared_capital_need_idr: i64,
    #[serde(default)]
    pub answers: AnswerSheet,
}

/// How far it has come: what its actions change, and nothing else does.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = assessments, treat_none_as_null = true)]
#[schema(as = AssessmentCourse)]
pub struct Course {
    pub status: Status,
    /// What was known about the business when it was submitted.
    pub facts: Option<Facts>,
    pub result: Option<InstrumentScore>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub submitted_by: Option<UserId>,
    pub reviewed_at: Option<DateTime<Utc>>,
    pub reviewed_by: Option<UserId>,
    /// Why the class is another than the one that was computed.
    pub class_override: Option<Override>,
    /// The last day on which the owner can object to the class.
    pub object_by: Option<NaiveDate>,
    pub objection: Option<Objection>,
}

/// Of the result, what lists can be asked for.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = assessments)]
#[schema(as = AssessmentFigures)]
pub struct Figures {
    /// Basis points.
    #[schema(minimum = 0, maximum = 10000, example = 5480)]
    pub score: Option<i32>,
    /// Basis points.
    #[schema(minimum = 0, maximum = 10000, example = 6125)]
    pub potential: Option<i32>,
    /// The class of the instrument that the answers gave.
    #[schema(example = "medium")]
    pub class_computed: Option<String>,
    /// The class that counts: the computed one, unless people decided otherwise.
    #[schema(example = "medium")]
    pub class_effective: Option<String>,
    /// A value of the instrument's scale; null also where it does not ask.
    #[schema(minimum = 0, maximum = 10, example = 2)]
    pub bookkeeping_maturity: Option<i32>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = assessments)]
pub struct Assessment {
    pub id: AssessmentId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: AssessmentFields,
    #[serde(flatten)]
    #[diesel(embed)]
    pub course: Course,
    #[serde(flatten)]
    #[diesel(embed)]
    pub figures: Figures,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Assessment: AssessmentId, "assessment", ReadAssessments {
    fn business(&self) -> Option<BusinessId> {
        Some(self.fields.business_id)
    }

    fn about(&self) -> Vec<Uuid> {
        self.fields.mentorship_id.into_iter().map(Uuid::from).collect()
    }
});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveAssessment {
    pub action: Action,
    #[schema(max_length = 40, example = "no_evidence")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Tolong lampirkan buku kas bulan Oktober.")]
    pub note: Option<String>,
    /// With `override`, and with an objection that is upheld: a class of the instrument.
    #[schema(format = "code", max_length = 40, example = "high")]
    pub class: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AssessmentFilter {
    #[param(inline)]
    pub business_id: Option<OneOf<BusinessId>>,
    #[param(inline)]
    pub instrument_id: Option<OneOf<InstrumentId>>,
    #[param(inline)]
    pub kind: Option<OneOf<Kind>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    #[param(inline)]
    pub class_effective: Option<OneOf<String>>,
    #[param(inline)]
    pub mentorship_id: Option<OneOf<MentorshipId>>,
}

impl Filter for AssessmentFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
