-- A city of {businesses} businesses, the same each time for one seed. What is sealed is in `sealed` already.
set session_replication_role = replica;
set synchronous_commit = off;
set work_mem = '256MB';
set maintenance_work_mem = '256MB';

-- From 0 to below 1; `salt` tells one property of a row from another.
create function pg_temp.pick(n bigint, salt integer) returns double precision language sql immutable parallel safe
    as $$ select (hashint8extended(n, salt * 1000003::bigint + {seed}) & 1073741823) / 1073741824.0::float8 $$;

-- A number of a row as a UUID, in the order of the numbers as UUIDv7 are in that of time. (Each of these
-- functions is declared as what it is, else PostgreSQL would not unfold it.)
create function pg_temp.id(kind text, n bigint) returns uuid language sql immutable parallel safe
    as $$ select ('01900000-0000-7000-' || kind || '-' || (100000000000 + n)::text)::uuid $$;

create function pg_temp.came(n bigint) returns timestamptz language sql stable parallel safe
    as $$ select timestamptz '2022-01-03 01:00+00' + n * 150000000.0::float8 / {businesses} * interval '1 second' $$;

-- Who lives where, and what they make: food first, then fashion and crafts, as everywhere in the country.
create temp table skew as
with district (code, weight) as (values
    ('36.74.01', 0.12), ('36.74.02', 0.10), ('36.74.03', 0.22), ('36.74.04', 0.16), ('36.74.05', 0.12),
    ('36.74.06', 0.22), ('36.74.07', 0.06)),
village as (
    select key as code, weight / count(*) over (partition by left(key, 8)) as weight
    from reference_rows join district on district.code = left(key, 8) where list = 'villages'),
village_ends as (select code, sum(weight) over (order by code) / sum(weight) over () as ends from village),
trade as (
    select key as code, case key when 'kuliner' then 42 when 'fesyen' then 17 when 'kriya' then 15
        when 'desain_komunikasi_visual' then 5 when 'fotografi' then 4 when 'aplikasi' then 4 else 1.2 end as weight
    from reference_rows where list = 'subsectors'),
trade_ends as (select code, sum(weight) over (order by code) / sum(weight) over () as ends from trade)
select v.villages, v.village_ends, t.trades, t.trade_ends,
    array['Dapur', 'Warung', 'Kedai', 'Rumah', 'Studio', 'Toko', 'Sanggar', 'Bengkel', 'Griya', 'Galeri'] as places,
    array['Siti', 'Rina', 'Budi', 'Agus', 'Dewi', 'Sri', 'Wahyu', 'Ratna', 'Eko', 'Nur', 'Tuti', 'Asep', 'Maya',
        'Yanti', 'Hendra', 'Lestari', 'Fitri', 'Joko', 'Rahma', 'Dian'] as given,
    array['administration', 'business_planning', 'marketing', 'digital', 'production', 'product_standards', 'finance',
        'legal', 'human_resources', 'design'] as knows,
    array['Aminah', 'Santoso', 'Wulandari', 'Hidayat', 'Kusuma', 'Pratama', 'Rahayu', 'Setiawan', 'Utami',
        'Saputra', 'Handayani', 'Nugroho', 'Anggraini', 'Maulana', 'Permata'] as family
from (select array_agg(code order by ends) as villages, array_agg(ends::float8 order by ends) as village_ends
      from village_ends where ends < 1 or code = (select max(code) from village_ends)) v,
     (select array_agg(code order by ends) as trades, array_agg(ends::float8 order by ends) as trade_ends
      from trade_ends) t;

create function pg_temp.word(words text[], n bigint, salt integer) returns text language sql immutable parallel safe
    as $$ select words[1 + floor(pg_temp.pick(n, salt) * cardinality(words))::integer] $$;

insert into businesses (id, number, kind, name, legal_form, nib, nib_issued_on, kbli, subsector, description,
    village_code, postal_code, latitude, longitude, founded_on, formal_at_intake, sales_channels, external_ids,
    version, created_at, updated_at)
