//! What an agenda shows.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::subject::Subject;
use crate::{ids::BusinessId, text_enum::text_enum};

text_enum! {
    /// What is to be done, or comes.
    #[schema(as = AgendaKind)]
    Kind {
        AnswerProposal = "answer_proposal",
        AnswerTransfer = "answer_transfer",
        StartMentorship = "start_mentorship",
        SessionPlanned = "session_planned",
        ReportSession = "report_session",
        AwaitConfirmation = "await_confirmation",
        ConfirmSession = "confirm_session",
        AgreedAction = "agreed_action",
        WritePlan = "write_plan",
        AcceptPlan = "accept_plan",
        FinishSelfAssessment = "finish_self_assessment",
        ReviewSelfAssessment = "review_self_assessment",
        FinishAssessment = "finish_assessment",
        ReviewAssessment = "review_assessment",
        ObjectToAssessment = "object_to_assessment",
        DecideObjection = "decide_objection",
        RenewQualification = "renew_qualification",
        FollowUp = "follow_up",
        AnswerInvitation = "answer_invitation",
        SubmitReferral = "submit_referral",
        CompleteReferral = "complete_referral",
        ReviewReferral = "review_referral",
        RecommendReferral = "recommend_referral",
        ForwardReferral = "forward_referral",
        DecideReferral = "decide_referral",
        ConfirmOutcome = "confirm_outcome",
        VerifyOutcome = "verify_outcome",
        CompleteEnrollment = "complete_enrollment",
        VerifyEnrollment = "verify_enrollment",
        AdmitMember = "admit_member",
        TakeHandOver = "take_hand_over",
        FinishHandOver = "finish_hand_over",
        ReplaceMentor = "replace_mentor",
        ApplyForCertification = "apply_for_certification",
        AwaitCertification = "await_certification",
        RenewCertification = "renew_certification",
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AgendaEntry)]
pub struct Entry {
    pub kind: Kind,
    /// The same in words, in the caller's language.
    #[schema(example = "Konfirmasi kunjungan")]
    pub words: &'static str,
    /// The last day on which it is in time.
    pub due_on: Option<NaiveDate>,
    /// When it begins, of what has an hour.
    pub starts_at: Option<DateTime<Utc>>,
    #[schema(example = 90)]
    pub minutes: Option<i32>,
    #[schema(example = false)]
    pub late: bool,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    pub subject: Subject,
    pub business_id: Option<BusinessId>,
    #[schema(example = "UMKM-2026-000123")]
    pub business_number: Option<String>,
    /// Of the subject, and since when it has it: for the calendar.
    #[serde(skip)]
    pub version: i64,
    #[serde(skip)]
    pub changed_at: DateTime<Utc>,
}

/// What waits for the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agenda {
    /// What is late first, then by the day on which it is due; at most 200.
    pub data: Vec<Entry>,
    /// How many there are in all.
    #[schema(example = 12)]
    pub total: i64,
    /// How many of them are late.
    #[schema(example = 2)]
    pub late: i64,
}
