//! Who reads a file: whoever reads its record, and of a business that is shared not more than that.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use seribu::access::{Claims, Role};
use uuid::Uuid;

use super::{content, send, uploaded};
use crate::{
    assessments::Desk,
    capital_referrals::Case,
    follow_up::FollowUp,
    mentorships::Scene,
    support::{Caller, TestApp},
};

/// 200 or 404 for each caller, of the attachment, its content and the list alike.
async fn is_read_by(app: &TestApp, path: &str, callers: &[(&str, Caller, bool)]) {
    for (name, caller, reads) in callers {
        let expected = if *reads { 200 } else { 404 };
        assert_eq!(app.get(*caller, path).await.status, expected, "{name} {path}");
        assert_eq!(content(app, *caller, path, &[]).await.status, expected, "{name} {path}");
        let listed = app
            .get(*caller, "/v1/attachments?limit=200")
            .await
            .text
            .contains(path.rsplit('/').next().unwrap());
        assert_eq!(listed, *reads, "{name} {path}");
    }
}

#[actix_web::test]
async fn a_lender_reads_the_files_of_the_referral_and_the_business_once_it_is_forwarded_and_no_others() {
    let case = Case::recommended().await;
    let FollowUp { app, owner, programme, lender, facilitation, board, desk, business, .. } = &case.scene;
    let of_business = uploaded(app, *owner, &format!("business/{business}")).await;
    let of_person = uploaded(app, *owner, &format!("person/{}", owner.subject.unwrap())).await;
    let of_referral = case.path.replace("/v1/capital-referrals", "capital_referral");
    let of_referral = uploaded(app, *facilitation, &of_referral).await;
    for path in [&of_business, &of_person, &of_referral] {
        is_read_by(app, path, &[("lender", *lender, false), ("officer", *facilitation, true)]).await;
    }
    case.scene.consents(*owner, *lender).await;
    case.goes(*facilitation, case.forward(), "forwarded").await;
    for (path, lends) in [(&of_business, true), (&of_referral, true), (&of_person, false)] {
        let callers = [
            ("owner", *owner, true),
            ("programme", *programme, true),
            ("lender", *lender, lends),
            ("officer", *facilitation, true),
            ("board", *board, false),
            ("cooperatives desk", *desk, false),
            ("stranger", Caller::new(Role::Business), false),
            ("another lender", Caller::new(Role::Lender), false),
        ];
        is_read_by(app, path, &callers).await;
    }
    uploaded(app, *lender, &case.path.replace("/v1/capital-referrals", "capital_referral")).await;
    case.goes(*lender, json!({ "action": "reject", "reason_code": "credit_history" }), "rejected").await;
    is_read_by(app, &of_business, &[("lender", *lender, false)]).await;
    is_read_by(app, &of_referral, &[("lender", *lender, true)]).await;
}

#[actix_web::test]
async fn planners_and_administrators_read_no_files() {
    let app = TestApp::start().await;
    for role in [Role::Policy, Role::Admin] {
        assert_eq!(app.get(Caller::new(role), "/v1/attachments").await.status, 403, "{role}");
    }
}

#[actix_web::test]
async fn the_files_of_coaching_are_for_mentor_owner_and_programme_and_not_for_the_university() {
    let desk = Desk::start().await;
    let Scene { app, mentor, owner, programme, university, .. } = &desk.scene;
    let session = json!({ "planned_at": "2026-11-24T02:00:00Z", "mode": "visit" });
    let session =
        app.create(*mentor, &format!("/v1/mentorships/{}/sessions", desk.mentorship), session).await;
    let objective = desk.scene.objective(&desk.mentorship, json!({})).await;
    let assessment =
        desk.draft(*owner, desk.a_self_assessment()).await.replace("/v1/assessments", "assessment");
    let another = desk.scene.another_mentor(5).await;
    for of in [format!("session/{session}"), format!("objective/{objective}"), assessment] {
        let path = uploaded(app, *mentor, &of).await;
        let callers = [
            ("mentor", *mentor, true),
            ("owner", *owner, true),
            ("programme", *programme, true),
            ("university", *university, false),
            ("another mentor", another, false),
            ("lender", Caller::new(Role::Lender), false),
        ];
        is_read_by(app, &path, &callers).await;
    }
    // The sheet that he has signed.
    uploaded(app, *owner, &format!("session/{session}")).await;
    let paper = uploaded(app, *university, &format!("mentor/{}", mentor.subject.unwrap())).await;
    let callers = [("university", *university, true), ("mentor", *mentor, true), ("owner", *owner, false)];
    is_read_by(app, &paper, &callers).await;
}

