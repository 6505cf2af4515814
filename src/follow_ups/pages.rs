//! The page behind a link: a form that an owner fills in on a phone, without log-in and without scripts.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{StatusCode, header},
    post, web,
};
use askama::Template;

use super::{
    answer::{Answer, take},
    form::{self, Figures, Written},
    links,
    payloads::{Channel, FollowUp},
    store,
    words::Words,
};
use crate::{
    access::{Access, Party, Reach},
    businesses,
    error::{ApiError, Result},
    http::language::Language,
    log::{Event, Events, append::append},
    worker::Worker,
};

#[derive(Template)]
#[template(path = "follow_ups/form.html")]
struct FormPage {
    w: Words,
    title: &'static str,
    message: &'static str,
    form: Option<Form>,
}

struct Form {
    business: String,
    written: Written,
    wrong: Vec<&'static str>,
    /// The names of the fields to mend, with their labels.
    errors: Vec<(&'static str, &'static str)>,
}

struct Field {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
}

struct Group {
    name: &'static str,
    label: &'static str,
    choices: Vec<(&'static str, &'static str)>,
}

impl Form {
    fn new(business: String, written: Written, wrong: Vec<&'static str>, w: &Words) -> Self {
        let mut form = Self { business, written, wrong, errors: vec![] };
        let open = ("open", w.open);
        let labels = [open].into_iter().chain(form.fields(w).into_iter().map(|it| (it.name, it.label)));
        form.errors = labels.filter(|(name, _)| form.is_wrong(name)).collect();
        form
    }

    fn is_wrong(&self, name: &str) -> bool {
        self.wrong.contains(&name)
    }

    fn text(&self, name: &str) -> &str {
        self.written.get(name).map_or("", String::as_str)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.text(name) == value
    }

    fn fields(&self, w: &Words) -> [Field; 4] {
        [
            Field { name: "revenue", label: w.revenue, hint: w.revenue_hint },
            Field { name: "employees_female", label: w.employees_female, hint: "" },
            Field { name: "employees_male", label: w.employees_male, hint: "" },
            Field { name: "customers", label: w.customers, hint: "" },
        ]
    }

    fn groups(&self, w: &Words) -> [Group; 3] {
        let levels =
            [("0", w.level_0), ("1", w.level_1), ("2", w.level_2), ("3", w.level_3), ("4", w.level_4)];
        let shares = [
            ("none", w.share_none),
            ("partly", w.share_partly),
            ("mostly", w.share_mostly),
            ("fully", w.share_fully),
        ];
        [
            Group { name: "bookkeeping_level", label: w.bookkeeping, choices: levels.to_vec() },
            Group {
                name: "formal_credit",
                label: w.credit,
                choices: vec![("yes", w.yes), ("no", w.no_short)],
            },
            Group { name: "attribution", label: w.attribution, choices: shares.to_vec() },
        ]
    }
}

#[get("/follow-up/{link}")]
pub async fn page(
    worker: web::Data<Worker>,
    link: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (access, w) = (Access::of_service(&worker, "follow_up_page", None), words(&request));
    match asked(&access, &link).await? {
        Some((_, business)) => show(StatusCode::OK, filled(business, Written::new(), vec![], w)),
        None => show(StatusCode::GONE, told(|w| (w.gone, w.gone_more), w)),
    }
}

#[post("/follow-up/{link}")]
pub async fn answer_page(
    worker: web::Data<Worker>,
    link: web::Path<String>,
    request: HttpRequest,
    web::Form(written): web::Form<Written>,
) -> Result<HttpResponse> {
    let (access, w) = (Access::of_service(&worker, "follow_up_page", None), words(&request));
    let Some((follow_up, business)) = asked(&access, &link).await? else {
        return show(StatusCode::GONE, told(|w| (w.gone, w.gone_more), w));
    };
    let figures = match form::read(&written, access.today()) {
        Ok(figures) => figures,
        Err(wrong) => return show(StatusCode::UNPROCESSABLE_ENTITY, filled(business, written, wrong, w)),
    };
    match store_answer(&access, &follow_up, figures).await {
        // Somebody else was faster, or the page was sent twice.
        Err(ApiError::Blocked { .. }) => show(StatusCode::GONE, told(|w| (w.gone, w.gone_more), w)),
        stored => stored.and_then(|()| show(StatusCode::OK, told(|w| (w.thanks, w.thanks_more), w))),
    }
}

/// The follow-up that the link leads to, while it is good, and the name of its business.
async fn asked(access: &Access, link: &str) -> Result<Option<(FollowUp, String)>> {
    let link = links::mac(access, link)?;
    access
        .in_transaction(async |tx| {
            let Some(id) = store::linked(tx, &link).await? else { return Ok(None) };
            let follow_up = store::lock(tx, Reach::All, id).await?;
            let business = businesses::lock(tx, Reach::All, follow_up.business_id).await?;
            Ok(Some((follow_up, business.fields.name)))
        })
        .await
}

/// The owner's own words, though nobody has logged in.
async fn store_answer(access: &Access, asked: &FollowUp, figures: Figures) -> Result<()> {
    let stored = access.in_transaction(async |tx| {
        let before = store::lock(tx, Reach::All, asked.id).await?;
        let (snapshot, attribution) = (figures.snapshot, figures.attribution);
        let (_, (event, more)) =
            take(tx, &before, Answer { snapshot, channel: Channel::Link, attribution }).await?;
        let owner = businesses::owner_of(tx, before.business_id).await?.map(Party::Person);
        let for_owner = |event: Event| event.on_behalf_of(owner);
        append(tx, Events::from((for_owner(event), more.into_iter().map(for_owner).collect()))).await
    });
    stored.await?;
    access.worker.wake_readers();
    Ok(())
}

fn words(request: &HttpRequest) -> Words {
    let chosen = request.query_string();
    Words::of(match chosen {
        "language=en" => Language::English,
        "language=id" => Language::Indonesian,
        _ => Language::of(request.headers()),
    })
}

fn filled(business: String, written: Written, wrong: Vec<&'static str>, w: Words) -> FormPage {
    let form = Form::new(business, written, wrong, &w);
    FormPage { title: w.title, message: "", form: Some(form), w }
}

fn told(text: fn(&Words) -> (&'static str, &'static str), w: Words) -> FormPage {
    let (title, message) = text(&w);
    FormPage { title, message, form: None, w }
}

/// The address is the secret: it goes nowhere, and nothing is kept of the page.
fn show(status: StatusCode, shown: FormPage) -> Result<HttpResponse> {
    let body = shown.render().map_err(ApiError::internal)?;
    Ok(HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .content_type("text/html; charset=utf-8")
        .body(body))
}
