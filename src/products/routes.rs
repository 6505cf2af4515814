//! The addresses of a business's products.

use actix_web::{delete, get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Product, ProductFields, ProductFilter},
    rules, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadBusinesses, WriteProducts},
    },
    businesses,
    error::{ApiError, Result},
    http::{Answer, Created, Deleted, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::{BusinessId, ProductId},
    log::{self, Event, EventOut, HistoryFilter},
    records::{Record, Tx},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let products = scope("/businesses/{id}/products").service(list_products).service(get_product);
    let products = products.service(create_product).service(update_product).service(delete_product);
    config.service(products.service(list_product_history));
}

/// List the products of a business.
///
/// The newest first.
#[utoipa::path(params(BusinessId, ProductFilter), responses((status = 200, body = Page<Product>)))]
#[get("")]
async fn list_products(
    granted: Granted<ReadBusinesses>,
    business: Path<BusinessId>,
    query: Query<ProductFilter>,
) -> Result<Page<Product>> {
    businesses::find(&granted, *business).await?;
    store::list(&granted, *business, query).await
}

/// Get a product.
#[utoipa::path(
    params(BusinessId, ("product_id" = ProductId, Path)),
    responses((status = 200, body = Product)),
)]
#[get("/{product_id}")]
async fn get_product(
    granted: Granted<ReadBusinesses>,
    path: Path<(BusinessId, ProductId)>,
) -> Result<Versioned<Product>> {
    Ok(Versioned(store::find(&granted, path.0, path.1).await?))
}

/// Add a product to a business.
#[utoipa::path(params(BusinessId), responses((status = 201, body = Product)))]
#[post("")]
async fn create_product(
    granted: Granted<WriteProducts>,
    business: Path<BusinessId>,
    Json(fields): Json<ProductFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let business = businesses::lock(tx, tx.reach, *business).await?;
            judge(tx, business.id, &fields, None).await?;
            let product = store::insert(tx, business.id, &fields).await?;
            let event = Event::created(&*product);
            Ok((Created(product), event))
        })
        .await
}

/// Change a product.
///
/// Its category stays once it has certifications.
#[utoipa::path(
    params(BusinessId, ("product_id" = ProductId, Path)),
    request_body(content = ProductFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Product)),
)]
#[patch("/{product_id}")]
async fn update_product(
    granted: Granted<WriteProducts>,
    path: Path<(BusinessId, ProductId)>,
    read: IfMatch,
    patch: MergePatch<ProductFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let business = businesses::lock(tx, tx.reach, path.0).await?;
            let before = store::lock_of(tx, business.id, path.1).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Product::READ)?;
            judge(tx, business.id, &fields, Some(&before)).await?;
            let after = store::update(tx, before.id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Delete a product that was entered by mistake.
///
/// One that is no longer made is discontinued instead.
#[utoipa::path(
    params(BusinessId, ("product_id" = ProductId, Path)),
    responses((status = 204, description = "It is gone")),
)]
#[delete("/{product_id}")]
async fn delete_product(
    granted: Granted<WriteProducts>,
    path: Path<(BusinessId, ProductId)>,
    read: IfMatch,
) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let before = store::lock_of(tx, path.0, path.1).await?;
            read.check(&before)?;
            rules::has_none(&store::certifications_of(tx, before.id).await?)?;
            store::delete(tx, before.id).await?;
            Ok((Deleted, Event::deleted(&before)))
        })
        .await
}

/// List what happened to a product.
///
/// The latest first.
#[utoipa::path(
    params(BusinessId, ("product_id" = ProductId, Path), HistoryFilter),
    responses((status = 200, body = Page<EventOut>)),
)]
#[get("/{product_id}/history")]
async fn list_product_history(
    granted: Granted<ReadBusinesses>,
    path: Path<(BusinessId, ProductId)>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, path.0, path.1).await?, &query).await
}

/// Whether the business, whose row is held, may have such a product.
async fn judge(
    tx: &Tx<'_>,
    business: BusinessId,
    fields: &ProductFields,
    before: Option<&Product>,
) -> Result<()> {
    let flaws = rules::flaws(fields, before, &tx.worker.reference(), tx.today());
    ApiError::if_any(flaws)?;
    if let Some(before) = before.filter(|before| before.fields.category != fields.category) {
        rules::has_none(&store::certifications_of(tx, before.id).await?)?;
    }
    match store::another_called(tx, business, &fields.name, before.map(|before| before.id)).await? {
        None => Ok(()),
        Some(same) => {
            let of = Some(format!("/v1/businesses/{business}/products/{same}"));
            Err(ApiError::Duplicate { what: "name".into(), of })
        }
    }
}
