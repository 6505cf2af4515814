//! Instruments as files: the form of the document, its export and its import.

use actix_web::{HttpResponse, Responder, get, post, web::Path};

use super::{
    document::{Document, Status},
    payloads::{Instrument, InstrumentFields},
    store,
};
use crate::{
    access::{
        Granted,
        may::{ReadInstruments, WriteInstruments},
    },
    error::Result,
    http::{Answer, CreatedAt, Derived, Json},
    ids::InstrumentId,
    log::Event,
};

const SCHEMA: &str = include_str!("../../reference/instrument.schema.json");

/// Get the JSON Schema of an instrument's document.
///
/// For who writes instruments in an editor. What a schema cannot say is checked when one is published.
#[utoipa::path(responses((status = 200, body = Object, content_type = "application/schema+json")))]
#[get("/schema")]
pub async fn get_instrument_schema(_: Granted<ReadInstruments>) -> impl Responder {
    HttpResponse::Ok().content_type("application/schema+json").body(SCHEMA)
}

/// Export an instrument.
///
/// The document alone, as it can be imported elsewhere.
#[utoipa::path(params(InstrumentId), responses((status = 200, body = Document)))]
#[get("/{id}/document")]
pub async fn export_instrument(
    granted: Granted<ReadInstruments>,
    id: Path<InstrumentId>,
) -> Result<Derived<Document>> {
    let instrument = store::find(&granted, *id).await?;
    Ok(Derived(instrument.fields.document.clone()))
}

/// Import an instrument.
///
/// The document alone, as it was exported. Wherever it was published, here it begins as a draft.
#[utoipa::path(responses((status = 201, body = Instrument)))]
#[post("/import")]
pub async fn import_instrument(
    granted: Granted<WriteInstruments>,
    Json(document): Json<Document>,
) -> Result<Answer> {
    let fields = InstrumentFields { document: Document { status: Status::Draft, ..document } };
    granted
        .write(&fields, async |tx| {
            let instrument = store::insert(tx, &fields).await?;
            let event = Event::created(&*instrument);
            Ok((CreatedAt("/v1/instruments", instrument), event))
        })
        .await
}
