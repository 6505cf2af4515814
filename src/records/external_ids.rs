//! The ids that partners give our records. A source and its value stand for one record of a kind.

use diesel::{
    deserialize::FromSqlRow,
    expression::AsExpression,
    prelude::*,
    sql_query,
    sql_types::{Jsonb, Text},
};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    db::{json::jsonb, schema::external_ids},
    error::Result,
    http::{Code, Flaw},
    records::Tx,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalId {
    /// Who gave it: the code of an institution, or a name for another system.
    #[schema(format = "code", max_length = 40, example = "ut")]
    pub source: String,
    #[schema(format = "single_line", max_length = 200, example = "P-00017")]
    pub value: String,
}

impl ExternalId {
    /// The record of the kind that it stands for. Until the transaction ends nobody else gives it to another.
    pub async fn record(&self, tx: &Tx<'_>, resource: &'static str) -> Result<Option<Uuid>> {
        let name = format!("{resource} {} {}", self.source, self.value);
        let hold = sql_query("select pg_advisory_xact_lock(hashtextextended($1, 0))");
        hold.bind::<Text, _>(name).execute(&mut tx.sql()).await?;
        let known = external_ids::table.find((resource, &self.source, &self.value));
        Ok(known.select(external_ids::record_id).first(&mut tx.sql()).await.optional()?)
    }
}

/// A record's own column shows them; the table `external_ids` keeps each from standing for two records. A
/// field is documented by `#[schema(value_type = Vec<ExternalId>, max_items = 20)]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct ExternalIds(pub Vec<ExternalId>);
jsonb!(ExternalIds);

impl ExternalIds {
    /// Each that stands twice.
    pub fn flaws(&self) -> Vec<Flaw> {
        let again = |at: usize| self.0.iter().take(at).any(|earlier| Some(earlier) == self.0.get(at));
        let places = (0..self.0.len()).filter(|at| again(*at));
        places.map(|at| Code::Repeated.at(format!("/external_ids/{at}"))).collect()
    }

    /// Each that is not of the one source for which the caller speaks.
    pub fn flaws_beside(&self, source: &str) -> Vec<Flaw> {
        let others = self.0.iter().enumerate().filter(|(_, id)| id.source != source);
        let place = |at: usize| format!("/external_ids/{at}/source");
        others.map(|(at, _)| Code::NotAllowed.expecting(place(at), source)).collect()
    }

    /// Makes these the ids of the record, and no others. The answer is another record of its kind that has
    /// one of them, if any does: then nothing is to stay of the write.
    pub async fn assign(
        &self,
        tx: &Tx<'_>,
        resource: &'static str,
        record: impl Into<Uuid>,
    ) -> Result<Option<Uuid>> {
        let record = record.into();
        let of_record = external_ids::table
            .filter(external_ids::resource.eq(resource))
            .filter(external_ids::record_id.eq(record));
        diesel::delete(of_record).execute(&mut tx.sql()).await?;
        for id in &self.0 {
            let row = (
                external_ids::resource.eq(resource),
                external_ids::source.eq(&id.source),
                external_ids::value.eq(&id.value),
                external_ids::record_id.eq(record),
            );
            let insert = diesel::insert_into(external_ids::table).values(row).on_conflict_do_nothing();
            if insert.execute(&mut tx.sql()).await? == 0 {
                let taken = external_ids::table.find((resource, &id.source, &id.value));
                return Ok(taken.select(external_ids::record_id).first(&mut tx.sql()).await.optional()?);
            }
        }
        Ok(None)
    }
}
