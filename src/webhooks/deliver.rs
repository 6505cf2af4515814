//! Sends what the lanes have to send. Any replica may: each lane is at work in one of them at a time, so an endpoint
//! that is slow or dead takes its own time, and hardly any of the others'.

use std::time::Duration as Pause;

use actix_web::{rt::time, web::Data};
use futures_util::future::try_join;
use tokio::task::JoinSet;

use super::{
    deliveries::{self, Delivery, NoAnswer, Status},
    lanes::{self, Kind, Lane},
    message::Message,
    payloads::{Because, Payload},
    redaction::redacted,
    schedule::{self, Next, UNTIL_DISABLED, Unsuccessful},
    steps, store,
    store::Sending,
};
use crate::{
    access::{Access, Permission},
    changes::{self, Change},
    egress::{Answered, Failed},
    error::{ApiError, Result},
    http::Code,
    ids::{DeliveryId, EventId},
    log::feed,
    secrets::random,
    worker::Worker,
};

/// How often to look without being woken.
const PULSE: Pause = Pause::from_millis(250);
/// So many lanes are at work in a process.
const AT_ONCE: usize = 32;
/// So many events are read at a time, and sent while they are fresh: what a party may read is asked anew then.
const BATCH: usize = 50;
const FRESH: Pause = Pause::from_secs(5);

/// Until its task is dropped, and all that is at work with it.
pub async fn deliver(worker: Data<Worker>) {
    let mut at_work = JoinSet::new();
    let mut numbered = worker.numbered();
    loop {
        numbered.mark_unchanged();
        while at_work.try_join_next().is_some() {}
        while at_work.len() < AT_ONCE && !worker.is_draining() {
            match lanes::claim(&worker).await {
                Ok(Some(lane)) => drop(at_work.spawn_local(work_on(worker.clone(), lane))),
                Ok(None) => break,
                Err(error) => {
                    log::error!("webhooks: {error:?}");
                    break;
                }
            }
        }
        // Woken or not: both mean to look.
        tokio::select! {
            Some(_) = at_work.join_next() => (),
            _ = time::timeout(PULSE, numbered.changed()) => (),
        }
    }
}

/// What fails here is tried again once the lease has ended.
async fn work_on(worker: Data<Worker>, lane: Lane) {
    if let Err(error) = work(&worker, &lane).await {
        log::error!("webhook {}: {error:?}", lane.endpoint_id);
    }
}

async fn work(worker: &Data<Worker>, lane: &Lane) -> Result<()> {
    let Some(endpoint) = store::to_send(worker, lane.endpoint_id).await? else { return Ok(()) };
    if let Some(id) = lane.message_id {
        let message = Message::test(id, &endpoint, worker.clock.now());
        return At { worker, lane, endpoint: &endpoint }.send(&message, lane.seq, 1).await.map(drop);
    }
    let Some(owner) = endpoint.owner.access(worker).await? else {
        return steps::disable(worker, endpoint.id, Because::OwnerDisabled).await;
    };
    let at = At { worker, lane, endpoint: &endpoint };
    at.follow(&owner).await
}

/// A lane at work.
struct At<'a> {
    worker: &'a Data<Worker>,
    lane: &'a Lane,
    endpoint: &'a Sending,
}

