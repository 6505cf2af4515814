//! Insights: counts over everything, for those who plan. Who may not read the rows behind a cell does not see
//! a cell of fewer than five businesses, nor what it could be worked out from.

mod certifications;
mod outcomes;
mod store;
mod suppression;

use utoipa_actix_web::{scope, service_config::ServiceConfig};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let insights = scope("/insights").service(certifications::get_certification_insights);
    config.service(insights.service(outcomes::get_outcome_totals));
}
