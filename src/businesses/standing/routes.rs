//! The address of a standing.

use std::rc::Rc;

use actix_web::{get, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{payloads::Standing, store};
use crate::{
    access::{Granted, may::ReadBusinesses},
    businesses::business::store as businesses,
    error::Result,
    http::Versioned,
    ids::BusinessId,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/businesses/{id}/standing").service(get_standing));
}

/// Get the standing of a business.
///
/// It follows the latest snapshot within a moment.
#[utoipa::path(params(BusinessId), responses((status = 200, body = Standing)))]
#[get("")]
async fn get_standing(
    granted: Granted<ReadBusinesses>,
    business: Path<BusinessId>,
) -> Result<Versioned<Standing>> {
    let business = businesses::find(&granted, *business).await?;
    let known = store::of(&granted, &[business.id]).await?.pop();
    Ok(Versioned(Rc::new(known.unwrap_or_else(|| Standing::unknown(&business)))))
}
