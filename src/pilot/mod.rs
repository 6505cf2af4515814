//! The pilot: a first cohort of made-up businesses, coached over twelve weeks, for whoever tries the service.
//!
//! It is told to the API itself, day after day by a clock that is set back, each request by whoever may make
//! it: so nothing is there that the API would not have taken. `city.json` says who there is; the other files
//! say what they do.

#![allow(clippy::indexing_slicing, reason = "a JSON value answers null for what it does not have")]

mod accounts;
mod capital;
mod city;
mod coaching;
mod cohort;
mod credentials;
mod duplicates;
mod membership;
mod outcome;
mod papers;
mod standards;
mod story;
mod teller;

use chrono::{DateTime, Duration, Utc};

pub use credentials::{Credentials, FILE};

use crate::api::Settings;

/// Twelve weeks.
const DAYS: i64 = 84;

/// Tells it all, so that the last day is yesterday.
///
/// # Errors
/// What the API refused, in words.
pub async fn load(settings: &Settings, now: DateTime<Utc>) -> Result<Credentials, String> {
    let teller = teller::Teller::new(settings, now - Duration::days(DAYS)).await?;
    let mut story = story::Story::new(teller)?;
    let told = tell(&mut story).await;
    story.api.hush();
    told.map(|()| story.credentials)
}

/// One after the other, as their days follow.
async fn tell(story: &mut story::Story) -> Result<(), String> {
    accounts::open(story).await?;
    cohort::begin(story).await?;
    coaching::begin(story).await?;
    coaching::assess(story).await?;
    coaching::plan(story).await?;
    outcome::hand_over(story).await?;
    membership::apply(story).await?;
    standards::certify(story).await?;
    cohort::invite_the_next(story).await?;
    capital::refer(story).await?;
    papers::upload(story).await?;
    duplicates::merge(story).await?;
    outcome::complete(story).await?;
    cohort::wait_for_the_next(story).await
}
