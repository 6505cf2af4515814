//! Mentors coach: sessions, objectives, assessments, plans.

use serde_json::{Value, json};

use super::{city::Business, story::Story};

/// Coached to the end, and with a plan that was accepted.
pub const TO_THE_END: [&str; 2] = ["kue-siti", "batik-dewi"];
const PLANNED: [&str; 4] = ["kue-siti", "batik-dewi", "konveksi-maya", "kopi-bagus"];
/// Assessed by their mentors.
const ASSESSED: [&str; 9] = [
    "kue-siti",
    "batik-dewi",
    "konveksi-maya",
    "kopi-bagus",
    "keripik-nur",
    "rajut-lina",
    "sambal-yanti",
    "tas-rudi",
    "koperasi-setu",
];
/// What comes to them later stands in `outcome`.
const NOT_YET: [&str; 2] = ["roti-hadi", "koperasi-serpong"];

/// Proposed, accepted, begun; one mentor declines, another does not answer.
pub async fn begin(story: &mut Story) -> Result<(), String> {
    story.api.on(7);
    let mut begun = Vec::new();
    for business in story.cohort() {
        let mentor = if business.key == "roti-hadi" { "rina" } else { &business.mentor };
        let path = propose(story, &business, mentor).await?;
        let coach = story.actor(mentor)?;
        match business.key.as_str() {
            "roti-hadi" => {
                story.api.act(&coach, &path, "decline", json!({ "reason_code": "too_far" })).await?;
            }
            "koperasi-serpong" => (),
            _ => {
                story.api.act(&coach, &path, "accept", json!({})).await?;
                story.note("mentorship", &business.key, path.clone());
                begun.push((business, path));
            }
        }
    }
    story.api.on(8);
    for (business, path) in &begun {
        let coach = story.actor(&business.mentor)?;
        story.api.act(&coach, path, "start", json!({})).await?;
        objectives(story, business, path).await?;
        self_assessment(story, business).await?;
    }
    story.api.on(10);
    for (business, path) in &begun {
        let agreed = meet(story, business, path, "Buku kas dibuka, contoh seminggu diisi bersama.").await?;
        story.api.act(&story.actor(&business.key)?, &agreed, "confirm", json!({})).await?;
    }
    Ok(())
}

pub async fn propose(story: &Story, business: &Business, mentor: &str) -> Result<String, String> {
    let proposal = json!({
        "cohort_id": story.id("cohort", "angkatan-1")?,
        "business_id": story.id("business", &business.key)?,
        "mentor_id": story.id("mentor", mentor)?,
    });
    let id = story.api.create(&story.actor("programme")?, "/v1/mentorships", proposal).await?;
    Ok(format!("/v1/mentorships/{id}"))
}

async fn objectives(story: &mut Story, business: &Business, path: &str) -> Result<(), String> {
    let coach = story.actor(&business.mentor)?;
    let at = format!("{path}/objectives");
    let books = json!({
        "kind": "accounting_system",
        "title": "Buku kas harian berjalan tiga bulan",
        "baseline": "Belum ada pencatatan yang teratur",
        "due_on": story.api.date(70),
        "focus": true,
        "status": "in_progress",
    });
    let id = story.api.create(&coach, &at, books).await?;
    story.note("objective", &business.key, format!("{at}/{id}"));
    if business.key == "foto-andi" {
        let dropped = json!({
            "kind": "marketing", "title": "Akun toko daring", "status": "dropped", "note": "Diganti sasaran lain.",
        });
        story.api.create(&coach, &at, dropped).await?;
        let plan = json!({ "kind": "business_plan", "title": "Rencana usaha setahun" });
        story.api.create(&coach, &at, plan).await?;
    }
    Ok(())
}

/// The path of a session that was held, and waits for the owner to confirm it.
async fn meet(story: &Story, business: &Business, path: &str, summary: &str) -> Result<String, String> {
    let coach = story.actor(&business.mentor)?;
    // One after the other: a mentor is in one place at a time.
    let cohort = story.cohort();
    let coached = cohort.iter().filter(|other| other.mentor == business.mentor);
    let before = coached.take_while(|other| other.key != business.key).count();
    let held_at = story.api.time_before(2 * i64::try_from(before).unwrap_or_default());
    let planned = json!({
        "planned_at": held_at, "planned_minutes": 90, "mode": "visit", "place": "Tempat usaha",
    });
    let session =
        format!("{path}/sessions/{}", story.api.create(&coach, &format!("{path}/sessions"), planned).await?);
    let owner = json!([{ "role": "owner", "person_id": story.id("person", &business.key)? }]);
    let report = json!({
        "held_at": held_at,
        "contact_minutes": 75,
        "preparation_minutes": 20,
        "travel_minutes": 40,
        "attendees": owner,
        "topics": ["bookkeeping"],
        "summary": summary,
        "agreed_actions": [{ "text": "Mencatat penjualan setiap malam", "due_on": story.api.date(7) }],
    });
    story.api.act(&coach, &session, "hold", report).await?;
    Ok(session)
}

