//! The checklist of a certification.

use serde_json::{Value, json};

use super::case::{Case, a_grant};
use crate::{
    follow_up::evidence,
    snapshots::a_snapshot,
    support::{Reply, merged},
};

fn codes(certification: &Value) -> Vec<&str> {
    let items = certification["requirements"].as_array().unwrap().iter();
    items.map(|item| item["requirement"].as_str().unwrap()).collect()
}

async fn sets(case: &Case, caller: crate::support::Caller, at: &str, body: Value) -> Reply {
    case.app().patch(caller, &format!("{at}/requirements/ingredient_list"), body).await
}

#[actix_web::test]
async fn it_follows_the_kind_the_product_and_the_size_of_the_business() {
    let case = Case::start().await;
    let halal = case.planned("halal").await;
    let all = case.get(&halal).await;
    // Of a business whose size nobody knows, whatever may be asked.
    assert!(codes(&all).contains(&"self_declaration") && codes(&all).contains(&"halal_supervisor"));

    let business = format!("/v1/businesses/{}", case.scene.business);
    case.app().create(case.scene.programme, &format!("{business}/snapshots"), a_snapshot("2026-11-20")).await;
    let known = |reply: &Reply| reply.body["size_class"] == "micro";
    case.app().eventually(case.scene.programme, &format!("{business}/standing"), known).await;
    let of_business = case.planned_as(case.a_plan("trademark", json!({ "product_id": null }))).await;
    assert!(codes(&case.get(&of_business).await).contains(&"msme_letter"));
    let spp_irt = case.planned("spp_irt").await;
    assert_eq!(
        codes(&case.get(&spp_irt).await),
        [
            "nib",
            "owner_identity",
            "food_safety_training",
            "label_draft",
            "process_description",
            "premises_check"
        ]
    );
}

#[actix_web::test]
async fn the_owner_provides_with_evidence_and_the_desk_verifies() {
    let case = Case::start().await;
    let path = case.planned("halal").await;
    let owner = case.scene.owner;
    let bare = sets(&case, owner, &path, json!({ "status": "provided" })).await;
    assert_eq!(bare.flaws(), ["/evidence required"]);
    let list = evidence("ingredient_list");
    let late = merged(list.clone(), json!({ "dated_on": "2026-11-25" }));
    let late = sets(&case, owner, &path, json!({ "status": "provided", "evidence": late })).await;
    assert_eq!(late.flaws(), ["/evidence/dated_on in_the_future"]);
    let given = sets(&case, owner, &path, json!({ "status": "provided", "evidence": list })).await;
    assert_eq!((given.status, &given.body["version"]), (200, &json!(2)), "{}", given.text);
    for judged in ["verified", "not_applicable"] {
        assert_eq!(sets(&case, owner, &path, json!({ "status": judged })).await.status, 403, "{judged}");
    }
    let verified = sets(&case, case.desk(), &path, json!({ "status": "verified" })).await;
    let item = verified.body["requirements"].as_array().unwrap().iter();
    let item = item.clone().find(|item| item["requirement"] == "ingredient_list").unwrap();
    assert_eq!(
        (&item["status"], &item["evidence"]),
        (&json!("verified"), &merged(list, json!({ "attachment_id": null })))
    );
    let unknown = format!("{path}/requirements/passport");
    assert_eq!(case.app().patch(owner, &unknown, json!({ "status": "missing" })).await.status, 404);
}

#[actix_web::test]
async fn once_it_is_granted_its_checklist_stays() {
    let case = Case::start().await;
    let path = case.applied("halal").await;
    let waived = json!({ "status": "not_applicable" });
    assert_eq!(sets(&case, case.desk(), &path, waived.clone()).await.status, 200);
    case.app().act(case.desk(), &path, a_grant("2026-11-24", None)).await;
    let refused = sets(&case, case.desk(), &path, waived).await;
    assert_eq!((refused.status, &refused.body["type"]), (409, &json!("/problems/not-possible")));
}
