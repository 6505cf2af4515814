//! Reads what a matching is computed from: for who may see all of the programme.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::{dsl::count_star, prelude::*};
use diesel_async::RunQueryDsl;

use super::fit::{Candidate, Seeker};
use crate::{
    db::{
        Connection,
        schema::{
            assessments, businesses, mentor_interests, mentor_qualifications, mentors, mentorships,
            participants,
        },
    },
    error::Result,
    ids::{BusinessId, CohortId, MentorId},
    instruments::{FULL_SCORE, InstrumentScore},
    mentors::Expertise,
    reference::Reference,
};

/// Of expertise that the programme has not confirmed, so many per cent count.
const UNCONFIRMED: u32 = 80;

/// The businesses that take part in the cohort and have no open mentorship in it, by id.
pub async fn seekers(mut sql: &Connection, cohort: CohortId) -> Result<Vec<Seeker>> {
    let coached = mentorships::table.filter(mentorships::cohort_id.eq(cohort)).filter(mentorships::is_open);
    let taking_part = participants::table
        .filter(participants::cohort_id.eq(cohort))
        .filter(participants::status.eq("accepted"))
        .filter(participants::business_id.ne_all(coached.select(mentorships::business_id)));
    let ids: Vec<BusinessId> = taking_part.select(participants::business_id).load(&mut sql).await?;
    let rows = businesses::table.filter(businesses::id.eq_any(&ids)).order(businesses::id);
    let rows =
        rows.select((businesses::id, businesses::name, businesses::subsector, businesses::district_code));
    let rows: Vec<(BusinessId, String, String, String)> = rows.load(&mut sql).await?;
    let mut lacks = lacks(sql, &ids).await?;
    let seeker = |(id, name, subsector, district)| {
        let lacks = lacks.remove(&id).unwrap_or_default();
        Seeker { id, name, subsector, district, lacks }
    };
    Ok(rows.into_iter().map(seeker).collect())
}

/// By the latest assessment of a mentor, or else of the owner.
async fn lacks(
    mut sql: &Connection,
    ids: &[BusinessId],
) -> Result<BTreeMap<BusinessId, BTreeMap<String, u32>>> {
    let scored = assessments::table.filter(assessments::business_id.eq_any(ids));
    let latest = scored
        .filter(assessments::result.is_not_null())
        .distinct_on(assessments::business_id)
        .order((assessments::business_id, assessments::kind.eq("self"), assessments::submitted_at.desc()));
    let latest = latest.select((assessments::business_id, assessments::result.assume_not_null()));
    let latest: Vec<(BusinessId, InstrumentScore)> = latest.load(&mut sql).await?;
    let lack = |(code, points): (String, u16)| (code, u32::from(FULL_SCORE.saturating_sub(points)));
    Ok(latest.into_iter().map(|(id, it)| (id, it.dimensions.into_iter().map(lack).collect())).collect())
}

/// The active mentors with a place free, by id.
pub async fn candidates(
    mut sql: &Connection,
    reference: &Reference,
    today: NaiveDate,
) -> Result<Vec<Candidate>> {
    let active = mentors::table.filter(mentors::status.eq("active")).filter(mentors::merged_into.is_null());
    let active = active.order(mentors::id);
    let columns = (
        mentors::id,
        mentors::full_name,
        mentors::expertise,
        mentors::expertise_confirmed,
        mentors::subsectors,
        mentors::districts,
        mentors::capacity,
    );
    let rows: Vec<Row> = active.select(columns).load(&mut sql).await?;
    let open = mentorships::table
        .filter(mentorships::is_open)
        .filter(mentorships::status.ne("proposed").or(mentorships::expires_on.ge(today)));
    let loads = open.group_by(mentorships::mentor_id).select((mentorships::mentor_id, count_star()));
    let loads: Vec<(MentorId, i64)> = loads.load(&mut sql).await?;
    let loads: BTreeMap<_, _> = loads.into_iter().collect();
    let valid = mentor_qualifications::expires_on.is_null().or(mentor_qualifications::expires_on.ge(today));
    let qualified = mentor_qualifications::table.filter(valid).select(mentor_qualifications::mentor_id);
    let qualified: Vec<MentorId> = qualified.distinct().load(&mut sql).await?;
    let qualified: BTreeSet<_> = qualified.into_iter().collect();
    let candidate = |row: Row| {
        let load = loads.get(&row.id).copied().and_then(|load| u32::try_from(load).ok()).unwrap_or_default();
        let qualified = qualified.contains(&row.id);
        row.candidate((load, qualified), reference, today)
    };
    Ok(rows.into_iter().map(candidate).filter(|mentor| mentor.free() > 0).collect())
}

#[derive(Queryable)]
struct Row {
    id: MentorId,
    full_name: String,
    expertise: Vec<Expertise>,
    expertise_confirmed: Vec<Expertise>,
    subsectors: Vec<String>,
    districts: Vec<String>,
    capacity: i32,
}

impl Row {
    fn candidate(self, (load, qualified): (u32, bool), reference: &Reference, today: NaiveDate) -> Candidate {
        let mut covers = BTreeMap::<String, u32>::new();
        for expertise in &self.expertise {
            let share = if self.expertise_confirmed.contains(expertise) { 100 } else { UNCONFIRMED };
            for (dimension, weight) in reference.covered_by(expertise.as_str(), today) {
                let best = covers.entry(dimension.to_owned()).or_default();
                // Weight and share are per cent, the cover is in thousandths.
                *best = (*best).max(weight * share / 10);
            }
        }
        let districts: BTreeSet<_> = self.districts.into_iter().collect();
        Candidate {
            id: self.id,
            name: self.full_name,
            covers,
            subsectors: self.subsectors.into_iter().collect(),
            neighbours: districts
                .iter()
                .flat_map(|it| reference.neighbours_of(it))
                .map(str::to_owned)
                .collect(),
            districts,
            capacity: u32::try_from(self.capacity).unwrap_or_default(),
            load,
            qualified,
        }
    }
}

/// The pairs that must not be: what the mentor has declined in this cohort, and where he has an interest.
pub async fn forbidden(
    mut sql: &Connection,
    cohort: CohortId,
    today: NaiveDate,
) -> Result<BTreeSet<(BusinessId, MentorId)>> {
    let declined = mentorships::table.filter(mentorships::cohort_id.eq(cohort));
    let declined = declined.filter(mentorships::status.eq("declined"));
    let pairs = declined.select((mentorships::business_id, mentorships::mentor_id));
    let pairs: Vec<(BusinessId, MentorId)> = pairs.load(&mut sql).await?;
    let lasts = mentor_interests::ended_on.is_null().or(mentor_interests::ended_on.ge(today));
    let interests = mentor_interests::table.filter(mentor_interests::business_id.is_not_null()).filter(lasts);
    let interests =
        interests.select((mentor_interests::business_id.assume_not_null(), mentor_interests::mentor_id));
    let interests: Vec<(BusinessId, MentorId)> = interests.load(&mut sql).await?;
    Ok(pairs.into_iter().chain(interests).collect())
}
