//! The tables, as diesel sees them: kept by hand beside the migrations, and held to the database by a test.

diesel::table! {
    events (position) {
        position -> Int8,
        id -> Uuid,
        kind -> Text,
        resource -> Text,
        subject_id -> Uuid,
        subject_version -> Int8,
        business_id -> Nullable<Uuid>,
        actor_id -> Uuid,
        actor_role -> Text,
        client_id -> Text,
        on_behalf_of -> Nullable<Text>,
        request_id -> Text,
        caused_by -> Nullable<Uuid>,
        occurred_at -> Timestamptz,
        about -> Array<Uuid>,
        audience -> Array<Text>,
        lost -> Array<Text>,
        data -> Jsonb,
    }
}

diesel::table! {
    event_about (record_id, position) {
        record_id -> Uuid,
        position -> Int8,
    }
}

diesel::table! {
    feed (seq) {
        seq -> Int8,
        position -> Int8,
    }
}

diesel::table! {
    sequencer (only_row) {
        last_seq -> Int8,
        low -> Int8,
        only_row -> Bool,
    }
}

diesel::table! {
    log_readers (name) {
        name -> Text,
        seq -> Int8,
    }
}

diesel::table! {
    jobs (name) {
        name -> Text,
        last_run_at -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (id) {
        id -> Bytea,
        fingerprint -> Bytea,
        answer -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    subject_keys (subject_id) {
        subject_id -> Uuid,
        wrapped -> Bytea,
    }
}

diesel::table! {
    business_shares (business_id, party, cause) {
        business_id -> Uuid,
        party -> Text,
        cause -> Uuid,
        until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    number_series (series, year) {
        series -> Text,
        year -> Int4,
        next -> Int8,
    }
}

diesel::table! {
    institutions (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        kind -> Text,
        city -> Nullable<Text>,
        contact -> Nullable<Jsonb>,
        status -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    businesses (id) {
        id -> Uuid,
        version -> Int8,
    }
}

diesel::table! {
    mentorships (id) {
        id -> Uuid,
        cohort_id -> Uuid,
        business_id -> Uuid,
        mentor_id -> Uuid,
        institution_id -> Nullable<Uuid>,
        business_name -> Text,
        letter -> Nullable<Jsonb>,
        note -> Nullable<Text>,
        status -> Text,
        expires_on -> Date,
        accepted_at -> Nullable<Timestamptz>,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        completed_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    objectives (id) {
        id -> Uuid,
        mentorship_id -> Uuid,
        business_id -> Uuid,
        mentor_id -> Uuid,
        kind -> Text,
        title -> Text,
        baseline -> Nullable<Text>,
        target -> Nullable<Text>,
        due_on -> Nullable<Date>,
        focus -> Bool,
        status -> Text,
        evidence -> Nullable<Jsonb>,
        note -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        mentorship_id -> Uuid,
        business_id -> Uuid,
        mentor_id -> Uuid,
        institution_id -> Nullable<Uuid>,
        planned_at -> Timestamptz,
        planned_minutes -> Nullable<Int4>,
        mode -> Text,
        place -> Nullable<Text>,
        status -> Text,
        held_at -> Nullable<Timestamptz>,
        contact_minutes -> Nullable<Int4>,
        preparation_minutes -> Nullable<Int4>,
        travel_minutes -> Nullable<Int4>,
        attendees -> Array<Jsonb>,
        topics -> Array<Text>,
        summary -> Nullable<Text>,
        agreed_actions -> Array<Jsonb>,
        confirmed_at -> Nullable<Timestamptz>,
        countable -> Bool,
        countable_reason -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    plans (id) {
        id -> Uuid,
        mentorship_id -> Uuid,
        business_id -> Uuid,
        mentor_id -> Uuid,
        plan_version -> Int4,
        kind -> Text,
        period -> Nullable<Jsonb>,
        goals -> Nullable<Text>,
        items -> Array<Jsonb>,
        finances -> Nullable<Jsonb>,
        status -> Text,
        missing -> Array<Text>,
        submitted_at -> Nullable<Timestamptz>,
        accepted_at -> Nullable<Timestamptz>,
        capital_need_idr -> Nullable<Int8>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    plan_versions (id) {
        id -> Uuid,
        plan_id -> Uuid,
        plan_version -> Int4,
        body -> Jsonb,
        accepted_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    business_shares,
    businesses,
    event_about,
    events,
    feed,
    institutions,
    mentorships,
    objectives,
    plan_versions,
    plans,
    sessions,
    subject_keys,
);
