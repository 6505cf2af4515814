//! What the programme asks for now and then, and waits for: matching a large cohort, applying that, merging two
//! businesses with all that is behind them.

use std::time::Instant;

use serde_json::{Value, json};
use seribu::access::Role;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    Arguments, Outcome,
    client::{once, post},
    server::Servers,
};

const BUSINESSES: i64 = 2_000;
const MENTORS: i64 = 300;
const PLACES: i64 = 5;
const MERGES: usize = 100;

pub struct Operation {
    pub name: &'static str,
    pub what: String,
    /// In milliseconds, in the middle of so many.
    pub took: f64,
    pub runs: usize,
    /// The same of the rows that it changes, changed bare.
    pub base: Option<f64>,
}

pub async fn run_all(arguments: &Arguments, servers: &Servers) -> Outcome<Vec<Operation>> {
    let wanted = |name: &str| arguments.only.as_ref().is_none_or(|only| name.starts_with(only.as_str()));
    let mut all = Vec::new();
    if wanted("P1") || wanted("P2") {
        all.extend(matching(arguments, servers).await?);
    }
    if wanted("P3") {
        all.push(merging(servers).await?);
    }
    Ok(all)
}

/// A cohort of its own; the mentors are those of the city, of whom some have places and the others none.
async fn matching(arguments: &Arguments, servers: &Servers) -> Outcome<Vec<Operation>> {
    let superuser = servers.superuser().await?;
    let (cohort, token) = (Uuid::now_v7().to_string(), servers.token(Role::Programme, None)?);
    let code = format!("uji-{cohort}");
    superuser.execute(COHORT, &[&cohort, &code]).await?;
    let businesses = superuser.execute(PARTICIPANTS, &[&cohort, &BUSINESSES]).await?;
    superuser.execute(CAPACITIES, &[&MENTORS, &PLACES]).await?;
    superuser.batch_execute("analyze participants; analyze mentors").await?;
    let path = format!("/v1/cohorts/{cohort}/matching");
    let (mut times, mut matching) = (Vec::new(), Value::Null);
    for _ in 0..arguments.runs {
        let (took, answer) = ask(servers, &path, &token, &json!({}), 200).await?;
        times.push(took);
        matching = answer;
    }
    let pairs = matching.get("pairs").and_then(Value::as_array).map_or(0, Vec::len);
    let version = matching.get("version").cloned().unwrap_or_default();
    let body = json!({ "version": version });
    let (took, _) = ask(servers, &format!("{path}/apply"), &token, &body, 201).await?;
    superuser.batch_execute("update mentors set capacity = 60").await?;
    Ok(vec![
        Operation {
            name: "P1",
            what: format!(
                "match a cohort of {businesses} businesses with {MENTORS} mentors of {PLACES} places; {pairs} pairs, with words"
            ),
            runs: times.len(),
            took: median(times),
            base: None,
        },
        Operation {
            name: "P2",
            what: format!("apply it: {pairs} proposals with their events, all or none"),
            runs: 1,
            took,
            base: None,
        },
    ])
}

/// Businesses that were coached, each into one that was not; the bare half of them is other businesses.
async fn merging(servers: &Servers) -> Outcome<Operation> {
    let superuser = servers.superuser().await?;
    let token = servers.token(Role::Programme, None)?;
    let mut pairs = Vec::new();
    for row in superuser.query(PAIRS, &[&i64::try_from(2 * MERGES)?]).await? {
        let (from, into): (String, String) = (row.get(0), row.get(1));
        // The two are one person's, as duplicates are, and have nothing that there may be only one of.
        for statement in MERGEABLE {
            superuser.execute(*statement, &[&from, &into]).await?;
        }
        pairs.push((from, into));
    }
    superuser.batch_execute("analyze business_roles; analyze business_shares").await?;
    let (merged, bare) = pairs.split_at(pairs.len() / 2);
    let (mut times, mut bases) = (Vec::new(), Vec::new());
    for ((from_id, into_id), (one, other)) in merged.iter().zip(bare) {
        let body = json!({ "resource": "business", "from_id": from_id, "into_id": into_id });
        times.push(ask(servers, "/v1/merges", &token, &body, 201).await?.0);
        bases.push(change(&superuser, one, other).await?);
    }
    Ok(Operation {
        name: "P3",
        what: "merge a coached business into another with its owner, against the rows of its children changed bare in one transaction".into(),
        runs: times.len(),
        took: median(times),
        base: Some(median(bases)),
    })
}

