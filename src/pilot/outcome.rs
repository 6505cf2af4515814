//! Hand-overs, and how the coaching ends.

use serde_json::{Value, json};

use super::{
    coaching::{TO_THE_END, assess_as, propose},
    story::Story,
};

/// Those that the readers of the log have opened are answered.
pub async fn hand_over(story: &mut Story) -> Result<(), String> {
    story.api.on(34);
    for (division, business, action, why) in [
        ("facilitation", "kue-siti", "take", Value::Null),
        ("facilitation", "batik-dewi", "take", Value::Null),
        ("facilitation", "konveksi-maya", "take", Value::Null),
        ("cooperatives", "kue-siti", "take", Value::Null),
        ("cooperatives", "tas-rudi", "decline", json!({ "reason_code": "owner_not_interested" })),
        ("standardisation", "sambal-yanti", "take", Value::Null),
    ] {
        let path = opened(story, division, business).await?;
        story.note(&format!("hand-over to {division} of"), business, path.clone());
        story.api.act(&story.actor(division)?, &path, action, why).await?;
    }
    Ok(())
}

/// Its path, once there is one.
async fn opened(story: &Story, division: &str, business: &str) -> Result<String, String> {
    let id = story.id("business", business)?;
    let list = format!("/v1/hand-overs?division={division}&business_id={id}&status=open");
    let found =
        story.api.eventually(&story.actor("programme")?, &list, |it| it["data"][0]["id"].is_string()).await?;
    Ok(format!("/v1/hand-overs/{}", found["data"][0]["id"].as_str().unwrap_or_default()))
}

pub async fn done(story: &Story, division: &str, business: &str, kind: &str, id: &str) -> Result<(), String> {
    let path = story.id(&format!("hand-over to {division} of"), business)?;
    let result = json!({ "result": { "kind": kind, "id": id } });
    story.api.act(&story.actor(division)?, &path, "done", result).await.map(drop)
}

/// Two are followed up and graduate; one is given up; two begin late.
pub async fn complete(story: &mut Story) -> Result<(), String> {
    story.api.on(74);
    let programme = story.actor("programme")?;
    for key in TO_THE_END {
        let business = story.business(key)?;
        let (coach, mentorship) = (story.actor(&business.mentor)?, story.id("mentorship", key)?);
        let evidence = json!({ "kind": "cash_book", "reference": "Buku kas, lembar 1–40", "dated_on": story.api.date(-1) });
        let achieved = json!({ "status": "achieved", "evidence": evidence });
        story.api.patch(&coach, &story.id("objective", key)?, achieved).await?;
        let snapshots = format!("{}/snapshots", story.path("businesses", "business", key)?);
        story.api.create(&coach, &snapshots, business.snapshot(&story.api.date(0), 20, "mentor")).await?;
        assess_as(story, &business, "follow_up", 3).await?;
        story.api.act(&programme, &mentorship, "complete", json!({})).await?;
        story.api.act(&programme, &story.id("participant", key)?, "graduate", json!({})).await?;
    }
    prove(story).await?;
    give_up(story).await?;
    pass_on(story).await?;
    late_beginners(story).await
}

/// Of what the second snapshots showed, one change is verified, one confirmed by its owner; a claim of another
/// is rejected, and the rest waits.
async fn prove(story: &Story) -> Result<(), String> {
    let programme = story.actor("programme")?;
    for key in TO_THE_END {
        let outcomes = format!("{}/outcomes", story.path("businesses", "business", key)?);
        let shown = |it: &Value| it["data"].as_array().is_some_and(|data| !data.is_empty());
        let list = format!("{outcomes}?kind=revenue_change");
        let found = story.api.eventually(&programme, &list, shown).await?;
        let path = format!("/v1/outcomes/{}", found["data"][0]["id"].as_str().unwrap_or_default());
        story.api.act(&story.actor(key)?, &path, "confirm", json!({ "attribution": "mostly" })).await?;
        if key == "kue-siti" {
            let evidence = json!({ "kind": "cash_book", "reference": "Buku kas, lembar 1–40", "dated_on": story.api.date(-1) });
            story.api.act(&programme, &path, "verify", json!({ "evidence": evidence })).await?;
        }
    }
    let outcomes = format!("{}/outcomes", story.path("businesses", "business", "kopi-bagus")?);
    let coach = story.actor(&story.business("kopi-bagus")?.mentor)?;
    let claim = json!({ "kind": "new_market", "unit": "count", "occurred_on": story.api.date(-10), "note": "Titip jual di dua toko." });
    let id = story.api.create(&coach, &outcomes, claim).await?;
    let rejected = json!({ "reason_code": "no_evidence" });
    story.api.act(&programme, &format!("/v1/outcomes/{id}"), "reject", rejected).await.map(drop)
}

/// One business passes to another mentor; one mentor is let go, while he still coaches.
async fn pass_on(story: &Story) -> Result<(), String> {
    let (programme, mentorship) = (story.actor("programme")?, story.id("mentorship", "foto-andi")?);
    let transfer = json!({ "mentor_id": story.id("mentor", "nadia")?, "reason_code": "better_match" });
    story.api.act(&programme, &mentorship, "transfer", transfer).await?;
    story.api.act(&story.actor("nadia")?, &mentorship, "accept_transfer", json!({})).await?;
    let let_go = story.path("mentors", "mentor", &story.business("desain-putri")?.mentor)?;
    story.api.act(&programme, &let_go, "end", json!({ "reason_code": "contract_ended" })).await.map(drop)
}

/// Its hand-overs are cancelled with it.
async fn give_up(story: &Story) -> Result<(), String> {
    let key = "koperasi-setu";
    let programme = story.actor("programme")?;
    opened(story, "standardisation", key).await?;
    let terminated = json!({ "reason_code": "business_closed" });
    story.api.act(&programme, &story.id("mentorship", key)?, "terminate", terminated).await?;
    let dropped = json!({ "reason_code": "business_closed" });
    story.api.act(&programme, &story.id("participant", key)?, "drop", dropped).await?;
    let business = story.path("businesses", "business", key)?;
    story.api.act(&programme, &business, "deactivate", json!({ "reason_code": "closed" })).await?;
    let list = format!("/v1/hand-overs?business_id={}&status=open", story.id("business", key)?);
    let none = |it: &Value| it["data"].as_array().is_some_and(Vec::is_empty);
    story.api.eventually(&programme, &list, none).await.map(drop)
}

async fn late_beginners(story: &mut Story) -> Result<(), String> {
    let business = story.business("roti-hadi")?;
    let accepted = propose(story, &business, &business.mentor).await?;
    story.api.act(&story.actor(&business.mentor)?, &accepted, "accept", json!({})).await?;
    story.api.on(81);
    let business = story.business("koperasi-serpong")?;
    propose(story, &business, &business.mentor).await.map(drop)
}