async fn self_assessment(story: &mut Story, business: &Business) -> Result<(), String> {
    let owner = story.actor(&business.key)?;
    let path = draft(story, business, "self", 1).await?;
    match business.key.as_str() {
        "desain-putri" => return Ok(()),
        _ => story.api.act(&owner, &path, "submit", json!({})).await?,
    };
    let coach = story.actor(&business.mentor)?;
    match business.key.as_str() {
        "kayu-joko" => Ok(()),
        "foto-andi" => {
            let why = json!({ "reason_code": "contradicts_visit" });
            story.api.act(&coach, &path, "return", why).await.map(drop)
        }
        _ => story.api.act(&coach, &path, "review", json!({})).await.map(drop),
    }
}

/// Of the same level in every item that is asked of the trade.
async fn draft(story: &Story, business: &Business, kind: &str, level: u8) -> Result<String, String> {
    let asked = |item: &&Value| {
        let only = item["applies_to_subsectors"].as_array();
        only.is_none_or(|only| only.iter().any(|subsector| *subsector == business.subsector))
    };
    let answers: Value = story
        .items
        .iter()
        .filter(asked)
        .map(|item| (item["code"].as_str().unwrap_or_default().to_owned(), json!({ "score": level })))
        .collect();
    let own = kind == "self";
    let mentorship = story.id("mentorship", &business.key)?;
    let fields = json!({
        "business_id": story.id("business", &business.key)?,
        "instrument_id": story.id("instrument", "shipped")?,
        "kind": kind,
        "mentorship_id": (!own).then(|| mentorship.trim_start_matches("/v1/mentorships/")),
        "declared_capital_need_idr": if business.is_cooperative() { 0 } else { 20_000_000 },
        "answers": answers,
    });
    let writer = if own { &business.key } else { &business.mentor };
    Ok(format!(
        "/v1/assessments/{}",
        story.api.create(&story.actor(writer)?, "/v1/assessments", fields).await?
    ))
}

/// By the mentor, and reviewed by the programme.
pub async fn assess_as(story: &Story, business: &Business, kind: &str, level: u8) -> Result<(), String> {
    let path = draft(story, business, kind, level).await?;
    story.api.act(&story.actor(&business.mentor)?, &path, "submit", json!({})).await?;
    story.api.act(&story.actor("programme")?, &path, "review", json!({})).await.map(drop)
}

pub async fn assess(story: &mut Story) -> Result<(), String> {
    story.api.on(20);
    for key in ASSESSED {
        assess_as(story, &story.business(key)?, "mentor", 2).await?;
    }
    story.api.on(24);
    for business in story.cohort().iter().filter(|it| !NOT_YET.contains(&it.key.as_str())) {
        let path = story.id("mentorship", &business.key)?;
        let session =
            meet(story, business, &path, "Kas sebulan dibaca bersama; harga pokok dihitung.").await?;
        if business.key != "rajut-lina" {
            story.api.act(&story.actor(&business.key)?, &session, "confirm", json!({})).await?;
        }
    }
    missed(story).await
}

/// Sessions that did not take place, and one that is to come.
async fn missed(story: &Story) -> Result<(), String> {
    let business = story.business("desain-putri")?;
    let coach = story.actor(&business.mentor)?;
    let at = format!("{}/sessions", story.id("mentorship", &business.key)?);
    for (action, reason) in [("cancel", "rescheduled"), ("no_show", "owner_absent"), ("", "")] {
        let planned = json!({ "planned_at": story.api.time(), "planned_minutes": 60, "mode": "online" });
        let session = format!("{at}/{}", story.api.create(&coach, &at, planned).await?);
        if !action.is_empty() {
            story.api.act(&coach, &session, action, json!({ "reason_code": reason })).await?;
        }
    }
    Ok(())
}

pub async fn plan(story: &mut Story) -> Result<(), String> {
    story.api.on(30);
    for key in PLANNED.into_iter().chain(["tas-rudi", "keripik-nur"]) {
        let business = story.business(key)?;
        let (owner, coach) = (story.actor(key)?, story.actor(&business.mentor)?);
        let path = format!("{}/plan", story.id("mentorship", key)?);
        let fields = json!({
            "kind": "business",
            "period": { "from": story.api.date(30), "to": story.api.date(210) },
            "goals": "Omzet naik seperempat dalam enam bulan.",
            "items": [
                { "title": "Membeli alat produksi", "kind": "equipment", "cost_idr": 18_000_000, "due_on": story.api.date(60) },
                { "title": "Kemasan dan label baru", "kind": "marketing", "cost_idr": 4_000_000 },
            ],
            "finances": { "needed_idr": 22_000_000, "own_idr": 4_000_000 },
        });
        let made = story.api.post(&owner, &path, fields).await?;
        story.note("plan", key, made["id"].as_str().unwrap_or_default().to_owned());
        if key == "keripik-nur" {
            continue;
        }
        story.api.act(&owner, &path, "submit", json!({})).await?;
        if key == "konveksi-maya" {
            story.api.act(&coach, &path, "return", json!({ "missing": ["dates_missing"] })).await?;
            story.api.act(&owner, &path, "submit", json!({})).await?;
        }
        if key != "tas-rudi" {
            story.api.act(&coach, &path, "accept", json!({})).await?;
        }
    }
    Ok(())
}
