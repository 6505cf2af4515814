//! Queries on `persons`. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::{DateTime, Utc};
use diesel::{dsl::auto_type, prelude::*};
use diesel_async::RunQueryDsl;

use super::{
    payloads::{Person, PersonFields, PersonFilter, Profile},
    sealed::Sealed,
};
use crate::{
    access::{Access, Party, Permission, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{business_roles, persons, subject_keys},
    },
    error::{ApiError, Result},
    http::{Code, Page, Query, narrow, page, query::containing},
    ids::{BusinessId, PersonId},
    records::{Gathered, Tx, gather, merged, sealing::Opener, shared_through, unmerged, whole},
    worker::Worker,
};

/// Which table leads from a person to the businesses in which the person is somebody now.
pub const NOW_IN_BUSINESSES: &str =
    "select t.person_id from (select person_id, business_id from business_roles where to_date is null) t";

/// A party sees the people of the businesses that are shared with it, and a person herself.
pub fn visible_to(reach: Reach) -> Visible<persons::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Person(id)) => Box::new(persons::id.eq(id)),
        Reach::Own(_) => Box::new(Nothing),
        Reach::Shared(party) => Box::new(shared_through(party, "persons.id", NOW_IN_BUSINESSES)),
    }
}

/// A row, with the key that opens it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = persons)]
pub struct Stored {
    id: PersonId,
    #[diesel(embed)]
    profile: Profile,
    #[diesel(embed)]
    pub sealed: Sealed,
    #[diesel(select_expression = own_key(), select_expression_type = own_key)]
    wrapped_key: Option<Vec<u8>>,
    merged_into: Option<PersonId>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[auto_type]
fn own_key() -> _ {
    subject_keys::table
        .filter(subject_keys::subject_id.eq(persons::id))
        .select(subject_keys::wrapped)
        .single_value()
}

impl Stored {
    /// As it is shown.
    pub fn open(self, worker: &Worker) -> Result<Person> {
        let opener = self.opener(worker)?;
        let mut person = Person {
            id: self.id,
            profile: self.profile,
            nik: self.sealed.nik_masked.clone(),
            npwp: self.sealed.npwp_masked.clone(),
            phone: None,
            email: None,
            disability: None,
            merged_into: self.merged_into,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        };
        self.sealed.show(&opener, &mut person)?;
        Ok(person)
    }

    fn opener(&self, worker: &Worker) -> Result<Opener> {
        Opener::new(worker, self.id.0, self.wrapped_key.as_deref())
    }
}

/// A person whose row is held, with all that a change needs to know.
pub struct Held {
    pub person: Person,
    /// What the client set, the numbers in clear.
    pub fields: PersonFields,
    pub sealed: Sealed,
}

whole!(persons => Person, Stored, |row, access| row.open(&access.worker));

impl Gathered for Person {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[PersonId]) -> Result<Vec<Self>> {
        let query = persons::table.filter(visible_to(reach)).filter(persons::id.eq_any(ids));
        let rows: Vec<Stored> =
            query.select(Stored::as_select()).load(&mut &*worker.db.reader().await?).await?;
        rows.into_iter().map(|row| row.open(worker)).collect()
    }
}

pub async fn find(access: &Access, id: PersonId) -> Result<Rc<Person>> {
    unmerged(access, id).await
}

/// Also one who was merged: what happened is a history of its own.
pub async fn find_even_merged(access: &Access, id: PersonId) -> Result<Rc<Person>> {
    gather::one(access, id).await
}

pub async fn list(access: &Access, Query { filter, window }: Query<PersonFilter>) -> Result<Page<Person>> {
    if filter.q.is_some() && access.actor.hidden(Permission::ReadPersons).contains(&"full_name") {
        return Err(ApiError::invalid(Code::Hidden.of_parameter("q", "")));
    }
    let rows = || {
        let mut query = persons::table
            .filter(visible_to(access.reach))
            .filter(persons::merged_into.is_null())
            .into_boxed();
        narrow!(query by filter => persons: village_code, identity);
        if let Some(q) = &filter.q {
            query = query.filter(persons::full_name.ilike(containing(q)));
        }
        query
    };
    page!(access, window, rows(), Stored => |row| row.open(&access.worker))
}

