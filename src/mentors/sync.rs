//! Many mentors at once, as their institution has them. Each row is judged by itself, as if it had come alone; what
//! is to be written of them is written together.

use std::collections::{HashMap, HashSet};

use actix_web::rt::task::yield_now;
use futures_util::future::try_join;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    bulk::{self, Next},
    payloads::{Kind, Mentor, MentorFields, Status},
    rules::{self, News},
    sealed::{EMAIL, Sealed},
    store,
};
use crate::{
    access::{Access, Party, Permission},
    error::{ApiError, Result},
    http::{Code, json},
    ids::{InstitutionId, MentorId},
    institutions::{self, Institution},
    log::Event,
    records::{
        Record, Tx,
        external_ids::{self, ExternalId},
        merged,
        synced::{Became, Missing, Outcome, Row, Synced, differing, known},
    },
};

pub struct Mentors;

impl Synced for Mentors {
    const NAME: &'static str = "mentors";
    const KIND: &'static str = Mentor::KIND;
    const WRITE: Permission = Permission::CreateMentors;
    type Fields = MentorFields;
    const WHOLE_LISTS: bool = true;

    async fn apply(tx: &Tx<'_>, source: &str, rows: &[Row]) -> Result<(Vec<Outcome>, Vec<Event>)> {
        let batch = Batch::read(tx, source, rows).await?;
        let mut plans: Vec<Result<Plan>> = rows.iter().map(|row| batch.plan(tx, row)).collect();
        refuse_known_emails(tx, &mut plans).await?;
        write(tx, &batch, rows, plans).await
    }

    async fn missing(access: &Access, source: &str, listed: Vec<String>) -> Result<Missing> {
        bulk::missing(access, source, listed).await
    }

    async fn let_go(tx: &Tx<'_>, missing: &[(String, Uuid)]) -> Result<(Vec<Outcome>, Vec<Event>)> {
        let (mut outcomes, mut events) = (Vec::new(), Vec::new());
        for (_, id) in missing {
            let before = store::lock(tx, tx.reach, MentorId(*id)).await?;
            let Some(step) = rules::let_go(before.status) else {
                outcomes.push(Outcome::of(Became::Unchanged, before.id));
                continue;
            };
            let coaches = !store::open_mentorships(tx, before.id).await?.is_empty();
            let reached = rules::reached(step, coaches);
            let after = bulk::leave(tx, before.id, reached).await?;
            let asked = serde_json::json!({ "action": "end", "reason_code": "affiliation_ended" });
            let event = Event::changed(&before, &*after, reached.as_str()).with("move", &asked);
            events.push(event.through(store::coached_by(tx, before.id).await?));
            let became = if reached == Status::Ending { Became::Ending } else { Became::Ended };
            let changed = vec!["status".to_owned(), "affiliation_ended_on".to_owned()];
            outcomes.push(Outcome { changed, ..Outcome::of(became, before.id) });
        }
        Ok((outcomes, events))
    }
}

/// What is to become of a row.
enum Plan {
    New { id: MentorId, fields: MentorFields, kept: Vec<String>, instead_of: Option<MentorId> },
    Changed { before: MentorId, fields: MentorFields, changed: Vec<String>, kept: Vec<String> },
    Same { id: MentorId, kept: Vec<String> },
}

/// What is known of the rows' mentors before anything is written; they are held.
struct Batch {
    ids: HashMap<String, Uuid>,
    mentors: HashMap<MentorId, Mentor>,
    institutions: HashMap<InstitutionId, Institution>,
}

impl Batch {
    async fn read(tx: &Tx<'_>, source: &str, rows: &[Row]) -> Result<Self> {
        let ids = known::<Mentors>(tx, source, rows).await?;
        let held: Vec<_> = ids.values().map(|id| MentorId(*id)).collect();
        let mentors = bulk::lock(tx, &held).await?;
        let own = match tx.actor.party {
            Party::Institution(own) => Some(own),
            _ => None,
        };
        let named = rows.iter().filter_map(|row| row.said.get("institution_id")?.as_str()?.parse().ok());
        let named: HashSet<_> = named.map(InstitutionId).chain(own).collect();
        let named: Vec<_> = named.into_iter().collect();
        let reach = tx.reach_of(Permission::ReadInstitutions)?;
        let institutions = institutions::hold(tx, reach, &named).await?;
        Ok(Self {
            ids,
            mentors: mentors.into_iter().map(|mentor| (mentor.id, mentor)).collect(),
            institutions: institutions.into_iter().map(|one| (one.id, one)).collect(),
        })
    }

