//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Party,
    db::schema::consents,
    http::{Filter, OneOf, Sort},
    ids::{ConsentId, PersonId},
    records::{Evidence, record},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = ConsentPurpose)]
    Purpose {
        Lender = "lender",
        Cooperative = "cooperative",
        UniversityNamed = "university_named",
        Publication = "publication",
        Survey = "survey",
        Disability = "disability",
    }
}

text_enum! {
    /// How it was given.
    #[schema(as = ConsentVia)]
    Via {
        OwnAccount = "own_account",
        SignedForm = "signed_form",
    }
}

text_enum! {
    #[schema(as = ConsentStatus)]
    Status {
        Given = "given",
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    #[schema(as = ConsentAction)]
    Action {
        Withdraw = "withdraw",
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = consents, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateConsent)]
pub struct ConsentFields {
    pub purpose: Purpose,
    /// The lender, cooperative or university; for other purposes none.
    pub receiver_id: Option<Uuid>,
    /// Of the words that the person was shown: see the list `consent-purposes`.
    #[schema(minimum = 1, maximum = 9999, example = 1)]
    pub text_version: i32,
    pub via: Via,
    /// The signed form.
    pub evidence: Option<Evidence>,
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = consents)]
pub struct Consent {
    pub id: ConsentId,
    pub person_id: PersonId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: ConsentFields,
    pub status: Status,
    pub given_at: DateTime<Utc>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Consent: ConsentId, "consent", ReadConsents {
    const PERSONAL: &'static [&'static str] = &["evidence.reference"];

    fn subject(&self) -> Uuid {
        self.person_id.0
    }
    fn named(&self) -> Vec<Party> {
        vec![Party::Person(self.person_id)]
    }
    fn about(&self) -> Vec<Uuid> {
        vec![self.person_id.0]
    }
});

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveConsent {
    pub action: Action,
    #[schema(max_length = 40, example = "no_longer_wanted")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ConsentFilter {
    #[param(inline)]
    pub purpose: Option<OneOf<Purpose>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
}

impl Filter for ConsentFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
