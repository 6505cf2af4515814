//! The addresses of persons.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    consents, duplicates, intake,
    lookup::{self, Found, LookUp},
    payloads::{Person, PersonFields, PersonFilter},
    rules, store,
};
use crate::{
    access::{
        Granted,
        may::{CreatePersons, LookUpPersons, ReadPersons, WritePersons},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::PersonId,
    log::{self, EventOut, HistoryFilter},
    records::{
        Record,
        duplicates::{Registered, of},
    },
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let persons = scope("/persons").service(look_up_persons).service(list_persons).service(get_person);
    let persons = persons.service(create_person).service(update_person).service(list_person_history);
    let persons = persons.service(duplicates::get_person_duplicates);
    config.service(persons.configure(consents::routes));
}

/// List persons.
///
/// The newest first. To find somebody by a number, look the person up.
#[utoipa::path(params(PersonFilter), responses((status = 200, body = Page<Person>)))]
#[get("")]
async fn list_persons(granted: Granted<ReadPersons>, query: Query<PersonFilter>) -> Result<Page<Person>> {
    store::list(&granted, query).await
}

/// Get a person.
#[utoipa::path(responses((status = 200, body = Person)))]
#[get("/{id}")]
async fn get_person(granted: Granted<ReadPersons>, id: Path<PersonId>) -> Result<Versioned<Person>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Register a person.
#[utoipa::path(responses((status = 201, body = Registered<Person>)))]
#[post("")]
async fn create_person(granted: Granted<CreatePersons>, Json(fields): Json<PersonFields>) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let (person, event) = intake::create(tx, &fields).await?;
            let alike = of::<Person>(tx, tx.sql(), person.id).await?;
            Ok((Created(Registered::new(person, alike)), event))
        })
        .await
}

/// Look a person up by NIK, NPWP, telephone or e-mail.
///
/// Give exactly one. Each look-up is recorded: by whom, when, whom it showed; not the value.
#[utoipa::path(responses((status = 200, body = Page<Found>)))]
#[post("/lookup")]
async fn look_up_persons(granted: Granted<LookUpPersons>, Json(wanted): Json<LookUp>) -> Result<Page<Found>> {
    lookup::look_up(&granted, wanted).await
}

/// Change a person.
///
/// NIK and NPWP are replaced whole: what is shown masked cannot be sent back.
#[utoipa::path(
    request_body(content = PersonFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Person)),
)]
#[patch("/{id}")]
async fn update_person(
    granted: Granted<WritePersons>,
    id: Path<PersonId>,
    read: IfMatch,
    patch: MergePatch<PersonFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::hold(tx, tx.reach, *id).await?;
            read.check(&before.person)?;
            patch.names_none_of(rules::kept_by_others(tx.actor.party, &before.person))?;
            let fields = patch.apply(&before.fields, Person::READ)?;
            let (after, event) = intake::change(tx, &before, fields, patch.names("identity")).await?;
            Ok((Versioned(after), event))
        })
        .await
}

/// List what happened to a person.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_person_history(
    granted: Granted<ReadPersons>,
    id: Path<PersonId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find_even_merged(&granted, *id).await?, &query).await
}
