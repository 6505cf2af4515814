//! How many of the products that need a certificate have it, by kind and district.

use actix_web::get;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    store::{self, Counted},
    suppression::{FEWEST, kept_back},
};
use crate::{
    access::{Granted, Permission, Reach, may::ReadInsights},
    error::Result,
    http::Derived,
    reference::{CertificationKind, Label, Obligation},
};

#[derive(Serialize, ToSchema)]
#[schema(as = CertificationInsights)]
struct Insights {
    as_of: NaiveDate,
    /// Of the kinds that are mandatory, in the order of the list.
    data: Vec<OfKind>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CertificationShare)]
struct OfKind {
    #[schema(example = "halal")]
    kind: String,
    name: Label,
    total: Share,
    /// Those with such products.
    districts: Vec<OfDistrict>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CertificationShareOfDistrict)]
struct OfDistrict {
    #[schema(example = "36.74.04")]
    district_code: String,
    #[serde(flatten)]
    share: Share,
}

/// Null and `suppressed` where so few businesses are behind it that one could be made out.
#[derive(Serialize, ToSchema, Default)]
#[schema(as = CertifiedShare)]
struct Share {
    #[schema(example = false)]
    suppressed: bool,
    /// That are active and make such products.
    #[schema(example = 12)]
    businesses: Option<i64>,
    /// Whose category needs it, and that are still made.
    #[schema(example = 20)]
    products: Option<i64>,
    /// That have one which holds today.
    #[schema(example = 9)]
    granted: Option<i64>,
    /// Of these, those that are to be renewed.
    #[schema(example = 1)]
    expiring: Option<i64>,
    /// Whose last one has run out.
    #[schema(example = 2)]
    expired: Option<i64>,
    /// `granted` of `products`, in ten thousandths.
    #[schema(example = 4500)]
    share_bps: Option<i64>,
}

/// Get how many products are certified.
///
/// By mandatory kind and district. Cells of fewer than five businesses are suppressed for who may not read all
/// certifications, and others with them from which they could be worked out.
#[utoipa::path(responses((status = 200, body = Insights)))]
#[get("/certifications")]
pub async fn get_certification_insights(granted: Granted<ReadInsights>) -> Result<Derived<Insights>> {
    let (reference, today) = (granted.worker.reference(), granted.today());
    let kinds: Vec<_> = reference
        .certification_kinds(today)
        .filter(|kind| kind.obligation == Obligation::Mandatory)
        .collect();
    let counted = store::certifications(&granted, &kinds, today).await?;
    let sees_rows = granted.reach_of(Permission::ReadCertifications).is_ok_and(|reach| reach == Reach::All);
    let data = kinds.into_iter().map(|kind| OfKind::of(kind, &counted, sees_rows)).collect();
    Ok(Derived(Insights { as_of: today, data }))
}

impl OfKind {
    fn of(kind: CertificationKind, counted: &[Counted], sees_rows: bool) -> Self {
        let of_kind = || counted.iter().filter(|row| row.kind == kind.code);
        let districts: Vec<_> = of_kind().filter_map(|row| Some((row.district.clone()?, row))).collect();
        let total = of_kind().find(|row| row.district.is_none());
        let businesses: Vec<_> = districts.iter().map(|(_, row)| row.businesses).collect();
        let kept = kept_back(&businesses);
        let small = total.is_some_and(|total| (1..FEWEST).contains(&total.businesses));
        let shown = |row: Option<&Counted>, kept: bool| match kept && !sees_rows {
            true => Share { suppressed: true, ..Share::default() },
            false => Share::of(row),
        };
        let cells = districts.into_iter().zip(kept.cells);
        let districts = cells
            .map(|((district_code, row), kept)| OfDistrict { district_code, share: shown(Some(row), kept) });
        Self {
            total: shown(total, kept.total || small),
            districts: districts.collect(),
            kind: kind.code,
            name: kind.name,
        }
    }
}

impl Share {
    fn of(row: Option<&Counted>) -> Self {
        let count = |of: fn(&Counted) -> i64| Some(row.map_or(0, of));
        let share = row.and_then(|row| (row.granted * 10_000).checked_div(row.products));
        Self {
            suppressed: false,
            businesses: count(|row| row.businesses),
            products: count(|row| row.products),
            granted: count(|row| row.granted),
            expiring: count(|row| row.expiring),
            expired: count(|row| row.expired),
            share_bps: share,
        }
    }
}
