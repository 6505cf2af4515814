//! Products and their certifications in every state, and what mentors are certified in.

use serde_json::{Value, json};

use super::{outcome::done, story::Story};

/// Whose, called what, of which category.
const PRODUCTS: &[(&str, &str, &str)] = &[
    ("sambal-yanti", "Sambal bawang 150 g", "packaged_food_low_risk"),
    ("kue-siti", "Kue nastar 250 g", "packaged_food_low_risk"),
    ("keripik-nur", "Keripik singkong pedas 200 g", "packaged_food_low_risk"),
    ("kopi-bagus", "Kopi bubuk 100 g", "packaged_food_low_risk"),
    ("batik-dewi", "Kain batik tulis", "textile"),
    ("tas-rudi", "Tas anyaman", "craft"),
];

struct Certification {
    /// Whose.
    of: &'static str,
    /// A trademark is of the business as a whole.
    kind: &'static str,
    actions: &'static [&'static str],
    /// How many days before and after a grant lies, and its end.
    held: (i64, i64),
}

#[rustfmt::skip]
const CERTIFICATIONS: &[Certification] = &[
    Certification { of: "sambal-yanti", kind: "spp_irt",   actions: &["apply", "grant"],           held: (2, 1824) },
    Certification { of: "sambal-yanti", kind: "halal",     actions: &[],                           held: (0, 0) },
    Certification { of: "kue-siti",     kind: "spp_irt",   actions: &["apply", "grant"],           held: (1700, 125) },
    Certification { of: "kue-siti",     kind: "halal",     actions: &["apply"],                    held: (0, 0) },
    Certification { of: "keripik-nur",  kind: "spp_irt",   actions: &["apply", "reject"],          held: (0, 0) },
    Certification { of: "kopi-bagus",   kind: "halal",     actions: &["apply", "grant", "revoke"], held: (30, 1400) },
    Certification { of: "batik-dewi",   kind: "trademark", actions: &["apply"],                    held: (0, 0) },
];

pub async fn certify(story: &mut Story) -> Result<(), String> {
    story.api.on(39);
    for (key, name, category) in PRODUCTS {
        let product = json!({
            "name": name, "category": category, "unit_price_idr": 35_000, "monthly_capacity": 200,
        });
        let path = format!("{}/products", story.path("businesses", "business", key)?);
        let id = story.api.create(&story.actor(key)?, &path, product).await?;
        story.note("product", key, id);
    }
    let desk = story.actor("standardisation")?;
    for Certification { of, kind, actions, held } in CERTIFICATIONS {
        let path = plan(story, of, kind).await?;
        for action in *actions {
            story.api.act(&desk, &path, action, told(story, action, *held)).await?;
        }
    }
    let certified = story.id("certification", "sambal-yanti spp_irt")?;
    done(story, "standardisation", "sambal-yanti", "certification", &certified).await?;
    mentors(story).await
}

/// The path of one that the owner has planned, with the first paper of its checklist.
async fn plan(story: &mut Story, key: &str, kind: &str) -> Result<String, String> {
    let owner = story.actor(key)?;
    let product = story.id("product", key).ok().filter(|_| kind != "trademark");
    let planned = json!({ "business_id": story.id("business", key)?, "product_id": product, "kind": kind });
    let id = story.api.create(&owner, "/v1/certifications", planned).await?;
    let path = format!("/v1/certifications/{id}");
    story.note("certification", &format!("{key} {kind}"), id);
    let paper = json!({ "kind": "nib", "reference": "Map usaha, lembar 1", "dated_on": story.api.date(-3) });
    let provided = json!({ "status": "provided", "evidence": paper });
    let read = story.api.get(&owner, &path).await?;
    let first = read["requirements"][0]["requirement"].as_str().unwrap_or_default().to_owned();
    story.api.patch_at(&owner, &path, &format!("{path}/requirements/{first}"), provided).await?;
    Ok(path)
}

fn told(story: &Story, action: &str, (since, still): (i64, i64)) -> Value {
    let date = |days| story.api.date(days);
    match action {
        "apply" => json!({ "applied_on": date(-since - 14) }),
        "grant" => json!({
            "number": "2063674010001-31", "granted_on": date(-since), "expires_on": date(still),
            "evidence": { "kind": "certificate", "reference": "Map sertifikat", "dated_on": date(-since) },
        }),
        "reject" => json!({ "reason_code": "inspection_failed" }),
        _ => json!({ "reason_code": "composition_changed" }),
    }
}

/// One of the certificates runs out soon; one mentor is related to an owner.
async fn mentors(story: &Story) -> Result<(), String> {
    for (key, by, still) in [("rina", "rina", 60), ("fauzi", "uin-jakarta", 900)] {
        let qualification = json!({
            "scheme": "SKKNI 181/2017",
            "level": "KKNI 5",
            "issuer": "LSP Pendamping UMKM (rekaan)",
            "units": ["M.70PEN01.001.1"],
            "issued_on": story.api.date(-1000),
            "expires_on": story.api.date(still),
        });
        let path = format!("{}/qualifications", story.path("mentors", "mentor", key)?);
        story.api.create(&story.actor(by)?, &path, qualification).await?;
    }
    let path = format!("{}/interests", story.path("mentors", "mentor", "surya")?);
    let by_name = json!({
        "business_name": "Andi Foto Studio", "ground": "family", "declared_on": story.api.date(0),
        "note": "Pemiliknya adik ipar saya.",
    });
    let id = story.api.create(&story.actor("surya")?, &path, by_name).await?;
    let linked = json!({ "business_id": story.id("business", "foto-andi")? });
    story.api.patch(&story.actor("programme")?, &format!("{path}/{id}"), linked).await.map(drop)
}
