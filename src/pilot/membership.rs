//! Membership: enrollments in every state.

use serde_json::{Value, json};

use super::{capital::consent, outcome::done, story::Story, teller::Actor};

/// Who applies, to which cooperative, and what becomes of it.
const ENROLLMENTS: &[(&str, &str, &[&str])] = &[
    ("kue-siti", "konsumen", &["verify", "admit"]),
    ("batik-dewi", "konsumen", &["verify"]),
    ("konveksi-maya", "jasa", &[]),
    ("kopi-bagus", "simpan-pinjam", &["return"]),
    ("keripik-nur", "pemasaran", &["reject"]),
    ("rajut-lina", "produsen", &["withdraw"]),
    ("sambal-yanti", "konsumen", &["verify", "admit", "resign"]),
    ("kayu-joko", "lama", &["verify", "admit"]),
];

pub async fn apply(story: &mut Story) -> Result<(), String> {
    story.api.on(36);
    let mut open = Vec::new();
    for (key, cooperative, actions) in ENROLLMENTS {
        let receiver = story.id("cooperative", cooperative)?;
        consent(story, key, "cooperative", Some(&receiver)).await?;
        let application = json!({
            "person_id": story.id("person", key)?,
            "business_id": story.id("business", key)?,
            "cooperative_id": receiver,
        });
        let id = story.api.create(&story.actor(key)?, "/v1/enrollments", application).await?;
        open.push((*key, *cooperative, id, *actions));
    }
    for step in 0..3_i32 {
        story.api.on(37 + i64::from(step));
        for (key, cooperative, id, actions) in &open {
            let action = usize::try_from(step).ok().and_then(|step| actions.get(step));
            if let Some(action) = action {
                let (actor, with) = told(story, key, cooperative, action)?;
                story.api.act(&actor, &format!("/v1/enrollments/{id}"), action, with).await?;
            }
        }
    }
    for (key, _, id, _) in open.iter().take(1) {
        done(story, "cooperatives", key, "enrollment", id).await?;
    }
    let old = story.path("cooperatives", "cooperative", "lama")?;
    let dissolved = json!({ "reason_code": "members_decided" });
    story.api.act(&story.actor("cooperatives")?, &old, "dissolve", dissolved).await.map(drop)
}

/// Who takes the action, and with what. A board without an account sends its minutes to the desk.
fn told(story: &Story, key: &str, cooperative: &str, action: &str) -> Result<(Actor, Value), String> {
    let (owner, desk) = (story.actor(key)?, story.actor("cooperatives")?);
    Ok(match (action, cooperative) {
        ("admit", "konsumen") => (story.actor("board")?, json!({ "principal_savings_paid_idr": 100_000 })),
        ("admit", _) => {
            let minutes =
                json!({ "kind": "minutes", "reference": "Berita acara 4", "dated_on": story.api.date(0) });
            (desk, json!({ "evidence": minutes }))
        }
        ("return", _) => (desk, json!({ "reason_code": "principal_savings_unpaid" })),
        ("reject", _) => (desk, json!({ "reason_code": "outside_service_area" })),
        ("withdraw" | "resign", _) => (owner, json!({ "reason_code": "owner_request" })),
        _ => (desk, json!({})),
    })
}
