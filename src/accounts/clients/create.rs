//! Making a client, for the administrator's request and for the command line alike.

use std::rc::Rc;

use actix_web::web::Data;

use super::{
    payloads::{Client, ClientFields, NewClient},
    store,
};
use crate::{
    access::Access,
    accounts::{marks, store::subject_name},
    error::{ApiError, Result},
    http::{Code, Flaw},
    log::{Event, append::append},
    records::Tx,
    secrets::random::{self, LIVE},
    worker::Worker,
};

/// Makes a client outside a request, and answers its secret.
///
/// # Errors
/// As `POST /v1/clients`: a flaw in the fields, or the `client_id` of another client.
pub async fn make_client(worker: &Data<Worker>, fields: ClientFields) -> Result<NewClient> {
    Access::of_service(worker, "clients create", None)
        .in_transaction(async |tx| {
            let (client, secret, event) = create(tx, &fields).await?;
            append(tx, event.into()).await?;
            Ok(shown(&client, secret))
        })
        .await
}

pub async fn create(tx: &Tx<'_>, fields: &ClientFields) -> Result<(Rc<Client>, String, Event)> {
    let mut flaws = fields.flaws();
    flaws.extend(missing(tx, fields).await?);
    ApiError::if_any(flaws)?;
    let (secret, mark) = new_secret(tx)?;
    let client = store::insert(tx, fields, mark).await?;
    let event = Event::created(&*client);
    Ok((client, secret, event))
}

/// A secret, and what is kept of it.
pub fn new_secret(tx: &Tx<'_>) -> Result<(String, Vec<u8>)> {
    let secret = random::secret(LIVE).map_err(ApiError::internal)?;
    let mark = marks::of(&tx.worker.keys, marks::Purpose::ClientSecret, &secret)?;
    Ok((secret, mark))
}

pub fn shown(client: &Client, client_secret: String) -> NewClient {
    let client_id = client.fields.client_id.clone();
    NewClient { id: client.id, client_id, client_secret, expires_at: client.secret_expires_at }
}

/// Whether the subject exists that the role asks for.
async fn missing(tx: &Tx<'_>, fields: &ClientFields) -> Result<Option<Flaw>> {
    let Some(subject) = fields.subject_id.filter(|_| fields.rows().subject().is_some()) else {
        return Ok(None);
    };
    let name = subject_name(tx, fields.rows(), subject, None).await?;
    Ok(name.is_none().then(|| Code::NoSuchRecord.at("/subject_id")))
}
