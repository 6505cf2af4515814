//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Party,
    db::schema::mentor_qualifications,
    http::{Filter, OneOf, Sort},
    ids::{InstitutionId, MentorId, QualificationId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    /// What the log has told of its end.
    #[schema(as = QualificationExpiry)]
    Expiry {
        Expiring = "expiring",
        Expired = "expired",
    }
}

/// What a client may set: whole in POST, in parts by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mentor_qualifications, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateMentorQualification)]
pub struct QualificationFields {
    #[schema(format = "single_line", max_length = 200, example = "SKKNI 181/2017 Pendamping UMKM")]
    pub scheme: String,
    #[schema(format = "single_line", max_length = 100, example = "KKNI 5")]
    pub level: Option<String>,
    #[schema(format = "single_line", max_length = 100, example = "70209 2422 5 0001234 2026")]
    pub certificate_number: Option<String>,
    #[schema(format = "single_line", max_length = 200, example = "LSP Pendamping UMKM")]
    pub issuer: String,
    /// The units of competence.
    #[serde(default)]
    #[schema(max_items = 50, format = "single_line", max_length = 100, example = json!(["M.70PEN01.001.1"]))]
    pub units: Vec<String>,
    pub issued_on: NaiveDate,
    /// The last day on which it holds.
    pub expires_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = mentor_qualifications)]
#[schema(as = MentorQualification)]
pub struct Qualification {
    pub id: QualificationId,
    pub mentor_id: MentorId,
    /// The mentor's, when it was last written.
    pub institution_id: Option<InstitutionId>,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: QualificationFields,
    pub expiry: Option<Expiry>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Qualification: QualificationId, "mentor_qualification", ReadQualifications {
    fn named(&self) -> Vec<Party> {
        let institution = self.institution_id.map(Party::Institution);
        [Party::Mentor(self.mentor_id)].into_iter().chain(institution).collect()
    }

    fn about(&self) -> Vec<Uuid> {
        vec![self.mentor_id.into()]
    }
});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct QualificationFilter {
    #[param(inline)]
    pub expiry: Option<OneOf<Expiry>>,
}

impl Filter for QualificationFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
