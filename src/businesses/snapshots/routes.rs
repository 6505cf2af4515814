//! The addresses of the snapshots of a business.

use actix_web::{get, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Snapshot, SnapshotFields, SnapshotFilter},
    rules, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadBusinesses, WriteSnapshots},
    },
    businesses::business::store as businesses,
    error::{ApiError, Result},
    http::{Answer, Created, Json, Page, Query, Versioned},
    ids::{BusinessId, SnapshotId},
    log::Event,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let snapshots = scope("/businesses/{id}/snapshots").service(list_snapshots);
    config.service(snapshots.service(get_snapshot).service(create_snapshot));
}

/// List the snapshots of a business.
///
/// The latest day first.
#[utoipa::path(params(BusinessId, SnapshotFilter), responses((status = 200, body = Page<Snapshot>)))]
#[get("")]
async fn list_snapshots(
    granted: Granted<ReadBusinesses>,
    business: Path<BusinessId>,
    query: Query<SnapshotFilter>,
) -> Result<Page<Snapshot>> {
    businesses::find(&granted, *business).await?;
    store::list(&granted, *business, query).await
}

/// Get a snapshot.
#[utoipa::path(
    params(BusinessId, ("snapshot_id" = SnapshotId, Path)),
    responses((status = 200, body = Snapshot)),
)]
#[get("/{snapshot_id}")]
async fn get_snapshot(
    granted: Granted<ReadBusinesses>,
    path: Path<(BusinessId, SnapshotId)>,
) -> Result<Versioned<Snapshot>> {
    Ok(Versioned(store::find(&granted, path.0, path.1).await?))
}

/// Take a snapshot of a business.
///
/// An owner gives `self` as its source, a mentor `mentor` or `visit`.
#[utoipa::path(params(BusinessId), responses((status = 201, body = Snapshot)))]
#[post("")]
async fn create_snapshot(
    granted: Granted<WriteSnapshots>,
    business: Path<BusinessId>,
    Json(fields): Json<SnapshotFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let business = businesses::lock(tx, tx.reach, *business).await?;
            let flaws = rules::flaws(&fields, tx.actor.rows_as, tx.today(), "");
            ApiError::if_any(flaws)?;
            let snapshot = store::insert(tx, business.id, &fields).await?;
            let event = Event::created(&*snapshot);
            Ok((Created(snapshot), event))
        })
        .await
}
