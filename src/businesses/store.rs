//! The query of the list of businesses. It starts from `visible_to`.

use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;

use super::{
    business::{payloads::Business, store::visible_to},
    filter::{BusinessFilter, SourceAndValue},
};
use crate::{
    access::Access,
    db::schema::{business_standings as standings, businesses, external_ids},
    error::Result,
    http::{Page, Query, narrow, page, query::containing},
};

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<BusinessFilter>,
) -> Result<Page<Business>> {
    let rows = || {
        let mut query = businesses::table.filter(visible_to(access.reach)).into_boxed();
        // Who looks for those that were merged says so.
        if filter.status.is_none() {
            query = query.filter(businesses::merged_into.is_null());
        }
        narrow!(query by filter => businesses: number, kind, subsector, district_code, village_code, status);
        if let Some(some) = &filter.nib {
            query = query.filter(businesses::nib.assume_not_null().eq_any(some.0.clone()));
        }
        let own = || standings::table.filter(standings::business_id.eq(businesses::id));
        if let Some(some) = &filter.size_class {
            query = query.filter(exists(own().filter(standings::size_class.eq_any(some.0.clone()))));
        }
        if let Some(some) = &filter.stage {
            let stages = standings::stage.assume_not_null().eq_any(some.0.clone());
            query = query.filter(exists(own().filter(stages)));
        }
        if let Some(some) = &filter.bookkeeping_level {
            let levels = some.0.iter().map(|level| level.0).collect::<Vec<_>>();
            query = query.filter(exists(own().filter(standings::bookkeeping_level.eq_any(levels))));
        }
        if let Some(some) = &filter.external_id {
            let mut named = external_ids::table.select(external_ids::record_id).into_boxed();
            for SourceAndValue((source, value)) in &some.0 {
                let of_source = external_ids::resource.eq("business").and(external_ids::source.eq(source));
                named = named.or_filter(of_source.and(external_ids::value.eq(value)));
            }
            query = query.filter(businesses::id.eq_any(named));
        }
        if let Some(q) = &filter.q {
            query = query.filter(businesses::name.ilike(containing(q)));
        }
        query
    };
    page!(access, window, rows(), Business)
}