select pg_temp.id('8001', n),
    'UMKM-' || to_char(pg_temp.came(n), 'YYYY') || '-' || lpad(n::text, 6, '0'),
    'business',
    pg_temp.word(places, n, 1) || ' ' || pg_temp.word(given, n, 2) || ' ' || pg_temp.word(family, n, 3),
    case when pg_temp.pick(n, 4) < 0.7 then 'sole_proprietorship' when pg_temp.pick(n, 4) < 0.8 then 'cv' end,
    case when pg_temp.pick(n, 5) < 0.35 then '9' || (100000000000 + n) end,
    case when pg_temp.pick(n, 5) < 0.35 then pg_temp.came(n)::date - 30 end,
    case when pg_temp.pick(n, 6) < 0.5 then array['{"version": "2020", "code": "10710"}'::jsonb] else '{}' end,
    trades[least(width_bucket(pg_temp.pick(n, 7), trade_ends) + 1, cardinality(trades))],
    case when pg_temp.pick(n, 8) < 0.6 then 'Usaha rumahan, pesanan lewat pesan singkat, dijual di pasar dan bazar' end,
    villages[least(width_bucket(pg_temp.pick(n, 9), village_ends) + 1, cardinality(villages))],
    '15' || 300 + floor(pg_temp.pick(n, 10) * 200)::integer,
    case when pg_temp.pick(n, 11) < 0.3 then -6.35 + pg_temp.pick(n, 12) / 10 end,
    case when pg_temp.pick(n, 11) < 0.3 then 106.65 + pg_temp.pick(n, 13) / 10 end,
    pg_temp.came(n)::date - floor(pg_temp.pick(n, 14) * 3000)::integer,
    pg_temp.pick(n, 5) < 0.2,
    case when pg_temp.pick(n, 15) < 0.5 then array['messaging_app', 'social_media'] else array['shop'] end,
    '[]', 1 + floor(pg_temp.pick(n, 16) * 4)::bigint,
    pg_temp.came(n), pg_temp.came(n) + pg_temp.pick(n, 17) * 2000000 * interval '1 second'
from generate_series(1, {businesses}) n, skew;
insert into number_series select 'UMKM', year, {businesses} + 1 from generate_series(2026, 2040) year
    on conflict (series, year) do update set next = excluded.next;

-- Each has an owner, whose NIK is of a region that there is not.
insert into persons (id, full_name, identity, gender, birth_year, village_code, external_ids, nik_sealed, nik_index,
    nik_masked, phone_sealed, phone_index, created_at, updated_at)
select pg_temp.id('8002', n), pg_temp.word(given, n, 2) || ' ' || pg_temp.word(family, n, 3), 'declared',
    case when pg_temp.pick(n, 20) < 0.55 then 'female' else 'male' end, 1955 + floor(pg_temp.pick(n, 21) * 50)::integer,
    b.village_code, '[]', s.first_sealed, s.first_index, s.first_masked, s.phone_sealed, s.phone_index,
    b.created_at, b.created_at
from sealed s join businesses b on b.id = pg_temp.id('8001', s.n), skew where s.kind = 'person';
insert into business_roles (id, business_id, person_id, role, contact, from_date, created_at, updated_at)
select pg_temp.id('8003', n), pg_temp.id('8001', n), pg_temp.id('8002', n), 'owner', true, pg_temp.came(n)::date,
    pg_temp.came(n), pg_temp.came(n) from generate_series(1, {businesses}) n;
insert into nib_holders select nib, pg_temp.id('8002', right(nib, 11)::bigint) from businesses where nib is not null;
insert into business_shares (business_id, party, cause)
select pg_temp.id('8001', n), 'person:' || pg_temp.id('8002', n), pg_temp.id('8003', n)
from generate_series(1, {businesses}) n;

insert into institutions (id, code, name, kind, city, created_at, updated_at)
select pg_temp.id('8005', n), 'kampus-' || n, 'Universitas ' || n, 'university', 'Tangerang Selatan', pg_temp.came(0),
    pg_temp.came(0) from generate_series(1, 20) n;
insert into mentors (id, kind, institution_id, full_name, titles, expertise, subsectors, districts, capacity_offered,
    external_ids, capacity, expertise_confirmed, email_sealed, email_index, phone_sealed, phone_index, status, source,
    created_at, updated_at)
select pg_temp.id('8004', n), 'academic', pg_temp.id('8005', 1 + n % 20),
    pg_temp.word(given, n, 31) || ' ' || pg_temp.word(family, n, 32), 'M.M.', array['accounting', pg_temp.word(knows, n, 34)],
    array[pg_temp.word(trades, n, 33)], '{}', 10, '[]', 60, array['accounting'], s.first_sealed, s.first_index,
    s.phone_sealed, s.phone_index, 'active', 'manual', pg_temp.came(0), pg_temp.came(0)
from sealed s, skew where s.kind = 'mentor';
insert into subject_keys (subject_id, wrapped)
select pg_temp.id(case kind when 'person' then '8002' else '8004' end, n), wrapped from sealed;

-- Four of ten are coached, each by a mentor for the place and the trade: most mentors have ten, some sixty.
insert into cohorts (id, code, name, starts_on, ends_on, targets, follow_up_months, status, created_at, updated_at)
select pg_temp.id('8009', n), 'angkatan-' || n, 'Angkatan ' || n, date '2022-02-01' + 180 * n, date '2022-08-01' + 180 * n,
    '{}', '{6,12}', 'running', pg_temp.came(0), pg_temp.came(0) from generate_series(1, 10) n;
