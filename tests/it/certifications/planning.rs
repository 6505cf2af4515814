//! Who plans a certification, of which kind, for what.

use serde_json::{Value, json};
use seribu::access::Role;

use super::case::{Case, a_grant, id_of};
use crate::{
    attachments::uploaded,
    businesses::share,
    products::{a_product, delete},
    support::{Caller, Reply},
};

fn is_duplicate_of(reply: &Reply, path: &str) {
    assert_eq!((reply.status, &reply.body["type"]), (409, &json!("/problems/duplicate")), "{}", reply.text);
    assert!(reply.text.contains(id_of(path)), "{}", reply.text);
}

#[actix_web::test]
async fn the_owner_plans_one_and_the_desk_sees_it_with_the_business() {
    let case = Case::start().await;
    let business = format!("/v1/businesses/{}", case.scene.business);
    assert_eq!(case.app().get(case.desk(), &business).await.status, 404);
    let made = case.plans(case.scene.owner, case.a_plan("halal", json!({ "note": "Untuk ekspor" }))).await;
    assert_eq!((made.status, &made.body["status"]), (201, &json!("planned")), "{}", made.text);
    assert!(made.body["requirements"].as_array().unwrap().iter().all(|it| it["status"] == "missing"));
    let path = format!("/v1/certifications/{}", made.id());
    assert_eq!(case.app().get(case.desk(), &path).await.status, 200);
    assert_eq!(case.app().get(case.desk(), &business).await.status, 200);
    let told = case.history(&business).await;
    assert!(
        told.contains(&"business.shared".to_owned()) && told.contains(&"certification.created".to_owned())
    );
    let product = format!("{business}/products/{}", case.product);
    assert_eq!(case.history(&product).await, ["certification.created", "product.created"]);
}

#[actix_web::test]
async fn a_mentor_plans_for_whom_he_coaches_and_nobody_for_whom_he_does_not_see() {
    let case = Case::start().await;
    for role in Role::ALL.iter().filter(|role| **role != Role::System) {
        let status = match role {
            Role::Programme => continue,
            // The business of somebody else.
            Role::Business | Role::Mentor | Role::Standardisation => 422,
            _ => 403,
        };
        let reply = case.plans(Caller::new(*role), case.a_plan("halal", json!({}))).await;
        assert_eq!(reply.status, status, "{role}: {}", reply.text);
    }
    let mentor = Caller::new(Role::Mentor);
    share(case.app(), &case.scene.business, &format!("mentor:{}", mentor.subject.unwrap())).await;
    let made = case.plans(mentor, case.a_plan("halal", json!({}))).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let seen =
        async |caller| case.app().get(caller, &format!("/v1/certifications/{}", made.id())).await.status;
    assert_eq!([seen(mentor).await, seen(case.scene.owner).await, seen(case.desk()).await], [200, 200, 200]);
    assert_eq!([seen(Caller::new(Role::Business)).await, seen(Caller::new(Role::Mentor)).await], [404, 404]);
    assert_eq!([seen(case.scene.lender).await, seen(case.scene.board).await], [403, 403]);
}

#[actix_web::test]
async fn the_kind_is_one_of_the_list_that_concerns_the_product() {
    let case = Case::start().await;
    let owner = case.scene.owner;
    let unknown = case.plans(owner, case.a_plan("iso_9001", json!({}))).await;
    assert_eq!(unknown.flaws(), ["/kind unknown_code"]);
    let wrong = case.plans(owner, case.a_plan("bpom_md", json!({}))).await;
    assert_eq!((wrong.status, wrong.flaws()), (422, vec!["/kind conflict".to_owned()]));
    let of_nothing = case.plans(owner, case.a_plan("halal", json!({ "product_id": null }))).await;
    assert_eq!(of_nothing.flaws(), ["/product_id required"]);
    // A trademark may be of the business as a whole, and of a product besides.
    for product in [Value::Null, json!(case.product)] {
        let made = case.plans(owner, case.a_plan("trademark", json!({ "product_id": product }))).await;
        assert_eq!(made.status, 201, "{}", made.text);
    }
}

