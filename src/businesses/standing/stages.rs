//! How far a business has come in the programme: a pure order of stages, and the reader of the log that keeps
//! it.

use futures_util::future::LocalBoxFuture;

use super::{
    payloads::{ReachedStage, Stage, Stages},
    store,
};
use crate::{
    error::Result,
    ids::BusinessId,
    log::{Event, Logged, Reader},
    records::{
        Tx,
        merged::{merged_here, survivor},
    },
};

pub const READER: Reader = Reader {
    name: "business-stages",
    kinds: &[
        "business.created",
        "business.merged",
        "business.unmerged",
        "mentorship.active",
        "assessment.reviewed",
        "plan.accepted",
        "hand_over.done",
        "participant.graduated",
    ],
    work: |tx, event| Box::pin(keep(tx, event)),
};

/// A stage has no event of its own: whoever sees it has seen the one that led there.
async fn keep(tx: &Tx<'_>, event: &Logged) -> Result<Vec<Event>> {
    for business in event.merged_or_parted() {
        anew(tx, business, event.seq).await?;
    }
    let (Some(business), Some(reached)) = (event.business_id, reached(event)) else { return Ok(vec![]) };
    let before = store::lock_stages(tx, business).await?;
    if let Some(after) = before.reaching(reached) {
        store::put_stages(tx, business, &after).await?;
    }
    Ok(vec![])
}

/// What happened to those that were merged into it counts; of one that was merged itself, nothing does.
async fn anew(tx: &Tx<'_>, business: BusinessId, until: i64) -> Result<()> {
    store::lock_stages(tx, business).await?;
    let all = if survivor(tx.sql(), "businesses", business.0).await? == Some(business.0) {
        merged_here(tx.sql(), "businesses", business.0).await?
    } else {
        vec![]
    };
    let all: Vec<_> = all.into_iter().map(BusinessId).collect();
    let mut stages = Stages::default();
    for event in READER.of_businesses(tx, &all, until).await? {
        if let Some(reached) = reached(&event) {
            stages = stages.reaching(reached).unwrap_or(stages);
        }
    }
    store::put_stages(tx, business, &stages).await
}

fn reached(event: &Logged) -> Option<ReachedStage> {
    led_to(event).map(|stage| ReachedStage { stage, since: event.occurred_at, event_id: event.id })
}

/// A self-assessment leads nowhere: someone else has to have looked.
fn led_to(event: &Logged) -> Option<Stage> {
    let own = event.data.pointer("/result/kind").is_some_and(|kind| kind == "self");
    Some(match event.kind.as_str() {
        "business.created" => Stage::Registered,
        "mentorship.active" => Stage::InMentoring,
        "assessment.reviewed" if !own => Stage::Assessed,
        "plan.accepted" => Stage::PlanReady,
        "hand_over.done" => Stage::FollowedUp,
        "participant.graduated" => Stage::Graduated,
        _ => return None,
    })
}

impl Stages {
    /// With one more, if it is further than all before: a stage never goes back.
    fn reaching(&self, reached: ReachedStage) -> Option<Self> {
        let further = self.0.last().is_none_or(|last| last.stage < reached.stage);
        further.then(|| Self(self.0.iter().cloned().chain([reached]).collect()))
    }
}

/// For a rebuild.
pub fn clear<'a>(tx: &'a Tx<'a>) -> LocalBoxFuture<'a, Result<()>> {
    Box::pin(store::clear_stages(tx))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration};
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::ids::EventId;

    proptest! {
        #[test]
        fn a_stage_never_goes_back_and_keeps_what_led_there(tried in vec(select(Stage::ALL), 0..12)) {
            let mut stages = Stages::default();
            for (at, stage) in tried.iter().enumerate() {
                let since = DateTime::UNIX_EPOCH + Duration::days(i64::try_from(at).unwrap());
                let reached = ReachedStage { stage: *stage, since, event_id: EventId::generate() };
                stages = stages.reaching(reached).unwrap_or(stages);
            }
            prop_assert!(stages.0.windows(2).all(|pair| pair[0].stage < pair[1].stage && pair[0].since < pair[1].since));
            prop_assert_eq!(stages.0.last().map(|last| last.stage), tried.iter().max().copied());
        }
    }
}
