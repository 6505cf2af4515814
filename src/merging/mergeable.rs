//! The three kinds of records that can be merged, and how they differ.

use diesel::{
    sql_query,
    sql_types::{Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::payloads::Resource;
use crate::{
    access::Reach,
    businesses::{self, Business},
    error::{ApiError, Result},
    http::{Code, Flaw},
    ids::{BusinessId, MentorId, PersonId},
    log::Event,
    mentors::{self, Mentor},
    persons::{self, Person},
    records::{ExternalIds, Mergeable, Tx},
};

/// A record that is merged, or parted again.
pub enum Mergee {
    Business(Business),
    Person(Person),
    Mentor(Mentor),
}

impl Resource {
    pub fn table(self) -> &'static str {
        match self {
            Self::Business => Business::TABLE,
            Self::Person => Person::TABLE,
            Self::Mentor => Mentor::TABLE,
        }
    }
}

impl Mergee {
    /// Holds the row. The programme sees all of them.
    pub async fn lock(tx: &Tx<'_>, resource: Resource, id: Uuid) -> Result<Self> {
        match resource {
            Resource::Business => businesses::lock(tx, Reach::All, BusinessId(id)).await.map(Self::Business),
            Resource::Person => persons::lock(tx, Reach::All, PersonId(id)).await.map(Self::Person),
            Resource::Mentor => mentors::lock(tx, Reach::All, MentorId(id)).await.map(Self::Mentor),
        }
    }

    pub async fn lock_even_merged(tx: &Tx<'_>, resource: Resource, id: Uuid) -> Result<Self> {
        let all = Reach::All;
        match resource {
            Resource::Business => {
                businesses::lock_even_merged(tx, all, BusinessId(id)).await.map(Self::Business)
            }
            Resource::Person => persons::lock_even_merged(tx, all, PersonId(id)).await.map(Self::Person),
            Resource::Mentor => mentors::lock_even_merged(tx, all, MentorId(id)).await.map(Self::Mentor),
        }
    }

    pub fn id(&self) -> Uuid {
        match self {
            Self::Business(business) => business.id.into(),
            Self::Person(person) => person.id.into(),
            Self::Mentor(mentor) => mentor.id.into(),
        }
    }

    pub fn external_ids(&self) -> &ExternalIds {
        match self {
            Self::Business(business) => &business.fields.external_ids,
            Self::Person(person) => &person.profile.external_ids,
            Self::Mentor(mentor) => &mentor.fields.external_ids,
        }
    }

    /// What it was before, where being merged is a status.
    pub fn status(&self) -> Option<&'static str> {
        match self {
            Self::Business(business) => Some(business.status.as_str()),
            Self::Person(_) | Self::Mentor(_) => None,
        }
    }

    /// Why nothing can be handed on to `other`.
    pub fn flaws(&self, other: &Self) -> Vec<Flaw> {
        let wrong = match (self, other) {
            (Self::Business(from), Self::Business(into)) => {
                let closed = into.status != businesses::Status::Active && from.status != into.status;
                [(from.fields.kind != into.fields.kind, "kind"), (closed, "status")]
            }
            (Self::Mentor(from), Self::Mentor(into)) => {
                let left = |mentor: &Mentor| {
                    [mentors::Status::Ending, mentors::Status::Ended].contains(&mentor.status)
                };
                [(left(into) && !left(from), "status"), (false, "")]
            }
            _ => return vec![],
        };
        let wrong = wrong.into_iter().filter(|(wrong, _)| *wrong);
        wrong.map(|(_, field)| Code::Conflict.expecting("/into_id", field)).collect()
    }

    /// The businesses through which a record is seen that names none.
    pub async fn through(&self, tx: &Tx<'_>) -> Result<Vec<BusinessId>> {
        match self {
            Self::Business(_) => Ok(vec![]),
            Self::Person(person) => persons::businesses_of(tx, person.id).await,
            Self::Mentor(mentor) => mentors::coached_by(tx, mentor.id).await,
        }
    }

    /// The event of a change, as each kind tells it.
    pub fn changed(&self, after: &Self, what: &str, with: Uuid, through: Vec<BusinessId>) -> Result<Event> {
        let event = match (self, after) {
            (Self::Business(before), Self::Business(after)) => Event::changed(before, after, what),
            (Self::Person(before), Self::Person(after)) => {
                Event::changed(&before.for_the_log(), &after.for_the_log(), what)
            }
            (Self::Mentor(before), Self::Mentor(after)) => Event::changed(before, after, what),
            _ => return Err(ApiError::internal("two kinds of records")),
        };
        Ok(event.through(through).with("with", &with).also_about(with))
    }
}

/// Leads the record to another, or to none again.
pub async fn lead(
    tx: &Tx<'_>,
    resource: Resource,
    id: Uuid,
    into: Option<Uuid>,
    status: Option<&str>,
) -> Result<()> {
    let status_too = if resource == Resource::Business { ", status = $4" } else { "" };
    let sql = format!(
        "update {} set merged_into = $2, version = version + 1, updated_at = $3{status_too} where id = $1",
        resource.table()
    );
    let query = sql_query(sql)
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<SqlUuid>, _>(into)
        .bind::<Timestamptz, _>(tx.now)
        .bind::<Nullable<Text>, _>(status);
    query.execute(&mut tx.sql()).await?;
    Ok(())
}

/// What partners call it, as its row shows it.
pub async fn call(tx: &Tx<'_>, resource: Resource, id: Uuid, names: &ExternalIds) -> Result<()> {
    let sql = format!(
        "update {} set external_ids = $2, version = version + 1, updated_at = $3 where id = $1",
        resource.table()
    );
    let names = serde_json::to_value(names).map_err(ApiError::internal)?;
    let query = sql_query(sql).bind::<SqlUuid, _>(id).bind::<Jsonb, _>(names).bind::<Timestamptz, _>(tx.now);
    query.execute(&mut tx.sql()).await?;
    Ok(())
}
