//! Statements on many mentors at once: what `store` does one by one. Rows travel as an array for each column: taking
//! JSON apart would cost PostgreSQL as much as the writing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName,
    prelude::*,
    sql_query,
    sql_types::{
        Array, BigInt, Bool, Bytea, Date, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
    },
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    payloads::{Mentor, MentorFields, Profile, Source, Status},
    sealed::Sealed,
    store::{self, Stored},
};
use crate::{
    access::{Access, Party},
    db::{
        array_text, each,
        schema::{mentors, mentorships},
        word,
    },
    error::Result,
    ids::{BusinessId, MentorId},
    records::{Tx, synced::Missing},
};

/// A mentor as he is to be, and what of him is kept sealed.
pub struct Next {
    pub mentor: Mentor,
    pub sealed: Sealed,
}

impl Next {
    pub fn new(tx: &Tx<'_>, id: MentorId, fields: &MentorFields, sealed: Sealed) -> Self {
        let mentor = Mentor {
            id,
            fields: fields.profile(),
            email: Some(fields.email.clone()),
            phone: fields.phone.clone(),
            status: Status::Candidate,
            source: Source::Sync,
            last_synced_at: Some(tx.now),
            affiliation_ended_on: None,
            merged_into: None,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
        };
        Self { mentor, sealed }
    }

    /// Whom his institution lists again, it has not let go.
    pub fn after(tx: &Tx<'_>, before: &Mentor, fields: &MentorFields, sealed: Sealed) -> Self {
        let stays = before.status == Status::Ending && before.affiliation_ended_on.is_some();
        let mentor = Mentor {
            email: Some(fields.email.clone()),
            phone: fields.phone.clone(),
            status: if stays { Status::Active } else { before.status },
            source: Source::Sync,
            last_synced_at: Some(tx.now),
            affiliation_ended_on: None,
            ..before.clone()
        };
        Self { mentor, sealed }.with(fields.profile(), tx.now)
    }

    /// The next version, with these fields.
    pub fn with(self, fields: Profile, now: DateTime<Utc>) -> Self {
        let version = self.mentor.version + 1;
        Self { mentor: Mentor { fields, version, updated_at: now, ..self.mentor }, ..self }
    }
}

pub async fn insert(tx: &Tx<'_>, new: &[&Next]) -> Result<()> {
    let (names, values) = (COLUMNS.join(", "), values(&COLUMNS));
    send(tx, &format!("insert into mentors ({names}) select {values} from {}", rows()), new).await
}

/// All columns but `merged_into`, which no change of fields can reach.
pub async fn update(tx: &Tx<'_>, changed: &[&Next]) -> Result<()> {
    let [_, rest @ ..] = COLUMNS;
    let (names, values) = (rest.join(", "), values(&rest));
    let update =
        format!("update mentors set ({names}) = row ({values}) from {} where mentors.id = r.id", rows());
    send(tx, &update, changed).await
}

async fn send(tx: &Tx<'_>, statement: &str, rows: &[&Next]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let statement = sql_query(statement)
        .bind::<Array<SqlUuid>, _>(each(rows, |row| row.mentor.id))
        .bind::<Array<Text>, _>(each(rows, |row| row.mentor.fields.kind))
        .bind::<Array<Nullable<SqlUuid>>, _>(each(rows, |row| row.mentor.fields.institution_id))
        .bind::<Array<Text>, _>(each(rows, |row| &row.mentor.fields.full_name))
        .bind::<Array<Nullable<Text>>, _>(each(rows, |row| row.mentor.fields.titles.as_ref()))
        .bind::<Array<Nullable<Jsonb>>, _>(each(rows, |row| row.mentor.fields.academic_id.as_ref()))
        .bind::<Array<Text>, _>(each(rows, |row| array_text(&row.mentor.fields.expertise)))
        .bind::<Array<Text>, _>(each(rows, |row| array_text(&row.mentor.fields.subsectors)))
        .bind::<Array<Text>, _>(each(rows, |row| array_text(&row.mentor.fields.districts)))
        .bind::<Array<Nullable<Integer>>, _>(each(rows, |row| row.mentor.fields.capacity_offered))
        .bind::<Array<Jsonb>, _>(each(rows, |row| &row.mentor.fields.external_ids))
        .bind::<Array<Integer>, _>(each(rows, |row| row.mentor.fields.capacity))
        .bind::<Array<Text>, _>(each(rows, |row| array_text(&row.mentor.fields.expertise_confirmed)))
        .bind::<Array<Bytea>, _>(each(rows, |row| &row.sealed.email_sealed))
        .bind::<Array<Bytea>, _>(each(rows, |row| &row.sealed.email_index))
        .bind::<Array<Nullable<Bytea>>, _>(each(rows, |row| row.sealed.phone_sealed.as_ref()))
        .bind::<Array<Nullable<Bytea>>, _>(each(rows, |row| row.sealed.phone_index.as_ref()))
        .bind::<Array<Text>, _>(each(rows, |row| row.mentor.status))
        .bind::<Array<Text>, _>(each(rows, |row| row.mentor.source))
        .bind::<Array<Nullable<Timestamptz>>, _>(each(rows, |row| row.mentor.last_synced_at))
        .bind::<Array<Nullable<Date>>, _>(each(rows, |row| row.mentor.affiliation_ended_on))
        .bind::<Array<BigInt>, _>(each(rows, |row| row.mentor.version))
        .bind::<Array<Timestamptz>, _>(each(rows, |row| row.mentor.created_at))
        .bind::<Array<Timestamptz>, _>(each(rows, |row| row.mentor.updated_at));
    statement.execute(&mut tx.sql()).await?;
    Ok(())
}

