//! That no table is forgotten.

use std::collections::BTreeSet;

use seribu::merging;

use crate::{persons::lines, support::TestApp};

/// References to the tables of what can be merged, and columns that look as if they named one.
const NAMING: &str = "
    select conrelid::regclass::text || '.' || attname as line from pg_constraint
    join pg_attribute on attrelid = conrelid and attnum = any(conkey)
    where contype = 'f' and confrelid in ('businesses'::regclass, 'persons'::regclass, 'mentors'::regclass)
    union
    select table_name || '.' || column_name from information_schema.columns
    where table_schema = 'public'
        and column_name in ('business_id', 'person_id', 'mentor_id', 'mentor_ids', 'business_ids', 'person_ids',
            'record_id', 'party')
        and table_name not in ('event_about')
    union
    select table_name || '.' || column_name from information_schema.columns
    where table_schema = 'public' and column_name = 'subject_id'
        and table_name not in ('events', 'subject_keys')
    order by 1";

#[actix_web::test]
async fn every_column_that_names_a_record_is_handed_on_or_said_to_stay() {
    let app = TestApp::start().await;
    let there: BTreeSet<String> = lines(&app, NAMING).await.into_iter().collect();
    assert!(there.len() > 30, "too few columns to tell: {there:?}");
    let told: BTreeSet<String> =
        merging::named().into_iter().map(|(table, column)| format!("{table}.{column}")).collect();
    let forgotten: Vec<_> = there.difference(&told).collect();
    assert!(forgotten.is_empty(), "say in src/merging/children.rs what becomes of {forgotten:?}");
}

/// A merge costs what it moves: each column that it looks for has an index that begins with it.
#[actix_web::test]
async fn every_column_that_is_looked_for_has_an_index() {
    let app = TestApp::start().await;
    let first = "select distinct indrelid::regclass::text || '.' || pg_get_indexdef(indexrelid, 1, true) as line \
                 from pg_index join pg_class c on c.oid = indrelid where relnamespace = 'public'::regnamespace";
    let indexed: BTreeSet<String> = lines(&app, first).await.into_iter().collect();
    let unindexed: Vec<_> = merging::named()
        .into_iter()
        .filter(|(table, column)| {
            // Found by its list of mentors, or by its business.
            let by_another = [("transfer"), ("assignments"), ("merged_into")].contains(column);
            let by_list = *column == "mentor_id" && indexed.contains(&format!("{table}.mentor_ids"));
            !by_another && !by_list && !indexed.contains(&format!("{table}.{column}"))
        })
        .filter(|it| {
            !matches!(
                it,
                ("events" | "notifications" | "refresh_tokens" | "export_jobs" | "webhook_endpoints", _)
            )
        })
        .collect();
    assert!(unindexed.is_empty(), "{unindexed:?}");
}
