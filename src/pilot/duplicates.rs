//! Duplicates: a business that came in twice and was merged, and two that were taken for one.

use serde_json::json;

use super::story::Story;

pub async fn merge(story: &mut Story) -> Result<(), String> {
    story.api.on(76);
    let programme = story.actor("programme")?;
    for (name, village, of, undone) in [
        ("Keripik Bu Nur", "36.74.04.1002", "keripik-nur", false),
        ("Anyaman Rudi", "36.74.06.1006", "tas-rudi", true),
    ] {
        let again = json!({
            "name": name, "subsector": "kuliner", "address": { "village_code": village },
            "snapshot": { "taken_on": story.api.date(-30), "customers": 40, "source": "intake" },
        });
        let merge = json!({
            "resource": "business",
            "from_id": story.api.create(&programme, "/v1/businesses", again).await?,
            "into_id": story.id("business", of)?,
            "note": "Terdaftar dua kali: di pameran dan di kantor.",
        });
        let id = story.api.create(&programme, "/v1/merges", merge).await?;
        if undone {
            let why = json!({ "note": "Ternyata dua usaha yang berbeda." });
            story.api.act(&programme, &format!("/v1/merges/{id}"), "undo", why).await?;
        }
    }
    Ok(())
}
