//! What became of the coached businesses, in figures: each level of proof apart.

use actix_web::get;
use chrono::NaiveDate;
use diesel::{prelude::*, sql_types};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::suppression::FEWEST;
use crate::{
    access::{Granted, Permission, Reach, may::ReadInsights},
    error::Result,
    http::{Derived, Filter, Query, Sort},
    ids::CohortId,
    outcomes::{Kind, Status, Unit},
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct TotalsFilter {
    /// Of businesses that took part in this cohort.
    cohort_id: Option<CohortId>,
    #[param(max_length = 40)]
    subsector: Option<String>,
    #[param(max_length = 8)]
    district: Option<String>,
    occurred_on_from: Option<NaiveDate>,
    occurred_on_to: Option<NaiveDate>,
}

impl Filter for TotalsFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz")];
}

#[derive(Serialize, ToSchema)]
struct OutcomeTotals {
    /// Impacts by kind and level of proof; corrections are left out.
    data: Vec<OutcomeTotal>,
    /// Of the follow-ups that were due, how many were answered: what the figures stand on.
    follow_up: ResponseRate,
}

#[derive(Serialize, ToSchema, QueryableByName)]
struct OutcomeTotal {
    #[diesel(sql_type = sql_types::Text)]
    kind: Kind,
    #[diesel(sql_type = sql_types::Text)]
    status: Status,
    #[diesel(sql_type = sql_types::Text)]
    unit: Unit,
    /// Null where fewer than five businesses stand behind it and the caller may not see them one by one.
    #[diesel(sql_type = sql_types::Nullable<sql_types::BigInt>)]
    #[schema(example = 9)]
    businesses: Option<i64>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::BigInt>)]
    #[schema(example = 11)]
    outcomes: Option<i64>,
    /// The sum of `after` less `before`, in the unit; null as above, and where nothing was measured.
    #[diesel(sql_type = sql_types::Nullable<sql_types::BigInt>)]
    #[schema(example = 240000000)]
    change: Option<i64>,
}

#[derive(Serialize, ToSchema, QueryableByName)]
struct ResponseRate {
    #[diesel(sql_type = sql_types::BigInt)]
    #[schema(example = 14)]
    due: i64,
    #[diesel(sql_type = sql_types::BigInt)]
    #[schema(example = 11)]
    answered: i64,
    /// Businesses that had closed: an answer too.
    #[diesel(sql_type = sql_types::BigInt)]
    #[schema(example = 1)]
    closed: i64,
}

const TOTALS: &str = "\
    select o.kind, o.status, o.unit, count(distinct o.business_id) as businesses, count(*) as outcomes, \
        sum(case when o.unit = 'count' then null else o.after - coalesce(o.before, 0) end)::bigint as change \
    from outcomes o join businesses b on b.id = o.business_id \
    where o.change = 'impact' \
        and ($1 is null or o.business_id in (select business_id from participants where cohort_id = $1)) \
        and ($2 is null or b.subsector = $2) and ($3 is null or b.district_code = $3) \
        and ($4 is null or o.occurred_on >= $4) and ($5 is null or o.occurred_on <= $5) \
    group by o.kind, o.status, o.unit order by o.kind, o.status";

const RATE: &str = "\
    select count(*) as due, count(*) filter (where f.status in ('answered', 'closed')) as answered, \
        count(*) filter (where f.status = 'closed') as closed \
    from follow_ups f join follow_up_waves w on w.id = f.wave_id join businesses b on b.id = f.business_id \
    where f.due_on <= $4 and ($1 is null or w.cohort_id = $1) \
        and ($2 is null or b.subsector = $2) and ($3 is null or b.district_code = $3)";

/// Get totals of outcomes.
///
/// By kind and level: claimed, confirmed by the owner, verified by someone else. Beside them stands the
/// response rate of the follow-ups.
#[utoipa::path(params(TotalsFilter), responses((status = 200, body = OutcomeTotals)))]
#[get("/outcomes")]
pub async fn get_outcome_totals(
    granted: Granted<ReadInsights>,
    query: Query<TotalsFilter>,
) -> Result<Derived<OutcomeTotals>> {
    let TotalsFilter { cohort_id, subsector, district, occurred_on_from, occurred_on_to } = query.filter;
    let mut connection = granted.worker.db.long().await?;
    type Maybe<T> = sql_types::Nullable<T>;
    let totals = diesel::sql_query(TOTALS)
        .bind::<Maybe<sql_types::Uuid>, _>(cohort_id)
        .bind::<Maybe<sql_types::Text>, _>(&subsector)
        .bind::<Maybe<sql_types::Text>, _>(&district)
        .bind::<Maybe<sql_types::Date>, _>(occurred_on_from)
        .bind::<Maybe<sql_types::Date>, _>(occurred_on_to);
    let mut data: Vec<OutcomeTotal> = totals.load(&mut connection).await?;
    let rate = diesel::sql_query(RATE)
        .bind::<Maybe<sql_types::Uuid>, _>(cohort_id)
        .bind::<Maybe<sql_types::Text>, _>(&subsector)
        .bind::<Maybe<sql_types::Text>, _>(&district)
        .bind::<sql_types::Date, _>(granted.today());
    let follow_up = rate.get_result(&mut connection).await?;
    let sees_rows = matches!(granted.reach_of(Permission::ReadOutcomes), Ok(Reach::All));
    if !sees_rows {
        data.iter_mut().for_each(OutcomeTotal::suppress);
    }
    Ok(Derived(OutcomeTotals { data, follow_up }))
}

impl OutcomeTotal {
    fn suppress(&mut self) {
        if self.businesses.is_some_and(|count| count < FEWEST) {
            (self.businesses, self.outcomes, self.change) = (None, None, None);
        }
    }
}