#[actix_web::test]
async fn all_that_it_names_is_of_the_business() {
    let case = Case::start().await;
    let (other_owner, other) = case.scene.another_owner("Budi", None).await;
    let path = format!("/v1/businesses/{other}/products");
    let product = case.app().create(other_owner, &path, a_product(json!({}))).await;
    let others =
        case.plans(case.scene.programme, case.a_plan("halal", json!({ "product_id": product }))).await;
    assert_eq!((others.status, others.flaws()), (422, vec!["/product_id no_such_record".to_owned()]));
    let nobody = "01930000-0000-7000-8000-000000000000";
    let unknown = json!({
        "business_id": nobody, "product_id": nobody, "renews_id": nobody, "kind": "iso_9001",
    });
    let unknown = case.plans(case.scene.owner, unknown).await;
    let flaws = ["/business_id", "/product_id", "/renews_id"].map(|at| format!("{at} no_such_record"));
    assert_eq!(unknown.flaws(), [&flaws[..], &["/kind unknown_code".to_owned()]].concat());
}

#[actix_web::test]
async fn a_product_has_one_of_a_kind_until_another_renews_it() {
    let case = Case::start().await;
    let owner = case.scene.owner;
    let first = case.planned("spp_irt").await;
    let again = || case.a_plan("spp_irt", json!({}));
    let renewal = |of: &str| case.a_plan("spp_irt", json!({ "renews_id": id_of(of) }));
    is_duplicate_of(&case.plans(owner, again()).await, &first);
    is_duplicate_of(&case.plans(owner, renewal(&first)).await, &first);
    case.grants(&first, "2027-01-31").await;
    is_duplicate_of(&case.plans(owner, again()).await, &first);
    let second = case.planned_as(renewal(&first)).await;
    is_duplicate_of(&case.plans(owner, renewal(&first)).await, &second);
    case.grants(&second, "2032-01-31").await;
    assert_eq!(case.get(&first).await["expiry"], "renewed");
    is_duplicate_of(&case.plans(owner, renewal(&first)).await, &second);
    case.planned_as(renewal(&second)).await;
}

#[actix_web::test]
async fn what_was_revoked_makes_room_and_is_not_renewed() {
    let case = Case::start().await;
    let first = case.granted("2027-01-31").await;
    let revoke = json!({ "action": "revoke", "reason_code": "composition_changed" });
    case.app().act(case.desk(), &first, revoke).await;
    let renewal = case.a_plan("spp_irt", json!({ "renews_id": id_of(&first) }));
    let refused = case.plans(case.scene.owner, renewal).await;
    assert_eq!((refused.status, refused.flaws()), (422, vec!["/renews_id conflict".to_owned()]));
    case.planned("spp_irt").await;
}

#[actix_web::test]
async fn of_two_who_plan_the_same_at_once_one_succeeds() {
    let case = Case::start().await;
    let plan = || case.plans(case.scene.owner, case.a_plan("halal", json!({})));
    let both = futures_util::future::join(plan(), plan()).await;
    let mut statuses = [both.0.status, both.1.status];
    statuses.sort();
    assert_eq!(statuses, [201, 409]);
}

#[actix_web::test]
async fn the_number_and_the_issuer_are_the_desks_to_say() {
    let case = Case::start().await;
    let owner = case.scene.owner;
    let claimed = case.plans(owner, case.a_plan("halal", json!({ "number": "1", "issuer": "X" }))).await;
    assert_eq!(claimed.flaws(), ["/number not_yours", "/issuer not_yours"]);
    let path = case.planned("halal").await;
    let claimed = case.app().patch(owner, &path, json!({ "number": "1" })).await;
    assert_eq!(claimed.flaws(), ["/number not_yours"]);
    let moved = json!({ "kind": "spp_irt", "product_id": null, "note": "Bahan baru" });
    let moved = case.app().patch(owner, &path, moved).await;
    assert_eq!(moved.flaws(), ["/product_id fixed", "/kind fixed"]);
    let noted = case.app().patch(owner, &path, json!({ "note": "Bahan baru" })).await;
    assert_eq!((noted.status, &noted.body["note"]), (200, &json!("Bahan baru")), "{}", noted.text);
    case.app().act(case.desk(), &path, json!({ "action": "apply" })).await;
    case.app().act(case.desk(), &path, a_grant("2026-11-24", None)).await;
    let corrected = case.app().patch(case.desk(), &path, json!({ "number": "ID36110012345670126" })).await;
    assert_eq!((corrected.status, &corrected.body["number"]), (200, &json!("ID36110012345670126")));
    let without = case.app().patch(case.desk(), &path, json!({ "number": null })).await;
    assert_eq!(without.flaws(), ["/number required"]);
}

