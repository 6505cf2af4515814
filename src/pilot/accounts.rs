//! The accounts, partners and mentors, before the first cohort begins.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    city::Mentor,
    credentials::{Client, LogIn},
    story::Story,
    teller::Actor,
};
use crate::{
    access::Role,
    accounts::{self, Grant, UserFields, UserStatus},
    ids::UserId,
    secrets::random,
};

pub async fn open(story: &mut Story) -> Result<(), String> {
    administrator(story).await?;
    desks(story).await?;
    partners(story).await?;
    mentors(story).await?;
    cooperatives(story).await?;
    systems(story).await
}

fn uuid(text: &str) -> Result<Uuid, String> {
    Uuid::parse_str(text).map_err(|error| error.to_string())
}

/// As at the command line: somebody has to be the first.
async fn administrator(story: &mut Story) -> Result<(), String> {
    let (name, email) = ("Administrator", "admin@dinas.example");
    let worker = story.api.settings().worker().map_err(|error| format!("{error:?}"))?;
    let grants = vec![Grant { role: Role::Admin, subject_id: None }];
    let fields = UserFields {
        name: name.into(),
        email: Some(email.into()),
        phone: None,
        grants,
        status: UserStatus::Active,
    };
    let made = accounts::make_user(&worker, fields, None).await.map_err(|error| error.to_string())?;
    story.meet("admin", Actor { user: made.id, role: Role::Admin, subject: None });
    known(story, Role::Admin, email, made.password, name);
    Ok(())
}

fn known(story: &mut Story, role: Role, email: &str, password: String, name: &str) {
    let login = LogIn { role, email: email.to_owned(), password, name: name.to_owned() };
    story.credentials.logins.push(login);
}

async fn desks(story: &mut Story) -> Result<(), String> {
    let admin = story.actor("admin")?;
    for at in 0..story.city.desks.len() {
        let Some((role, name)) = story.city.desks.get(at).map(|desk| (desk.role, desk.name.clone())) else {
            break;
        };
        let email = format!("{}@dinas.example", name.to_lowercase().replace(' ', "."));
        let grants = json!([{ "role": role, "subject_id": null }]);
        let user = json!({ "name": name, "email": email, "grants": grants });
        let made = story.api.post(&admin, "/v1/users", user).await?;
        let id = made["id"].as_str().unwrap_or_default();
        let actor = Actor { user: UserId(uuid(id)?), role, subject: None };
        let key = match story.actor(role.as_str()) {
            Ok(_) => format!("another {role}"),
            Err(_) => role.to_string(),
        };
        story.meet(&key, actor);
        known(story, role, &email, made["password"].as_str().unwrap_or_default().to_owned(), &name);
    }
    Ok(())
}

async fn partners(story: &mut Story) -> Result<(), String> {
    let programme = story.actor("programme")?;
    for institution in story.city.institutions.clone() {
        let code = institution["code"].as_str().unwrap_or_default().to_owned();
        let id = story.api.create(&programme, "/v1/institutions", institution.clone()).await?;
        match institution["kind"].as_str() {
            Some("university") => {
                client(story, &format!("siakad-{code}"), &code, Role::Institution, &id).await?;
                webhooks(story, &code).await?;
            }
            Some("lender") => client(story, &format!("kredit-{code}"), &code, Role::Lender, &id).await?,
            _ => {}
        }
        story.note("institution", &code, id);
    }
    // People sign in for a partner as well as its machines.
    for (key, role) in [("universitas-terbuka", Role::Institution), ("bank-contoh", Role::Lender)] {
        let (id, email) = (story.id("institution", key)?, format!("petugas@{key}.example"));
        let admin = story.actor("admin")?;
        invite(story, &admin, (role, &id), &email, &format!("Petugas {key}"), &format!("staff of {key}"))
            .await?;
    }
    Ok(())
}

async fn client(
    story: &mut Story,
    client_id: &str,
    key: &str,
    role: Role,
    subject: &str,
) -> Result<(), String> {
    let scopes = role.scopes();
    let client = json!({
        "client_id": client_id, "name": format!("Sistem {key}"), "role": role, "subject_id": subject,
        "scopes": scopes,
    });
    let made = make_client(story, client, role).await?;
    story.meet(key, Actor { user: made, role, subject: Some(uuid(subject)?) });
    Ok(())
}

/// Where a university's system is told of its lecturers; and where it was, before it moved. Nothing is sent to
/// either: nobody is there.
async fn webhooks(story: &mut Story, code: &str) -> Result<(), String> {
    let siakad = story.actor(code)?;
    for (server, stopped) in [("lama", true), ("siakad", false)] {
        let webhook = json!({
            "url": format!("https://{server}.{code}.example/webhooks/seribu"),
            "types": ["mentor", "mentorship", "session.held"],
        });
        let id = story.api.create(&siakad, "/v1/webhooks", webhook).await?;
        if stopped {
            story.api.act(&siakad, &format!("/v1/webhooks/{id}"), "disable", json!({})).await?;
        }
    }
    Ok(())
}

