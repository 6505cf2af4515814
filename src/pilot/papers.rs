//! Papers and photos: a file for each kind of record that can have some, and documents that name them.

use serde_json::json;

use super::{
    story::Story,
    teller::{Actor, File},
};

const PHOTO: File = File { media_type: "image/jpeg", bytes: include_bytes!("photo.jpg") };
const PAPER: File = File { media_type: "application/pdf", bytes: include_bytes!("paper.pdf") };

pub async fn upload(story: &Story) -> Result<(), String> {
    let business = story.business("kue-siti")?;
    let (owner, coach) = (story.actor(&business.key)?, story.actor(&business.mentor)?);
    let of_business = story.id("business", &business.key)?;
    let mentorship = story.id("mentorship", &business.key)?;
    let objective = story.id("objective", &business.key)?;
    let session = latest(story, &coach, &format!("{mentorship}/sessions")).await?;
    let assessment = latest(story, &coach, &format!("/v1/assessments?business_id={of_business}")).await?;
    let enrollment = latest(story, &owner, "/v1/enrollments").await?;
    let (person, mentor) = (story.id("person", &business.key)?, story.id("mentor", &business.mentor)?);
    for (who, resource, record, kind, file) in [
        (&owner, "business", of_business.as_str(), "photo", PHOTO),
        (&owner, "person", &person, "family_card", PAPER),
        (&coach, "mentor", &mentor, "certificate", PAPER),
        (&coach, "session", &session, "photo", PHOTO),
        (&coach, "objective", id_of(&objective), "photo", PHOTO),
        (&owner, "assessment", &assessment, "photo", PHOTO),
        (&owner, "enrollment", &enrollment, "application_form", PAPER),
    ] {
        story.api.upload(who, (resource, record), kind, &file).await?;
    }
    provide(story).await
}

/// An owner brings the first paper of the referral that he is still writing.
async fn provide(story: &Story) -> Result<(), String> {
    let owner = story.actor("tas-rudi")?;
    let referral = latest(story, &owner, "/v1/capital-referrals?status=draft").await?;
    let path = format!("/v1/capital-referrals/{referral}");
    let documents = story.api.get(&owner, &path).await?["documents"].clone();
    let kind = documents[0]["kind"].as_str().ok_or("the referral needs no documents")?;
    let file = story.api.upload(&owner, ("capital_referral", &referral), kind, &PAPER).await?;
    let evidence = json!({
        "kind": "scan", "reference": "Unggahan pemilik", "dated_on": story.api.date(0), "attachment_id": file,
    });
    let document = json!({ "status": "provided", "evidence": evidence });
    story.api.patch_at(&owner, &path, &format!("{path}/documents/{kind}"), document).await.map(drop)
}

/// The newest that the list has.
async fn latest(story: &Story, who: &Actor, list: &str) -> Result<String, String> {
    let found = story.api.get(who, list).await?;
    found["data"][0]["id"].as_str().map(str::to_owned).ok_or_else(|| format!("{list} has nothing"))
}

fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