#[actix_web::test]
async fn the_desk_corrects_an_end_which_is_then_watched_anew() {
    let case = Case::start().await;
    let planned = case.planned("halal").await;
    let end = async |caller, path: &str, end: Value| {
        case.app().patch(caller, path, json!({ "expires_on": end })).await
    };
    let early = end(case.desk(), &planned, json!("2030-01-31")).await;
    assert_eq!(early.flaws(), ["/expires_on not_allowed"], "it has none before it is granted");
    let path = case.granted("2027-05-31").await;
    case.on("2026-12-02");
    case.app().eventually(case.desk(), &path, |reply| reply.body["expiry"] == "expiring").await;
    assert_eq!(end(case.scene.owner, &path, json!("2028-05-31")).await.flaws(), ["/expires_on not_yours"]);
    assert_eq!(end(case.desk(), &path, json!("2022-02-01")).await.flaws(), ["/expires_on too_early"]);
    assert_eq!(end(case.desk(), &path, Value::Null).await.flaws(), ["/expires_on required"]);
    let corrected = end(case.desk(), &path, json!("2028-05-31")).await.body;
    assert_eq!((&corrected["renew_from"], &corrected["expiry"]), (&json!("2027-12-03"), &Value::Null));
}

#[actix_web::test]
async fn one_that_was_planned_by_mistake_goes_away_and_with_it_what_the_desk_saw() {
    let case = Case::start().await;
    let path = case.planned("halal").await;
    assert!(case.scene.sees_the_business(case.desk()).await);
    let gone = delete(case.app(), case.scene.owner, &path).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    assert!(!case.scene.sees_the_business(case.desk()).await);
    let told = case.history(&format!("/v1/businesses/{}", case.scene.business)).await;
    assert_eq!(told[..2], ["business.unshared", "certification.deleted"]);
    let applied = case.applied("halal").await;
    let kept = delete(case.app(), case.scene.owner, &applied).await;
    assert_eq!((kept.status, &kept.body["type"]), (409, &json!("/problems/not-possible")), "{}", kept.text);
}

#[actix_web::test]
async fn a_closed_business_plans_nothing_and_one_with_a_plan_is_not_closed() {
    let case = Case::start().await;
    let path = case.planned("halal").await;
    let business = format!("/v1/businesses/{}", case.scene.business);
    let close = json!({ "action": "deactivate", "reason_code": "resting" });
    let refused = case.scene.tries(case.scene.programme, &business, close.clone()).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("open_work")), "{}", refused.text);
    assert_eq!(refused.body["blocked_by"], json!([{ "type": "certification", "id": id_of(&path) }]));
    delete(case.app(), case.scene.owner, &path).await;
    case.app().act(case.scene.programme, &business, close).await;
    let late = case.plans(case.scene.owner, case.a_plan("halal", json!({}))).await;
    assert_eq!((late.status, &late.body["code"]), (409, &json!("business_inactive")), "{}", late.text);
}

#[actix_web::test]
async fn the_files_of_a_plan_that_is_dropped_go_with_it() {
    let case = Case::start().await;
    let path = case.planned("halal").await;
    let of = path.trim_start_matches("/v1/certifications/");
    let file = uploaded(case.app(), case.scene.owner, &format!("certification/{of}")).await;
    assert_eq!(case.app().get(case.desk(), &file).await.status, 200, "the desk reads it, too");
    assert_eq!(delete(case.app(), case.scene.owner, &path).await.status, 204);
    let gone = |reply: &Reply| reply.text.contains("attachment.deleted");
    let history = format!("/v1/businesses/{}/history", case.scene.business);
    case.app().eventually(case.scene.programme, &history, gone).await;
    assert_eq!(case.app().get(case.scene.programme, &file).await.status, 404);
}
