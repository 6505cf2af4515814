//! Writing an export while it is read, to whoever takes it: a caller, or the store of files. The task that reads
//! waits for the one that takes: a caller that takes its time holds up nobody but itself.

use std::cell::Cell;

use actix_web::{rt, web::Bytes};
use diesel_async::SimpleAsyncConnection;
use futures_util::{Stream, StreamExt, stream::unfold};
use tokio::sync::mpsc;

use super::{csv::Table, kinds::Kind, xlsx::Book};
use crate::{
    access::Access,
    db::Long,
    error::{ApiError, Result},
};

#[derive(Clone, Copy)]
pub enum Form {
    Ndjson,
    Csv { delimiter: u8, bom: bool },
    Xlsx,
}

/// So much is sent at once, and so many of these wait at most.
pub const CHUNK: usize = 64 << 10;
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
        let put = async |chunk| send.send(Ok(chunk)).await.map_err(|_| ApiError::internal(HAS_GONE));
        match write(&access, connection, kind, form, &Cell::new(0), put).await {
            Err(_) if send.is_closed() => log::debug!("the export of {}: {HAS_GONE}", kind.name),
            Err(error) => {
                log::error!("the export of {} is cut off: {error:?}", kind.name);
                let _ = send.send(Err(error)).await;
            }
            Ok(()) => (),
        }
    });
    Ok(unfold(receive, |mut receive| async { receive.recv().await.map(|chunk| (chunk, receive)) }))
}

const HAS_GONE: &str = "whoever asked has gone";

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

/// All records, in pieces that `put` takes one after the other; `done` tells how many so far.
pub async fn write(
    access: &Access,
    mut connection: Long,
    kind: &'static Kind,
    form: Form,
    done: &Cell<i64>,
    mut put: impl AsyncFnMut(Bytes) -> Result<()>,
) -> Result<()> {
    let mut chunk = Vec::with_capacity(CHUNK + 4096);
    let mut pieces = match form {
        Form::Ndjson => (kind.lines)(access, &mut connection),
        Form::Csv { delimiter, bom } => {
            if bom {
                chunk.extend_from_slice("\u{feff}".as_bytes());
            }
            let table = Table::new(delimiter, (kind.columns)());
            chunk.extend_from_slice(&table.head()?);
            (kind.shown)(access, &mut connection).map(move |record| table.row(&record?)).boxed_local()
        }
        Form::Xlsx => {
            let mut book = Book::new(kind.name, (kind.columns)(), access.worker.zone())?;
            let mut records = (kind.shown)(access, &mut connection);
            while let Some(record) = records.next().await {
                book.row(&record?)?;
                done.set(done.get() + 1);
            }
            return book.save(put).await;
        }
    };
    while let Some(piece) = pieces.next().await {
        chunk.extend_from_slice(&piece?);
        done.set(done.get() + 1);
        if chunk.len() >= CHUNK {
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK + 4096));
            put(full.into()).await?;
        }
    }
    put(chunk.into()).await
}
