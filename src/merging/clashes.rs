//! What two records both have and one cannot have twice. The unique indexes say so, read from PostgreSQL's
//! catalogue: a rule that is added later is not forgotten.

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};

use super::{children::Children, moving::Way};
use crate::{error::Result, records::Tx};

/// A unique index: its columns or expressions, and of which rows.
#[derive(QueryableByName)]
struct Unique {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Array<Text>)]
    columns: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    only: Option<String>,
    #[diesel(sql_type = Bool)]
    nulls_are_equal: bool,
}

#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = Text)]
    one: String,
    #[diesel(sql_type = Text)]
    other: String,
}

const UNIQUE: &str = "
    select c.relname::text as relation, pg_get_expr(i.indpred, i.indrelid) as only,
        i.indnullsnotdistinct as nulls_are_equal,
        array(select pg_get_indexdef(i.indexrelid, at, true) from generate_series(1, i.indnkeyatts) at) as columns
    from pg_index i join pg_class c on c.oid = i.indrelid
    where i.indisunique and c.relnamespace = 'public'::regnamespace and c.relname = any($1)
    order by c.relname, i.indexrelid";

/// Each pair that clashes, with what it is.
pub async fn between(tx: &Tx<'_>, all: &[Children], way: Way) -> Result<Vec<Value>> {
    let tables: Vec<_> = all.iter().map(|children| children.table).collect();
    let unique: Vec<Unique> = sql_query(UNIQUE).bind::<Array<Text>, _>(tables).load(&mut tx.sql()).await?;
    let mut clashes = Vec::new();
    for index in &unique {
        let of_table = all.iter().find(|children| children.table == index.relation);
        let Some(children) = of_table.filter(|children| concerns(index, children)) else { continue };
        let pairs = sql_query(pairs(index, children));
        let pairs = pairs.bind::<SqlUuid, _>(way.from).bind::<SqlUuid, _>(way.into);
        let pairs: Vec<Pair> = pairs.load(&mut tx.sql()).await?;
        let clash = |pair: Pair| json!({ "type": children.name, "id": pair.one, "clashes_with": pair.other });
        clashes.extend(pairs.into_iter().map(clash));
    }
    Ok(clashes)
}

fn concerns(index: &Unique, children: &Children) -> bool {
    let handed_on = |column: &String| children.columns.iter().any(|(name, _)| name == column);
    index.columns.iter().any(handed_on)
}

fn pairs(index: &Unique, children: &Children) -> String {
    let rest: Vec<_> =
        index.columns.iter().filter(|it| !children.columns.iter().any(|(name, _)| name == it)).collect();
    let shown: String = rest.iter().enumerate().map(|(at, sql)| format!(", {sql} as c{at}")).collect();
    let equal = if index.nulls_are_equal { "is not distinct from" } else { "=" };
    let same: String = (0..rest.len()).map(|at| format!(" and one.c{at} {equal} other.c{at}")).collect();
    let only = index.only.as_ref().map(|only| format!(" and ({only})")).unwrap_or_default();
    let rows = |found: String| {
        format!(
            "select ({}) :: text as key{shown} from {} t where {found}{only}",
            children.key, children.table
        )
    };
    format!(
        "select one.key as one, other.key as other from ({}) one join ({}) other on $1 <> $2{same} order by 1, 2",
        rows(children.handed_on()),
        rows(children.found("$2")),
    )
}
