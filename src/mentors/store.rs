//! Queries on `mentors`. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    dsl::{auto_type, count_star},
    prelude::*,
};
use diesel_async::RunQueryDsl;

use super::{
    payloads::{Mentor, MentorFields, MentorFilter, Profile, Source, Status},
    sealed::{EMAIL, Sealed},
};
use crate::{
    access::{Access, Party, Permission, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{mentors, mentorships, subject_keys},
        word,
    },
    error::Result,
    http::{Page, Query, narrow, page, query::containing},
    ids::{BusinessId, MentorId, MentorshipId},
    records::{Gathered, Tx, gather, merged, sealing::Opener, shared_through, unmerged, whole},
    worker::Worker,
};

/// A mentor sees himself, an institution its mentors, an owner those who coach a business of hers.
pub fn visible_to(reach: Reach) -> Visible<mentors::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Mentor(id)) => Box::new(mentors::id.eq(id)),
        Reach::Own(Party::Institution(id)) => Box::new(mentors::institution_id.assume_not_null().eq(id)),
        Reach::Own(_) => Box::new(Nothing),
        Reach::Shared(party) => {
            Box::new(shared_through(party, "mentors.id", "select unnest(t.mentor_ids) from mentorships t"))
        }
    }
}

/// A row, with the key that opens it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = mentors)]
pub(super) struct Stored {
    id: MentorId,
    #[diesel(embed)]
    fields: Profile,
    #[diesel(embed)]
    sealed: Sealed,
    #[diesel(select_expression = own_key(), select_expression_type = own_key)]
    wrapped_key: Option<Vec<u8>>,
    status: Status,
    source: Source,
    last_synced_at: Option<DateTime<Utc>>,
    affiliation_ended_on: Option<NaiveDate>,
    merged_into: Option<MentorId>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[auto_type]
fn own_key() -> _ {
    let of_mentor = subject_keys::table.filter(subject_keys::subject_id.eq(mentors::id));
    of_mentor.select(subject_keys::wrapped).single_value()
}

impl Stored {
    /// As it is shown.
    pub(super) fn open(self, worker: &Worker) -> Result<Mentor> {
        let opener = Opener::new(worker, self.id.0, self.wrapped_key.as_deref())?;
        Ok(Mentor {
            id: self.id,
            fields: self.fields,
            email: self.sealed.email(&opener)?,
            phone: self.sealed.phone(&opener)?,
            status: self.status,
            source: self.source,
            last_synced_at: self.last_synced_at,
            affiliation_ended_on: self.affiliation_ended_on,
            merged_into: self.merged_into,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

impl Mentor {
    /// What a client would have to send for it.
    pub fn as_sent(&self) -> MentorFields {
        let fields = self.fields.clone();
        MentorFields {
            kind: fields.kind,
            institution_id: fields.institution_id,
            full_name: fields.full_name,
            titles: fields.titles,
            academic_id: fields.academic_id,
            email: self.email.clone().unwrap_or_default(),
            phone: self.phone.clone(),
            expertise: fields.expertise,
            subsectors: fields.subsectors,
            districts: fields.districts,
            capacity_offered: fields.capacity_offered,
            external_ids: fields.external_ids,
            capacity: Some(fields.capacity),
            expertise_confirmed: fields.expertise_confirmed,
        }
    }
}

whole!(mentors => Mentor, Stored, |row, access| row.open(&access.worker));

impl Gathered for Mentor {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[MentorId]) -> Result<Vec<Self>> {
        let query = mentors::table.filter(visible_to(reach)).filter(mentors::id.eq_any(ids));
        let rows: Vec<Stored> =
            query.select(Stored::as_select()).load(&mut &*worker.db.reader().await?).await?;
        rows.into_iter().map(|row| row.open(worker)).collect()
    }
}

pub async fn find(access: &Access, id: MentorId) -> Result<Rc<Mentor>> {
    unmerged(access, id).await
}

/// Also one who was merged: what happened is a history of its own.
pub async fn find_even_merged(access: &Access, id: MentorId) -> Result<Rc<Mentor>> {
    gather::one(access, id).await
}

pub async fn list(access: &Access, Query { filter, window }: Query<MentorFilter>) -> Result<Page<Mentor>> {
    let rows = || {
        let mut query = mentors::table
            .filter(visible_to(access.reach))
            .filter(mentors::merged_into.is_null())
            .into_boxed();
        narrow!(query by filter => mentors: institution_id, kind, status);
        if let Some(any) = &filter.expertise {
            query = query.filter(mentors::expertise.overlaps_with(any.0.clone()));
        }
        if let Some(any) = &filter.subsectors {
            query = query.filter(mentors::subsectors.overlaps_with(any.0.clone()));
        }
        if let Some(any) = &filter.districts {
            query = query.filter(mentors::districts.overlaps_with(any.0.clone()));
        }
        if let Some(q) = &filter.q {
            query = query.filter(mentors::full_name.ilike(containing(q)));
        }
        query
    };
    page!(access, window, rows(), Stored => |row| row.open(&access.worker))
}

pub async fn insert(
    tx: &Tx<'_>,
    id: MentorId,
    fields: &Profile,
    sealed: &Sealed,
    source: Source,
) -> Result<Rc<Mentor>> {
    let new = (
        mentors::id.eq(id),
        mentors::status.eq(Status::Candidate),
        mentors::source.eq(source),
        mentors::last_synced_at.eq((source == Source::Sync).then_some(tx.now)),
        mentors::created_at.eq(tx.now),
        mentors::updated_at.eq(tx.now),
        fields,
        sealed,
    );
    let insert = diesel::insert_into(mentors::table).values(new);
    let row: Stored = insert.returning(Stored::as_returning()).get_result(&mut tx.sql()).await?;
    row.open(&tx.worker).map(Rc::new)
}

/// Reads a mentor and holds the row until the transaction ends.
///
/// # Errors
/// `Duplicate` for one who was merged: nothing of that record changes any more.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: MentorId) -> Result<Mentor> {
    let mentor = lock_even_merged(tx, reach, id).await?;
    match mentor.merged_into {
        Some(into) => Err(merged::refused(path_if_seen(tx, into).await?)),
        None => Ok(mentor),
    }
}

pub async fn lock_even_merged(tx: &Tx<'_>, reach: Reach, id: MentorId) -> Result<Mentor> {
    let query = mentors::table.find(id).filter(visible_to(reach)).select(Stored::as_select());
    let row: Stored = query.for_update().first(&mut tx.sql()).await?;
    row.open(&tx.worker)
}

/// Who came from a partner's system once is its own, whoever else changes him.
pub async fn update(
    tx: &Tx<'_>,
    id: MentorId,
    fields: &Profile,
    sealed: &Sealed,
    source: Source,
) -> Result<Rc<Mentor>> {
    let synced = (mentors::source.eq(Source::Sync), mentors::last_synced_at.eq(Some(tx.now)));
    let synced = (source == Source::Sync).then_some(synced);
    let next = (mentors::version.eq(mentors::version + 1), mentors::updated_at.eq(tx.now));
    let change = (fields, sealed, synced, next);
    let update = diesel::update(mentors::table.find(id)).set(change);
    let row: Stored = update.returning(Stored::as_returning()).get_result(&mut tx.sql()).await?;
    row.open(&tx.worker).map(Rc::new)
}

pub async fn advance(tx: &Tx<'_>, id: MentorId, status: Status) -> Result<Rc<Mentor>> {
    let change = (
        mentors::status.eq(status),
        mentors::version.eq(mentors::version + 1),
        mentors::updated_at.eq(tx.now),
    );
    let update = diesel::update(mentors::table.find(id)).set(change);
    let row: Stored = update.returning(Stored::as_returning()).get_result(&mut tx.sql()).await?;
    row.open(&tx.worker).map(Rc::new)
}

/// Whose address it is, but for who has ended.
pub async fn with_email(tx: &Tx<'_>, email: &str) -> Result<Option<MentorId>> {
    let same = mentors::table.filter(mentors::email_index.eq(tx.blind_index(EMAIL, email)?));
    let same = same.filter(mentors::status.ne(word(Status::Ended))).filter(mentors::merged_into.is_null());
    let same = same.select(mentors::id);
    Ok(same.first(&mut tx.sql()).await.optional()?)
}

/// Where the mentor is found, by a caller who may see him.
pub async fn path_if_seen(tx: &Tx<'_>, id: MentorId) -> Result<Option<String>> {
    let Ok(reach) = tx.reach_of(Permission::ReadMentors) else { return Ok(None) };
    let seen = mentors::table.find(id).filter(visible_to(reach)).select(mentors::id);
    let seen: Option<MentorId> = seen.first(&mut tx.sql()).await.optional()?;
    Ok(seen.map(|id| format!("/v1/mentors/{id}")))
}

/// What the mentor has been proposed and could still accept, and has taken on. Who counts before adding
/// one more holds the mentor's row.
#[auto_type]
fn open_of(mentor: MentorId, today: NaiveDate) -> _ {
    let of = mentorships::mentor_id.eq(mentor).and(mentorships::is_open);
    of.and(mentorships::status.ne("proposed").or(mentorships::expires_on.ge(today)))
}

pub async fn load(tx: &Tx<'_>, mentor: MentorId) -> Result<i64> {
    let open = mentorships::table.filter(open_of(mentor, tx.today()));
    Ok(open.count().get_result(&mut tx.sql()).await?)
}

/// How many are proposed, accepted, active.
pub async fn open_by_status(access: &Access, mentor: MentorId) -> Result<[i64; 3]> {
    let open = mentorships::table.filter(open_of(mentor, access.today()));
    let counts = open.group_by(mentorships::status).select((mentorships::status, count_star()));
    let counts: Vec<(String, i64)> = counts.load(&mut &*access.worker.db.reader().await?).await?;
    let of = |status: &str| counts.iter().find(|(name, _)| name == status).map_or(0, |(_, count)| *count);
    Ok([of("proposed"), of("accepted"), of("active")])
}

/// Those of a mentor whose row is held: no new one begins.
pub async fn open_mentorships(tx: &Tx<'_>, mentor: MentorId) -> Result<Vec<MentorshipId>> {
    let open = mentorships::table.filter(open_of(mentor, tx.today())).order(mentorships::id);
    Ok(open.select(mentorships::id).load(&mut tx.sql()).await?)
}

/// Those on their way out, held until the transaction ends.
pub async fn lock_ending(tx: &Tx<'_>) -> Result<Vec<Mentor>> {
    let ending = mentors::table
        .filter(mentors::status.eq(word(Status::Ending)))
        .filter(mentors::merged_into.is_null());
    let ending = ending.order(mentors::id);
    let rows: Vec<Stored> = ending.select(Stored::as_select()).for_update().load(&mut tx.sql()).await?;
    rows.into_iter().map(|row| row.open(&tx.worker)).collect()
}

/// The businesses whose owners see the mentor.
pub async fn coached_by(tx: &Tx<'_>, mentor: MentorId) -> Result<Vec<BusinessId>> {
    let coached = mentorships::table.filter(mentorships::mentor_ids.contains(vec![mentor]));
    Ok(coached.select(mentorships::business_id).distinct().load(&mut tx.sql()).await?)
}
