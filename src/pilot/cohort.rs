//! Cohorts: the first, whose businesses come in with their owners, and those around it.

use serde_json::{Value, json};

use super::{accounts::invite, city::Business, story::Story};
use crate::access::Role;

/// How long the first cohort is coached.
const WEEKS: i64 = 26;

pub async fn begin(story: &mut Story) -> Result<(), String> {
    story.api.on(2);
    instruments(story).await?;
    let programme = story.actor("programme")?;
    let first = cohort(story, "angkatan-1", "Pendampingan Ekonomi Kreatif Angkatan I", 4, WEEKS).await?;
    story.api.act(&programme, &first, "open", json!({})).await?;
    for (code, name, actions) in [
        ("lokakarya", "Lokakarya Pembukuan", &["open", "start", "complete"][..]),
        ("ramadan", "Bazar Ramadan", &["cancel"]),
        ("angkatan-3", "Pendampingan Ekonomi Kreatif Angkatan III", &[]),
    ] {
        let path = cohort(story, code, name, if actions.len() == 3 { -7 } else { 90 }, 2).await?;
        for action in actions {
            let why =
                if *action == "cancel" { json!({ "reason_code": "budget_withdrawn" }) } else { json!({}) };
            story.api.act(&programme, &path, action, why).await?;
        }
    }
    story.api.on(3);
    for business in story.cohort() {
        register(story, &business).await?;
        take_part(story, &business).await?;
    }
    story.api.on(6);
    story.api.act(&programme, &first, "start", json!({})).await.map(drop)
}

/// The shipped one is published; an older one was tried and retired, a newer is being written.
async fn instruments(story: &mut Story) -> Result<(), String> {
    let programme = story.actor("programme")?;
    let list = story.api.get(&programme, "/v1/instruments").await?;
    let shipped = list["data"][0]["id"].as_str().unwrap_or_default().to_owned();
    let path = format!("/v1/instruments/{shipped}");
    let mut document = story.api.get(&programme, &path).await?["document"].clone();
    story.items = document["items"].as_array().cloned().unwrap_or_default();
    for (code, actions) in [("uji_coba", &["publish", "retire"][..]), ("kesiapan_berikut", &[])] {
        document["code"] = json!(code);
        let id = story.api.create(&programme, "/v1/instruments", json!({ "document": document })).await?;
        for action in actions {
            let why = if *action == "retire" { json!({ "reason_code": "replaced" }) } else { json!({}) };
            story.api.act(&programme, &format!("/v1/instruments/{id}"), action, why).await?;
        }
    }
    story.api.act(&programme, &path, "publish", json!({})).await?;
    story.note("instrument", "shipped", shipped);
    Ok(())
}

async fn cohort(
    story: &mut Story,
    code: &str,
    name: &str,
    starts_in: i64,
    weeks: i64,
) -> Result<String, String> {
    let fields = json!({
        "code": code,
        "name": name,
        "starts_on": story.api.date(starts_in),
        "ends_on": story.api.date(starts_in + weeks * 7),
        "capacity": 14,
        "instrument_id": story.id("instrument", "shipped")?,
    });
    let id = story.api.create(&story.actor("programme")?, "/v1/cohorts", fields).await?;
    story.note("cohort", code, id.clone());
    Ok(format!("/v1/cohorts/{id}"))
}

/// With its owner, who gets an account; a cooperative with the contact on its board.
async fn register(story: &mut Story, business: &Business) -> Result<(), String> {
    let programme = story.actor("programme")?;
    let cooperative = business.cooperative.as_ref().map(|key| story.id("cooperative", key)).transpose()?;
    let fields = business.registration(&story.api.date(0), cooperative.as_ref());
    let id = story.api.create(&programme, "/v1/businesses", fields).await?;
    story.note("business", &business.key, id.clone());
    let people = format!("/v1/businesses/{id}/people");
    if business.is_cooperative() {
        let person = story.api.create(&programme, "/v1/persons", business.person()).await?;
        let role =
            json!({ "person_id": person, "role": "board", "contact": true, "from": story.api.date(0) });
        story.api.create(&programme, &people, role).await?;
    }
    let found = story.api.get(&programme, &people).await?;
    let person = found["data"][0]["person_id"].as_str().unwrap_or_default().to_owned();
    story.note("person", &business.key, person.clone());
    let email = business.email();
    invite(story, &programme, (Role::Business, &person), &email, &business.owner, &business.key).await
}

async fn take_part(story: &mut Story, business: &Business) -> Result<(), String> {
    let path = invited(story, "angkatan-1", business).await?;
    story.note("participant", &business.key, path.clone());
    story.api.act(&story.actor(&business.key)?, &path, "accept", json!({})).await.map(drop)
}

async fn invited(story: &Story, cohort: &str, business: &Business) -> Result<String, String> {
    let participants = format!("{}/participants", story.path("cohorts", "cohort", cohort)?);
    let whom = json!({ "business_id": story.id("business", &business.key)? });
    let id = story.api.create(&story.actor("programme")?, &participants, whom).await?;
    Ok(format!("{participants}/{id}"))
}

/// For the next cohort: one declines, one does not answer.
pub async fn invite_the_next(story: &mut Story) -> Result<(), String> {
    story.api.on(39);
    let programme = story.actor("programme")?;
    let path = cohort(story, "angkatan-2", "Pendampingan Ekonomi Kreatif Angkatan II", 60, WEEKS).await?;
    story.api.act(&programme, &path, "open", json!({})).await?;
    for (key, answers) in [("lukis-eko", true), ("kaos-tono", false)] {
        let business = story.business(key)?;
        register(story, &business).await?;
        let path = invited(story, "angkatan-2", &business).await?;
        if answers {
            story.api.act(&story.actor(key)?, &path, "decline", json!({ "reason_code": "no_time" })).await?;
        }
        story.note("participant", key, path);
    }
    Ok(())
}

/// One still thinks about it, when another's time is over.
pub async fn wait_for_the_next(story: &mut Story) -> Result<(), String> {
    story.api.on(82);
    let business = story.business("jamu-sri")?;
    register(story, &business).await?;
    invited(story, "angkatan-2", &business).await?;
    let expired = |it: &Value| it["status"] == "expired";
    let forgotten = story.id("participant", "kaos-tono")?;
    story.api.eventually(&story.actor("programme")?, &forgotten, expired).await.map(drop)
}
