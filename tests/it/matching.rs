//! Who should coach whom, through HTTP.

use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    mentorships::Scene,
    support::{Caller, Reply, merged},
};

/// Three businesses that take part, and two mentors with one place each.
struct Round {
    scene: Scene,
    businesses: Vec<String>,
    mentors: Vec<String>,
}

impl Round {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let mut businesses = vec![scene.business.clone()];
        for name in ["Rajut Bu Ani", "Kopi Pak Adi"] {
            let (business, _) = scene.a_business(name).await;
            scene.accepted(&business).await;
            businesses.push(business);
        }
        let first = scene.mentor.subject.unwrap().to_string();
        let round = Self {
            mentors: vec![first, scene.another_mentor(1).await.subject.unwrap().to_string()],
            scene,
            businesses,
        };
        round.known(0, json!({ "capacity": 1 })).await;
        round
    }

    async fn known(&self, mentor: usize, change: Value) {
        let by_programme = change.get("capacity").or(change.get("expertise_confirmed")).is_some();
        let caller = if by_programme { self.scene.programme } else { self.scene.university };
        let path = format!("/v1/mentors/{}", self.mentors[mentor]);
        let changed = self.scene.app.patch(caller, &path, change).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
    }

    fn path(&self) -> String {
        format!("/v1/cohorts/{}/matching", self.scene.cohort)
    }

    async fn matched(&self, choices: Value) -> Value {
        let matched = self.scene.app.post(self.scene.programme, &self.path(), choices).await;
        assert_eq!(matched.status, 200, "{}", matched.text);
        matched.body
    }

    async fn apply(&self, body: Value) -> Reply {
        self.scene.app.post(self.scene.programme, &format!("{}/apply", self.path()), body).await
    }

    fn pair(&self, business: usize, mentor: usize) -> Value {
        json!({ "business_id": self.businesses[business], "mentor_id": self.mentors[mentor] })
    }
}

fn pairs(matching: &Value) -> Vec<[Value; 2]> {
    let pairs = matching["pairs"].as_array().unwrap().iter();
    pairs.map(|pair| ["business_id", "mentor_id"].map(|name| pair[name].clone())).collect()
}

#[actix_web::test]
async fn each_pair_says_why_and_who_stays_without_a_mentor_why_not() {
    let round = Round::start().await;
    round.known(0, json!({ "subsectors": ["kuliner"] })).await;
    round.known(0, json!({ "expertise_confirmed": ["accounting"] })).await;
    let matching = round.matched(json!({})).await;
    let all = matching["pairs"].as_array().unwrap();
    assert_eq!((all.len(), matching["unmatched"].as_array().unwrap().len()), (2, 1));
    for pair in all {
        let terms = pair["terms"].as_array().unwrap();
        let names: Vec<_> = terms.iter().map(|term| term["term"].as_str().unwrap()).collect();
        assert_eq!(names, ["expertise", "subsector", "district", "load", "qualification"]);
        let sum: u64 =
            terms.iter().map(|term| term["met"].as_u64().unwrap() * term["weight"].as_u64().unwrap()).sum();
        assert_eq!(pair["score"].as_u64().unwrap(), sum / 1000, "the weights add up to a thousand");
        assert!(terms.iter().all(|term| !term["words"].as_str().unwrap().is_empty()));
    }
    let unmatched = &matching["unmatched"][0];
    assert_eq!(unmatched["reason"], "places_taken");
    assert!(unmatched["words"].as_str().unwrap().starts_with("Semua tempat"), "{unmatched}");
    let free: Vec<_> =
        matching["mentors"].as_array().unwrap().iter().map(|it| it["free_after"].clone()).collect();
    assert_eq!(free, [json!(0), json!(0)]);
    assert_eq!(round.matched(json!({})).await, matching, "the same facts have the same matching");
}

#[actix_web::test]
async fn the_weak_dimensions_of_a_business_go_to_who_knows_them() {
    let round = Round::start().await;
    let Scene { app, programme, owner, .. } = &round.scene;
    let instrument = crate::instruments::given_an_instrument(app, crate::instruments::a_document(2)).await;
    round.known(1, json!({ "expertise": ["marketing"] })).await;
    // The owner keeps good books and sells badly.
    let mut answers = crate::assessments::all_answered(4);
    for item in ["MKT1", "MKT2", "MKT3"] {
        answers[item] = json!({ "score": 0 });
    }
    let body = json!({
        "business_id": round.businesses[0], "instrument_id": instrument, "kind": "self", "answers": answers,
    });
    let own = app.create(*owner, "/v1/assessments", body).await;
    app.act(*owner, &format!("/v1/assessments/{own}"), json!({ "action": "submit" })).await;
    let matching = round.matched(json!({})).await;
    assert!(pairs(&matching).contains(&[json!(round.businesses[0]), json!(round.mentors[1])]), "{matching}");
    let english = app.request(actix_web::http::Method::POST, &round.path());
    let english = english.bearer_auth(programme.token(|_| ())).insert_header(("accept-language", "en"));
    let english = app.send(english.insert_header(("content-type", "application/json")), "{}").await;
    assert!(
        english.text.contains("The expertise covers what is weak: marketing_digital"),
        "{}",
        english.text
    );
}