pub async fn insert(tx: &Tx<'_>, id: PersonId, profile: &Profile, sealed: &Sealed) -> Result<Rc<Person>> {
    let new =
        (persons::id.eq(id), persons::created_at.eq(tx.now), persons::updated_at.eq(tx.now), profile, sealed);
    let insert = diesel::insert_into(persons::table).values(new);
    let row: Stored = insert.returning(Stored::as_returning()).get_result(&mut tx.sql()).await?;
    row.open(&tx.worker).map(Rc::new)
}

/// Reads a person and holds the row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: PersonId) -> Result<Person> {
    locked(tx, reach, id).await?.open(&tx.worker)
}

pub async fn hold(tx: &Tx<'_>, reach: Reach, id: PersonId) -> Result<Held> {
    let row = locked(tx, reach, id).await?;
    let (opener, sealed) = (row.opener(&tx.worker)?, row.sealed.clone());
    let person = row.open(&tx.worker)?;
    let profile = person.profile.clone();
    let fields = PersonFields {
        full_name: profile.full_name,
        nik: sealed.nik(&opener)?,
        npwp: sealed.npwp(&opener)?,
        identity: Some(profile.identity),
        gender: profile.gender,
        birth_year: profile.birth_year,
        phone: person.phone.clone(),
        email: person.email.clone(),
        village_code: profile.village_code,
        disability: person.disability.clone(),
        external_ids: profile.external_ids,
    };
    Ok(Held { person, fields, sealed })
}

/// Also one who was merged.
pub async fn lock_even_merged(tx: &Tx<'_>, reach: Reach, id: PersonId) -> Result<Person> {
    locked_even_merged(tx, reach, id).await?.open(&tx.worker)
}

/// # Errors
/// `Duplicate` for one who was merged: nothing of that record changes any more.
async fn locked(tx: &Tx<'_>, reach: Reach, id: PersonId) -> Result<Stored> {
    let row = locked_even_merged(tx, reach, id).await?;
    match row.merged_into {
        Some(into) => Err(merged::refused(path_if_seen(tx, into).await?)),
        None => Ok(row),
    }
}

async fn locked_even_merged(tx: &Tx<'_>, reach: Reach, id: PersonId) -> Result<Stored> {
    let query = persons::table.find(id).filter(visible_to(reach)).select(Stored::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: PersonId, profile: &Profile, sealed: &Sealed) -> Result<Rc<Person>> {
    let change = (profile, sealed, persons::version.eq(persons::version + 1), persons::updated_at.eq(tx.now));
    let update = diesel::update(persons::table.find(id)).set(change);
    let row: Stored = update.returning(Stored::as_returning()).get_result(&mut tx.sql()).await?;
    row.open(&tx.worker).map(Rc::new)
}

/// Who has the NIK, if anyone has.
pub async fn with_nik(tx: &Tx<'_>, nik: &str) -> Result<Option<PersonId>> {
    let index = tx.blind_index("persons.nik", nik)?;
    let person = persons::table.filter(persons::nik_index.eq(index)).filter(persons::merged_into.is_null());
    let person = person.select(persons::id);
    Ok(person.first(&mut tx.sql()).await.optional()?)
}

/// Where the person is found, by a caller who may see her.
pub async fn path_if_seen(tx: &Tx<'_>, id: PersonId) -> Result<Option<String>> {
    let Ok(reach) = tx.reach_of(Permission::ReadPersons) else { return Ok(None) };
    let seen = persons::table.find(id).filter(visible_to(reach)).select(persons::id);
    let seen: Option<PersonId> = seen.first(&mut tx.sql()).await.optional()?;
    Ok(seen.map(|id| format!("/v1/persons/{id}")))
}

/// The businesses in which the person is somebody now: through them her record is seen.
pub async fn businesses_of(tx: &Tx<'_>, id: PersonId) -> Result<Vec<BusinessId>> {
    let roles = business_roles::table.filter(business_roles::person_id.eq(id));
    let now = roles.filter(business_roles::to_date.is_null()).select(business_roles::business_id);
    Ok(now.distinct().load(&mut tx.sql()).await?)
}
