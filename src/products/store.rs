//! Queries on `products`. Every read for a caller starts from `visible_to`.

use std::rc::Rc;

use diesel::{define_sql_function, prelude::*, sql_types::Text};
use diesel_async::RunQueryDsl;

use super::payloads::{Product, ProductFields, ProductFilter};
use crate::{
    access::{Access, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{certifications, products},
    },
    error::{ApiError, Result},
    http::{Page, Query, narrow, page, query::containing},
    ids::{BusinessId, CertificationId, ProductId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

define_sql_function! { fn lower(text: Text) -> Text; }

/// All, or those of businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<products::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Shared(party) => Box::new(shared_with(party, "products.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(products => Product);

impl Gathered for Product {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[ProductId]) -> Result<Vec<Self>> {
        let query = products::table.filter(visible_to(reach)).filter(products::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, business: BusinessId, id: ProductId) -> Result<Rc<Product>> {
    let found = gather::one::<Product>(access, id).await?;
    if found.business_id == business { Ok(found) } else { Err(ApiError::NotFound) }
}

pub async fn list(
    access: &Access,
    business: BusinessId,
    Query { filter, window }: Query<ProductFilter>,
) -> Result<Page<Product>> {
    let rows = || {
        let of_business = products::table.filter(products::business_id.eq(business));
        let mut query = of_business.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => products: category);
        if let Some(q) = &filter.q {
            query = query.filter(products::name.ilike(containing(q)));
        }
        query
    };
    page!(access, window, rows(), Product)
}

/// Reads a product and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: ProductId) -> Result<Product> {
    let query = products::table.find(id).filter(visible_to(reach)).select(Product::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

/// The same, of one business.
pub async fn lock_of(tx: &Tx<'_>, business: BusinessId, id: ProductId) -> Result<Product> {
    let found = lock(tx, tx.reach, id).await?;
    if found.business_id == business { Ok(found) } else { Err(ApiError::NotFound) }
}

pub async fn insert(tx: &Tx<'_>, business: BusinessId, fields: &ProductFields) -> Result<Rc<Product>> {
    let new = (
        products::id.eq(ProductId::generate()),
        products::business_id.eq(business),
        products::created_at.eq(tx.now),
        products::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(products::table).values(new);
    Ok(Rc::new(insert.returning(Product::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn update(tx: &Tx<'_>, id: ProductId, fields: &ProductFields) -> Result<Rc<Product>> {
    let change = (fields, products::version.eq(products::version + 1), products::updated_at.eq(tx.now));
    let update = diesel::update(products::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Product::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn delete(tx: &Tx<'_>, id: ProductId) -> Result<()> {
    diesel::delete(products::table.find(id)).execute(&mut tx.sql()).await?;
    Ok(())
}

/// Another product of a business whose row is held, by its name.
pub async fn another_called(
    tx: &Tx<'_>,
    business: BusinessId,
    name: &str,
    one: Option<ProductId>,
) -> Result<Option<ProductId>> {
    let same = products::table.filter(products::business_id.eq(business));
    let same = same.filter(lower(products::name).eq(lower(name))).select(products::id);
    let same: Option<ProductId> = same.first(&mut tx.sql()).await.optional()?;
    Ok(same.filter(|same| Some(*same) != one))
}

/// Whatever was ever planned for it.
pub async fn certifications_of(tx: &Tx<'_>, id: ProductId) -> Result<Vec<CertificationId>> {
    let of_product = certifications::table.filter(certifications::product_id.eq(id));
    let of_product = of_product.order(certifications::id).select(certifications::id);
    Ok(of_product.load(&mut tx.sql()).await?)
}
