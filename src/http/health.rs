//! Whether the process lives, and whether it can do its work.

use std::time::Duration;

use actix_web::{HttpResponse, get, rt::time::timeout, web::Data};
use diesel_async::SimpleAsyncConnection;
use serde_json::json;

use crate::{error::Result, worker::Worker};

/// The process answers.
#[get("/healthz")]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The database answers, and the service is not about to stop. Tables and keys were seen to at start.
#[get("/readyz")]
pub async fn readyz(worker: Data<Worker>) -> HttpResponse {
    let asked = timeout(Duration::from_millis(500), ask(&worker)).await;
    let database = matches!(asked, Ok(Ok(())));
    let draining = worker.is_draining();
    let body = json!({
        "status": if database && !draining { "ready" } else { "unavailable" },
        "database": database,
        "draining": draining,
    });
    match database && !draining {
        true => HttpResponse::Ok().json(body),
        false => HttpResponse::ServiceUnavailable().insert_header(("retry-after", "1")).json(body),
    }
}

async fn ask(worker: &Worker) -> Result<()> {
    let reader = worker.db.reader().await?;
    Ok((&mut &*reader).batch_execute("select 1").await?)
}