#[actix_web::test]
async fn pinned_pairs_stand_and_excluded_ones_do_not_happen() {
    let round = Round::start().await;
    let pinned = round.pair(2, 1);
    let matching = round.matched(json!({ "pinned": [pinned], "excluded": [round.pair(0, 0)] })).await;
    assert_eq!(
        pairs(&matching),
        [
            [json!(round.businesses[1]), json!(round.mentors[0])],
            [json!(round.businesses[2]), json!(round.mentors[1])]
        ]
    );
    let flags: Vec<_> =
        matching["pairs"].as_array().unwrap().iter().map(|pair| pair["pinned"].clone()).collect();
    assert_eq!(flags, [json!(false), json!(true)]);
    assert_eq!(matching["unmatched"][0]["business_id"], json!(round.businesses[0]));
}

#[actix_web::test]
async fn a_pin_that_cannot_stand_is_named() {
    let round = Round::start().await;
    let nobody = "01930000-0000-7000-8000-000000000000";
    let pinned = json!([
        round.pair(0, 0),
        round.pair(0, 1),
        round.pair(1, 0),
        { "business_id": nobody, "mentor_id": nobody },
    ]);
    let excluded = json!([round.pair(0, 1)]);
    let refused = round
        .scene
        .app
        .post(round.scene.programme, &round.path(), json!({ "pinned": pinned, "excluded": excluded }))
        .await;
    let mut flaws = refused.flaws();
    flaws.sort();
    let expected = [
        "/pinned/1/business_id repeated",
        "/pinned/1/mentor_id not_allowed",
        "/pinned/2/mentor_id conflict",
        "/pinned/3/business_id no_such_record",
        "/pinned/3/mentor_id no_such_record",
    ];
    assert_eq!((refused.status, flaws), (422, expected.map(str::to_owned).to_vec()));
}

#[actix_web::test]
async fn applied_it_becomes_proposals_and_is_then_out_of_date() {
    let round = Round::start().await;
    let Scene { app, programme, .. } = &round.scene;
    let matching = round.matched(json!({})).await;
    let version = json!({ "version": matching["version"] });
    let applied = round.apply(version.clone()).await;
    assert_eq!(applied.status, 201, "{}", applied.text);
    let proposals = applied.body["proposals"].as_array().unwrap();
    let made: Vec<_> =
        proposals.iter().map(|it| ["business_id", "mentor_id"].map(|name| it[name].clone())).collect();
    assert_eq!(made, pairs(&matching));
    for proposal in proposals {
        let path = format!("/v1/mentorships/{}", proposal["mentorship_id"].as_str().unwrap());
        assert_eq!(app.get(*programme, &path).await.body["status"], "proposed");
    }
    let again = round.apply(version).await;
    assert_eq!((again.status, &again.body["code"]), (409, &json!("facts_changed")));
    let rest = round.matched(json!({})).await;
    assert_eq!((&rest["pairs"], &rest["unmatched"][0]["reason"]), (&json!([]), &json!("no_place")));
    let nothing = round.apply(json!({ "version": rest["version"] })).await;
    assert_eq!((nothing.status, &nothing.body["code"]), (409, &json!("nothing_to_propose")));
}

#[actix_web::test]
async fn when_a_fact_changes_nothing_of_it_is_applied() {
    let round = Round::start().await;
    let Scene { app, programme, .. } = &round.scene;
    let matching = round.matched(json!({})).await;
    round.known(1, json!({ "districts": ["36.74.04"] })).await;
    let refused = round.apply(json!({ "version": matching["version"] })).await;
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!("facts_changed")));
    let pinned = round.apply(json!({ "version": matching["version"], "pinned": [round.pair(0, 0)] })).await;
    assert_eq!((pinned.status, &pinned.body["code"]), (409, &json!("facts_changed")));
    assert_eq!(app.get(*programme, "/v1/mentorships?with_total=true").await.body["total"], 0);
}

#[actix_web::test]
async fn who_declined_a_business_is_not_matched_with_it_again() {
    let round = Round::start().await;
    let Scene { app, programme, .. } = &round.scene;
    let proposal = merged(round.scene.a_proposal(), round.pair(0, 0));
    let id = app.create(*programme, "/v1/mentorships", proposal).await;
    let decline = json!({ "action": "decline", "reason_code": "too_far" });
    app.act(round.scene.mentor, &format!("/v1/mentorships/{id}"), decline).await;
    let matching = round.matched(json!({})).await;
    assert!(!pairs(&matching).contains(&[json!(round.businesses[0]), json!(round.mentors[0])]));
    let alone = round.matched(json!({ "excluded": [round.pair(0, 1)] })).await;
    let unmatched = alone["unmatched"].as_array().unwrap();
    let lack = unmatched.iter().find(|it| it["business_id"] == json!(round.businesses[0])).unwrap();
    assert_eq!(lack["reason"], "no_suitable_mentor");
}

#[actix_web::test]
async fn only_the_programme_matches() {
    let round = Round::start().await;
    for role in Role::ALL.iter().filter(|role| !matches!(role, Role::Programme | Role::System)) {
        let refused = round.scene.app.post(Caller::new(*role), &round.path(), json!({})).await;
        assert_eq!(refused.status, 403, "{role}");
    }
}
