//! Empties the outbox, one mail after the other. Any replica may: a mail is claimed by one of them at a time.

use std::{future::pending, time::Duration as Pause};

use actix_web::{rt::time, web::Data};
use chrono::{DateTime, Duration, Utc};

use super::{
    mailer::{Failed, Mailer},
    outbox::{self, Claimed},
};
use crate::{error::Result, worker::Worker};

/// How often to look.
const PULSE: Pause = Pause::from_millis(500);
/// Longer than a server may take with all its commands: who died while sending has lost the claim by then.
const CLAIM: Duration = Duration::minutes(5);
/// After each failed try but the last; then the longest, until it is given up.
const PAUSES: &[Duration] = &[
    Duration::minutes(1),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(6),
];
const GIVE_UP_AFTER: Duration = Duration::days(3);

/// Until its task is dropped; at once idle where no server is set.
pub async fn deliver(worker: Data<Worker>) {
    let Some(mailer) = worker.mailer().cloned() else { return pending().await };
    loop {
        match one(&worker, &mailer).await {
            Ok(true) => continue,
            Ok(false) => (),
            Err(error) => log::error!("the outbox: {error:?}"),
        }
        time::sleep(PULSE).await;
    }
}

/// Whether there was one.
async fn one(worker: &Worker, mailer: &Mailer) -> Result<bool> {
    let Some(claimed) = outbox::claim(worker, CLAIM).await? else { return Ok(false) };
    let letter = match claimed.open(worker) {
        Ok(letter) => letter,
        // Written with a key that is gone: no try will open it.
        Err(error) => return give_up(worker, &claimed, &format!("{error:?}")).await.map(|()| true),
    };
    match mailer.send(&letter, claimed.id).await {
        Ok(()) => outbox::sent(worker, claimed.id).await?,
        Err(Failed::ForGood(why)) => give_up(worker, &claimed, &why).await?,
        Err(Failed::ForNow(why)) => {
            match next_try(claimed.created_at, worker.clock.now(), claimed.attempts) {
                Some(at) => outbox::try_again(worker, claimed.id, at, &why).await?,
                None => give_up(worker, &claimed, &why).await?,
            }
        }
    }
    Ok(true)
}

/// Whoever keeps the service has to know; the address is not said.
async fn give_up(worker: &Worker, claimed: &Claimed, why: &str) -> Result<()> {
    log::warn!("mail {} is not sent: {why}", claimed.id);
    outbox::give_up(worker, claimed.id, why).await
}

/// When to try again what was tried so often, or not.
fn next_try(queued: DateTime<Utc>, now: DateTime<Utc>, attempts: i32) -> Option<DateTime<Utc>> {
    let at = usize::try_from(attempts - 1).unwrap_or_default().min(PAUSES.len() - 1);
    let next = now + *PAUSES.get(at)?;
    (next < queued + GIVE_UP_AFTER).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_after_three_days_it_is_over() {
        let queued = DateTime::UNIX_EPOCH;
        let (mut now, mut pauses) = (queued, Vec::new());
        for attempts in 1.. {
            let Some(next) = next_try(queued, now, attempts) else { break };
            pauses.push((next - now).num_minutes());
            now = next;
        }
        assert_eq!(&pauses[..6], [1, 5, 30, 120, 360, 360]);
        assert!(pauses.len() < 20 && now - queued > Duration::days(2) && now - queued < GIVE_UP_AFTER);
    }
}
