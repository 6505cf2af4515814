//! The beginnings of a sandbox: each is told at its first start, and kept.

use std::path::Path;

use super::{Credentials, cohort_in_the_middle, failing_webhook, load, overdue_hand_overs};
use crate::{
    api::{self, Settings},
    clock::Clock,
    error::ApiError,
    sandbox::{self, NOTHING, Scenario},
};

/// Tells and keeps them all, unless they are; the pilot is left in the tables. Its log-ins, which are those of all, where
/// they are new.
///
/// # Errors
/// In words, what the API or the database refused.
pub async fn prepare(
    settings: &Settings,
    owner_url: &str,
    data_dir: &Path,
) -> Result<Option<Credentials>, String> {
    let (said, migration) = (|error: ApiError| error.to_string(), api::last_migration()?);
    if sandbox::is_prepared(owner_url, &migration).await.map_err(said)? {
        return Ok(None);
    }
    sandbox::keep(owner_url, NOTHING).await.map_err(said)?;
    let mut credentials = Credentials::default();
    for scenario in Scenario::ALL {
        println!("a new sandbox: telling {scenario}");
        sandbox::restore(owner_url, NOTHING).await.map_err(said)?;
        credentials = tell(settings, *scenario).await?;
        sandbox::keep(owner_url, scenario.as_str()).await.map_err(said)?;
    }
    for other in Scenario::ALL.iter().filter(|one| **one != Scenario::Pilot) {
        sandbox::same_log_ins(owner_url, Scenario::Pilot.as_str(), other.as_str()).await.map_err(said)?;
    }
    credentials.write(data_dir).map_err(|error| format!("{}: {error}", data_dir.display()))?;
    sandbox::prepared(owner_url, &migration).await.map_err(said)?;
    Ok(Some(credentials))
}

async fn tell(settings: &Settings, scenario: Scenario) -> Result<Credentials, String> {
    let now = Clock::System.now();
    match scenario {
        Scenario::CohortInTheMiddle => cohort_in_the_middle(settings, now).await,
        Scenario::OverdueHandOvers => overdue_hand_overs(settings, now).await,
        Scenario::FailingWebhook => failing_webhook(settings, now).await,
        // The last: with it the sandbox begins.
        Scenario::Pilot => load(settings, now).await,
    }
}
