//! The ids that partners give our records. A source and its value stand for one record of a kind.

use std::{collections::HashMap, fmt};

use diesel::{
    deserialize::FromSqlRow,
    expression::AsExpression,
    prelude::*,
    sql_query,
    sql_types::{Array, Jsonb, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    db::{json::jsonb, schema::external_ids},
    error::{ApiError, Result},
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
        // Beside others of the source, but not while all of them are held.
        let hold = "select pg_advisory_xact_lock_shared(hashtextextended($1, 0)), \
                    pg_advisory_xact_lock(hashtextextended($2, 0))";
        let (source, one) = (format!("{resource} {}", self.source), self.to_string());
        let hold = sql_query(hold).bind::<Text, _>(source).bind::<Text, _>(format!("{resource} {one}"));
        hold.execute(&mut tx.sql()).await?;
        let known = external_ids::table.find((resource, &self.source, &self.value));
        Ok(known.select(external_ids::record_id).first(&mut tx.sql()).await.optional()?)
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.source, self.value)
    }
}

/// The records of the kind for which some of a source's values stand. Until the transaction ends nobody else
/// gives any of the source to another.
pub async fn of_source(
    tx: &Tx<'_>,
    resource: &'static str,
    source: &str,
    values: &[&str],
) -> Result<HashMap<String, Uuid>> {
    let hold = sql_query("select pg_advisory_xact_lock(hashtextextended($1, 0))");
    hold.bind::<Text, _>(format!("{resource} {source}")).execute(&mut tx.sql()).await?;
    let known = external_ids::table
        .filter(external_ids::resource.eq(resource))
        .filter(external_ids::source.eq(source))
        .filter(external_ids::value.eq_any(values));
    let known = known.select((external_ids::value, external_ids::record_id));
    Ok(known.load::<(String, Uuid)>(&mut tx.sql()).await?.into_iter().collect())
}

/// Lets each stand for a record, if it does not stand for another.
///
/// # Errors
/// `Unavailable` where one was given away in this moment: whoever looks again sees for which.
pub async fn give(tx: &Tx<'_>, resource: &'static str, ids: &[(&ExternalId, Uuid)]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let give = "insert into external_ids (resource, source, value, record_id) \
                select $1, * from unnest($2, $3, $4) on conflict do nothing";
    let (sources, values): (Vec<_>, Vec<_>) = ids.iter().map(|(id, _)| (&id.source, &id.value)).unzip();
    let records: Vec<_> = ids.iter().map(|(_, record)| *record).collect();
    let give = sql_query(give).bind::<Text, _>(resource).bind::<Array<Text>, _>(sources);
    let give = give.bind::<Array<Text>, _>(values).bind::<Array<SqlUuid>, _>(records);
    match give.execute(&mut tx.sql()).await? == ids.len() {
        true => Ok(()),
        false => Err(ApiError::Unavailable("an external id was given away meanwhile".into())),
    }
}

/// Takes an id from the record for which it stands: another may have it.
pub async fn take(tx: &Tx<'_>, resource: &'static str, id: &ExternalId) -> Result<()> {
    let known = external_ids::table.find((resource, &id.source, &id.value));
    diesel::delete(known).execute(&mut tx.sql()).await?;
    Ok(())
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
