//! What is generated and committed: `UPDATE=1 cargo test contract` writes it anew.

use std::fs;

use seribu::{
    access::{Permission, Role, fields},
    api,
    cli::settings::SETTINGS,
};

fn committed(path: &str, current: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, current).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(committed == current, "{path} is stale: UPDATE=1 cargo test contract");
}

#[test]
fn the_committed_document_is_current() {
    committed("openapi/seribu.json", &format!("{:#}\n", api::document()));
}

#[test]
fn the_committed_access_table_is_current() {
    let roles: Vec<_> = Role::ALL.iter().filter(|role| **role != Role::System).collect();
    let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
    let mut text = String::from(
        "# Who may do what\n\nGenerated: `UPDATE=1 cargo test contract`. `All` rows, `Own` rows that name the \
         caller, rows of businesses `Shared` with the caller (an owner's, a mentor's while he coaches, those handed \
         over to a division or forwarded to a lender), or none. A `system` client has the rows of the role that its \
         registration names, within its scopes.\n\n## Rows\n\n",
    );
    text +=
        &format!("| permission | scope | {} |\n|---|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
    for permission in Permission::ALL {
        let rows = roles.iter().map(|role| format!("{:?}", role.rows(*permission)).replace("None", "·"));
        text += &format!(
            "| {permission:?} | `{}` | {} |\n",
            permission.scope(),
            rows.collect::<Vec<_>>().join(" | ")
        );
    }
    text += "\n## Fields that a role does not see\n\nThey are null and named in `hidden`. `policy` sees amounts \
             of rupiah as bands.\n\n| permission | role | fields |\n|---|---|---|\n";
    for permission in Permission::ALL {
        for role in Role::ALL.iter().filter(|role| !fields::hidden(*permission, **role).is_empty()) {
            let fields = fields::hidden(*permission, *role).join("`, `");
            text += &format!("| {permission:?} | {role} | `{fields}` |\n");
        }
    }
    text += "\n## Fields of a mentor, by who keeps them\n\nOf one who has no institution the programme keeps all. A sync \
             leaves what others keep, and names it in `kept`.\n\n| field | who |\n|---|---|\n";
    for (field, who) in api::keepers() {
        text += &format!("| `{field}` | {who} |\n");
    }
    committed("docs/access.md", &text);
}

#[test]
fn the_committed_lifecycles_are_current() {
    let mut text = String::from(
        "# Lifecycles\n\nGenerated: `UPDATE=1 cargo test contract`. Also at `GET /v1/reference/lifecycles`.\n",
    );
    for lifecycle in api::lifecycles() {
        let lifecycle = serde_json::to_value(lifecycle).unwrap();
        text += &format!(
            "\n## {}\n\n| action | from | to | scope | needs | takes |\n|---|---|---|---|---|---|\n",
            lifecycle["resource"].as_str().unwrap()
        );
        for step in lifecycle["moves"].as_array().unwrap() {
            let list = |name: &str| {
                let words =
                    step[name].as_array().unwrap().iter().map(|word| format!("`{}`", word.as_str().unwrap()));
                words.collect::<Vec<_>>().join(" ")
            };
            let word = |name: &str| step[name].as_str().unwrap().to_owned();
            text += &format!(
                "| {} | {} | `{}` | `{}` | {} | {} |\n",
                word("action"),
                list("from"),
                word("to"),
                word("scope"),
                list("needs"),
                list("takes")
            );
        }
    }
    committed("docs/lifecycles.md", &text);
}

#[test]
fn the_committed_settings_are_current() {
    let mut text = String::from(
        "# Settings\n\nGenerated: `UPDATE=1 cargo test contract`. All come from the environment; one that holds a secret\ncan be given as a file instead: `DATABASE_URL_FILE`, `SERIBU_OWNER_DATABASE_URL_FILE`,\n`AWS_SECRET_ACCESS_KEY_FILE`, `SERIBU_SMTP_URL_FILE`.\n\n| name | default | meaning |\n|---|---|---|\n",
    );
    for (name, default, meaning) in SETTINGS {
        text += &format!("| `{name}` | {default} | {meaning} |\n");
    }
    committed("docs/settings.md", &text);
}
