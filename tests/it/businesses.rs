//! Businesses through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::support::{Caller, TestApp};

pub fn a_business(name: &str) -> Value {
    json!({
        "name": name,
        "subsector": "kuliner",
        "address": { "line": "Jl. Ki Hajar Dewantara No. 7", "village_code": "36.74.04.1002" },
    })
}

#[actix_web::test]
async fn the_programme_registers_a_business_which_gets_a_number_and_its_village_s_district() {
    let app = TestApp::start().await;
    let created = app.post(Caller::new(Role::Programme), "/v1/businesses", a_business("Dapur Bu Siti")).await;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(created.header("location"), format!("/v1/businesses/{}", created.id()));
    let shown = |field: &str| created.body[field].clone();
    assert_eq!(shown("number"), "UMKM-2026-000001");
    assert_eq!((shown("district_code"), shown("status")), (json!("36.74.04"), json!("active")));
    assert_eq!((shown("kind"), shown("hidden")), (json!("business"), json!([])));
    assert_eq!(shown("address")["latitude"], Value::Null);
}
