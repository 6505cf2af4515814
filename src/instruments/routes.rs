//! The addresses of instruments.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    document::Status,
    exchange,
    payloads::{Instrument, InstrumentFields, InstrumentFilter, ListedInstrument, MoveInstrument},
    rules::{self, LIFECYCLE},
    store, trying,
};
use crate::{
    access::{
        Granted,
        may::{ReadInstruments, WriteInstruments},
    },
    error::Result,
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::InstrumentId,
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let instruments = scope("/instruments").service(list_instruments);
    // Before `/{id}`, which fits every word.
    let instruments = instruments.service(exchange::get_instrument_schema).service(get_instrument);
    let instruments = instruments.service(create_instrument).service(update_instrument);
    let instruments = instruments.service(move_instrument).service(list_instrument_transitions);
    let instruments = instruments.service(list_instrument_history).service(trying::score_answers);
    config.service(instruments.service(exchange::export_instrument).service(exchange::import_instrument));
}

/// List instruments.
///
/// The newest first, without their documents.
#[utoipa::path(params(InstrumentFilter), responses((status = 200, body = Page<ListedInstrument>)))]
#[get("")]
async fn list_instruments(
    granted: Granted<ReadInstruments>,
    query: Query<InstrumentFilter>,
) -> Result<Page<ListedInstrument>> {
    store::list(&granted, query).await
}

/// Get an instrument with its document.
#[utoipa::path(responses((status = 200, body = Instrument)))]
#[get("/{id}")]
async fn get_instrument(
    granted: Granted<ReadInstruments>,
    id: Path<InstrumentId>,
) -> Result<Versioned<Instrument>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Draft an instrument, from a whole document.
#[utoipa::path(responses((status = 201, body = Instrument)))]
#[post("")]
async fn create_instrument(
    granted: Granted<WriteInstruments>,
    Json(fields): Json<InstrumentFields>,
) -> Result<Answer> {
    rules::is_draft(&fields.document)?;
    granted
        .write(&fields, async |tx| {
            let instrument = store::insert(tx, &fields).await?;
            let event = Event::created(&*instrument);
            Ok((Created(instrument), event))
        })
        .await
}

/// Change the document of a draft.
#[utoipa::path(
    request_body(content = InstrumentFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Instrument)),
)]
#[patch("/{id}")]
async fn update_instrument(
    granted: Granted<WriteInstruments>,
    id: Path<InstrumentId>,
    read: IfMatch,
    patch: MergePatch<InstrumentFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            LIFECYCLE.may_change(tx, &before, &[Status::Draft])?;
            let fields = patch.apply(&before.fields, Instrument::READ)?;
            rules::is_draft(&fields.document)?;
            let after = store::update(tx, *id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Publish or retire an instrument.
///
/// A published document is frozen, and what is wrong with a draft is said when it is to be published.
/// Several versions may be published side by side: whatever began with one goes on with it.
#[utoipa::path(responses((status = 200, body = Instrument)))]
#[post("/{id}/transitions")]
async fn move_instrument(
    granted: Granted<ReadInstruments>,
    id: Path<InstrumentId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveInstrument>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let course = rules::course_after(&before, step, &tx.worker.reference(), tx.now, tx.today())?;
            let after = store::advance(tx, *id, &course).await?;
            let event = Event::changed(&before, &*after, step.event()).with("move", &wanted);
            Ok((Versioned(after), event))
        })
        .await
}

/// List the moves of an instrument.
///
/// Where it stands, what you could do with it, and its moves, the latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_instrument_transitions(
    granted: Granted<ReadInstruments>,
    id: Path<InstrumentId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to an instrument.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_instrument_history(
    granted: Granted<ReadInstruments>,
    id: Path<InstrumentId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
