//! The size of a business by law. Nothing here touches HTTP or the database.

use chrono::{Months, NaiveDate};

use super::payloads::{Basis, Figures, SizeClass};
use crate::{
    businesses::snapshots::{PeriodKind, Snapshot, SnapshotFields},
    reference::Reference,
};

/// By the rule of the snapshot's day (PP 7/2021 art. 35). What the basis asks for and nobody has stated
/// leaves the class open.
pub fn figures(snapshot: &Snapshot, founded_on: Option<NaiveDate>, reference: &Reference) -> Figures {
    let fields = &snapshot.fields;
    let (basis, amount) = match has_full_year_of_sales(fields, founded_on) {
        true => (Basis::AnnualSales, fields.annual_revenue_idr),
        false => (Basis::Capital, fields.capital_idr),
    };
    let found = amount.and_then(|amount| reference.size_class(basis.as_str(), amount, fields.taken_on));
    let class = found
        .as_ref()
        .and_then(|found| SizeClass::ALL.iter().copied().find(|class| class.as_str() == found.class));
    Figures {
        snapshot_id: Some(snapshot.id),
        as_of: Some(fields.taken_on),
        annual_revenue_idr: fields.annual_revenue_idr,
        capital_idr: fields.capital_idr,
        assets_idr: fields.assets_idr,
        employees_female: fields.employees_female,
        employees_male: fields.employees_male,
        customers: fields.customers,
        bookkeeping_level: fields.bookkeeping_level,
        size_class: class,
        basis: class.map(|_| basis),
        rule: found.map(|found| found.rule.to_owned()),
    }
}

/// The class alone.
pub fn size_by(
    snapshot: &Snapshot,
    founded_on: Option<NaiveDate>,
    reference: &Reference,
) -> Option<SizeClass> {
    figures(snapshot, founded_on, reference).size_class
}

/// Whether the revenue is that of a whole year: counted over one, by a business that is as old. What was
/// counted over less and made into a year is an estimate.
fn has_full_year_of_sales(fields: &SnapshotFields, founded_on: Option<NaiveDate>) -> bool {
    let end = match &fields.period {
        Some(period) if period.kind != PeriodKind::Year => return false,
        Some(period) => period.end,
        None => fields.taken_on,
    };
    let old_enough = founded_on
        .is_none_or(|founded| founded.checked_add_months(Months::new(12)).is_some_and(|year| year <= end));
    fields.annual_revenue_idr.is_some() && old_enough
}