async fn change(superuser: &Client, from: &str, into: &str) -> Outcome<f64> {
    let mut statements = Vec::new();
    for table in CHILDREN {
        let next =
            if *table == "business_shares" { "" } else { ", version = version + 1, updated_at = now()" };
        let sql = format!(
            "update {table} set business_id = $2::text::uuid{next} where business_id = $1::text::uuid"
        );
        statements.push(superuser.prepare(&sql).await?);
    }
    let begun = Instant::now();
    superuser.batch_execute("begin").await?;
    for statement in &statements {
        superuser.execute(statement, &[&from, &into]).await?;
    }
    superuser.batch_execute("commit").await?;
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}

/// In milliseconds, and the answer.
async fn ask(servers: &Servers, path: &str, token: &str, body: &Value, status: u16) -> Outcome<(f64, Value)> {
    let begun = Instant::now();
    let (answered, answer) = once(servers.address, &post(path, token, body)).await?;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    if answered != status {
        return Err(format!("{path}: {answered}: {}", String::from_utf8_lossy(&answer)).into());
    }
    Ok((took, serde_json::from_slice(&answer)?))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

const COHORT: &str = "insert into cohorts (id, code, name, starts_on, ends_on, targets, follow_up_months, status, \
     created_at, updated_at) values ($1::text::uuid, $2, 'Uji', current_date, current_date + 180, '{}', '{}', 'running', now(), now())";

const PARTICIPANTS: &str = "insert into participants (id, cohort_id, business_id, status, expires_on, created_at, updated_at) \
     select gen_random_uuid(), $1::text::uuid, b.id, 'accepted', current_date + 14, now(), now() from businesses b \
     where b.status = 'active' and not exists (select from mentorships m where m.business_id = b.id) order by b.id limit $2";

const CAPACITIES: &str = "update mentors set capacity = case when mentors.id in (select id from mentors order by id limit $1) \
     then least(100, $2 + (select count(*) from mentorships m where m.mentor_id = mentors.id and m.is_open))::integer else 0 end";

const PAIRS: &str = "select f.id::text, i.id::text from \
     (select b.id, row_number() over (order by b.id) as n from businesses b where nib is null and b.status = 'active' \
      and exists (select from mentorships m where m.business_id = b.id) limit $1) f join \
     (select b.id, row_number() over (order by b.id desc) as n from businesses b where nib is null and b.status = 'active' \
      and b.id < '01900000-0000-7000-8002-000000000000' and not exists (select from mentorships m where m.business_id = b.id) limit $1) i using (n)";

const MERGEABLE: &[&str] = &[
    "delete from assessments where business_id = $1::text::uuid and status = 'submitted' and $2::text is not null",
    "update products set name = 'Produk lama' where business_id = $1::text::uuid and $2::text is not null",
    "update business_shares set party = (select 'person:' || person_id from business_roles where business_id = $2::text::uuid) \
     where business_id = $1::text::uuid and party like 'person:%'",
    "update business_roles set person_id = (select person_id from business_roles where business_id = $2::text::uuid) where business_id = $1::text::uuid",
];

/// The tables of which the city has rows below a coached business.
const CHILDREN: &[&str] = &[
    "snapshots",
    "participants",
    "mentorships",
    "objectives",
    "sessions",
    "agreed_actions",
    "assessments",
    "outcomes",
    "products",
    "certifications",
    "business_shares",
];
