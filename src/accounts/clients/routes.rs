//! The addresses of machine clients.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    create,
    payloads::{Client, ClientFields, ClientFilter, NewClient},
    store,
};
use crate::{
    access::{
        Granted,
        may::{ReadClients, WriteClients},
    },
    error::{ApiError, Result},
    http::{Answer, IfMatch, Json, MergePatch, Page, Query, Shown, Versioned},
    ids::UserId,
    log::{self, Event, EventOut, HistoryFilter},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let clients = scope("/clients").service(list_clients).service(get_client);
    let clients = clients.service(create_client).service(update_client).service(create_client_secret);
    config.service(clients.service(list_client_history));
}

/// List clients.
///
/// The newest first.
#[utoipa::path(params(ClientFilter), responses((status = 200, body = Page<Client>)))]
#[get("")]
async fn list_clients(granted: Granted<ReadClients>, query: Query<ClientFilter>) -> Result<Page<Client>> {
    store::list(&granted, query).await
}

/// Get a client.
#[utoipa::path(responses((status = 200, body = Client)))]
#[get("/{id}")]
async fn get_client(granted: Granted<ReadClients>, id: Path<UserId>) -> Result<Versioned<Client>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Register a client.
///
/// The answer shows its secret, this once. It is good for a year.
#[utoipa::path(responses((status = 201, body = NewClient)))]
#[post("")]
async fn create_client(granted: Granted<WriteClients>, Json(fields): Json<ClientFields>) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let (client, secret, event) = create::create(tx, &fields).await?;
            Ok((Shown { of: Some(client.id.0), once: create::shown(&client, secret) }, event))
        })
        .await
}

/// Change a client.
///
/// Its name, scopes and status. A client that is disabled gets no more tokens.
#[utoipa::path(
    request_body(content = ClientFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Client)),
)]
#[patch("/{id}")]
async fn update_client(
    granted: Granted<WriteClients>,
    id: Path<UserId>,
    read: IfMatch,
    patch: MergePatch<ClientFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Client::READ)?;
            let mut flaws = fields.fixed(&before.fields);
            flaws.extend(fields.flaws());
            ApiError::if_any(flaws)?;
            let after = store::update(tx, *id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Give a client a new secret.
///
/// The answer shows it, this once. The one before stays good for 30 days at most; an older one ends.
#[utoipa::path(params(UserId), responses((status = 201, body = NewClient)))]
#[post("/{id}/secrets")]
async fn create_client_secret(granted: Granted<WriteClients>, id: Path<UserId>) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            let (secret, mark) = create::new_secret(tx)?;
            let after = store::rotate(tx, &before, mark).await?;
            let event = Event::changed(&before, &after, "updated");
            Ok((Shown { of: None, once: create::shown(&after, secret) }, event))
        })
        .await
}

/// List what happened to a client.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_client_history(
    granted: Granted<ReadClients>,
    id: Path<UserId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
