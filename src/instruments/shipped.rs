//! The instrument that the program carries, for planners to begin with.

use actix_web::web::Data;

use super::{payloads::InstrumentFields, store};
use crate::{
    access::Access,
    error::{ApiError, Result},
    log::{Event, append::append},
    worker::Worker,
};

const SHIPPED: &str = include_str!("../../reference/instrument.json");

/// Puts it into a database that has no instrument yet, as a draft.
pub async fn ship(worker: &Data<Worker>) -> Result<()> {
    let document = serde_json::from_str(SHIPPED).map_err(ApiError::internal)?;
    let access = Access::of_service(worker, "shipped_instrument", None);
    let shipped = access.in_transaction(async |tx| {
        if store::any(tx).await? {
            return Ok(());
        }
        let instrument = store::insert(tx, &InstrumentFields { document }).await?;
        append(tx, Event::created(&*instrument).into()).await
    });
    match shipped.await {
        // Another process of the service was faster.
        Err(ApiError::Duplicate { .. }) => Ok(()),
        shipped => shipped,
    }
}