    fn plan(&self, tx: &Tx<'_>, row: &Row) -> Result<Plan> {
        let Some(id) = self.ids.get(&row.id.value).map(|id| MentorId(*id)) else {
            return self.registered(tx, row, None);
        };
        match self.mentors.get(&id) {
            // Somebody else's.
            None => Err(ApiError::duplicate("external_ids")),
            Some(Mentor { merged_into: Some(into), .. }) => {
                Err(merged::refused(Some(format!("/v1/mentors/{into}"))))
            }
            // He comes back as a new mentor.
            Some(Mentor { status: Status::Ended, .. }) => self.registered(tx, row, Some(id)),
            Some(before) => self.changed(tx, row, before),
        }
    }

    fn registered(&self, tx: &Tx<'_>, row: &Row, instead_of: Option<MentorId>) -> Result<Plan> {
        let party = tx.actor.party;
        let (mut said, mut kept) = (row.said.clone(), Vec::new());
        if let Party::Institution(own) = party {
            for field in rules::kept_by_others(party, Some(own)) {
                kept.extend(said.remove(field).filter(|value| !is_silent(value)).map(|_| field.to_owned()));
            }
            if !said.contains_key("kind") {
                let university = |one: &Institution| one.fields.kind == institutions::Kind::University;
                let academic = self.institutions.get(&own).is_some_and(university);
                let kind = if academic { Kind::Academic } else { Kind::Practitioner };
                said.insert("kind".into(), kind.as_str().into());
            }
        }
        let fields = self.fields(tx, row, said)?;
        self.judge(tx, &fields, None)?;
        Ok(Plan::New { id: MentorId::generate(), fields, kept, instead_of })
    }

    fn changed(&self, tx: &Tx<'_>, row: &Row, before: &Mentor) -> Result<Plan> {
        let party = tx.actor.party;
        let was = before.as_sent();
        let was_said = json::object(&was)?;
        let kept_by_others = rules::kept_by_others(party, before.fields.institution_id);
        let (mut said, mut kept) = (was_said.clone(), Vec::new());
        for (field, value) in &row.said {
            let same = was_said.get(field) == Some(value);
            match kept_by_others.contains(&field.as_str()) {
                true if same || is_silent(value) => (),
                true => kept.push(field.clone()),
                false => drop(said.insert(field.clone(), value.clone())),
            }
        }
        let fields = self.fields(tx, row, said)?;
        let mut changed = differing(&was_said, &json::object(&fields)?);
        if before.affiliation_ended_on.is_some() {
            changed.extend(["status".to_owned(), "affiliation_ended_on".to_owned()]);
        }
        if changed.is_empty() {
            return Ok(Plan::Same { id: before.id, kept });
        }
        self.judge(tx, &fields, Some(&was))?;
        Ok(Plan::Changed { before: before.id, fields, changed, kept })
    }

    fn fields(&self, tx: &Tx<'_>, row: &Row, said: Map<String, Value>) -> Result<MentorFields> {
        let mut fields: MentorFields = json::parse(Value::Object(said))?;
        if !fields.external_ids.0.contains(&row.id) {
            fields.external_ids.0.push(row.id.clone());
        }
        Ok(rules::settled(fields, tx.actor.party))
    }

    /// As one by one, but that the institutions are known.
    fn judge(&self, tx: &Tx<'_>, fields: &MentorFields, was: Option<&MentorFields>) -> Result<()> {
        let party = tx.actor.party;
        let mut flaws = rules::flaws(fields, party, &tx.worker.reference(), tx.today());
        let news = News::of(was, fields, party);
        if let Some(id) = fields.institution_id.filter(|_| news.concern_the_institution()) {
            match self.institutions.get(&id) {
                Some(institution) => flaws.extend(news.flaws(fields, institution)),
                None => flaws.push(Code::NoSuchRecord.at("/institution_id")),
            }
        }
        ApiError::if_any(flaws)
    }
}

/// Whether a field says nothing.
pub fn is_silent(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// An address is one mentor's, also among the rows.
async fn refuse_known_emails(tx: &Tx<'_>, plans: &mut [Result<Plan>]) -> Result<()> {
    let mut wanted = Vec::new();
    for (at, plan) in plans.iter().enumerate() {
        let (id, email) = match plan {
            Ok(Plan::New { id, fields, .. }) => (*id, &fields.email),
            Ok(Plan::Changed { before, fields, changed, .. }) if changed.iter().any(|one| one == "email") => {
                (*before, &fields.email)
            }
            _ => continue,
        };
        wanted.push((at, id, tx.blind_index(EMAIL, email)?));
    }
    let indexes: Vec<_> = wanted.iter().map(|(_, _, index)| index.as_slice()).collect();
    let mut taken = bulk::with_emails(tx, &indexes).await?;
    for (at, id, index) in wanted {
        let other = *taken.entry(index).or_insert(id);
        if let Some(plan) = plans.get_mut(at).filter(|_| other != id) {
            *plan =
                Err(ApiError::Duplicate { what: "email".into(), of: store::path_if_seen(tx, other).await? });
        }
    }
    Ok(())
}

/// What is to be written of a mentor, and what he was before.
type Written<'a> = (Option<&'a Mentor>, Next);

