//! The records that can have files, and whose rights decide about them. Another one needs a word in
//! `Resource`, a row in `ROWS`, the way to its record in `record`, and the permission that reads its files in
//! the access table and in the log's list of resources.

use uuid::Uuid;

use crate::{
    access::{Party, Permission, Reach, Role},
    assessments, businesses, capital_referrals, certifications, enrollments,
    error::{ApiError, Result},
    ids::{
        AssessmentId, BusinessId, CertificationId, EnrollmentId, MentorId, ObjectiveId, OutcomeId, PersonId,
        ReferralId, SessionId,
    },
    mentors, mentorships, outcomes, persons,
    records::{Record, Tx},
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = AttachmentResource)]
    Resource {
        Business = "business",
        Person = "person",
        Mentor = "mentor",
        Session = "session",
        Objective = "objective",
        Assessment = "assessment",
        CapitalReferral = "capital_referral",
        Enrollment = "enrollment",
        Certification = "certification",
        Outcome = "outcome",
    }
}

/// Who reads the files of a kind of record, and who may add one.
pub struct Row {
    pub resource: Resource,
    /// What the log calls them.
    pub logged_as: &'static str,
    pub read: Permission,
    /// Any of them will do.
    pub write: &'static [Permission],
    /// For the roles that read what is their own: which records are a subject's, who is `?`.
    pub own: &'static [(Role, &'static str)],
}

use Permission::{
    AdmitEnrollments, ConfirmSessions, DecideCertifications, DecideReferrals, ReadAssessmentFiles,
    ReadBusinessFiles, ReadCertificationFiles, ReadEnrollmentFiles, ReadMentorFiles, ReadObjectiveFiles,
    ReadOutcomeFiles, ReadPersonFiles, ReadReferralFiles, ReadSessionFiles, VerifyOutcomes, WriteAssessments,
    WriteBusinesses, WriteCertifications, WriteConsents, WriteEnrollments, WriteMentors, WriteObjectives,
    WriteOutcomes, WriteReferrals, WriteSessions,
};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    Row { resource: Resource::Business,        logged_as: "business_attachment",         read: ReadBusinessFiles,   write: &[WriteBusinesses],                    own: &[] },
    Row { resource: Resource::Person,          logged_as: "person_attachment",           read: ReadPersonFiles,     write: &[WriteConsents],                      own: &[(Role::Business, "select id from persons where id = ?")] },
    Row { resource: Resource::Mentor,          logged_as: "mentor_attachment",           read: ReadMentorFiles,     write: &[WriteMentors],                       own: &[(Role::Mentor, "select id from mentors where id = ?"), (Role::Institution, "select id from mentors where institution_id = ?")] },
    Row { resource: Resource::Session,         logged_as: "session_attachment",          read: ReadSessionFiles,    write: &[WriteSessions, ConfirmSessions],     own: &[(Role::Mentor, "select id from sessions where mentor_ids @> array[?]")] },
    Row { resource: Resource::Objective,       logged_as: "objective_attachment",        read: ReadObjectiveFiles,  write: &[WriteObjectives],                    own: &[(Role::Mentor, "select id from objectives where mentor_ids @> array[?]")] },
    Row { resource: Resource::Assessment,      logged_as: "assessment_attachment",       read: ReadAssessmentFiles, write: &[WriteAssessments],                   own: &[] },
    Row { resource: Resource::CapitalReferral, logged_as: "capital_referral_attachment", read: ReadReferralFiles,   write: &[WriteReferrals, DecideReferrals],    own: &[(Role::Lender, "select id from capital_referrals where status in ('forwarded', 'approved', 'rejected', 'disbursed', 'closed') and lender_id = ?")] },
    Row { resource: Resource::Enrollment,      logged_as: "enrollment_attachment",       read: ReadEnrollmentFiles, write: &[WriteEnrollments, AdmitEnrollments], own: &[(Role::Business, "select id from enrollments where person_id = ?"), (Role::Cooperative, "select id from enrollments where cooperative_id = ?")] },
    Row { resource: Resource::Certification,   logged_as: "certification_attachment",    read: ReadCertificationFiles, write: &[DecideCertifications, WriteCertifications], own: &[] },
    Row { resource: Resource::Outcome,         logged_as: "outcome_attachment",          read: ReadOutcomeFiles,    write: &[VerifyOutcomes, WriteOutcomes],      own: &[] },
];