impl At<'_> {
    /// Sends what comes next, one after the other, until one is not taken or it is another's turn.
    async fn follow(&self, owner: &Access) -> Result<()> {
        let fields = &self.endpoint.fields;
        // They were checked when they were set: what was an event type stays one.
        let flaw = |at| Code::UnknownCode.expecting(format!("/types/{at}"), "event-types");
        let wanted = changes::wanted(&self.worker.reference(), fields.types.clone(), flaw)?;
        let last = match self.lane.until_seq {
            Some(until) => until,
            None => feed::last(owner).await?,
        };
        let full = fields.payload == Payload::Full && owner.actor.scopes.contains(Permission::ReadChanges);
        let payload = if full { Payload::Full } else { Payload::Thin };
        let begun = time::Instant::now();
        let found = feed::between(owner, (self.lane.seq, last), &wanted, BATCH).await?;
        let mut attempt = self.lane.attempts + 1;
        for passed in found.events {
            if begun.elapsed() > FRESH || self.worker.is_draining() {
                return self.lane.release(self.worker).await;
            }
            let seq = passed.seq;
            let message = Message::of(Change::from(passed), payload)?;
            if !self.send(&message, seq, attempt).await? {
                return Ok(());
            }
            attempt = 1;
        }
        // Where the time to look was over before there was one, the next is still the one that was tried.
        let tried = if found.more && attempt > 1 { self.lane.attempts } else { 0 };
        self.lane.pass_to(self.worker, found.up_to, tried).await?;
        match self.lane.until_seq {
            Some(until) if found.up_to >= until => self.lane.end(self.worker).await,
            _ => self.lane.put_off(self.worker, tried, self.worker.clock.now()).await,
        }
    }

    /// Whether it was taken, and the next may be sent.
    async fn send(&self, message: &Message, seq: i64, attempt: i32) -> Result<bool> {
        let (now, begun) = (self.worker.clock.now(), time::Instant::now());
        let (headers, body) = message.signed(self.worker, self.endpoint, now)?;
        let outcome = self.worker.egress().post(&self.endpoint.fields.url, headers, body).await;
        let delivery = self.delivery(message, attempt, &outcome, begun.elapsed());
        match &outcome {
            Ok(answered) if (200..300).contains(&answered.status) => {
                self.taken(Delivery { status: Status::Succeeded, ..delivery }, seq).await
            }
            outcome => self.not_taken(delivery, seq, outcome).await.map(|()| false),
        }
    }

    async fn taken(&self, delivery: Delivery, seq: i64) -> Result<bool> {
        let worker = self.worker;
        let kept = deliveries::keep(worker, &delivery);
        let goes_on = match self.lane.kind {
            Kind::Test => try_join(kept, self.lane.end(worker)).await.map(|_| false)?,
            Kind::Feed | Kind::Replay => try_join(kept, self.lane.pass(worker, seq)).await?.1,
        };
        if self.endpoint.failing_since.is_some() {
            let sql = worker.db.reader().await?;
            try_join(
                store::forget_failures(&sql, self.endpoint.id),
                lanes::hasten(&sql, worker.clock.now(), self.endpoint.id),
            )
            .await?;
        }
        Ok(goes_on)
    }

    async fn not_taken(
        &self,
        delivery: Delivery,
        seq: i64,
        outcome: &Result<Answered, Failed>,
    ) -> Result<()> {
        let (worker, id) = (self.worker, self.endpoint.id);
        let (now, attempt) = (worker.clock.now(), delivery.attempt);
        let answered = outcome.as_ref().ok();
        let of = Unsuccessful {
            attempt,
            status: answered.map(|answered| answered.status),
            retry_after: answered.and_then(|answered| answered.retry_after.as_deref()),
        };
        let [chance] = random::bytes().map_err(ApiError::internal)?;
        let next = schedule::next(&of, now, chance);
        if self.lane.kind == Kind::Test {
            let kept = Delivery { status: Status::GivenUp, ..delivery };
            try_join(deliveries::keep(worker, &kept), self.lane.end(worker)).await?;
            return match next {
                Next::Gone => steps::disable(worker, id, Because::Gone).await,
                Next::Again(_) | Next::Never => Ok(()),
            };
        }
        if next == Next::Gone {
            deliveries::keep(worker, &delivery).await?;
            return steps::disable(worker, id, Because::Gone).await;
        }
        let since = store::note_failure(worker, id, now).await?;
        if now - since >= UNTIL_DISABLED {
            deliveries::keep(worker, &delivery).await?;
            return steps::disable(worker, id, Because::Failing).await;
        }
        match next {
            Next::Again(at) => {
                let kept = Delivery { next_attempt_at: Some(at), ..delivery };
                try_join(deliveries::keep(worker, &kept), self.lane.put_off(worker, attempt, at)).await?;
            }
            // The endpoint goes on with what comes next.
            Next::Never | Next::Gone => {
                let kept = Delivery { status: Status::GivenUp, ..delivery };
                try_join(deliveries::keep(worker, &kept), self.lane.pass(worker, seq)).await?;
                self.lane.put_off(worker, 0, now).await?;
            }
        }
        Ok(())
    }

    /// As failed, until more is known.
    fn delivery(
        &self,
        message: &Message,
        attempt: i32,
        outcome: &Result<Answered, Failed>,
        took: Pause,
    ) -> Delivery {
        let answered = outcome.as_ref().ok();
        let error = outcome.as_ref().err().map(|failed| match failed {
            Failed::Refused => NoAnswer::AddressRefused,
            Failed::NotReached => NoAnswer::NotReached,
            Failed::TimedOut => NoAnswer::TimedOut,
            Failed::Cut => NoAnswer::CutOff,
        });
        Delivery {
            id: DeliveryId::generate(),
            endpoint_id: self.endpoint.id,
            lane: self.lane.kind,
            event_id: EventId(message.id.0),
            kind: message.kind.clone(),
            attempt,
            status: Status::Failed,
            http_status: answered.map(|answered| i32::from(answered.status)),
            error,
            duration_ms: i32::try_from(took.as_millis()).unwrap_or(i32::MAX),
            answer: answered.and_then(|answered| redacted(&answered.body, &message.body)),
            next_attempt_at: None,
            created_at: self.worker.clock.now(),
        }
    }
}
