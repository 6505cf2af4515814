//! The addresses of webhooks.

use actix_web::{delete, get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    deliveries::{self, Delivery, DeliveryFilter},
    lanes,
    payloads::{
        MoveWebhook, ReplayWebhook, Status, Webhook, WebhookFields, WebhookFilter, WebhookSecret, WebhookTest,
    },
    replay,
    rules::{self, LIFECYCLE},
    secret, steps, store,
};
use crate::{
    access::{
        Access, Granted,
        may::{ReadWebhooks, WriteWebhooks},
    },
    changes,
    error::{ApiError, Result},
    http::{Answer, Code, Deleted, Done, IfMatch, Json, MergePatch, Page, Query, Shown, Versioned},
    ids::{EventId, WebhookId},
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter, feed::Wanted},
    records::{Record, Tx},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let webhooks = scope("/webhooks").service(list_webhooks).service(get_webhook);
    let webhooks = webhooks.service(create_webhook).service(update_webhook).service(delete_webhook);
    let webhooks = webhooks.service(move_webhook).service(list_webhook_transitions);
    let webhooks = webhooks.service(create_webhook_secret).service(test_webhook).service(replay_webhook);
    config.service(webhooks.service(list_webhook_deliveries).service(list_webhook_history));
}

/// List webhooks.
///
/// The newest first. An administrator sees those of all.
#[utoipa::path(params(WebhookFilter), responses((status = 200, body = Page<Webhook>)))]
#[get("")]
async fn list_webhooks(granted: Granted<ReadWebhooks>, query: Query<WebhookFilter>) -> Result<Page<Webhook>> {
    store::list(&granted, query).await
}

/// Get a webhook.
#[utoipa::path(responses((status = 200, body = Webhook)))]
#[get("/{id}")]
async fn get_webhook(granted: Granted<ReadWebhooks>, id: Path<WebhookId>) -> Result<Versioned<Webhook>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Register a webhook.
///
/// From now on its URL is told what happens, by the Standard Webhooks specification. The answer shows the secret to
/// verify that with, this once.
#[utoipa::path(responses((status = 201, body = WebhookSecret)))]
#[post("")]
async fn create_webhook(
    granted: Granted<WriteWebhooks>,
    Json(fields): Json<WebhookFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            check(tx, &fields)?;
            if store::count(tx).await? >= rules::MOST_ENDPOINTS {
                return Err(ApiError::Blocked { code: "too_many_webhooks", by: vec![] });
            }
            let id = WebhookId::generate();
            let (secret, sealed) = secret::new(&tx.worker, id)?;
            let webhook = store::insert(tx, id, &fields, &sealed).await?;
            lanes::follow(tx, id).await?;
            let shown = Shown { of: Some(id.0), once: WebhookSecret { id, secret } };
            Ok((shown, Event::created(&*webhook)))
        })
        .await
}

/// What is wrong with the fields, all of it.
fn check(access: &Access, fields: &WebhookFields) -> Result<()> {
    let mut flaws = rules::flaws(fields, &access.worker.egress().bounds, &access.actor);
    match wanted(access, fields) {
        Err(ApiError::Invalid(more)) => flaws.extend(more),
        found => drop(found?),
    }
    ApiError::if_any(flaws)
}

fn wanted(access: &Access, fields: &WebhookFields) -> Result<Wanted> {
    let flaw = |at| Code::UnknownCode.expecting(format!("/types/{at}"), "event-types");
    changes::wanted(&access.worker.reference(), fields.types.clone(), flaw)
}

/// Change a webhook.
///
/// It follows with the rights of the token that is used. Where the URL is another, what waits is tried at once.
#[utoipa::path(
    request_body(content = WebhookFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Webhook)),
)]
#[patch("/{id}")]
async fn update_webhook(
    granted: Granted<WriteWebhooks>,
    id: Path<WebhookId>,
    read: IfMatch,
    patch: MergePatch<WebhookFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock_own(tx, *id).await?;
            read.check(&before)?;
            let fields = patch.apply(&before.fields, Webhook::READ)?;
            check(tx, &fields)?;
            let after = store::update(tx, *id, &fields).await?;
            if fields.url != before.fields.url {
                store::forget_failures(tx.sql(), *id).await?;
                lanes::hasten(tx.sql(), tx.now, *id).await?;
            }
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Delete a webhook.
///
/// With what was still to be sent, and what is known of what was.
#[utoipa::path(params(WebhookId), responses((status = 204, description = "It is gone")))]
#[delete("/{id}")]
async fn delete_webhook(
    granted: Granted<WriteWebhooks>,
    id: Path<WebhookId>,
    read: IfMatch,
) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let before = store::lock_own(tx, *id).await?;
            read.check(&before)?;
            store::delete(tx, *id).await?;
            Ok((Deleted, Event::deleted(&before)))
        })
        .await
}