impl Row {
    /// # Errors
    /// `Internal` for a word without a row.
    pub fn of(resource: Resource) -> Result<&'static Self> {
        let row = ROWS.iter().find(|row| row.resource == resource);
        row.ok_or_else(|| ApiError::internal(format!("{resource} cannot have files")))
    }
}

/// Who sees the record that a file belongs to, and so the file.
pub struct Seen {
    pub business: Option<BusinessId>,
    /// Those through which it is seen besides.
    pub through: Vec<BusinessId>,
    pub named: Vec<Party>,
}

/// The record, which the caller may write to or answer for; held until the transaction ends.
///
/// # Errors
/// `NotFound` where the caller cannot see it; `Forbidden` where it may only be read.
pub async fn record(tx: &Tx<'_>, resource: Resource, id: Uuid) -> Result<Seen> {
    let reach = reach(tx, Row::of(resource)?.write)?;
    match resource {
        Resource::Business => businesses::lock(tx, reach, BusinessId(id)).await.map(seen),
        Resource::Mentor => mentors::lock(tx, reach, MentorId(id)).await.map(seen),
        Resource::Session => mentorships::session(tx, reach, SessionId(id)).await.map(seen),
        Resource::Objective => mentorships::objective(tx, reach, ObjectiveId(id)).await.map(seen),
        Resource::Assessment => assessments::lock(tx, reach, AssessmentId(id)).await.map(seen),
        Resource::CapitalReferral => capital_referrals::lock(tx, reach, ReferralId(id)).await.map(seen),
        Resource::Enrollment => enrollments::lock(tx, reach, EnrollmentId(id)).await.map(seen),
        Resource::Certification => certifications::lock(tx, reach, CertificationId(id)).await.map(seen),
        Resource::Outcome => outcomes::lock(tx, reach, OutcomeId(id)).await.map(seen),
        Resource::Person => {
            let person = persons::lock(tx, reach, PersonId(id)).await?;
            let through = persons::businesses_of(tx, person.id).await?;
            Ok(Seen { business: None, through, named: vec![Party::Person(person.id)] })
        }
    }
}

/// By the first of the permissions that the caller has.
fn reach(tx: &Tx<'_>, permissions: &[Permission]) -> Result<Reach> {
    let mut refused = ApiError::NotFound;
    for permission in permissions {
        match tx.reach_of(*permission) {
            Ok(reach) => return Ok(reach),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

fn seen<R: Record>(record: R) -> Seen {
    // A business belongs to itself.
    Seen { business: record.business(), through: vec![], named: record.named() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::Rows, log::RESOURCES};

    #[test]
    fn each_record_that_can_have_files_has_a_row_and_a_place_in_the_log() {
        for resource in Resource::ALL {
            let row = Row::of(*resource).unwrap();
            assert!(RESOURCES.contains(&(row.logged_as, row.read)), "{resource}");
            assert_eq!(row.logged_as, format!("{resource}_attachment"));
        }
    }

    #[test]
    fn a_role_reads_files_of_a_record_only_where_it_reads_files_at_all() {
        for role in Role::ALL {
            let (reads, all) =
                (role.rows(Permission::ReadAttachments), ROWS.iter().map(|row| role.rows(row.read)));
            match reads {
                Rows::All => assert!(all.into_iter().all(|rows| rows == Rows::All), "{role}"),
                Rows::None => assert!(all.into_iter().all(|rows| rows == Rows::None), "{role}"),
                _ => (),
            }
        }
    }

    #[test]
    fn whoever_reads_what_is_his_own_has_a_way_to_it() {
        for row in ROWS {
            for role in Role::ALL.iter().filter(|role| role.rows(row.read) == Rows::Own) {
                let way = row.own.iter().find(|(one, _)| one == role);
                let of_subject = way.is_some_and(|(_, records)| records.matches('?').count() == 1);
                assert!(of_subject, "{role} {}", row.resource);
            }
        }
    }
}
