//! What proves that something happened outside the service: a paper that lies in the office, and perhaps a
//! picture of it here.

use chrono::NaiveDate;
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    db::{json::jsonb, schema::attachments},
    error::{ApiError, Result},
    http::Code,
    ids::AttachmentId,
    records::Tx,
};

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
    /// The file that shows it: of the same record, or of its business.
    pub attachment_id: Option<AttachmentId>,
}
jsonb!(Evidence);

/// Files that evidence names, each with the pointer to the evidence. They must be of one of the records `of`,
/// and from now on they stay.
///
/// # Errors
/// `Invalid` with each that is not.
pub async fn cite<'a>(
    tx: &Tx<'_>,
    of: &[Uuid],
    evidence: impl IntoIterator<Item = (String, &'a Evidence)>,
) -> Result<()> {
    let named = evidence.into_iter().filter_map(|(at, evidence)| Some((at, evidence.attachment_id?)));
    let named: Vec<_> = named.collect();
    if named.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = named.iter().map(|(_, id)| *id).collect();
    let there = attachments::table
        .filter(attachments::id.eq_any(ids))
        .filter(attachments::record_id.eq_any(of))
        .filter(attachments::deleted_at.is_null());
    let cited = diesel::update(there).set(attachments::cited.eq(true)).returning(attachments::id);
    let cited: Vec<AttachmentId> = cited.get_results(&mut tx.sql()).await?;
    let strange = named.into_iter().filter(|(_, id)| !cited.contains(id));
    let flaws: Vec<_> = strange.map(|(at, _)| Code::NoSuchRecord.at(format!("{at}/attachment_id"))).collect();
    ApiError::if_any(flaws)
}

/// The same of what stands at `/evidence`.
pub async fn cite_one(tx: &Tx<'_>, of: &[Uuid], evidence: Option<&Evidence>) -> Result<()> {
    cite(tx, of, evidence.map(|evidence| ("/evidence".to_owned(), evidence))).await
}