create temp table coached as
select id as business_id, name, many, case when many then (place - 1) / 60 else {businesses} / 600 + 1 + (place - 1) / 10 end
    + 1 as mentor, row_number() over () as n
from (select id, name, many, row_number() over (partition by many order by district_code, subsector, lot) as place
      from (select *, right(id::text, 11)::bigint as n, pg_temp.pick(right(id::text, 11)::bigint, 40) as lot,
                pg_temp.pick(right(id::text, 11)::bigint, 41) < 0.25 as many from businesses) b
      where lot < 0.4) placed;
insert into mentorships (id, cohort_id, business_id, mentor_id, institution_id, business_name, status, expires_on,
    accepted_at, starts_on, assignments, mentor_ids, institution_ids, created_at, updated_at)
select pg_temp.id('8006', n), pg_temp.id('8009', 1 + n % 10), business_id, pg_temp.id('8004', mentor),
    pg_temp.id('8005', 1 + mentor % 20), name, 'active', date '2026-06-01', '2026-05-20', date '2026-06-01',
    '{}', array[pg_temp.id('8004', mentor)], array[pg_temp.id('8005', 1 + mentor % 20)], '2026-05-10', '2026-06-01' from coached;
insert into participants (id, cohort_id, business_id, status, expires_on, created_at, updated_at)
select pg_temp.id('800b', n), pg_temp.id('8009', 1 + n % 10), business_id, 'accepted', date '2026-05-24', '2026-05-10', '2026-05-12'
from coached;

-- What they do: an objective, three sessions of which two were confirmed, and what was agreed in each.
insert into objectives (id, mentorship_id, business_id, mentor_id, mentor_ids, kind, title, focus, status, created_at, updated_at)
select pg_temp.id('800c', n), pg_temp.id('8006', n), business_id, pg_temp.id('8004', mentor), array[pg_temp.id('8004', mentor)],
    'accounting_system', 'Buku kas harian berjalan tiga bulan', true, 'in_progress', '2026-06-02', '2026-06-02' from coached;
insert into sessions (id, mentorship_id, business_id, mentor_id, mentor_ids, institution_id, planned_at, planned_minutes, mode,
    status, held_at, contact_minutes, preparation_minutes, travel_minutes, attendees, topics, summary, reported_at,
    confirmed_at, confirmed_via, countable, countable_reason, created_at, updated_at)
select pg_temp.id('800d', 3 * n + k), pg_temp.id('8006', n), business_id, pg_temp.id('8004', mentor), array[pg_temp.id('8004', mentor)],
    pg_temp.id('8005', 1 + mentor % 20), met, 90, 'visit', case when k < 2 then 'confirmed' else 'held' end, met,
    45 + (n % 5)::integer * 15, 20, 40, '{}', array['bookkeeping'], 'Buku kas dibuka, contoh seminggu diisi bersama.', met,
    case when k < 2 then met end, case when k < 2 then 'account' end, k < 2, case when k = 2 then 'not_confirmed' end, met, met
from coached, generate_series(0, 2) k, lateral (select timestamptz '2026-06-08 02:00+00' + k * interval '30 days' + n % 60 * interval '2 hours') m (met);
insert into agreed_actions (id, session_id, mentorship_id, business_id, mentor_ids, text, due_on, done_on, created_at, updated_at)
select pg_temp.id('800e', right(id::text, 11)::bigint), id, mentorship_id, business_id, mentor_ids, 'Mencatat penjualan setiap malam',
    held_at::date + 7, case when status = 'confirmed' then held_at::date + 6 end, held_at, held_at from sessions;

-- What they make, and a certificate of three in ten of it.
insert into products (id, business_id, name, category, unit_price_idr, created_at, updated_at)
select pg_temp.id('800f', n), pg_temp.id('8001', n), 'Produk utama', case b.subsector when 'kuliner' then 'packaged_food_low_risk' when 'fesyen' then 'textile' else 'craft' end,
    (1 + n % 200) * 1000, b.created_at, b.created_at
from generate_series(1, {businesses}) n join businesses b on b.id = pg_temp.id('8001', n);
insert into certifications (id, business_id, product_id, kind, number, issuer, requirements, status, applied_on, granted_on, expires_on,
    renew_from, created_at, updated_at)
select pg_temp.id('8010', n), pg_temp.id('8001', n), pg_temp.id('800f', n), 'trademark', 'IDM' || lpad(n::text, 9, '0'), 'DJKI', '[]', 'granted',
    pg_temp.came(n)::date, pg_temp.came(n)::date + 30, pg_temp.came(n)::date + 3650, pg_temp.came(n)::date + 3470, pg_temp.came(n), pg_temp.came(n)
