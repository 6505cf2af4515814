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
    reference_lists (name) {
        name -> Text,
        sha256 -> Text,
        loaded_at -> Timestamptz,
        loaded_by -> Text,
        version -> Int8,
    }
}

diesel::table! {
    reference_rows (list, line) {
        list -> Text,
        line -> Int4,
        key -> Text,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        source -> Text,
        data -> Jsonb,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        name -> Text,
        email_sealed -> Nullable<Bytea>,
        email_index -> Nullable<Bytea>,
        phone_sealed -> Nullable<Bytea>,
        phone_index -> Nullable<Bytea>,
        password_hash -> Text,
        status -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    user_grants (user_id, place) {
        user_id -> Uuid,
        place -> Int4,
        role -> Text,
        subject_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    refresh_tokens (mac) {
        mac -> Bytea,
        family -> Uuid,
        user_id -> Uuid,
        role -> Text,
        subject_id -> Nullable<Uuid>,
        scope -> Text,
        used_at -> Nullable<Timestamptz>,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    clients (id) {
        id -> Uuid,
        client_id -> Text,
        name -> Text,
        role -> Text,
        subject_id -> Nullable<Uuid>,
        rows_as -> Nullable<Text>,
        scopes -> Array<Text>,
        status -> Text,
        secret_mac -> Bytea,
        secret_expires_at -> Timestamptz,
        previous_secret_mac -> Nullable<Bytea>,
        previous_secret_expires_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    invitations (id) {
        id -> Uuid,
        role -> Text,
        subject_id -> Nullable<Uuid>,
        code_mac -> Bytea,
        invited_by -> Text,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
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
    mentors (id) {
        id -> Uuid,
        kind -> Text,
        institution_id -> Nullable<Uuid>,
        full_name -> Text,
        titles -> Nullable<Text>,
        academic_id -> Nullable<Jsonb>,
        expertise -> Array<Text>,
        subsectors -> Array<Text>,
        districts -> Array<Text>,
        capacity_offered -> Nullable<Int4>,
        external_ids -> Jsonb,
        capacity -> Int4,
        expertise_confirmed -> Array<Text>,
        email_sealed -> Bytea,
        email_index -> Bytea,
        phone_sealed -> Nullable<Bytea>,
        phone_index -> Nullable<Bytea>,
        status -> Text,
        source -> Text,
        last_synced_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        merged_into -> Nullable<Uuid>,
        affiliation_ended_on -> Nullable<Date>,
    }
}

diesel::table! {
    businesses (id) {
        id -> Uuid,
        number -> Text,
        kind -> Text,
        name -> Text,
        legal_form -> Nullable<Text>,
        nib -> Nullable<Text>,
        nib_issued_on -> Nullable<Date>,
        npwp_sealed -> Nullable<Bytea>,
        npwp_index -> Nullable<Bytea>,
        npwp_masked -> Nullable<Text>,
        kbli -> Array<Jsonb>,
        subsector -> Text,
        description -> Nullable<Text>,
        address_line -> Nullable<Text>,
        village_code -> Text,
        district_code -> Text,
        postal_code -> Nullable<Text>,
        latitude -> Nullable<Float8>,
        longitude -> Nullable<Float8>,
        founded_on -> Nullable<Date>,
        formal_at_intake -> Nullable<Bool>,
        sales_channels -> Array<Text>,
        cooperative_id -> Nullable<Uuid>,
        external_ids -> Jsonb,
        status -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        merged_into -> Nullable<Uuid>,
    }
}

diesel::table! {
    business_roles (id) {
        id -> Uuid,
        business_id -> Uuid,
        person_id -> Uuid,
        role -> Text,
        contact -> Bool,
        from_date -> Date,
        to_date -> Nullable<Date>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    nib_holders (nib) {
        nib -> Text,
        person_id -> Uuid,
    }
}

diesel::table! {
    cooperatives (id) {
        id -> Uuid,
        name -> Text,
        cooperative_number -> Nullable<Text>,
        legal_entity_no -> Nullable<Text>,
        kind -> Text,
        service_area -> Array<Text>,
        village_code -> Text,
        founded_on -> Nullable<Date>,
        principal_savings_idr -> Nullable<Int8>,
        mandatory_savings_idr -> Nullable<Int8>,
        member_target -> Int4,
        members_declared -> Nullable<Int4>,
        external_ids -> Jsonb,
        status -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    assessments (id) {
        id -> Uuid,
        business_id -> Uuid,
        instrument_id -> Uuid,
        kind -> Text,
        mentorship_id -> Nullable<Uuid>,
        declared_capital_need_idr -> Int8,
        answers -> Jsonb,
        status -> Text,
        facts -> Nullable<Jsonb>,
        result -> Nullable<Jsonb>,
        score -> Nullable<Int4>,
        potential -> Nullable<Int4>,
        bookkeeping_maturity -> Nullable<Int4>,
        submitted_at -> Nullable<Timestamptz>,
        submitted_by -> Nullable<Uuid>,
        reviewed_at -> Nullable<Timestamptz>,
        reviewed_by -> Nullable<Uuid>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        class_override -> Nullable<Jsonb>,
        objection -> Nullable<Jsonb>,
        object_by -> Nullable<Date>,
        class_computed -> Nullable<Text>,
        class_effective -> Nullable<Text>,
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
    cohorts (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        decree -> Nullable<Jsonb>,
        budget_code -> Nullable<Text>,
        starts_on -> Date,
        ends_on -> Date,
        capacity -> Nullable<Int4>,
        targets -> Array<Jsonb>,
        instrument_id -> Nullable<Uuid>,
        follow_up_months -> Array<Int4>,
        status -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    participants (id) {
        id -> Uuid,
        cohort_id -> Uuid,
        business_id -> Uuid,
        status -> Text,
        expires_on -> Date,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    external_ids (resource, source, value) {
        resource -> Text,
        source -> Text,
        value -> Text,
        record_id -> Uuid,
    }
}

diesel::table! {
    persons (id) {
        id -> Uuid,
        full_name -> Text,
        identity -> Text,
        gender -> Nullable<Text>,
        birth_year -> Nullable<Int2>,
        village_code -> Nullable<Text>,
        external_ids -> Jsonb,
        nik_sealed -> Nullable<Bytea>,
        nik_index -> Nullable<Bytea>,
        nik_masked -> Nullable<Text>,
        npwp_sealed -> Nullable<Bytea>,
        npwp_index -> Nullable<Bytea>,
        npwp_masked -> Nullable<Text>,
        phone_sealed -> Nullable<Bytea>,
        phone_index -> Nullable<Bytea>,
        email_sealed -> Nullable<Bytea>,
        email_index -> Nullable<Bytea>,
        disability_sealed -> Nullable<Bytea>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        merged_into -> Nullable<Uuid>,
    }
}

diesel::table! {
    person_lookups (id) {
        id -> Uuid,
        looked_at -> Timestamptz,
        actor_id -> Uuid,
        actor_role -> Text,
        client_id -> Text,
        request_id -> Text,
        by -> Text,
        found -> Array<Uuid>,
    }
}

diesel::table! {
    consents (id) {
        id -> Uuid,
        person_id -> Uuid,
        purpose -> Text,
        receiver_id -> Nullable<Uuid>,
        text_version -> Int4,
        via -> Text,
        evidence -> Nullable<Jsonb>,
        status -> Text,
        given_at -> Timestamptz,
        withdrawn_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    snapshots (id) {
        id -> Uuid,
        business_id -> Uuid,
        taken_on -> Date,
        period -> Nullable<Jsonb>,
        annual_revenue_idr -> Nullable<Int8>,
        capital_idr -> Nullable<Int8>,
        assets_idr -> Nullable<Int8>,
        employees_female -> Nullable<Int4>,
        employees_male -> Nullable<Int4>,
        customers -> Nullable<Int4>,
        bookkeeping_level -> Nullable<Int2>,
        statements -> Array<Text>,
        bookkeeping_tool -> Nullable<Text>,
        formal_credit -> Nullable<Bool>,
        source -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    business_standings (business_id) {
        business_id -> Uuid,
        snapshot_id -> Nullable<Uuid>,
        as_of -> Nullable<Date>,
        annual_revenue_idr -> Nullable<Int8>,
        capital_idr -> Nullable<Int8>,
        assets_idr -> Nullable<Int8>,
        employees_female -> Nullable<Int4>,
        employees_male -> Nullable<Int4>,
        customers -> Nullable<Int4>,
        bookkeeping_level -> Nullable<Int2>,
        size_class -> Nullable<Text>,
        basis -> Nullable<Text>,
        rule -> Nullable<Text>,
        version -> Int8,
        updated_at -> Timestamptz,
        stages -> Jsonb,
        stage -> Nullable<Text>,
        stage_since -> Nullable<Timestamptz>,
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
        is_open -> Bool,
        expires_on -> Date,
        accepted_at -> Nullable<Timestamptz>,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        completed_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        transfer -> Nullable<Jsonb>,
        assignments -> Array<Jsonb>,
        mentor_ids -> Array<Uuid>,
        institution_ids -> Array<Uuid>,
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
        mentor_ids -> Array<Uuid>,
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
        confirmed_at -> Nullable<Timestamptz>,
        countable -> Bool,
        countable_reason -> Nullable<Text>,
        reported_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        mentor_ids -> Array<Uuid>,
        confirmed_via -> Nullable<Text>,
        confirmation_evidence -> Nullable<Jsonb>,
    }
}

diesel::table! {
    session_codes (session_id) {
        session_id -> Uuid,
        code -> Bytea,
        tries -> Int4,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    agreed_actions (id) {
        id -> Uuid,
        session_id -> Uuid,
        mentorship_id -> Uuid,
        business_id -> Uuid,
        mentor_ids -> Array<Uuid>,
        text -> Text,
        due_on -> Nullable<Date>,
        done_on -> Nullable<Date>,
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

diesel::joinable!(business_roles -> businesses (business_id));

diesel::table! {
    hand_overs (id) {
        id -> Uuid,
        division -> Text,
        business_id -> Uuid,
        causes -> Jsonb,
        due_on -> Date,
        status -> Text,
        taken_by -> Nullable<Uuid>,
        result -> Nullable<Jsonb>,
        dossier -> Nullable<Jsonb>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    hand_over_causes (event_id, rule, business_id) {
        event_id -> Uuid,
        rule -> Text,
        hand_over_id -> Uuid,
        business_id -> Uuid,
    }
}

diesel::table! {
    capital_referrals (id) {
        id -> Uuid,
        number -> Text,
        business_id -> Uuid,
        hand_over_id -> Nullable<Uuid>,
        amount_idr -> Int8,
        purpose -> Text,
        purpose_note -> Nullable<Text>,
        scheme -> Nullable<Text>,
        scheme_reason -> Nullable<Text>,
        plan_id -> Nullable<Uuid>,
        suggestion -> Jsonb,
        documents -> Jsonb,
        writer_ids -> Array<Uuid>,
        status -> Text,
        submitter_ids -> Array<Uuid>,
        lender_id -> Nullable<Uuid>,
        recommended_idr -> Nullable<Int8>,
        approved_idr -> Nullable<Int8>,
        disbursed_idr -> Int8,
        due_on -> Nullable<Date>,
        closed_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    disbursements (id) {
        id -> Uuid,
        referral_id -> Uuid,
        amount_idr -> Int8,
        disbursed_on -> Date,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    enrollments (id) {
        id -> Uuid,
        person_id -> Uuid,
        business_id -> Uuid,
        cooperative_id -> Uuid,
        principal_savings_paid_idr -> Nullable<Int8>,
        status -> Text,
        member_number -> Nullable<Text>,
        joined_on -> Nullable<Date>,
        missing -> Array<Text>,
        due_on -> Nullable<Date>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    products (id) {
        id -> Uuid,
        business_id -> Uuid,
        name -> Text,
        category -> Text,
        description -> Nullable<Text>,
        unit_price_idr -> Nullable<Int8>,
        monthly_capacity -> Nullable<Int4>,
        discontinued_on -> Nullable<Date>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    certifications (id) {
        id -> Uuid,
        business_id -> Uuid,
        product_id -> Nullable<Uuid>,
        kind -> Text,
        renews_id -> Nullable<Uuid>,
        number -> Nullable<Text>,
        issuer -> Nullable<Text>,
        note -> Nullable<Text>,
        requirements -> Jsonb,
        status -> Text,
        applied_on -> Nullable<Date>,
        granted_on -> Nullable<Date>,
        expires_on -> Nullable<Date>,
        renew_from -> Nullable<Date>,
        expiry -> Nullable<Text>,
        evidence -> Nullable<Jsonb>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    mentor_qualifications (id) {
        id -> Uuid,
        mentor_id -> Uuid,
        institution_id -> Nullable<Uuid>,
        scheme -> Text,
        level -> Nullable<Text>,
        certificate_number -> Nullable<Text>,
        issuer -> Text,
        units -> Array<Text>,
        issued_on -> Date,
        expires_on -> Nullable<Date>,
        expiry -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    mentor_interests (id) {
        id -> Uuid,
        mentor_id -> Uuid,
        business_id -> Nullable<Uuid>,
        business_name -> Nullable<Text>,
        ground -> Text,
        declared_on -> Date,
        note -> Nullable<Text>,
        ended_on -> Nullable<Date>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    attachments (id) {
        id -> Uuid,
        resource -> Text,
        record_id -> Uuid,
        business_id -> Nullable<Uuid>,
        kind -> Text,
        name -> Text,
        media_type -> Text,
        size_bytes -> Int8,
        sha256 -> Text,
        sent_sha256 -> Text,
        uploaded_by -> Uuid,
        cited -> Bool,
        deleted_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    calendar_links (id) {
        id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        subject_id -> Nullable<Uuid>,
        language -> Text,
        link -> Bytea,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    notifications (id) {
        id -> Uuid,
        user_id -> Uuid,
        party -> Text,
        event_id -> Uuid,
        kind -> Text,
        resource -> Text,
        subject_id -> Uuid,
        parent_id -> Nullable<Uuid>,
        business_id -> Nullable<Uuid>,
        read -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    notification_settings (user_id) {
        user_id -> Uuid,
        email -> Text,
        language -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    mails (id) {
        id -> Uuid,
        sealed -> Nullable<Bytea>,
        attempts -> Int4,
        next_try_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        gave_up_at -> Nullable<Timestamptz>,
        last_error -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    agreed_action_reminders (action_id, due_on) {
        action_id -> Uuid,
        due_on -> Date,
    }
}

// Only what a query names together: among all tables, each new one would cost the compiler more.
diesel::table! {
    outcomes (id) {
        id -> Uuid,
        business_id -> Uuid,
        kind -> Text,
        before -> Nullable<Int8>,
        after -> Nullable<Int8>,
        unit -> Text,
        occurred_on -> Date,
        change -> Text,
        note -> Nullable<Text>,
        cause -> Nullable<Jsonb>,
        cause_event_id -> Nullable<Uuid>,
        claimed_by -> Uuid,
        status -> Text,
        attribution -> Nullable<Jsonb>,
        verification -> Nullable<Jsonb>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    follow_up_waves (id) {
        id -> Uuid,
        cohort_id -> Uuid,
        months -> Int4,
        due_on -> Date,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    follow_ups (id) {
        id -> Uuid,
        wave_id -> Uuid,
        business_id -> Uuid,
        due_on -> Date,
        status -> Text,
        channel -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
        snapshot_id -> Nullable<Uuid>,
        attribution -> Nullable<Text>,
        link_expires_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    follow_up_links (link) {
        link -> Bytea,
        follow_up_id -> Uuid,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    merges (id) {
        id -> Uuid,
        resource -> Text,
        from_id -> Uuid,
        into_id -> Uuid,
        note -> Nullable<Text>,
        status -> Text,
        was_status -> Nullable<Text>,
        merged_by -> Uuid,
        undo_until -> Timestamptz,
        undone_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    merge_moves (merge_id, relation, key) {
        merge_id -> Uuid,
        relation -> Text,
        key -> Text,
        was -> Jsonb,
        now -> Jsonb,
    }
}

diesel::table! {
    sync_runs (id) {
        id -> Uuid,
        resource -> Text,
        source -> Text,
        mode -> Text,
        dry_run -> Bool,
        atomic -> Bool,
        media_type -> Text,
        sha256 -> Text,
        size_bytes -> Int8,
        party -> Text,
        actor_id -> Uuid,
        client_id -> Text,
        status -> Text,
        rows -> Int8,
        created -> Int8,
        updated -> Int8,
        unchanged -> Int8,
        ended -> Int8,
        ending -> Int8,
        rejected -> Int8,
        done_line -> Int8,
        problem -> Nullable<Text>,
        progressed_at -> Timestamptz,
        duration_ms -> Nullable<Int8>,
        key_id -> Nullable<Bytea>,
        fingerprint -> Nullable<Bytea>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    sync_batches (run_id, number) {
        run_id -> Uuid,
        number -> Int4,
        lines -> Bytea,
        refused -> Nullable<Bytea>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_endpoints (id) {
        id -> Uuid,
        party -> Text,
        client_id -> Text,
        account_id -> Uuid,
        role -> Text,
        rows_as -> Nullable<Text>,
        subject_id -> Nullable<Uuid>,
        scope -> Text,
        url -> Text,
        types -> Array<Text>,
        payload -> Text,
        description -> Nullable<Text>,
        status -> Text,
        disabled_because -> Nullable<Text>,
        secret_sealed -> Bytea,
        previous_secret_sealed -> Nullable<Bytea>,
        previous_secret_ends_at -> Nullable<Timestamptz>,
        failing_since -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_lanes (endpoint_id, kind) {
        endpoint_id -> Uuid,
        kind -> Text,
        seq -> Int8,
        until_seq -> Nullable<Int8>,
        message_id -> Nullable<Uuid>,
        attempts -> Int4,
        due_at -> Nullable<Timestamptz>,
        turn -> Int8,
        leased_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> Uuid,
        endpoint_id -> Uuid,
        lane -> Text,
        event_id -> Uuid,
        kind -> Text,
        attempt -> Int4,
        status -> Text,
        http_status -> Nullable<Int4>,
        error -> Nullable<Text>,
        duration_ms -> Int4,
        answer -> Nullable<Text>,
        next_attempt_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    export_jobs (id) {
        id -> Uuid,
        user_id -> Uuid,
        client_id -> Text,
        role -> Text,
        rows_as -> Text,
        subject_id -> Nullable<Uuid>,
        scope -> Text,
        resource -> Text,
        format -> Text,
        delimiter -> Nullable<Text>,
        bom -> Nullable<Bool>,
        status -> Text,
        failure -> Nullable<Text>,
        done -> Int8,
        total -> Nullable<Int8>,
        size_bytes -> Nullable<Int8>,
        sha256 -> Nullable<Text>,
        file_id -> Nullable<Uuid>,
        attempts -> Int4,
        due_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(events, feed);
diesel::allow_tables_to_appear_in_same_query!(events, event_about);
diesel::allow_tables_to_appear_in_same_query!(users, user_grants);
diesel::allow_tables_to_appear_in_same_query!(businesses, business_roles);
diesel::allow_tables_to_appear_in_same_query!(persons, subject_keys);
diesel::allow_tables_to_appear_in_same_query!(businesses, business_standings);
diesel::allow_tables_to_appear_in_same_query!(businesses, external_ids);
diesel::allow_tables_to_appear_in_same_query!(mentors, subject_keys);
diesel::allow_tables_to_appear_in_same_query!(mentors, external_ids);
diesel::allow_tables_to_appear_in_same_query!(assessments, instruments);
diesel::allow_tables_to_appear_in_same_query!(assessments, mentorships);
diesel::allow_tables_to_appear_in_same_query!(participants, mentorships);
diesel::allow_tables_to_appear_in_same_query!(agreed_actions, agreed_action_reminders);
