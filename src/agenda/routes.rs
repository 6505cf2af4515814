//! The address of the agenda, and those of the links to it.

use actix_web::{HttpRequest, get};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    links::routes::routes as links,
    payloads::Agenda,
    store::{Whose, agenda},
};
use crate::{
    access::{Granted, Rows, may::ReadNotices},
    error::Result,
    http::{Derived, language::Language},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_agenda).configure(links);
}

/// What waits for me.
///
/// Of all features, as far as the role may do something about it: what is late first, then by the day on which
/// it is due. What has no day is never late.
#[utoipa::path(responses((status = 200, body = Agenda)))]
#[get("/me/agenda")]
async fn get_agenda(granted: Granted<ReadNotices>, request: HttpRequest) -> Result<Derived<Agenda>> {
    let actor = &granted.actor;
    let language = Language::of(request.headers());
    let whose = Whose { role: actor.rows_as, subject: actor.subject, party: actor.party, language };
    Ok(Derived(agenda(&granted.worker, &whose, |permission| actor.rows(permission) != Rows::None).await?))
}
