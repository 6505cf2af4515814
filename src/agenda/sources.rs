//! What waits for whom: one table. Each row is rows of one feature, from where its `visible_to` starts for the
//! role, that wait for whoever may do the next step.
//!
//! In the SQL `$1` is the party, `$2` whom it acts for, `$3` today, `$4` now, and `{shared}` stands for: of a
//! business that is shared with the party.

use super::payloads::Kind::{self, *};
use crate::access::{
    Permission::{self, *},
    Role::{self, *},
};

pub struct Source {
    pub kind: Kind,
    /// In words, in both languages.
    pub words: [&'static str; 2],
    pub roles: &'static [Role],
    /// What the caller must be allowed to do about it.
    pub does: Permission,
    /// The kind of record, and the column of the one below whose address it is read.
    pub subject: (&'static str, &'static str),
    pub due_on: &'static str,
    pub since: &'static str,
    pub rows: &'static str,
}

const NONE: &str = "null";
/// They are there from the day on which a cohort ends, and wait from a month before they are due.
const SOON_DUE: &str = "follow_ups where status = 'due' and due_on <= $3 + 30 and {shared}";
const DESKS: &[Role] = &[Programme, Standardisation, Facilitation, Cooperatives];
/// Of the division that the caller works for.
macro_rules! of_division {
    ($status:literal) => {
        concat!(
            "hand_overs where division = case $1 when 'staff' then 'programme' else split_part($1, ':', 2) end ",
            "and status = '",
            $status,
            "'"
        )
    };
}

#[rustfmt::skip]
pub const SOURCES: &[Source] = &[
    // Of a mentor.
    Source { kind: AnswerProposal, words: ["Jawab usulan pendampingan", "Answer the proposed mentorship"],
        roles: &[Mentor], does: AnswerMentorships, subject: ("mentorship", NONE), due_on: "expires_on", since: "created_at",
        rows: "mentorships where is_open and status = 'proposed' and mentor_id = $2" },
    Source { kind: AnswerTransfer, words: ["Jawab usulan pemindahan pendampingan", "Answer the proposed transfer"],
        roles: &[Mentor], does: AnswerMentorships, subject: ("mentorship", NONE),
        due_on: "transfer ->> 'expires_on'", since: "transfer ->> 'proposed_at'",
        rows: "mentorships where transfer is not null and mentor_ids @> array[$2] and transfer ->> 'mentor_id' = $2::text" },
    Source { kind: StartMentorship, words: ["Mulai pendampingan", "Start the mentorship"],
        roles: &[Mentor], does: AnswerMentorships, subject: ("mentorship", NONE), due_on: NONE, since: "accepted_at",
        rows: "mentorships where is_open and status = 'accepted' and mentor_id = $2" },
    Source { kind: SessionPlanned, words: ["Kunjungan pendampingan", "Mentoring session"],
        roles: &[Mentor], does: ReadSessions, subject: ("session", "mentorship_id"), due_on: NONE, since: "created_at",
        rows: "sessions where status = 'planned' and mentor_id = $2 and planned_at >= $4" },
    Source { kind: ReportSession, words: ["Laporkan kunjungan", "Report the session"],
        roles: &[Mentor], does: DecideSessions, subject: ("session", "mentorship_id"), due_on: NONE, since: "planned_at",
        rows: "sessions where status = 'planned' and mentor_id = $2 and planned_at < $4" },
    Source { kind: AwaitConfirmation, words: ["Mintakan konfirmasi kunjungan", "Have the session confirmed"],
        roles: &[Mentor], does: DecideSessions, subject: ("session", "mentorship_id"), due_on: NONE, since: "held_at",
        rows: "sessions where status = 'held' and mentor_id = $2" },
    Source { kind: AcceptPlan, words: ["Telaah rencana", "Look through the plan"],
        roles: &[Mentor], does: AcceptPlans, subject: ("plan", "mentorship_id"), due_on: NONE, since: "submitted_at",
        rows: "plans where status = 'submitted' and mentor_id = $2" },
    Source { kind: ReviewSelfAssessment, words: ["Telaah penilaian mandiri", "Review the self-assessment"],
        roles: &[Mentor], does: ReviewSelfAssessments, subject: ("assessment", NONE), due_on: NONE, since: "submitted_at",
        rows: "assessments where status = 'submitted' and kind = 'self' and {shared}" },
    Source { kind: FinishAssessment, words: ["Selesaikan penilaian", "Finish the assessment"],
        roles: &[Mentor], does: SubmitAssessments, subject: ("assessment", NONE), due_on: NONE, since: "updated_at",
        rows: "assessments where status in ('draft', 'returned') and kind <> 'self' and {shared}" },
    Source { kind: AgreedAction, words: ["Kesepakatan dengan usaha", "What was agreed with the business"],
        roles: &[Mentor], does: WriteAgreedActions, subject: ("agreed_action", "mentorship_id"), due_on: "due_on", since: "created_at",
        rows: "agreed_actions where done_on is null and due_on is not null and mentor_ids @> array[$2] and {shared}" },
    Source { kind: RenewQualification, words: ["Perpanjang kualifikasi", "Renew the qualification"],
        roles: &[Mentor], does: WriteQualifications, subject: ("mentor_qualification", "mentor_id"), due_on: "expires_on", since: "updated_at",
        rows: "mentor_qualifications where expiry is not null and mentor_id = $2" },
    Source { kind: FollowUp, words: ["Tanyakan perkembangan usaha", "Ask how the business goes"],
        roles: &[Mentor], does: AnswerFollowUps, subject: ("follow_up", NONE), due_on: "due_on", since: "created_at",
        rows: SOON_DUE },
    // Of an owner.
    Source { kind: AnswerInvitation, words: ["Jawab undangan ikut angkatan", "Answer the invitation to take part"],
        roles: &[Business], does: AnswerParticipants, subject: ("participant", "cohort_id"), due_on: "expires_on", since: "created_at",
        rows: "participants where status = 'invited' and {shared}" },
    Source { kind: SessionPlanned, words: ["Kunjungan pendampingan", "Mentoring session"],
        roles: &[Business], does: ReadSessions, subject: ("session", "mentorship_id"), due_on: NONE, since: "created_at",
        rows: "sessions where status = 'planned' and planned_at >= $4 and {shared}" },
    Source { kind: ConfirmSession, words: ["Konfirmasi kunjungan", "Confirm the session"],
        roles: &[Business], does: ConfirmSessions, subject: ("session", "mentorship_id"), due_on: NONE, since: "held_at",
        rows: "sessions where status = 'held' and {shared}" },
    Source { kind: AgreedAction, words: ["Kesepakatan dengan pendamping", "What was agreed with the mentor"],
        roles: &[Business], does: WriteAgreedActions, subject: ("agreed_action", "mentorship_id"), due_on: "due_on", since: "created_at",
        rows: "agreed_actions where done_on is null and due_on is not null and {shared}" },
    Source { kind: WritePlan, words: ["Tulis rencana dan kirimkan", "Write the plan and submit it"],
        roles: &[Business], does: SubmitPlans, subject: ("plan", "mentorship_id"), due_on: NONE, since: "updated_at",
        rows: "plans where status = 'draft' and {shared}" },
    Source { kind: FinishSelfAssessment, words: ["Selesaikan penilaian mandiri", "Finish the self-assessment"],
        roles: &[Business], does: SubmitSelfAssessments, subject: ("assessment", NONE), due_on: NONE, since: "updated_at",
        rows: "assessments where status in ('draft', 'returned') and kind = 'self' and {shared}" },
    Source { kind: ObjectToAssessment, words: ["Batas keberatan atas penilaian", "Last day to object to the assessment"],
        roles: &[Business], does: ObjectToAssessments, subject: ("assessment", NONE), due_on: "object_by", since: "reviewed_at",
        rows: "assessments where status = 'reviewed' and objection is null and object_by >= $3 and {shared}" },
    Source { kind: SubmitReferral, words: ["Lengkapi dan ajukan rujukan modal", "Complete and submit the capital referral"],
        roles: &[Business], does: SubmitReferrals, subject: ("capital_referral", NONE), due_on: NONE, since: "updated_at",
        rows: "capital_referrals where status = 'draft' and {shared}" },
    Source { kind: CompleteReferral, words: ["Lengkapi rujukan modal yang dikembalikan", "Complete the returned capital referral"],
        roles: &[Business], does: SubmitReferrals, subject: ("capital_referral", NONE), due_on: "due_on", since: "updated_at",
        rows: "capital_referrals where status = 'returned' and {shared}" },
    Source { kind: ConfirmOutcome, words: ["Benarkan hasil", "Confirm the outcome"],
        roles: &[Business], does: ConfirmOutcomes, subject: ("outcome", NONE), due_on: NONE, since: "created_at",
        rows: "outcomes where status = 'claimed' and {shared}" },
    Source { kind: CompleteEnrollment, words: ["Lengkapi permohonan anggota koperasi", "Complete the cooperative application"],
        roles: &[Business], does: WriteEnrollments, subject: ("enrollment", NONE), due_on: NONE, since: "updated_at",
        rows: "enrollments where status = 'returned' and person_id = $2 and {shared}" },
    Source { kind: FollowUp, words: ["Kabarkan perkembangan usaha", "Tell how the business goes"],
        roles: &[Business], does: ReadFollowUps, subject: ("follow_up", NONE), due_on: "due_on", since: "created_at",
        rows: SOON_DUE },
    // Of the desks.
    Source { kind: TakeHandOver, words: ["Ambil penyerahan", "Take the hand-over"],
        roles: DESKS, does: DecideHandOvers, subject: ("hand_over", NONE), due_on: "due_on", since: "created_at",
        rows: of_division!("open") },
    Source { kind: FinishHandOver, words: ["Selesaikan penyerahan", "Finish the hand-over"],
        roles: DESKS, does: DecideHandOvers, subject: ("hand_over", NONE), due_on: NONE, since: "updated_at",
        rows: of_division!("taken") },
    Source { kind: ReviewAssessment, words: ["Telaah penilaian", "Review the assessment"],
        roles: &[Programme], does: ReviewAssessments, subject: ("assessment", NONE), due_on: NONE, since: "submitted_at",
        rows: "assessments where status = 'submitted' and kind <> 'self'" },
    Source { kind: DecideObjection, words: ["Putuskan keberatan", "Decide the objection"],
        roles: &[Programme], does: OverrideAssessments, subject: ("assessment", NONE),
        due_on: "objection ->> 'due_on'", since: "updated_at",
        rows: "assessments where objection is not null and objection -> 'decision' = 'null'" },
    Source { kind: VerifyOutcome, words: ["Verifikasi hasil", "Verify the outcome"],
        roles: &[Programme], does: VerifyOutcomes, subject: ("outcome", NONE), due_on: NONE, since: "updated_at",
        rows: "outcomes where status = 'client_confirmed'" },
    Source { kind: ReplaceMentor, words: ["Carikan pendamping pengganti", "Find another mentor"],
        roles: &[Programme], does: DecideMentorships, subject: ("mentorship", NONE), due_on: NONE, since: "updated_at",
        rows: "mentorships where is_open and transfer is null and mentor_id in (
            select m.id from mentors m where m.status in ('on_leave', 'ending'))" },
    Source { kind: ReviewReferral, words: ["Mulai telaah rujukan modal", "Begin to review the capital referral"],
        roles: &[Facilitation], does: ReviewReferrals, subject: ("capital_referral", NONE), due_on: "due_on", since: "updated_at",
        rows: "capital_referrals where status = 'submitted'" },
    Source { kind: RecommendReferral, words: ["Putuskan rekomendasi rujukan modal", "Decide the recommendation"],
        roles: &[Facilitation], does: ReviewReferrals, subject: ("capital_referral", NONE), due_on: "due_on", since: "updated_at",
        rows: "capital_referrals where status = 'under_review'" },
    Source { kind: ForwardReferral, words: ["Teruskan rujukan modal ke penyalur", "Forward the capital referral to a lender"],
        roles: &[Facilitation], does: ReviewReferrals, subject: ("capital_referral", NONE), due_on: "due_on", since: "updated_at",
        rows: "capital_referrals where status = 'recommended'" },
    Source { kind: VerifyEnrollment, words: ["Verifikasi permohonan anggota", "Verify the membership application"],
        roles: &[Cooperatives], does: VerifyEnrollments, subject: ("enrollment", NONE), due_on: "due_on", since: "updated_at",
        rows: "enrollments where status = 'applied' and due_on is not null" },
    Source { kind: ApplyForCertification, words: ["Ajukan sertifikat ke penerbit", "Apply for the certification"],
        roles: &[Standardisation], does: DecideCertifications, subject: ("certification", NONE), due_on: NONE, since: "created_at",
        rows: "certifications where status = 'planned' and {shared}" },
    Source { kind: AwaitCertification, words: ["Tunggu keputusan penerbit", "Await the issuer's decision"],
        roles: &[Standardisation], does: DecideCertifications, subject: ("certification", NONE), due_on: NONE, since: "updated_at",
        rows: "certifications where status = 'applied' and {shared}" },
    Source { kind: RenewCertification, words: ["Perpanjang sertifikat", "Renew the certification"],
        roles: &[Standardisation, Business], does: WriteCertifications, subject: ("certification", NONE), due_on: "expires_on", since: "updated_at",
        rows: "certifications where status = 'granted' and expiry in ('expiring', 'expired') and {shared}" },
    // Of partners.
    Source { kind: AdmitMember, words: ["Terima anggota baru", "Admit the member"],
        roles: &[Cooperative], does: AdmitEnrollments, subject: ("enrollment", NONE), due_on: NONE, since: "updated_at",
        rows: "enrollments where status = 'verified' and cooperative_id = $2" },
    Source { kind: DecideReferral, words: ["Putuskan rujukan modal", "Decide the capital referral"],
        roles: &[Lender], does: DecideReferrals, subject: ("capital_referral", NONE), due_on: "due_on", since: "updated_at",
        rows: "capital_referrals where status = 'forwarded' and lender_id = $2" },
];

impl Source {
    /// Its rows, as `number` among the sources.
    pub fn select(&self, number: usize) -> String {
        let Self { due_on, since, subject: (kind, parent), .. } = self;
        let business = if *kind == "mentor_qualification" { NONE } else { "business_id" };
        let (starts_at, minutes) = match self.kind {
            SessionPlanned | ReportSession => ("planned_at", "planned_minutes"),
            _ => (NONE, NONE),
        };
        let rows = self.rows.replace(
            "{shared}",
            "business_id in (select s.business_id from business_shares s where s.party = $1)",
        );
        format!(
            "select {number} as source, id, ({parent})::uuid as parent_id, ({business})::uuid as business_id, \
             ({due_on})::date as due_on, ({starts_at})::timestamptz as starts_at, ({minutes})::int as minutes, \
             ({since})::timestamptz as since, version, updated_at from {rows}"
        )
    }

    pub fn of(role: Role) -> impl Iterator<Item = (usize, &'static Self)> {
        SOURCES.iter().enumerate().filter(move |(_, source)| source.roles.contains(&role))
    }
}
