//! Counts over the tables of the features. They are of everyone's rows: what of them is shown is decided
//! before they are.

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Date, Nullable, Text},
};
use diesel_async::RunQueryDsl;

use crate::{access::Access, error::Result, reference::CertificationKind};

/// The products that need a certificate of the kind, in a district, or with none in the city.
#[derive(QueryableByName)]
pub struct Counted {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub district: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub businesses: i64,
    #[diesel(sql_type = BigInt)]
    pub products: i64,
    #[diesel(sql_type = BigInt)]
    pub granted: i64,
    #[diesel(sql_type = BigInt)]
    pub expiring: i64,
    #[diesel(sql_type = BigInt)]
    pub expired: i64,
}

/// Of a product that was granted one twice, the later counts.
const CERTIFICATIONS: &str = "
    select k.kind, b.district_code as district, count(distinct b.id) as businesses, count(*) as products,
        count(*) filter (where c.ends >= $4) as granted,
        count(*) filter (where c.ends >= $4 and c.renew_from <= $4) as expiring,
        count(*) filter (where c.ends < $4) as expired
    from unnest($1::text[], $2::text[], $3::text[]) as k (kind, category, sizes)
    join products p on p.category = k.category and (p.discontinued_on is null or p.discontinued_on > $4)
    join businesses b on b.id = p.business_id and b.status = 'active'
    left join business_standings s on s.business_id = b.id
    left join lateral (
        select coalesce(expires_on, 'infinity'::date) as ends, renew_from from certifications
        where product_id = p.id and kind = k.kind and status = 'granted'
        order by coalesce(expires_on, 'infinity'::date) desc limit 1
    ) c on true
    where k.sizes = '' or s.size_class is null or s.size_class = any(string_to_array(k.sizes, ' '))
    group by grouping sets ((k.kind), (k.kind, b.district_code))
    order by k.kind, b.district_code nulls first";

pub async fn certifications(
    access: &Access,
    kinds: &[CertificationKind],
    today: NaiveDate,
) -> Result<Vec<Counted>> {
    let (mut codes, mut categories, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    for kind in kinds {
        for category in kind.categories() {
            codes.push(kind.code.as_str());
            categories.push(category.as_str());
            sizes.push(kind.sizes().join(" "));
        }
    }
    let query = sql_query(CERTIFICATIONS)
        .bind::<Array<Text>, _>(codes)
        .bind::<Array<Text>, _>(categories)
        .bind::<Array<Text>, _>(sizes)
        .bind::<Date, _>(today);
    Ok(query.load(&mut &*access.worker.db.reader().await?).await?)
}
