//! Looking a person up by a value that the caller knows. It is the only way to find someone by it, never
//! stands in an address, and is recorded: who looked, when, by which kind of value, whom it showed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::payloads::Identity;
use crate::{
    access::Access,
    db::schema::{person_lookups, persons},
    error::{ApiError, Result},
    http::{Code, Page},
    identifiers::{email, npwp, phone},
    ids::PersonId,
    records::{Tx, record},
};

/// One of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LookUpPerson)]
pub struct LookUp {
    #[schema(format = "nik", max_length = 16, example = "9974014101900001")]
    pub nik: Option<String>,
    #[schema(format = "npwp", max_length = 20)]
    pub npwp: Option<String>,
    #[schema(format = "phone", max_length = 30)]
    pub phone: Option<String>,
    #[schema(format = "email", max_length = 254)]
    pub email: Option<String>,
}

/// So much of a person as tells who it is; all of it is at `/v1/persons/{id}` for who may see it.
#[derive(Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = persons)]
#[schema(as = FoundPerson)]
pub struct Found {
    pub id: PersonId,
    #[schema(example = "Siti Aminah")]
    pub full_name: String,
    /// Masked.
    #[diesel(column_name = nik_masked)]
    #[schema(example = "9974**********01")]
    pub nik: Option<String>,
    pub identity: Identity,
    #[schema(example = "36.74.04.1002")]
    pub village_code: Option<String>,
    #[schema(example = 1)]
    pub version: i64,
    pub updated_at: DateTime<Utc>,
}

record!(Found: PersonId, "person", LookUpPersons {});

/// A value that was asked for, normalised.
enum Key {
    Nik(String),
    Npwp(String),
    Phone(String),
    Email(String),
}

impl LookUp {
    fn key(self) -> Result<Key> {
        let npwp = self.npwp.as_deref().and_then(npwp::normalise).map(Key::Npwp);
        let phone = self.phone.as_deref().and_then(phone::normalise).map(Key::Phone);
        let email = self.email.as_deref().and_then(email::normalise).map(Key::Email);
        let mut given = [self.nik.map(Key::Nik), npwp, phone, email].into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(more)) => Err(ApiError::invalid(Code::Unknown.at(format!("/{}", more.name())))),
            (None, _) => Err(ApiError::invalid(Code::Required.at("/nik"))),
        }
    }
}

impl Key {
    fn name(&self) -> &'static str {
        match self {
            Self::Nik(_) => "nik",
            Self::Npwp(_) => "npwp",
            Self::Phone(_) => "phone",
            Self::Email(_) => "email",
        }
    }
}

pub async fn look_up(access: &Access, wanted: LookUp) -> Result<Page<Found>> {
    let key = wanted.key()?;
    let data = access
        .in_transaction(async |tx| {
            let found = with(tx, &key).await?;
            record(tx, &key, &found).await?;
            Ok(found)
        })
        .await?;
    Ok(Page { data, next_cursor: None, total: None })
}

/// Phones and mail boxes are shared in families, so there may be several.
async fn with(tx: &Tx<'_>, key: &Key) -> Result<Vec<Found>> {
    let index = |column: &str, value: &str| tx.blind_index(&format!("persons.{column}"), value);
    let mut query =
        persons::table.filter(persons::merged_into.is_null()).order(persons::id).limit(50).into_boxed();
    query = match key {
        Key::Nik(nik) => query.filter(persons::nik_index.eq(index("nik", nik)?)),
        Key::Phone(phone) => query.filter(persons::phone_index.eq(index("phone", phone)?)),
        Key::Email(email) => query.filter(persons::email_index.eq(index("email", email)?)),
        // A resident's tax number is the NIK, whether or not it was given as both.
        Key::Npwp(npwp) => {
            let as_nik = persons::nik_index.eq(index("nik", npwp)?);
            query.filter(persons::npwp_index.eq(index("npwp", npwp)?).or(as_nik))
        }
    };
    Ok(query.select(Found::as_select()).load(&mut tx.sql()).await?)
}

async fn record(tx: &Tx<'_>, key: &Key, found: &[Found]) -> Result<()> {
    let row = (
        person_lookups::id.eq(Uuid::now_v7()),
        person_lookups::looked_at.eq(tx.now),
        person_lookups::actor_id.eq(tx.actor.user),
        person_lookups::actor_role.eq(tx.actor.role),
        person_lookups::client_id.eq(&tx.actor.client),
        person_lookups::request_id.eq(tx.request_id()),
        person_lookups::by.eq(key.name()),
        person_lookups::found.eq(found.iter().map(|person| person.id.0).collect::<Vec<_>>()),
    );
    diesel::insert_into(person_lookups::table).values(row).execute(&mut tx.sql()).await?;
    Ok(())
}
