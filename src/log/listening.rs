//! Wakes those of this process who wait for events: PostgreSQL says when a replica has numbered some. Only a
//! wake-up; whoever waits looks by himself, too.

use std::time::Duration;

use actix_web::{rt::time, web::Data};
use diesel_async::SimpleAsyncConnection;
use futures_util::StreamExt;

use crate::{error::Result, worker::Worker};

const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Until its task is dropped. One in a process is enough.
pub async fn listen(worker: Data<Worker>) {
    loop {
        if let Err(error) = hear(&worker).await {
            log::warn!("nobody hears that events were numbered: {error:?}");
        }
        time::sleep(AFTER_FAILURE).await;
    }
}

async fn hear(worker: &Worker) -> Result<()> {
    let mut connection = worker.db.connect().await?;
    connection.batch_execute("listen feed").await?;
    let mut said = std::pin::pin!(connection.notifications_stream());
    while let Some(said) = said.next().await {
        said?;
        worker.tell_numbered();
    }
    Ok(())
}
