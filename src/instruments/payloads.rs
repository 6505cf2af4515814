//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::document::{Document, Status, forms::Text};
use crate::{
    db::schema::instruments,
    http::{Filter, OneOf, Sort},
    ids::InstrumentId,
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = InstrumentAction)]
    Action {
        Publish = "publish",
        Retire = "retire",
    }
}

/// What a client may set: whole in POST, in parts by PATCH, as long as it is a draft.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = instruments)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateInstrument)]
pub struct InstrumentFields {
    pub document: Document,
}

/// What its moves change, and nothing else does; its status stands in the document.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = instruments, treat_none_as_null = true)]
pub struct Course {
    pub document: Document,
    pub published_at: Option<DateTime<Utc>>,
    pub retired_at: Option<DateTime<Utc>>,
}

/// What a list shows of an instrument.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = instruments)]
#[schema(as = InstrumentHeading)]
pub struct Heading {
    #[schema(example = "readiness")]
    pub code: String,
    /// Of the instrument, as its document says. `version` is that of the record.
    #[schema(minimum = 1, example = 1)]
    pub instrument_version: i32,
    pub title: Text,
    pub status: Status,
    pub published_at: Option<DateTime<Utc>>,
    pub retired_at: Option<DateTime<Utc>>,
}

/// An instrument with its document.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = instruments)]
pub struct Instrument {
    pub id: InstrumentId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub heading: Heading,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: InstrumentFields,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Instrument: InstrumentId, "instrument", ReadInstruments {
    fn is_open(&self) -> bool {
        self.heading.status != Status::Draft
    }
});

/// An instrument in a list, which leaves out the document.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = instruments)]
pub struct ListedInstrument {
    pub id: InstrumentId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub heading: Heading,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(ListedInstrument: InstrumentId, "instrument", ReadInstruments {});

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveInstrument {
    pub action: Action,
    #[schema(max_length = 64, example = "replaced")]
    pub reason_code: Option<String>,
    #[schema(min_length = 1, max_length = 2000, example = "Diganti versi 2.")]
    pub note: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct InstrumentFilter {
    #[param(inline)]
    pub code: Option<OneOf<String>>,
    pub instrument_version: Option<i32>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
}

impl Filter for InstrumentFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
