//! What moves an endpoint: a request, or the service by itself.

use std::rc::Rc;

use actix_web::web::Data;

use super::{
    deliveries::KEPT,
    lanes,
    payloads::{Because, Status, Webhook},
    store,
};
use crate::{
    access::{Access, Reach},
    error::Result,
    ids::WebhookId,
    log::{Event, append::append, feed},
    records::Tx,
    worker::Worker,
};

/// Enables it, or disables it for a reason of the service's own.
pub async fn set(tx: &Tx<'_>, id: WebhookId, to: Status, because: Option<Because>) -> Result<Rc<Webhook>> {
    match to {
        // Nothing is left out, but for what is so old that whoever missed it does better to read the feed.
        Status::Enabled => {
            let from = feed::first_since(tx, tx.now - KEPT).await?;
            lanes::resume(tx, id, from).await?;
        }
        Status::Disabled => lanes::pause(tx, id).await?,
    }
    store::set_status(tx, id, to, because).await
}

/// With an event, by which the party knows.
pub async fn disable(worker: &Data<Worker>, id: WebhookId, because: Because) -> Result<()> {
    let access = Access::of_service(worker, "webhooks", None);
    access
        .in_transaction(async |tx| {
            let before = store::lock(tx, Reach::All, id).await?;
            if before.status == Status::Disabled {
                return Ok(());
            }
            let after = set(tx, id, Status::Disabled, Some(because)).await?;
            append(tx, Event::changed(&before, &*after, "disabled").into()).await
        })
        .await?;
    log::warn!("webhook {id} is disabled: {because}");
    worker.wake_readers();
    Ok(())
}
