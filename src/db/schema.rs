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
    instruments (id) {
        id -> Uuid,
        document -> Jsonb,
        code -> Text,
        instrument_version -> Int4,
        title -> Jsonb,
        status -> Text,
        published_at -> Nullable<Timestamptz>,
        retired_at -> Nullable<Timestamptz>,
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

diesel::allow_tables_to_appear_in_same_query!(
    business_shares,
    businesses,
    event_about,
    events,
    feed,
    institutions,
    instruments,
    subject_keys,
);
