//! What concerns a product, how far it is, and what is still missing.

use serde_json::{Value, json};
use seribu::access::Role;

use super::case::{Case, a_grant, id_of};
use crate::{businesses::share, follow_up::evidence, products::a_product, support::Caller};

impl Case {
    fn pipeline(&self) -> String {
        format!("/v1/businesses/{}/products/{}/pipeline", self.scene.business, self.product)
    }

    async fn step(&self, kind: &str) -> Value {
        let pipeline = self.app().get(self.scene.owner, &self.pipeline()).await;
        let steps = pipeline.body["data"].as_array().unwrap_or_else(|| panic!("{}", pipeline.text));
        steps.iter().find(|step| step["kind"] == kind).cloned().unwrap_or_default()
    }
}

fn missing(step: &Value) -> Vec<&str> {
    let items = step["still_missing"].as_array().unwrap().iter();
    items.map(|item| item["requirement"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn it_shows_what_concerns_the_category_and_what_is_mandatory_first() {
    let case = Case::start().await;
    let pipeline = case.app().get(case.scene.owner, &case.pipeline()).await.body;
    let steps = pipeline["data"].as_array().unwrap().iter();
    let kinds: Vec<_> = steps.map(|step| (step["kind"].clone(), step["obligation"].clone())).collect();
    let expected = [
        ("spp_irt", "mandatory"),
        ("halal", "mandatory"),
        ("sni_bina_umk", "voluntary"),
        ("trademark", "voluntary"),
        ("label_review", "voluntary"),
    ];
    assert_eq!(kinds, expected.map(|(kind, by)| (json!(kind), json!(by))));
    assert_eq!((&pipeline["as_of"], &pipeline["size_class"]), (&json!("2026-11-24"), &Value::Null));
    let halal = case.step("halal").await;
    assert_eq!((&halal["state"], &halal["certification_id"]), (&json!("missing"), &Value::Null));
    assert!(halal["needed_by"]["id"].is_string() && halal["needed_by"]["en"].is_string());
    assert!(
        missing(&halal).contains(&"ingredient_list") && halal["still_missing"][0]["name"]["en"].is_string()
    );
}

#[actix_web::test]
async fn each_kind_goes_from_missing_to_granted_and_its_checklist_grows_shorter() {
    let case = Case::start().await;
    let path = case.planned("halal").await;
    let provided = json!({ "status": "provided", "evidence": evidence("ingredient_list") });
    case.app().patch(case.scene.owner, &format!("{path}/requirements/ingredient_list"), provided).await;
    let waived = json!({ "status": "not_applicable" });
    case.app().patch(case.desk(), &format!("{path}/requirements/halal_supervisor"), waived).await;
    let step = case.step("halal").await;
    assert_eq!((&step["state"], &step["certification_id"]), (&json!("planned"), &json!(id_of(&path))));
    assert!(!missing(&step).contains(&"ingredient_list") && !missing(&step).contains(&"halal_supervisor"));
    assert!(missing(&step).contains(&"nib"));
    case.app().act(case.desk(), &path, json!({ "action": "apply" })).await;
    assert_eq!(case.step("halal").await["state"], "applied");
    case.app()
        .act(case.desk(), &path, json!({ "action": "reject", "reason_code": "document_missing" }))
        .await;
    assert_eq!(case.step("halal").await["state"], "rejected");
    case.app().act(case.desk(), &path, json!({ "action": "apply" })).await;
    case.app().act(case.desk(), &path, a_grant("2026-11-24", None)).await;
    let step = case.step("halal").await;
    assert_eq!((&step["state"], &step["still_missing"]), (&json!("granted"), &json!([])));
    let revoke = json!({ "action": "revoke", "reason_code": "misuse" });
    case.app().act(case.desk(), &path, revoke).await;
    let step = case.step("halal").await;
    assert_eq!((&step["state"], &step["certification_id"]), (&json!("missing"), &Value::Null));
}

#[actix_web::test]
async fn what_was_granted_shows_its_end_and_the_one_that_is_to_follow() {
    let case = Case::start().await;
    let path = case.granted("2027-05-31").await;
    let state = async || case.step("spp_irt").await["state"].clone();
    assert_eq!(state().await, "granted");
    case.on("2026-12-02");
    let step = case.step("spp_irt").await;
    assert_eq!((&step["state"], &step["renew_from"]), (&json!("expiring"), &json!("2026-12-02")));
    assert_eq!(missing(&step).len(), 6, "a renewal asks for all again");
    let renewal = case.a_plan("spp_irt", json!({ "renews_id": id_of(&path) }));
    let renewal = case.planned_as(renewal).await;
    case.on("2027-06-01");
    let step = case.step("spp_irt").await;
    assert_eq!((&step["state"], &step["certification_id"]), (&json!("expired"), &json!(id_of(&path))));
    assert_eq!(step["renewal_id"], id_of(&renewal));
    case.grants(&renewal, "2032-05-31").await;
    let step = case.step("spp_irt").await;
    assert_eq!((&step["state"], &step["certification_id"]), (&json!("granted"), &json!(id_of(&renewal))));
    assert_eq!(step["renewal_id"], Value::Null);
}

#[actix_web::test]
async fn what_the_business_has_as_a_whole_counts_for_each_product() {
    let case = Case::start().await;
    let path = case.planned_as(case.a_plan("trademark", json!({ "product_id": null }))).await;
    let step = case.step("trademark").await;
    assert_eq!((&step["state"], &step["certification_id"]), (&json!("planned"), &json!(id_of(&path))));
    assert!(!missing(&step).is_empty());
}

#[actix_web::test]
async fn who_sees_the_business_sees_it_but_for_universities_lenders_and_boards() {
    let case = Case::start().await;
    let seen = async |caller| case.app().get(caller, &case.pipeline()).await.status;
    share(case.app(), &case.scene.business, "division:facilitation").await;
    for (caller, status) in [
        (case.scene.owner, 200),
        (case.scene.programme, 200),
        (case.scene.facilitation, 200),
        (Caller::new(Role::Policy), 200),
        (case.desk(), 404),
        (Caller::new(Role::Mentor), 404),
        (Caller::new(Role::Business), 404),
        (Caller::new(Role::Institution), 403),
        (case.scene.lender, 403),
        (case.scene.board, 403),
    ] {
        assert_eq!(seen(caller).await, status, "{}", caller.role);
    }
    let (_, other) = case.scene.another_owner("Budi", None).await;
    let elsewhere = format!("/v1/businesses/{other}/products/{}/pipeline", case.product);
    assert_eq!(case.app().get(case.scene.programme, &elsewhere).await.status, 404);
    let path = format!("/v1/businesses/{}/products", case.scene.business);
    let service = a_product(json!({ "name": "Kursus", "category": "service" }));
    let service = case.app().create(case.scene.owner, &path, service).await;
    let pipeline = case.app().get(case.scene.owner, &format!("{path}/{service}/pipeline")).await;
    assert_eq!(pipeline.body["data"].as_array().unwrap().len(), 1, "{}", pipeline.text);
}
