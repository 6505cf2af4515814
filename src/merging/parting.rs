//! Giving back what a merge handed on, as far as it still is where the merge has put it.

use diesel::{
    sql_query,
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::{
    children::{Children, Shape},
    moving::{Moved, Way, load},
};
use crate::{error::Result, records::Tx};

/// Gives back the rows of a table, with what was made since below rows that were given back before.
pub async fn give_back(tx: &Tx<'_>, children: &Children, way: Way) -> Result<Vec<Moved>> {
    take_along(tx, children, way).await?;
    let Children { table, key, columns, .. } = children;
    let back: Vec<_> = columns.iter().map(|(column, shape)| shape.given_back(column)).collect();
    let names: Vec<_> = columns.iter().map(|(column, _)| format!("t.{column}")).collect();
    let sets = columns.iter().zip(&back).map(|((column, _), sql)| format!("{column} = {sql}"));
    let sql = format!(
        "update {table} t set {sets}{next_version} from merge_moves m
         where m.merge_id = $3 and m.relation = '{table}' and {found} and ({key})::text = m.key
             and ({names}) is distinct from ({back})
             and $1 is not null and $4 is not null
         returning m.key, {version} as version, m.now as was, {said} as now",
        sets = sets.collect::<Vec<_>>().join(", "),
        next_version = children.next_version(),
        found = children.found("$2"),
        names = row(&names),
        back = row(&back),
        version = children.version(),
        said = children.said("t"),
    );
    load(tx, sql, way).await
}

fn row(parts: &[String]) -> String {
    format!("row({})", parts.join(", "))
}

/// What was made since below a row that goes back, goes with it, as if it had been handed on.
async fn take_along(tx: &Tx<'_>, children: &Children, way: Way) -> Result<()> {
    let Children { table, key, .. } = children;
    for (column, above) in children.below {
        let was = children.renamed("$2", "$1").into_iter().map(|(column, sql)| format!("'{column}', {sql}"));
        let sql = format!(
            "insert into merge_moves (merge_id, relation, key, was, now)
             select $3, '{table}', ({key})::text, jsonb_build_object({was}), {said} from {table} t
             where {found} and $1 is not null and t.{column}::text in (
                 select m.key from merge_moves m where m.merge_id = $3 and ($4 = '' or m.relation = $4))
             on conflict do nothing",
            was = was.collect::<Vec<_>>().join(", "),
            said = children.said("t"),
            found = children.found("$2"),
        );
        let query = sql_query(sql)
            .bind::<SqlUuid, _>(way.from)
            .bind::<SqlUuid, _>(way.into)
            .bind::<SqlUuid, _>(way.merge.0)
            .bind::<Text, _>(*above);
        query.execute(&mut tx.sql()).await?;
    }
    Ok(())
}

impl Shape {
    /// SQL of what a column says again. What has changed since the merge stays as it is; of a list, the
    /// record that is parted stands in it besides.
    fn given_back(self, column: &str) -> String {
        let untouched = format!("coalesce(to_jsonb(t.{column}), 'null') = m.now -> '{column}'");
        let was = format!("m.was -> '{column}'");
        match self {
            Self::Id => format!(
                "case when t.{column} = $2 and m.was ->> '{column}' = $1::text then $1 else t.{column} end"
            ),
            Self::Party => format!("case when {untouched} then m.was ->> '{column}' else t.{column} end"),
            Self::Ids => format!(
                "case when {untouched} then array(select jsonb_array_elements_text({was})::uuid) \
                 else array_append(t.{column}, $1) end"
            ),
            Self::Json => format!("case when {untouched} then nullif({was}, 'null') else t.{column} end"),
            Self::Jsons => format!(
                "case when {untouched} then array(select jsonb_array_elements({was})) else t.{column} end"
            ),
        }
    }
}
