//! The entries of an agenda: one query over all that waits for a role.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    payloads::{Agenda, Entry},
    sources::{SOURCES, Source},
    subject::Subject,
};
use crate::{
    access::{Party, Permission, Role, Rows},
    error::Result,
    http::language::Language,
    ids::BusinessId,
    worker::Worker,
};

/// More than anybody reads.
const MOST: i64 = 200;

/// For whom an agenda is.
pub struct Whose {
    pub role: Role,
    pub subject: Option<Uuid>,
    pub party: Party,
    pub language: Language,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    source: i32,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    parent_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    business_id: Option<BusinessId>,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    due_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    starts_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Integer>)]
    minutes: Option<i32>,
    #[diesel(sql_type = Bool)]
    late: bool,
    #[diesel(sql_type = Timestamptz)]
    since: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    total: i64,
    #[diesel(sql_type = BigInt)]
    late_total: i64,
}

impl Row {
    fn entry(self, language: Language) -> Option<Entry> {
        let source = SOURCES.get(usize::try_from(self.source).ok()?)?;
        let [id, en] = source.words;
        Some(Entry {
            kind: source.kind,
            words: language.pick(id, en),
            due_on: self.due_on,
            starts_at: self.starts_at,
            minutes: self.minutes,
            late: self.late,
            since: self.since,
            subject: Subject::new(source.subject.0, self.id, self.parent_id),
            business_id: self.business_id,
            business_number: self.number,
            version: self.version,
            changed_at: self.updated_at,
        })
    }
}

/// What waits for them, as far as they may do something about it.
pub async fn agenda(worker: &Worker, whose: &Whose, may: impl Fn(Permission) -> bool) -> Result<Agenda> {
    let of_role = Source::of(whose.role).filter(|(_, source)| may(source.does));
    let selects: Vec<_> = of_role.map(|(number, source)| source.select(number)).collect();
    if selects.is_empty() {
        return Ok(Agenda { data: vec![], total: 0, late: 0 });
    }
    let query = format!(
        "select w.*, b.number, count(*) over () as total, count(*) filter (where w.late) over () as late_total
         from (select *, coalesce(due_on < $3, starts_at < $4, false) as late from ({}) all_of_them) w
         left join businesses b on b.id = w.business_id where num_nulls($1, $2) = 0
         order by w.late desc, coalesce(w.due_on, w.starts_at::date) nulls last, w.since, w.id limit $5",
        selects.join("\nunion all ")
    );
    let now = worker.clock.now();
    let query = sql_query(query)
        .bind::<Text, _>(whose.party.to_string())
        .bind::<SqlUuid, _>(whose.subject.unwrap_or_default())
        .bind::<Date, _>(worker.date(now))
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(MOST);
    let rows: Vec<Row> = query.load(&mut &*worker.db.reader().await?).await?;
    let (total, late) = <[Row]>::first(&rows).map_or((0, 0), |row| (row.total, row.late_total));
    let data = rows.into_iter().filter_map(|row| row.entry(whose.language)).collect();
    Ok(Agenda { data, total, late })
}

/// Whatever the role may do, as when somebody logs in with it.
pub fn all_of(role: Role) -> impl Fn(Permission) -> bool {
    move |permission| role.rows(permission) != Rows::None
}
