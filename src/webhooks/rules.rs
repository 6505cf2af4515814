//! Where an endpoint may be, who moves it, and how. Nothing here touches HTTP or the database.

use chrono::NaiveDate;

use super::payloads::{
    Action::{self, Disable, Enable},
    Payload,
    Status::{self, Disabled, Enabled},
    Webhook, WebhookFields,
};
use crate::{
    access::{
        Permission::{ReadChanges, ReadWebhooks, WriteWebhooks},
        token::Actor,
    },
    egress::{Bounds, Refusal},
    http::{Code, Flaw},
    lifecycle::{Lifecycle, Move, any},
};

/// Of one party and client.
pub const MOST_ENDPOINTS: i64 = 20;

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Webhook, Status, Action> = Lifecycle {
    resource: "webhook_endpoint",
    status: |webhook| webhook.status,
    objection: belongs_to_another,
    moves: &[
        Move { action: Enable,  from: &[Disabled], to: Enabled,  permission: WriteWebhooks, needs: &[], takes: &[], named: None, only: any },
        Move { action: Disable, from: &[Enabled],  to: Disabled, permission: ReadWebhooks,  needs: &[], takes: &[], named: None, only: any },
    ],
};

/// Whoever sees it may stop it.
fn belongs_to_another(
    webhook: &Webhook,
    actor: &Actor,
    _: NaiveDate,
    action: Action,
) -> Option<&'static str> {
    (action == Enable && !belongs_to(webhook, actor)).then_some("not_permitted")
}

pub fn belongs_to(webhook: &Webhook, actor: &Actor) -> bool {
    webhook.party == actor.party.to_string() && webhook.client_id == actor.client
}

/// What is wrong with the fields, but for their types.
pub fn flaws(fields: &WebhookFields, bounds: &Bounds, actor: &Actor) -> Vec<Flaw> {
    let url = bounds.refusal(&fields.url).map(|refusal| match refusal {
        Refusal::Form => Code::BadFormat.expecting("/url", "https://host/path"),
        Refusal::Private => Code::PrivateAddress.at("/url"),
        Refusal::Port => {
            let ports: Vec<_> = bounds.ports.iter().map(u16::to_string).collect();
            Code::NotAllowed.expecting("/url", ports.join(", "))
        }
    });
    // A whole change says what only the feed says otherwise.
    let full = fields.payload == Payload::Full && !actor.scopes.contains(ReadChanges);
    let payload = full.then(|| Code::NotAllowed.expecting("/payload", Payload::Thin));
    url.into_iter().chain(payload).collect()
}