/// In the order in which `send` binds them.
const COLUMNS: [&str; 24] = [
    "id",
    "kind",
    "institution_id",
    "full_name",
    "titles",
    "academic_id",
    "expertise",
    "subsectors",
    "districts",
    "capacity_offered",
    "external_ids",
    "capacity",
    "expertise_confirmed",
    "email_sealed",
    "email_index",
    "phone_sealed",
    "phone_index",
    "status",
    "source",
    "last_synced_at",
    "affiliation_ended_on",
    "version",
    "created_at",
    "updated_at",
];
/// Those that are arrays themselves.
const ARRAYS: [&str; 4] = ["expertise", "subsectors", "districts", "expertise_confirmed"];

fn values(columns: &[&str]) -> String {
    let value = |name: &&str| format!("r.{name}{}", if ARRAYS.contains(name) { "::text[]" } else { "" });
    columns.iter().map(value).collect::<Vec<_>>().join(", ")
}

fn rows() -> String {
    let bound = (1..=COLUMNS.len()).map(|number| format!("${number}")).collect::<Vec<_>>();
    format!("unnest({}) as r ({})", bound.join(", "), COLUMNS.join(", "))
}

/// Reads some mentors, merged ones too, and holds their rows until the transaction ends.
pub async fn lock(tx: &Tx<'_>, ids: &[MentorId]) -> Result<Vec<Mentor>> {
    let query = mentors::table.filter(mentors::id.eq_any(ids)).filter(store::visible_to(tx.reach));
    let query = query.order(mentors::id).select(Stored::as_select());
    let rows: Vec<Stored> = query.for_update().load(&mut tx.sql()).await?;
    rows.into_iter().map(|row| row.open(&tx.worker)).collect()
}

/// Whose each address is, by its index, as far as it is anybody's.
pub async fn with_emails(tx: &Tx<'_>, indexes: &[&[u8]]) -> Result<HashMap<Vec<u8>, MentorId>> {
    let theirs = mentors::table
        .filter(mentors::email_index.eq_any(indexes))
        .filter(mentors::status.ne(word(Status::Ended)))
        .filter(mentors::merged_into.is_null());
    let theirs = theirs.select((mentors::email_index, mentors::id));
    Ok(theirs.load::<(Vec<u8>, MentorId)>(&mut tx.sql()).await?.into_iter().collect())
}

/// The businesses whose owners see each mentor.
pub async fn coached(tx: &Tx<'_>, ids: Vec<MentorId>) -> Result<HashMap<Uuid, Vec<BusinessId>>> {
    let coached = mentorships::table.filter(mentorships::mentor_ids.overlaps_with(&ids));
    let coached = coached.select((mentorships::mentor_ids, mentorships::business_id)).distinct();
    let coached: Vec<(Vec<MentorId>, BusinessId)> = coached.load(&mut tx.sql()).await?;
    let mut of_each: HashMap<Uuid, Vec<BusinessId>> = HashMap::new();
    for (mentors, business) in coached {
        mentors.into_iter().for_each(|mentor| of_each.entry(mentor.0).or_default().push(business));
    }
    Ok(of_each)
}

/// Lets go whom his institution no longer lists.
pub async fn leave(tx: &Tx<'_>, id: MentorId, reached: Status) -> Result<std::rc::Rc<Mentor>> {
    let left = mentors::affiliation_ended_on.eq(Some(tx.today()));
    diesel::update(mentors::table.find(id)).set(left).execute(&mut tx.sql()).await?;
    store::advance(tx, id, reached).await
}

#[derive(QueryableByName)]
struct Listed {
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Bool)]
    is_missing: bool,
}

/// Of the institution whose source it is, those who take part and are not listed.
pub async fn missing(access: &Access, source: &str, listed: Vec<String>) -> Result<Missing> {
    let Party::Institution(own) = access.actor.party else { return Ok(Missing { known: 0, ids: vec![] }) };
    let query = sql_query(MISSING).bind::<Text, _>(source).bind::<SqlUuid, _>(own.0);
    let query = query.bind::<Array<Text>, _>(listed);
    let rows: Vec<Listed> = query.load(&mut &*access.worker.db.reader().await?).await?;
    let known = rows.len();
    let missing = rows.into_iter().filter(|row| row.is_missing).map(|row| (row.value, row.id));
    Ok(Missing { known, ids: missing.collect() })
}

const MISSING: &str = "select min(e.value) as value, m.id, not bool_or(l.value is not null) as is_missing \
    from mentors m join external_ids e on e.record_id = m.id and e.resource = 'mentor' and e.source = $1 \
    left join (select distinct unnest($3) as value) l on l.value = e.value \
    where m.institution_id = $2 and m.status in ('candidate', 'active', 'on_leave') and m.merged_into is null \
    group by m.id order by m.id";
