//! How many of the products that need a certificate have it.

use serde_json::{Value, json};
use seribu::access::Role;

use super::case::{Case, a_grant};
use crate::{
    businesses::a_business,
    products::a_product,
    support::{Caller, TestApp, merged},
};

const CIPUTAT: &str = "36.74.04.1002";
const SERPONG: &str = "36.74.01.1009";

async fn insights(app: &TestApp, role: Role) -> Vec<Value> {
    let reply = app.get(Caller::new(role), "/v1/insights/certifications").await;
    reply.body["data"].as_array().unwrap_or_else(|| panic!("{}", reply.text)).clone()
}

fn of<'a>(data: &'a [Value], kind: &str) -> &'a Value {
    data.iter().find(|row| row["kind"] == kind).unwrap_or_else(|| panic!("no {kind}"))
}

fn in_district<'a>(row: &'a Value, code: &str) -> &'a Value {
    let districts = row["districts"].as_array().unwrap();
    districts.iter().find(|it| it["district_code"] == code).unwrap_or(&Value::Null)
}

fn numbers(share: &Value) -> [Value; 5] {
    ["businesses", "products", "granted", "expiring", "expired"].map(|name| share[name].clone())
}

/// Another business of the village, with a product in a packet.
async fn another(case: &Case, at: usize, village: &str) -> (String, String) {
    let business = merged(
        a_business(&format!("Usaha {at} {village}")),
        json!({ "address": { "village_code": village }, "owner": { "full_name": format!("Orang {at}") } }),
    );
    let business = case.app().create(case.scene.programme, "/v1/businesses", business).await;
    let path = format!("/v1/businesses/{business}/products");
    let product = case.app().create(case.scene.programme, &path, a_product(json!({}))).await;
    (business, product)
}

async fn certified(case: &Case, (business, product): &(String, String), expires_on: &str) {
    let plan = json!({ "business_id": business, "product_id": product, "kind": "spp_irt" });
    let id = case.app().create(case.scene.programme, "/v1/certifications", plan).await;
    case.grants(&format!("/v1/certifications/{id}"), expires_on).await;
}

#[actix_web::test]
async fn products_that_need_one_are_counted_by_kind_and_district() {
    let case = Case::start().await;
    let (one, two) = (another(&case, 1, SERPONG).await, another(&case, 2, SERPONG).await);
    let three = another(&case, 3, SERPONG).await;
    another(&case, 4, SERPONG).await;
    certified(&case, &one, "2031-01-31").await;
    certified(&case, &two, "2027-01-31").await;
    certified(&case, &three, "2026-01-31").await;
    let data = insights(case.app(), Role::Programme).await;
    let spp_irt = of(&data, "spp_irt");
    assert_eq!(numbers(&spp_irt["total"]), [5, 5, 2, 1, 1].map(|it| json!(it)), "{spp_irt}");
    assert_eq!(spp_irt["total"]["share_bps"], 4000);
    assert_eq!(numbers(in_district(spp_irt, "36.74.01")), [4, 4, 2, 1, 1].map(|it| json!(it)));
    assert_eq!(numbers(in_district(spp_irt, "36.74.04")), [1, 1, 0, 0, 0].map(|it| json!(it)));
    assert_eq!(of(&data, "halal")["total"]["granted"], 0);
    let bpom = of(&data, "bpom_md");
    assert_eq!((&bpom["total"]["products"], &bpom["total"]["share_bps"]), (&json!(0), &Value::Null));
    assert!(!data.iter().any(|row| row["kind"] == "trademark"), "nobody needs one by law");
}

#[actix_web::test]
async fn what_is_not_made_any_more_or_of_a_closed_business_does_not_count() {
    let case = Case::start().await;
    let total =
        async || of(&insights(case.app(), Role::Programme).await, "halal")["total"]["products"].clone();
    let (business, _) = another(&case, 1, CIPUTAT).await;
    assert_eq!(total().await, 2);
    let product = format!("/v1/businesses/{}/products/{}", case.scene.business, case.product);
    case.app().patch(case.scene.owner, &product, json!({ "discontinued_on": "2026-11-24" })).await;
    assert_eq!(total().await, 1);
    let close = json!({ "action": "deactivate", "reason_code": "resting" });
    case.app().act(case.scene.programme, &format!("/v1/businesses/{business}"), close).await;
    assert_eq!(total().await, 0);
}

#[actix_web::test]
async fn one_that_was_renewed_counts_once_by_the_later_end() {
    let case = Case::start().await;
    let first = case.granted("2026-01-31").await;
    let renewal = json!({ "renews_id": super::case::id_of(&first) });
    let renewal = case.planned_as(case.a_plan("spp_irt", renewal)).await;
    case.app().act(case.desk(), &renewal, json!({ "action": "apply" })).await;
    case.app().act(case.desk(), &renewal, a_grant("2026-11-24", Some("2031-11-23"))).await;
    let data = insights(case.app(), Role::Programme).await;
    assert_eq!(numbers(&of(&data, "spp_irt")["total"]), [1, 1, 1, 0, 0].map(|it| json!(it)));
}

#[actix_web::test]
async fn a_desk_sees_no_cell_of_fewer_than_five_nor_one_from_which_it_follows() {
    let case = Case::start().await;
    for at in 1..=5 {
        another(&case, at, SERPONG).await;
    }
    for role in [Role::Programme, Role::Policy] {
        let data = insights(case.app(), role).await;
        assert_eq!(in_district(of(&data, "halal"), "36.74.04")["products"], 1, "{role}");
    }
    for role in [Role::Standardisation, Role::Facilitation, Role::Cooperatives] {
        let data = insights(case.app(), role).await;
        let halal = of(&data, "halal");
        assert_eq!((&halal["total"]["products"], &halal["total"]["suppressed"]), (&json!(6), &json!(false)));
        for district in ["36.74.01", "36.74.04"] {
            let cell = in_district(halal, district);
            assert_eq!((&cell["suppressed"], &cell["products"]), (&json!(true), &Value::Null), "{role}");
        }
    }
    let mentor = case.app().get(Caller::new(Role::Mentor), "/v1/insights/certifications").await;
    assert_eq!(mentor.status, 403);
}