from generate_series(1, {businesses}) n where pg_temp.pick(n, 70) < 0.3;

-- What became of the coached.
insert into outcomes (id, business_id, kind, before, after, unit, occurred_on, change, claimed_by, status, attribution, created_at, updated_at)
select pg_temp.id('8011', n), business_id, 'revenue_change', 60000000, 60000000 + (pg_temp.pick(n, 71) * 50)::bigint * 1000000, 'idr', '2026-09-01',
    'impact', pg_temp.id('800a', 1), case when n % 3 = 0 then 'claimed' else 'client_confirmed' end,
    case when n % 3 <> 0 then jsonb_build_object('share', 'mostly', 'by', pg_temp.id('800a', 2), 'at', '2026-09-02T01:00:00Z', 'note', null) end,
    '2026-09-01', '2026-09-02' from coached;
insert into business_shares (business_id, party, cause)
select business_id, 'mentor:' || pg_temp.id('8004', mentor), pg_temp.id('8006', n) from coached;

-- Figures of eight in ten, and a standing of each.
insert into snapshots (id, business_id, taken_on, annual_revenue_idr, capital_idr, assets_idr, employees_female,
    employees_male, customers, bookkeeping_level, statements, source, created_at, updated_at)
select pg_temp.id('8007', n), pg_temp.id('8001', n), pg_temp.came(n)::date, (pg_temp.pick(n, 50) * 300)::bigint * 1000000,
    (pg_temp.pick(n, 51) * 100)::bigint * 1000000, (pg_temp.pick(n, 52) * 150)::bigint * 1000000,
    (pg_temp.pick(n, 53) * 5)::integer, (pg_temp.pick(n, 54) * 5)::integer, (pg_temp.pick(n, 55) * 400)::integer,
    (pg_temp.pick(n, 56) * 4)::integer, '{}', 'intake', pg_temp.came(n), pg_temp.came(n)
from generate_series(1, {businesses}) n where pg_temp.pick(n, 57) < 0.8;
insert into business_standings (business_id, snapshot_id, as_of, annual_revenue_idr, capital_idr, assets_idr,
    employees_female, employees_male, customers, bookkeeping_level, size_class, basis, stages, stage_since, updated_at)
select b.id, s.id, s.taken_on, s.annual_revenue_idr, s.capital_idr, s.assets_idr, s.employees_female, s.employees_male,
    s.customers, s.bookkeeping_level, case when s.id is not null then 'micro' end,
    case when s.id is not null then 'annual_sales' end,
    jsonb_build_array(jsonb_build_object('stage', 'registered', 'since', b.created_at, 'event_id', b.id)), b.created_at, b.created_at
from businesses b left join snapshots s on s.business_id = b.id;

-- Three assessments of each: two that were reviewed, one that waits. Fifty sets of answers are enough.
create temp table answered as
select a.n as which, i.id as instrument_id,
    (select jsonb_object_agg(item ->> 'code', (pg_temp.pick(a.n, 60 + place::integer) * 4)::integer)
     from jsonb_array_elements(i.document -> 'items') with ordinality items (item, place)) as answers,
    jsonb_build_object('complete', true, 'missing', '[]'::jsonb, 'score', (pg_temp.pick(a.n, 58) * 10000)::integer,
        'potential', (pg_temp.pick(a.n, 59) * 10000)::integer,
        'dimensions', (select jsonb_object_agg(dimension ->> 'code', (pg_temp.pick(a.n, 80 + place::integer) * 10000)::integer)
            from jsonb_array_elements(i.document -> 'dimensions') with ordinality dimensions (dimension, place)),
        'class', jsonb_build_object('code', 'ready', 'because', '[]'::jsonb), 'bookkeeping_maturity', a.n % 5,
        'needs', '[]'::jsonb, 'recommendations', '[]'::jsonb) as result
from generate_series(0, 49) a (n), (select * from instruments order by created_at limit 1) i;
insert into assessments (id, business_id, instrument_id, kind, declared_capital_need_idr, answers, status, facts, result,
    submitted_at, submitted_by, reviewed_at, reviewed_by, created_at, updated_at)
select pg_temp.id('8008', 3 * n + k), pg_temp.id('8001', n), a.instrument_id, 'self', (n % 50) * 1000000, a.answers,
    case when k < 2 then 'reviewed' else 'submitted' end, '{}', a.result, pg_temp.came(n), pg_temp.id('800a', 1),
    case when k < 2 then pg_temp.came(n) end, case when k < 2 then pg_temp.id('800a', 2) end, pg_temp.came(n), pg_temp.came(n)
from generate_series(1, {businesses}) n, generate_series(0, 2) k, answered a where which = (3 * n + k) % 50;

reset session_replication_role;