async fn write(
    tx: &Tx<'_>,
    batch: &Batch,
    rows: &[Row],
    plans: Vec<Result<Plan>>,
) -> Result<(Vec<Outcome>, Vec<Event>)> {
    make_keys(tx, &plans).await?;
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut written: Vec<Written<'_>> = Vec::with_capacity(rows.len());
    for (row, plan) in rows.iter().zip(plans) {
        outcomes.push(match plan {
            Err(error) if error.is_ours() => return Err(error),
            Err(error) => Outcome::rejected(error),
            Ok(Plan::Same { id, kept }) => Outcome { kept, ..Outcome::of(Became::Unchanged, id) },
            Ok(Plan::New { id, fields, kept, instead_of }) => {
                if let Some(former) = instead_of.and_then(|former| batch.mentors.get(&former)) {
                    written.push((Some(former), without_id(tx, former, &row.id).await?));
                }
                let key = tx.subject_key(id.0).await?;
                written.push((None, Next::new(tx, id, &fields, Sealed::of(tx, &key, id, &fields)?)));
                Outcome { kept, ..Outcome::of(Became::Created, id) }
            }
            Ok(Plan::Changed { before, fields, changed, kept }) => {
                let before =
                    batch.mentors.get(&before).ok_or_else(|| ApiError::internal("who changes is held"))?;
                let key = tx.subject_key(before.id.0).await?;
                let sealed = Sealed::of(tx, &key, before.id, &fields)?;
                written.push((Some(before), Next::after(tx, before, &fields, sealed)));
                Outcome { changed, kept, ..Outcome::of(Became::Updated, before.id) }
            }
        });
    }
    let given: Vec<_> = written.iter().flat_map(news).collect();
    let stored = async {
        let of = |new: bool| written.iter().filter(move |(before, _)| before.is_none() == new);
        bulk::insert(tx, &of(true).map(|(_, next)| next).collect::<Vec<_>>()).await?;
        bulk::update(tx, &of(false).map(|(_, next)| next).collect::<Vec<_>>()).await?;
        external_ids::give(tx, Mentor::KIND, &given).await
    };
    let ((), events) = try_join(stored, told(tx, &written)).await?;
    Ok((outcomes, events))
}

/// The ids that stand for him from now on.
fn news<'a>((before, next): &'a Written<'_>) -> impl Iterator<Item = (&'a ExternalId, Uuid)> {
    let had = before.map_or(&[][..], |before| &before.fields.external_ids.0);
    let ids = next.mentor.fields.external_ids.0.iter().filter(|id| !had.contains(id));
    ids.map(|id| (id, next.mentor.id.0))
}

/// The events of what is being written, made while PostgreSQL writes it.
async fn told(tx: &Tx<'_>, written: &[Written<'_>]) -> Result<Vec<Event>> {
    let known = written.iter().filter_map(|(before, _)| Some((*before)?.id)).collect();
    let mut coached = bulk::coached(tx, known).await?;
    let mut events = Vec::with_capacity(written.len());
    for some in written.chunks(50) {
        // What has come back meanwhile goes on first.
        yield_now().await;
        events.extend(some.iter().map(|(before, Next { mentor, .. })| {
            let event = match before {
                None => Event::created(mentor),
                Some(before) if before.status == mentor.status => Event::changed(*before, mentor, "updated"),
                Some(before) => Event::changed(*before, mentor, mentor.status.as_str()),
            };
            event.through(coached.remove(&mentor.id.0).unwrap_or_default())
        }));
    }
    Ok(events)
}

/// Who has ended leaves his id to who he comes back as.
pub async fn without_id(tx: &Tx<'_>, former: &Mentor, id: &ExternalId) -> Result<Next> {
    external_ids::take(tx, Mentor::KIND, id).await?;
    let mut fields = former.as_sent();
    fields.external_ids.0.retain(|one| one != id);
    let key = tx.subject_key(former.id.0).await?;
    let next = Next { mentor: former.clone(), sealed: Sealed::of(tx, &key, former.id, &fields)? };
    Ok(next.with(fields.profile(), tx.now))
}

async fn make_keys(tx: &Tx<'_>, plans: &[Result<Plan>]) -> Result<()> {
    let (mut new, mut known) = (Vec::new(), Vec::new());
    for plan in plans {
        match plan {
            Ok(Plan::New { id, instead_of, .. }) => {
                new.push(id.0);
                known.extend(instead_of.map(|former| former.0));
            }
            Ok(Plan::Changed { before, .. }) => known.push(before.0),
            _ => (),
        }
    }
    tx.new_subjects(&new).await?;
    tx.meet_subjects(&known).await
}
