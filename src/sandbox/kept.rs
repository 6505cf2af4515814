//! Scenarios as they are kept: the rows of all tables, in a schema beside. What is done here needs the role that
//! owns the tables, and is done by it alone.

use diesel::{QueryableByName, sql_query, sql_types};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use crate::{error::Result, text_enum::text_enum};

text_enum! {
    #[schema(as = SandboxScenario)]
    Scenario {
        CohortInTheMiddle = "cohort_in_the_middle",
        OverdueHandOvers = "overdue_hand_overs",
        FailingWebhook = "failing_webhook",
        Pilot = "pilot",
    }
}

/// Whatever nobody has told anything yet: lists and instruments.
pub const NOTHING: &str = "nothing";

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = sql_types::Bool)]
    yes: bool,
}

async fn is(sql: &mut AsyncPgConnection, question: &str) -> Result<bool> {
    let answer = sql_query(format!("select ({question}) as yes"));
    Ok(answer.get_result::<Told>(sql).await?.yes)
}

/// Whether the database is a sandbox's.
pub async fn is_marked(sql: &mut AsyncPgConnection) -> Result<bool> {
    is(sql, "exists (select from pg_namespace where nspname = 'sandbox')").await
}

/// Whether there may be people in it: it has tables, and somebody who can sign in.
pub async fn is_used(sql: &mut AsyncPgConnection) -> Result<bool> {
    if !is(sql, "to_regclass('public.users') is not null").await? {
        return Ok(false);
    }
    is(sql, "exists (select from users) or exists (select from persons)").await
}

/// Whether all scenarios are kept, of tables as they are after this migration.
pub async fn is_prepared(owner_url: &str, migration: &str) -> Result<bool> {
    let mut sql = AsyncPgConnection::establish(owner_url).await?;
    if !is(&mut sql, "to_regclass('sandbox.prepared') is not null").await? {
        return Ok(false);
    }
    let same = sql_query("select exists (select from sandbox.prepared where migration = $1) as yes");
    Ok(same.bind::<sql_types::Text, _>(migration).get_result::<Told>(&mut sql).await?.yes)
}

pub async fn mark(sql: &mut AsyncPgConnection) -> Result<()> {
    Ok(sql.batch_execute("create schema sandbox").await?)
}

pub async fn prepared(owner_url: &str, migration: &str) -> Result<()> {
    let mut sql = AsyncPgConnection::establish(owner_url).await?;
    let table =
        "create table if not exists sandbox.prepared (migration text not null); truncate sandbox.prepared";
    sql.batch_execute(table).await?;
    let row = sql_query("insert into sandbox.prepared values ($1)").bind::<sql_types::Text, _>(migration);
    row.execute(&mut sql).await?;
    Ok(())
}

/// The rows of all tables as they are now.
pub async fn keep(owner_url: &str, name: &str) -> Result<()> {
    let mut sql = AsyncPgConnection::establish(owner_url).await?;
    let keep = format!(
        "do $$ declare t record; begin
            execute 'drop schema if exists sandbox_{name} cascade';
            execute 'create schema sandbox_{name}';
            for t in {TABLES} loop
                execute format('create table sandbox_{name}.%1$I as table public.%1$I', t.tablename);
            end loop;
        end $$"
    );
    Ok(sql.batch_execute(&keep).await?)
}

const TABLES: &str = "select tablename from pg_tables where schemaname = 'public' and tablename not like '\\_\\_diesel%' order by 1";
/// Those that are judged at once, but for the time in which the rows come one table after the other.
const REFERENCES: &str = "select conrelid::regclass as referring, conname from pg_constraint \
     where contype = 'f' and connamespace = 'public'::regnamespace and not condeferrable order by 1, 2";

/// Puts the rows back, in one transaction: others see all of it or nothing. Sequences go on, so that no position of
/// the log is given twice. What refers to what is judged when all is there.
pub async fn restore(owner_url: &str, name: &str) -> Result<()> {
    let mut sql = AsyncPgConnection::establish(owner_url).await?;
    let restore = format!(
        "do $$ declare t record; its_columns text; later text; at_once text; begin
            perform set_config('lock_timeout', '10s', true);
            select string_agg(format('alter table %s alter constraint %I deferrable initially deferred', referring, conname), ';'),
                string_agg(format('alter table %s alter constraint %I not deferrable', referring, conname), ';')
            into later, at_once from ({REFERENCES}) as judged_at_once;
            for t in {TABLES} loop
                execute format('alter table %I disable trigger user', t.tablename);
            end loop;
            execute later;
            set constraints all deferred;
            execute (select 'truncate ' || string_agg(quote_ident(tablename), ', ') from ({TABLES}) as all_of_them);
            for t in {TABLES} loop
                select string_agg(quote_ident(attname), ', ' order by attnum) into its_columns from pg_attribute
                where attrelid = format('public.%I', t.tablename)::regclass and attnum > 0
                    and not attisdropped and attgenerated = '';
                execute format('insert into public.%1$I (%2$s) overriding system value select %2$s from sandbox_{name}.%1$I',
                    t.tablename, its_columns);
            end loop;
            set constraints all immediate;
            execute at_once;
            for t in {TABLES} loop
                execute format('alter table %I enable trigger user', t.tablename);
            end loop;
        end $$"
    );
    Ok(sql.batch_execute(&restore).await?)
}

/// The log-ins of one are those of the other, for whoever and whatever is in both.
pub async fn same_log_ins(owner_url: &str, of: &str, name: &str) -> Result<()> {
    let mut sql = AsyncPgConnection::establish(owner_url).await?;
    let same = format!(
        "update sandbox_{name}.users u set password_hash = o.password_hash from sandbox_{of}.users o
         where o.email_index = u.email_index;
         update sandbox_{name}.clients c set secret_mac = o.secret_mac from sandbox_{of}.clients o
         where o.client_id = c.client_id"
    );
    Ok(sql.batch_execute(&same).await?)
}
