//! One business through the whole programme, by everyone whose part it is; each step is first tried by
//! those whose it is not.

mod coaching;
mod follow_up;
mod secrecy;
mod setting_out;

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    accounts::{log_in, send},
    support::{Caller, Reply, TestApp},
};

/// What nobody but those concerned may read.
pub const OWNER: &str = "Siti Aminah Pratiwi";
pub const NIK: &str = "9974014101900077";
pub const NPWP: &str = "091234567891000";
pub const PHONE: &str = "+6281234509876";
pub const OWNERS_EMAIL: &str = "siti.pratiwi@contoh.example";
pub const MENTORS_EMAIL: &str = "rina.kartika@ut.example";
pub const MENTORS_PHONE: &str = "+6281388001122";

/// Somebody with a token.
#[derive(Clone)]
pub struct Who {
    pub role: Role,
    pub token: String,
    pub subject: Option<String>,
}

impl Who {
    fn of(caller: Caller) -> Self {
        let subject = caller.subject.map(|id| id.to_string());
        Self { role: caller.role, token: caller.token(|_| ()), subject }
    }

    /// A desk, or a stranger to the business.
    pub fn new(role: Role) -> Self {
        Self::of(Caller::new(role))
    }

    fn acting_for(role: Role, subject: &str) -> Self {
        Self::of(Caller::of(role, subject))
    }

    pub fn subject(&self) -> &str {
        self.subject.as_deref().unwrap()
    }
}

pub struct Journey {
    pub app: TestApp,
    pub programme: Who,
    pub university: Who,
    pub mentor: Who,
    pub owner: Who,
    pub officer: Who,
    pub other_officer: Who,
    pub desk: Who,
    pub lender: Who,
    pub board: Who,
    /// Of the same roles, and with nothing to do with it.
    pub stranger: fn(Role) -> Who,
    pub instrument: String,
    pub cohort: String,
    pub participant: String,
    pub business: String,
    pub mentorship: String,
}

impl Journey {
    /// All of it.
    pub async fn made() -> Self {
        let mut journey = Self::prepared().await;
        journey.the_mentor_comes().await;
        journey.the_owner_comes().await;
        journey.coaching_begins().await;
        journey.the_business_is_assessed().await;
        journey.a_plan_is_made().await;
        journey.capital_is_found().await;
        journey.the_owner_joins_a_cooperative().await;
        journey.the_business_graduates().await;
        journey.an_outcome_is_proven().await;
        journey
    }

    /// Whatever is there before: partners, a cooperative, an instrument.
    async fn prepared() -> Self {
        let app = TestApp::start().await;
        let programme = Caller::new(Role::Programme);
        let institution = async |code: &str, kind: &str| {
            app.create(programme, "/v1/institutions", crate::institutions::an_institution(code, kind)).await
        };
        let (university, lender) =
            (institution("ut", "university").await, institution("bank", "lender").await);
        let cooperative = crate::cooperatives::given_a_cooperative(&app).await;
        let instrument =
            crate::instruments::given_an_instrument(&app, crate::instruments::a_document(2)).await;
        let nobody = Who::new(Role::Policy);
        Self {
            programme: Who::of(programme),
            university: Who::acting_for(Role::Institution, &university),
            mentor: nobody.clone(),
            owner: nobody,
            officer: Who::new(Role::Facilitation),
            other_officer: Who::new(Role::Facilitation),
            desk: Who::new(Role::Cooperatives),
            lender: Who::acting_for(Role::Lender, &lender),
            board: Who::acting_for(Role::Cooperative, &cooperative),
            stranger: Who::new,
            instrument,
            cohort: String::new(),
            participant: String::new(),
            business: String::new(),
            mentorship: String::new(),
            app,
        }
    }

    pub async fn ask(&self, who: &Who, method: Method, path: &str, body: &Value) -> Reply {
        let kind = if method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
        let mut request = self.app.request(method.clone(), path).bearer_auth(&who.token);
        if method == Method::PATCH {
            let read = self.app.request(Method::GET, path).bearer_auth(&who.token);
            let read = self.app.send(read, "").await;
            request = request.insert_header(("If-Match", read.header("etag")));
        }
        match body {
            Value::Null => self.app.send(request, "").await,
            body => self.app.send(request.content_type(kind), body.to_string()).await,
        }
    }

    pub async fn get(&self, who: &Who, path: &str) -> Value {
        let reply = self.ask(who, Method::GET, path, &Value::Null).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        reply.body
    }

    /// Refused to each of the others: 403 without the permission, 404 without the row. Then done.
    pub async fn step(&self, who: &Who, path: &str, body: Value, others: &[(Who, u16)]) -> Value {
        self.tried(Method::POST, path, &body, others).await;
        let reply = self.ask(who, Method::POST, path, &body).await;
        assert!(matches!(reply.status, 200 | 201), "{path} by {}: {}", who.role, reply.text);
        reply.body
    }