#[actix_web::test]
async fn the_papers_of_a_member_are_read_by_the_board_and_the_desk() {
    let scene = FollowUp::start().await;
    let FollowUp { app, owner, board, desk, lender, .. } = &scene;
    scene.consents(*owner, *board).await;
    let enrollment = json!({
        "person_id": owner.subject, "business_id": scene.business, "cooperative_id": board.subject,
    });
    let enrollment = app.create(*owner, "/v1/enrollments", enrollment).await;
    let path = uploaded(app, *owner, &format!("enrollment/{enrollment}")).await;
    let callers =
        [("owner", *owner, true), ("board", *board, true), ("desk", *desk, true), ("lender", *lender, false)];
    is_read_by(app, &path, &callers).await;
}

#[actix_web::test]
async fn the_history_of_a_record_tells_of_its_files_to_who_reads_them() {
    let scene = FollowUp::start().await;
    let FollowUp { app, owner, business, .. } = &scene;
    let headers =
        [("content-type", super::PNG), ("content-disposition", "attachment; filename=\"KTP Siti.png\"")];
    let of = format!("business/{business}");
    let reply = send(app, *owner, &of, &headers, super::samples::png(4, 3)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let history = |caller| async move {
        let history = app.get(caller, &format!("/v1/businesses/{business}/history")).await;
        let uploads = history.body["data"].as_array().unwrap().clone();
        uploads.into_iter().find(|event| event["type"] == "attachment.created")
    };
    let told = history(*owner).await.unwrap();
    assert_eq!(
        (&told["data"]["after"]["name"], &told["subject_id"]),
        (&json!("KTP Siti.png"), &reply.body["id"])
    );
    assert_eq!(history(Caller::new(Role::Policy)).await, None::<Value>);
    let own = app.get(*owner, &format!("{}/history", reply.header("location"))).await;
    assert_eq!(own.body["data"], json!([told]));
    let mut database = app.database.as_superuser().await;
    let logged = sql_query("select data::text as data from events where kind = 'attachment.created'");
    let logged: Logged = logged.get_result(&mut database).await.unwrap();
    assert!(!logged.data.contains("Siti"), "{}", logged.data);
}

#[derive(QueryableByName)]
struct Logged {
    #[diesel(sql_type = Text)]
    data: String,
}

#[actix_web::test]
async fn a_system_without_the_scope_for_personal_data_learns_neither_name_nor_content() {
    let scene = FollowUp::start().await;
    let path = uploaded(&scene.app, scene.owner, &format!("business/{}", scene.business)).await;
    let system = |scope: &str| {
        let scope = scope.to_owned();
        scene.programme.token(|claims: &mut Claims| {
            (claims.role, claims.rows_as, claims.scope) = (Role::System, Some(Role::Programme), scope);
        })
    };
    for (scope, name, status) in
        [("attachments:read", Value::Null, 403), ("attachments:read pii:read", json!("photo.png"), 200)]
    {
        let ask = async |below: &str| {
            let request = scene.app.request(actix_web::http::Method::GET, &format!("{path}{below}"));
            let mut reply = request.bearer_auth(system(scope)).send().await.unwrap();
            (reply.status().as_u16(), reply.json::<Value>().await.unwrap_or_default())
        };
        let (read, shown) = ask("").await;
        assert_eq!((read, &shown["name"]), (200, &name), "{scope}");
        assert_eq!(ask("/content").await.0, status, "{scope}");
    }
    assert!(Uuid::parse_str(path.rsplit('/').next().unwrap()).is_ok());
}
