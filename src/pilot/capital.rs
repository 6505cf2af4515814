//! Capital: referrals in every state, from a draft to the last payment.

use serde_json::{Value, json};

use super::{outcome::done, story::Story, teller::Actor};

/// Whose, over how much, and how far it goes.
const REFERRALS: &[(&str, i64, &[&str])] = &[
    (
        "kue-siti",
        18_000_000,
        &[
            "submit",
            "start_review",
            "return",
            "submit",
            "start_review",
            "recommend",
            "forward",
            "approve",
            "disburse",
            "disburse",
            "close",
        ],
    ),
    ("batik-dewi", 30_000_000, &["submit", "start_review", "recommend", "forward", "approve", "disburse"]),
    ("konveksi-maya", 40_000_000, &["submit", "start_review", "recommend", "forward", "approve"]),
    ("kopi-bagus", 20_000_000, &["submit", "start_review", "recommend", "forward"]),
    ("sambal-yanti", 15_000_000, &["submit", "start_review", "recommend", "forward", "reject"]),
    ("keripik-nur", 10_000_000, &["submit", "start_review", "recommend"]),
    ("kopi-bagus", 60_000_000, &["submit", "start_review", "not_recommend"]),
    ("rajut-lina", 8_000_000, &["submit", "start_review"]),
    ("sambal-yanti", 12_000_000, &["submit", "start_review", "return"]),
    ("konveksi-maya", 25_000_000, &["submit"]),
    ("tas-rudi", 35_000_000, &[]),
    ("tas-rudi", 20_000_000, &["submit", "withdraw"]),
];

pub async fn refer(story: &mut Story) -> Result<(), String> {
    story.api.on(40);
    let mut open = Vec::new();
    for (key, amount, actions) in REFERRALS {
        let draft = json!({
            "business_id": story.id("business", key)?,
            "amount_idr": amount,
            "purpose": "equipment",
            "plan_id": story.id("plan", key).ok(),
        });
        let id = story.api.create(&story.actor(key)?, "/v1/capital-referrals", draft).await?;
        open.push((*key, *amount, id, *actions));
    }
    // The owners let the lender see it.
    for key in ["kue-siti", "batik-dewi", "konveksi-maya", "kopi-bagus", "sambal-yanti"] {
        let lender = story.id("institution", "bank-contoh")?;
        consent(story, key, "lender", Some(&lender)).await?;
    }
    let publication = consent(story, "batik-dewi", "publication", None).await?;
    story.api.act(&story.actor("batik-dewi")?, &publication, "withdraw", json!({})).await?;
    let longest = REFERRALS.iter().map(|(_, _, actions)| actions.len()).max().unwrap_or_default();
    for step in 0..longest {
        story.api.on(42 + 3 * i64::try_from(step).unwrap_or_default());
        for (key, amount, id, actions) in &open {
            if let Some(action) = actions.get(step) {
                let (actor, with) = told(story, key, *amount, action)?;
                story.api.act(&actor, &format!("/v1/capital-referrals/{id}"), action, with).await?;
            }
        }
    }
    for (key, _, id, actions) in &open {
        if actions.last() == Some(&"close") {
            done(story, "facilitation", key, "capital_referral", id).await?;
        }
    }
    Ok(())
}

/// The path of a consent that the owner gives.
pub async fn consent(story: &Story, key: &str, purpose: &str, to: Option<&str>) -> Result<String, String> {
    let at = format!("/v1/persons/{}/consents", story.id("person", key)?);
    let given = json!({ "purpose": purpose, "receiver_id": to, "text_version": 1, "via": "own_account" });
    Ok(format!("{at}/{}", story.api.create(&story.actor(key)?, &at, given).await?))
}

/// Who takes the action, and with what.
fn told(story: &Story, key: &str, amount: i64, action: &str) -> Result<(Actor, Value), String> {
    let (owner, officer, lender) =
        (story.actor(key)?, story.actor("facilitation")?, story.actor("bank-contoh")?);
    Ok(match action {
        "submit" | "withdraw" => (owner, json!({})),
        "return" => (officer, json!({ "missing": ["quotation"], "reason_code": "document_missing" })),
        "recommend" => (officer, json!({ "amount_idr": amount })),
        "not_recommend" => (officer, json!({ "reason_code": "repayment_capacity" })),
        "forward" => (officer, json!({ "lender_id": story.id("institution", "bank-contoh")? })),
        "approve" => (lender, json!({ "amount_idr": amount })),
        "reject" => (lender, json!({ "reason_code": "credit_history" })),
        "disburse" => (lender, json!({ "amount_idr": amount / 2, "disbursed_on": story.api.date(0) })),
        "close" => (lender, json!({})),
        _ => (officer, json!({})),
    })
}
