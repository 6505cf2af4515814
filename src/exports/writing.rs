//! Writing an export while it is read. The task that reads waits for the one that sends: a caller that takes its
//! time holds up nobody but itself.

use actix_web::{rt, web::Bytes};
use diesel_async::SimpleAsyncConnection;
use futures_util::{Stream, StreamExt, stream::unfold};
use tokio::sync::mpsc;

use super::{csv::Table, kinds::Kind};
use crate::{
    access::Access,
    db::Long,
    error::{ApiError, Result},
};

#[derive(Clone, Copy)]
pub enum Form {
    Ndjson,
    Csv { delimiter: u8, bom: bool },
}

/// So much is sent at once, and so many of these wait at most.
const CHUNK: usize = 64 << 10;
const WAITING: usize = 4;

/// The body. What fails in the middle cuts it off: a client that counts on the end of the answer notices.
pub async fn body(
    access: Access,
    kind: &'static Kind,
    form: Form,
) -> Result<impl Stream<Item = Result<Bytes>>> {
    let (send, receive) = mpsc::channel(WAITING);
    let connection = snapshot(&access).await?;
    rt::spawn(async move {
        if let Err(error) = write(&access, connection, kind, form, &send).await {
            log::error!("the export of {} is cut off: {error:?}", kind.name);
            // Nobody may listen any more.
            let _ = send.send(Err(error)).await;
        }
    });
    Ok(unfold(receive, |mut receive| async { receive.recv().await.map(|chunk| (chunk, receive)) }))
}

/// A connection in a transaction that sees one moment of the database, for as long as it takes.
pub async fn snapshot(access: &Access) -> Result<Long> {
    let mut connection = access.worker.db.long().await?;
    connection
        .batch_execute(
            "set statement_timeout = 0; set enable_seqscan = on; set plan_cache_mode = auto; \
             begin isolation level repeatable read read only",
        )
        .await?;
    Ok(connection)
}

async fn write(
    access: &Access,
    mut connection: Long,
    kind: &'static Kind,
    form: Form,
    send: &mpsc::Sender<Result<Bytes>>,
) -> Result<()> {
    let mut chunk = Vec::with_capacity(CHUNK + 4096);
    let mut pieces = match form {
        Form::Ndjson => (kind.lines)(access, &mut connection),
        Form::Csv { delimiter, bom } => {
            if bom {
                chunk.extend_from_slice("\u{feff}".as_bytes());
            }
            let mut table = Table::new(delimiter);
            (kind.shown)(access, &mut connection).map(move |record| table.row(&record?)).boxed_local()
        }
    };
    while let Some(piece) = pieces.next().await {
        chunk.extend_from_slice(&piece?);
        if chunk.len() >= CHUNK {
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK + 4096));
            if send.send(Ok(full.into())).await.is_err() {
                // Whoever asked has gone.
                return Ok(());
            }
        }
    }
    send.send(Ok(chunk.into())).await.map_err(|_| ApiError::internal("nobody takes the last piece"))
}