    pub async fn change(&self, who: &Who, path: &str, body: Value, others: &[(Who, u16)]) -> Value {
        let reply = self.ask(who, Method::PATCH, path, &body).await;
        assert_eq!(reply.status, 200, "{path} by {}: {}", who.role, reply.text);
        for (other, status) in others {
            let request = self.app.request(Method::PATCH, path).bearer_auth(&other.token);
            let request = request.insert_header(("If-Match", reply.header("etag")));
            let refused = request.content_type("application/merge-patch+json");
            let refused = self.app.send(refused, body.to_string()).await;
            assert_eq!(refused.status, *status, "{path} by {}: {}", other.role, refused.text);
        }
        reply.body
    }

    /// An action on the record at `path`.
    pub async fn act(&self, who: &Who, path: &str, body: Value, to: &str, others: &[(Who, u16)]) -> Value {
        let after = self.step(who, &format!("{path}/transitions"), body, others).await;
        assert_eq!(after["status"], to, "{path}: {after}");
        after
    }

    async fn tried(&self, method: Method, path: &str, body: &Value, others: &[(Who, u16)]) {
        for (other, status) in others {
            let refused = self.ask(other, method.clone(), path, body).await;
            assert_eq!(refused.status, *status, "{path} by {}: {}", other.role, refused.text);
        }
    }

    /// The path of what a step makes.
    pub async fn made_at(&self, who: &Who, path: &str, body: Value, others: &[(Who, u16)]) -> String {
        let made = self.step(who, path, body, others).await;
        format!("{path}/{}", made["id"].as_str().unwrap())
    }

    /// By an invitation and a password of one's own.
    async fn signs_in(&self, invitation: &Value, role: Role, subject: &str, email: &str) -> Who {
        let accepted =
            json!({ "code": invitation["code"], "email": email, "password": "tujuh gelas kopi tubruk" });
        let tokens = send(&self.app, "/v1/auth/accept-invitation", accepted.clone()).await;
        assert_eq!(tokens.status, 200, "{}", tokens.text);
        let again = send(&self.app, "/v1/auth/accept-invitation", accepted).await;
        assert_eq!(again.flaws(), ["/code spent_code"], "a code serves once");
        let tokens = log_in(&self.app, email, "tujuh gelas kopi tubruk").await;
        Who { role, token: tokens.access_token().to_owned(), subject: Some(subject.to_owned()) }
    }

    pub fn others(&self, statuses: &[(Role, u16)]) -> Vec<(Who, u16)> {
        statuses.iter().map(|(role, status)| ((self.stranger)(*role), *status)).collect()
    }
}

#[actix_web::test]
async fn a_business_goes_through_the_programme_and_its_history_shows_it_in_order() {
    let journey = Journey::made().await;
    journey.app.readers_done().await;
    let all = journey
        .get(&journey.programme, &format!("{}/history?limit=200&sort=position", journey.business))
        .await;
    let kinds = all["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap());
    // Who begins to see it, and what a reader of the log opens, comes between at its own time.
    let by_itself = |kind: &&str| {
        ["business.", "outcome.", "agreed_action."].iter().any(|resource| kind.starts_with(resource))
            || *kind == "hand_over.created"
            || *kind == "hand_over.updated"
    };
    let told: Vec<_> = kinds.filter(|kind| !by_itself(kind)).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    business_role.created
    snapshot.created
    participant.created
    participant.accepted
    mentorship.created
    mentorship.accepted
    mentorship.active
    objective.created
    session.created
    session.held
    session.confirmed
    session.created
    session.held
    session.code_issued
    session.confirmed
    assessment.created
    assessment.submitted
    assessment.reviewed
    assessment.created
    assessment.submitted
    assessment.reviewed
    assessment.objected
    assessment.objection_decided
    plan.created
    plan.submitted
    plan.accepted
    plan.revised
    plan.updated
    plan.submitted
    plan.accepted
    objective.updated
    hand_over.taken
    capital_referral.created
    capital_referral.submitted
    capital_referral.under_review
    capital_referral.returned
    capital_referral.updated
    capital_referral.submitted
    capital_referral.under_review
    capital_referral.recommended
    capital_referral.forwarded
    capital_referral.approved
    capital_referral.disbursed
    capital_referral.disbursed
    capital_referral.closed
    hand_over.done
    hand_over.taken
    enrollment.created
    enrollment.verified
    enrollment.active
    hand_over.done
    assessment.created
    assessment.submitted
    assessment.reviewed
    mentorship.completed
    participant.graduated
    ");
}
