//! What proves that something happened outside the service: a paper that lies in the office, until
//! attachments come.

use chrono::NaiveDate;
use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::json::jsonb;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    #[schema(format = "code", max_length = 40, example = "signed_form")]
    pub kind: String,
    /// Where it is kept, or its number.
    #[schema(format = "single_line", max_length = 200, example = "Map 2026-11, lembar 12")]
    pub reference: String,
    pub dated_on: NaiveDate,
}
jsonb!(Evidence);