/// Move a webhook.
///
/// Enabled again, it goes on where it stopped, but with nothing older than thirty days.
#[utoipa::path(responses((status = 200, body = Webhook)))]
#[post("/{id}/transitions")]
async fn move_webhook(
    granted: Granted<ReadWebhooks>,
    id: Path<WebhookId>,
    read: Option<IfMatch>,
    Json(asked): Json<MoveWebhook>,
) -> Result<Answer> {
    granted
        .write(&asked, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, asked.action, &asked)?;
            let after = steps::set(tx, *id, step.to, None).await?;
            let event = Event::changed(&before, &*after, step.event()).with("move", &asked);
            Ok((Versioned(after), event))
        })
        .await
}

/// List the moves of a webhook.
///
/// Where it stands, what you could do with it, and its moves, the latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_webhook_transitions(
    granted: Granted<ReadWebhooks>,
    id: Path<WebhookId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// Give a webhook a new secret.
///
/// The answer shows it, this once. For 24 hours messages are signed with the one before, too.
#[utoipa::path(params(WebhookId), responses((status = 201, body = WebhookSecret)))]
#[post("/{id}/secret")]
async fn create_webhook_secret(granted: Granted<WriteWebhooks>, id: Path<WebhookId>) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let before = store::lock_own(tx, *id).await?;
            let (secret, sealed) = secret::new(&tx.worker, *id)?;
            let after = store::rotate(tx, *id, &sealed).await?;
            let event = Event::changed(&before, &*after, "secret_rotated");
            Ok((Shown { of: None, once: WebhookSecret { id: *id, secret } }, event))
        })
        .await
}

/// Send a test message.
///
/// Once, also where the webhook is disabled; what became of it is among the deliveries. Taken by a receiver that
/// failed before, it has what waits tried at once.
#[utoipa::path(params(WebhookId), responses((status = 201, body = WebhookTest)))]
#[post("/{id}/test")]
async fn test_webhook(granted: Granted<WriteWebhooks>, id: Path<WebhookId>) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let webhook = store::lock_own(tx, *id).await?;
            let event_id = EventId::generate();
            lanes::test(tx, *id, event_id).await?;
            let event = Event::changed(&webhook, &webhook, "tested");
            Ok((Shown { of: None, once: WebhookTest { event_id } }, event))
        })
        .await
}

/// Send events once more.
///
/// One, or all of those that the webhook is for, from one on; none older than thirty days. Each has the same
/// `webhook-id` as before. What comes new meanwhile does not wait for it.
#[utoipa::path(responses((status = 204, description = "They are on their way")))]
#[post("/{id}/replay")]
async fn replay_webhook(
    granted: Granted<WriteWebhooks>,
    id: Path<WebhookId>,
    Json(asked): Json<ReplayWebhook>,
) -> Result<Answer> {
    granted
        .write(&asked, async |tx| {
            let webhook = store::lock_own(tx, *id).await?;
            must_be_enabled(tx, &webhook)?;
            let range = replay::range(tx, &wanted(tx, &webhook.fields)?, &asked).await?;
            if !lanes::replay(tx, *id, range).await? {
                return Err(ApiError::Blocked { code: "replay_is_running", by: vec![] });
            }
            Ok((Done, Event::changed(&webhook, &webhook, "replayed").with("asked", &asked)))
        })
        .await
}

fn must_be_enabled(tx: &Tx<'_>, webhook: &Webhook) -> Result<()> {
    match LIFECYCLE.may_change(tx, webhook, &[Status::Enabled]) {
        Err(ApiError::NotPossible { code, possible, .. }) => {
            Err(ApiError::NotPossible { action: "replay", code, possible })
        }
        may => may,
    }
}

/// List attempts to deliver.
///
/// The latest first, for thirty days: what was sent when, and how it was answered.
#[utoipa::path(params(DeliveryFilter), responses((status = 200, body = Page<Delivery>)))]
#[get("/{id}/deliveries")]
async fn list_webhook_deliveries(
    granted: Granted<ReadWebhooks>,
    id: Path<WebhookId>,
    query: Query<DeliveryFilter>,
) -> Result<Page<Delivery>> {
    let webhook = store::find(&granted, *id).await?;
    deliveries::list(&granted, webhook.id, query).await
}

/// List what happened to a webhook.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_webhook_history(
    granted: Granted<ReadWebhooks>,
    id: Path<WebhookId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