async fn make_client(story: &mut Story, client: Value, role: Role) -> Result<UserId, String> {
    let made = story.api.post(&story.actor("admin")?, "/v1/clients", client.clone()).await?;
    let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
    let scopes = client["scopes"].as_array().into_iter().flatten();
    let scopes = scopes.filter_map(|scope| scope.as_str().map(str::to_owned)).collect();
    let known = Client { role, client_id: text("client_id"), client_secret: text("client_secret"), scopes };
    story.credentials.clients.push(known);
    Ok(UserId(uuid(&text("id"))?))
}

/// Two municipal systems: one counts, the other registers who asks for a licence.
async fn systems(story: &mut Story) -> Result<(), String> {
    for (client_id, name, rows_as, scopes) in [
        ("statistik", "Statistik kota", Role::Policy, &["businesses:read", "assessments:read"][..]),
        ("perizinan", "Perizinan kota", Role::Programme, &["businesses:read", "businesses:write"]),
    ] {
        let client = json!({
            "client_id": client_id, "name": name, "role": "system", "rows_as": rows_as, "scopes": scopes,
        });
        make_client(story, client, Role::System).await?;
    }
    Ok(())
}

/// Whoever is invited sets a password and can sign in, as `key`.
pub async fn invite(
    story: &mut Story,
    by: &Actor,
    (role, subject): (Role, &str),
    email: &str,
    name: &str,
    key: &str,
) -> Result<(), String> {
    let invited = json!({ "role": role, "subject_id": subject });
    let invitation = story.api.post(by, "/v1/invitations", invited).await?;
    let password = random::password().map_err(|error| error.to_string())?;
    let accepted = json!({ "code": invitation["code"], "email": email, "password": password, "name": name });
    let tokens = story.api.knock("/v1/auth/accept-invitation", accepted).await?;
    let user = story.api.whose(tokens["access_token"].as_str().unwrap_or_default())?;
    story.meet(key, Actor { user, role, subject: Some(uuid(subject)?) });
    known(story, role, email, password, name);
    Ok(())
}

async fn mentors(story: &mut Story) -> Result<(), String> {
    story.api.on(1);
    let programme = story.actor("programme")?;
    for mentor in story.city.mentors.clone() {
        let registers = match &mentor.institution {
            Some(code) => story.actor(code)?,
            None => programme.clone(),
        };
        let id = story.api.create(&registers, "/v1/mentors", registration(story, &mentor)?).await?;
        story.note("mentor", &mentor.key, id.clone());
        let path = format!("/v1/mentors/{id}");
        // One waits to be activated, one has left, one is away.
        match mentor.key.as_str() {
            "lestari" => continue,
            "teguh" => {
                story.api.act(&programme, &path, "activate", json!({})).await?;
                story.api.act(&programme, &path, "end", json!({ "reason_code": "resigned" })).await?;
                continue;
            }
            "gita" => {
                story.api.act(&programme, &path, "activate", json!({})).await?;
                story.api.act(&programme, &path, "leave", json!({ "reason_code": "study" })).await?;
                continue;
            }
            _ => story.api.act(&programme, &path, "activate", json!({})).await?,
        };
        let email = email(&mentor);
        invite(story, &registers, (Role::Mentor, &id), &email, &mentor.full_name, &mentor.key).await?;
    }
    Ok(())
}

fn email(mentor: &Mentor) -> String {
    format!("{}@{}.example", mentor.key, mentor.institution.as_deref().unwrap_or("praktisi"))
}

fn registration(story: &Story, mentor: &Mentor) -> Result<Value, String> {
    let institution = mentor.institution.as_ref().map(|code| story.id("institution", code)).transpose()?;
    Ok(json!({
        "kind": if institution.is_some() { "academic" } else { "practitioner" },
        "institution_id": institution,
        "full_name": mentor.full_name,
        "titles": mentor.titles,
        "email": email(mentor),
        "expertise": mentor.expertise,
        "subsectors": mentor.subsectors,
        "districts": mentor.districts,
        "capacity_offered": mentor.capacity,
    }))
}

async fn cooperatives(story: &mut Story) -> Result<(), String> {
    let desk = story.actor("cooperatives")?;
    for cooperative in story.city.cooperatives.clone() {
        let fields = json!({
            "name": cooperative.name,
            "kind": cooperative.kind,
            "village_code": cooperative.village_code,
            "principal_savings_idr": 100_000,
            "mandatory_savings_idr": 25_000,
        });
        let id = story.api.create(&desk, "/v1/cooperatives", fields).await?;
        story.note("cooperative", &cooperative.key, id.clone());
        if cooperative.key == "konsumen" {
            let (email, name) = ("pengurus@koperasi.example", "Pengurus Koperasi Ciputat Guyub");
            invite(story, &desk, (Role::Cooperative, &id), email, name, "board").await?;
        }
    }
    Ok(())
}
