//! Insights: counts over everything, for those who plan. Who may not read the rows behind a cell does not see
//! a cell of fewer than five businesses, nor what it could be worked out from.

mod certifications;
mod store;
mod suppression;

pub use certifications::routes;
