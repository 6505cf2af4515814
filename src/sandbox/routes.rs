//! The addresses of a sandbox. In any other service they do not exist.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use actix_web::{HttpResponse, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::kept::{self, Scenario};
use crate::{
    access::{Granted, may::ResetSandbox},
    error::{ApiError, Result},
    worker::Worker,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/sandbox").service(reset_sandbox).service(begin_scenario));
}

/// Put the sandbox back to its beginning.
///
/// All that was written since is gone, and the log-ins are those that it began with. Everybody else is answered 503
/// meanwhile. Cursors and links of before are void.
#[utoipa::path(responses((status = 204, description = "It is as it was at its beginning")))]
#[post("/reset")]
async fn reset_sandbox(granted: Granted<ResetSandbox>) -> Result<HttpResponse> {
    begin(&granted.worker, Scenario::Pilot).await
}

/// Begin a scenario.
///
/// As a reset, but to another beginning: `cohort_in_the_middle` has mentorships under way and nothing handed over;
/// in `overdue_hand_overs` no division has taken what was handed over to it weeks ago. The log-ins are the same, but
/// they are other records: log in anew.
#[utoipa::path(
    params(("name" = Scenario, Path, description = "Of the scenario", example = "overdue_hand_overs")),
    responses((status = 204, description = "It has begun")),
)]
#[post("/scenarios/{name}")]
async fn begin_scenario(granted: Granted<ResetSandbox>, name: Path<String>) -> Result<HttpResponse> {
    let scenario = Scenario::ALL.iter().find(|scenario| scenario.as_str() == *name);
    begin(&granted.worker, *scenario.ok_or(ApiError::NotFound)?).await
}

async fn begin(worker: &Worker, scenario: Scenario) -> Result<HttpResponse> {
    let sandbox = worker.sandbox().ok_or(ApiError::NotFound)?;
    let _alone = Alone::take(&sandbox.resetting)?;
    let mut tries = 0;
    loop {
        match kept::restore(&sandbox.owner_url, scenario.as_str()).await {
            // Who was at work had it the other way round.
            Err(ApiError::Unavailable(why)) if tries < 3 => log::info!("the sandbox is reset again: {why}"),
            done => return done.map(|()| HttpResponse::NoContent().finish()),
        }
        tries += 1;
    }
}

/// While it lives everybody else is told to come again.
struct Alone(Arc<AtomicBool>);

impl Alone {
    fn take(resetting: &Arc<AtomicBool>) -> Result<Self> {
        match resetting.swap(true, Ordering::SeqCst) {
            true => Err(ApiError::Unavailable("the sandbox is being reset".into())),
            false => Ok(Self(resetting.clone())),
        }
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}
