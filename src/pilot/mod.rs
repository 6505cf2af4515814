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
mod scenarios;
mod standards;
mod story;
mod teller;

use chrono::{DateTime, Duration, Utc};

pub use credentials::{Credentials, FILE};
pub use scenarios::prepare;

use crate::api::Settings;

/// Twelve weeks.
const DAYS: i64 = 84;
/// By then plans are agreed.
const MIDDLE: i64 = 31;

/// Tells it all, so that the last day is yesterday.
///
/// # Errors
/// What the API refused, in words.
pub async fn load(settings: &Settings, now: DateTime<Utc>) -> Result<Credentials, String> {
    told_since(settings, now - Duration::days(DAYS), tell).await
}

/// Tells the beginning alone, of which yesterday was the last day: mentors and businesses are at work on their plans.
async fn cohort_in_the_middle(settings: &Settings, now: DateTime<Utc>) -> Result<Credentials, String> {
    told_since(settings, now - Duration::days(MIDDLE), tell_of_coaching).await
}

/// Tells the beginning alone, as long ago as all of it would be: no division has taken what was handed over to it.
async fn overdue_hand_overs(settings: &Settings, now: DateTime<Utc>) -> Result<Credentials, String> {
    told_since(settings, now - Duration::days(DAYS), tell_of_coaching).await
}

/// Tells the middle of a cohort to somebody who does not listen: the programme's webhook has a port that nobody has.
async fn failing_webhook(settings: &Settings, now: DateTime<Utc>) -> Result<Credentials, String> {
    let tell = async |story: &mut story::Story| {
        accounts::open(story).await?;
        cohort::begin(story).await?;
        let nobody =
            serde_json::json!({ "url": "http://127.0.0.1:9/webhook", "description": "Nobody listens here" });
        story.api.create(&story.actor("programme")?, "/v1/webhooks", nobody).await?;
        coaching::begin(story).await?;
        coaching::assess(story).await?;
        coaching::plan(story).await
    };
    told_since(settings, now - Duration::days(MIDDLE), tell).await
}

async fn told_since(
    settings: &Settings,
    begins: DateTime<Utc>,
    tell: impl AsyncFnOnce(&mut story::Story) -> Result<(), String>,
) -> Result<Credentials, String> {
    let mut story = story::Story::new(teller::Teller::new(settings, begins).await?)?;
    let told = match tell(&mut story).await {
        Ok(()) => story.api.settled().await,
        told => told,
    };
    story.api.hush();
    told.map(|()| story.credentials)
}

/// Up to the plans, after which hand-overs are taken.
async fn tell_of_coaching(story: &mut story::Story) -> Result<(), String> {
    accounts::open(story).await?;
    cohort::begin(story).await?;
    coaching::begin(story).await?;
    coaching::assess(story).await?;
    coaching::plan(story).await
}

/// One after the other, as their days follow.
async fn tell(story: &mut story::Story) -> Result<(), String> {
    tell_of_coaching(story).await?;
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
